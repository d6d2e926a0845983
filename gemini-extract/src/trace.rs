//! One span per call, with the names of OpenTelemetry's conventions for generative AI. It holds
//! the prompt and the answer only where the client is told so, and never the key.

use serde::Deserialize;
use serde_json::{Value, json};
use tracing::Span;
use tracing::field::{Empty, display};

use crate::Error;
use crate::request::{Endpoint, Request, Site};
use crate::response::{Answer, FinishReason};

/// The span of a call, to be filled in as it goes.
pub(crate) fn span(request: &Request, site: &Site) -> Span {
    tracing::info_span!(
        "gemini.extract",
        gen_ai.operation.name = "generate_content",
        gen_ai.provider.name = site.service.provider_name(),
        gen_ai.request.model = request.model(),
        gen_ai.output.type = "json",
        gen_ai.response.model = Empty,
        gen_ai.response.id = Empty,
        gen_ai.response.finish_reasons = Empty,
        gen_ai.usage.input_tokens = Empty,
        gen_ai.usage.output_tokens = Empty,
        gemini.carrier = request.carrier().as_str(),
        server.address = site.base.host_str(),
        server.port = site.base.port_or_known_default(),
        http.response.status_code = Empty,
        error.type = Empty,
        gen_ai.system_instructions = Empty,
        gen_ai.input.messages = Empty,
        gen_ai.output.messages = Empty,
        gemini.attempts = Empty,
        gemini.repairs = Empty,
        gemini.cost = Empty,
    )
}

/// The span of one attempt within its call.
pub(crate) fn attempt_span(endpoint: &Endpoint, attempt: u32) -> Span {
    if endpoint.is_resource() {
        return tracing::debug_span!(
            "gemini.resource",
            gemini.resource = endpoint.model(),
            http.request.resend_count = attempt.saturating_sub(1),
            http.response.status_code = Empty,
            error.type = Empty,
        );
    }
    tracing::debug_span!(
        "gemini.attempt",
        gen_ai.request.model = endpoint.model(),
        http.request.resend_count = attempt.saturating_sub(1),
        http.response.status_code = Empty,
        error.type = Empty,
    )
}

/// Fills in what is known of an answer.
pub(crate) fn record_answer(span: &Span, answer: &Answer) {
    if let Some(model) = &answer.model_version {
        span.record("gen_ai.response.model", model);
    }
    if let Some(id) = &answer.response_id {
        span.record("gen_ai.response.id", id);
    }
    if let Some(reason) = answer.finish_reason.as_ref().map(FinishReason::as_str) {
        span.record("gen_ai.response.finish_reasons", reason);
    }
    if let Some(usage) = &answer.usage {
        span.record("gen_ai.usage.input_tokens", usage.prompt_tokens);
        span.record("gen_ai.usage.output_tokens", usage.output_tokens());
    }
}

/// Fills in what is said to the model, from a request's body.
pub(crate) fn record_prompt(span: &Span, body: &str) {
    let Ok(body) = serde_json::from_str::<Body>(body) else { return };
    let messages: Vec<_> = body.contents.into_iter().map(Content::into_message).collect();
    span.record("gen_ai.input.messages", display(Value::from(messages)));
    if let Some(instruction) = body.system_instruction {
        span.record("gen_ai.system_instructions", display(Value::from(instruction.into_parts())));
    }
}

/// Fills in what the model says.
pub(crate) fn record_text(span: &Span, text: &str, reason: Option<&FinishReason>) {
    let reason = reason.map(FinishReason::as_str);
    let parts = [json!({"type": "text", "content": text})];
    let message = json!([{"role": "assistant", "parts": parts, "finish_reason": reason}]);
    span.record("gen_ai.output.messages", display(message));
}

/// Fills in what the call has behind it.
pub(crate) fn record_trail(span: &Span, attempts: u32, repairs: u32, cost: Option<f64>) {
    span.record("gemini.attempts", attempts);
    span.record("gemini.repairs", repairs);
    if let Some(cost) = cost {
        span.record("gemini.cost", cost);
    }
}

/// Fills in why a call failed.
pub(crate) fn record_error(span: &Span, error: &Error) {
    record_trail(span, error.attempts(), error.repairs(), error.cost());
    span.record("error.type", display(format_args!("{:?}", error.kind())));
    if let Some(status) = error.status() {
        span.record("http.response.status_code", status.as_u16());
    }
    if let Some(answer) = error.answer() {
        record_answer(span, answer);
    }
}

/// What of a body is told.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    system_instruction: Option<Content>,
    contents: Vec<Content>,
}

#[derive(Deserialize)]
struct Content {
    role: Option<String>,
    parts: Vec<Value>,
}

impl Content {
    /// In the form of the conventions, which name the roles otherwise than the service.
    fn into_message(self) -> Value {
        let role = match self.role.as_deref() {
            Some("model") => "assistant",
            _ => "user",
        };
        json!({"role": role, "parts": self.into_parts()})
    }

    fn into_parts(self) -> Vec<Value> {
        let text = |part: Value| json!({"type": "text", "content": part.get("text")});
        self.parts.into_iter().map(text).collect()
    }
}

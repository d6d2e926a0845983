//! One span per call, with the names of OpenTelemetry's conventions for generative AI. It never
//! holds the prompt, the answer or the key.

use reqwest::Url;
use tracing::Span;
use tracing::field::{Empty, display};

use crate::Error;
use crate::request::Request;
use crate::response::{Answer, FinishReason};

/// The span of a call, to be filled in as it goes.
pub(crate) fn span(request: &Request, base: &Url) -> Span {
    tracing::info_span!(
        "gemini.extract",
        gen_ai.operation.name = "generate_content",
        gen_ai.provider.name = "gcp.gemini",
        gen_ai.request.model = request.model(),
        gen_ai.output.type = "json",
        gen_ai.response.model = Empty,
        gen_ai.response.id = Empty,
        gen_ai.response.finish_reasons = Empty,
        gen_ai.usage.input_tokens = Empty,
        gen_ai.usage.output_tokens = Empty,
        gemini.carrier = request.carrier().as_str(),
        server.address = base.host_str(),
        server.port = base.port_or_known_default(),
        http.response.status_code = Empty,
        error.type = Empty,
        gemini.attempts = Empty,
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
        let output = usage.answer_tokens.saturating_add(usage.thoughts_tokens);
        span.record("gen_ai.usage.input_tokens", usage.prompt_tokens);
        span.record("gen_ai.usage.output_tokens", output);
    }
}

/// Fills in how many requests were sent.
pub(crate) fn record_attempts(span: &Span, attempts: u32) {
    span.record("gemini.attempts", attempts);
}

/// Fills in why a call failed.
pub(crate) fn record_error(span: &Span, error: &Error) {
    record_attempts(span, error.attempts());
    span.record("error.type", display(format_args!("{:?}", error.kind())));
    if let Some(status) = error.status() {
        span.record("http.response.status_code", status.as_u16());
    }
    if let Some(answer) = error.answer() {
        record_answer(span, answer);
    }
}

//! From a scripted reply to the bytes that go over the wire.

use serde_json::{Value, json};

use super::{Content, Part, Reply};
use crate::answer::tokens;
use crate::error::Refusal;

const JSON: &str = "application/json; charset=UTF-8";

/// What a reply needs to know of the request for usage metadata and identifiers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked {
    pub(crate) model: String,
    pub(crate) prompt_tokens: usize,
    pub(crate) response_id: String,
}

/// What the server does with the connection.
#[derive(Debug)]
pub(crate) enum Outcome {
    Respond(Payload),
    Disconnect,
}

/// A response.
#[derive(Debug)]
pub(crate) struct Payload {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// How many bytes of the body are sent before the connection is closed.
    pub(crate) cut_after: Option<usize>,
}

impl Payload {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Payload {
            status,
            content_type: JSON.to_owned(),
            headers: Vec::new(),
            body: body.to_string().into_bytes(),
            cut_after: None,
        }
    }
}

impl From<&Refusal> for Payload {
    fn from(refusal: &Refusal) -> Self {
        Payload::json(refusal.code, &refusal.body())
    }
}

impl Reply {
    pub(crate) fn render(self, asked: &Asked) -> Outcome {
        let mut payload = match self.content {
            Content::Candidate { parts, finish_reason } => {
                Payload::json(200, &candidate_body(asked, &parts, &finish_reason))
            }
            Content::Blocked { reason } => Payload::json(200, &blocked_body(asked, &reason)),
            Content::Error { status, name, message, details } => {
                Payload::from(&Refusal::new(status, &name, message).with_details(details))
            }
            Content::Json { status, body } => Payload::json(status, &body),
            Content::Raw { status, content_type, bytes } => {
                Payload { content_type, body: bytes, ..Payload::json(status, &Value::Null) }
            }
            Content::Disconnect => return Outcome::Disconnect,
        };
        payload.headers = self.headers;
        payload.cut_after = self.cut_after;
        Outcome::Respond(payload)
    }
}

/// A response with these candidates, the usage added up from the texts.
pub(crate) fn candidates_body(
    asked: &Asked,
    candidates: &[Value],
    (answer_tokens, thought_tokens): (usize, usize),
) -> Value {
    let total = asked.prompt_tokens + answer_tokens + thought_tokens;
    let mut usage = json!({
        "promptTokenCount": asked.prompt_tokens,
        "candidatesTokenCount": answer_tokens,
        "totalTokenCount": total,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": asked.prompt_tokens}],
    });
    if let (Some(members), true) = (usage.as_object_mut(), thought_tokens > 0) {
        members.insert("thoughtsTokenCount".to_owned(), thought_tokens.into());
    }
    json!({
        "candidates": candidates,
        "usageMetadata": usage,
        "modelVersion": emulated_version(asked),
        "responseId": asked.response_id,
    })
}

fn candidate_body(asked: &Asked, parts: &[Part], finish_reason: &str) -> Value {
    let values: Vec<&Value> = parts.iter().map(Part::value).collect();
    let (answers, thoughts): (Vec<&str>, Vec<&str>) = parts.iter().map(Part::texts).unzip();
    let candidate = json!({
        "content": {"parts": values, "role": "model"},
        "finishReason": finish_reason,
        "index": 0,
    });
    candidates_body(asked, &[candidate], (tokens(&answers.concat()), tokens(&thoughts.concat())))
}

fn blocked_body(asked: &Asked, reason: &str) -> Value {
    json!({
        "promptFeedback": {"blockReason": reason},
        "usageMetadata": {
            "promptTokenCount": asked.prompt_tokens,
            "totalTokenCount": asked.prompt_tokens,
        },
        "modelVersion": emulated_version(asked),
        "responseId": asked.response_id,
    })
}

/// Marks the answer as one that no model made.
fn emulated_version(asked: &Asked) -> String {
    format!("emulated-{}", asked.model)
}

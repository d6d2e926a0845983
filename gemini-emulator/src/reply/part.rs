//! Parts of an answer.

use serde_json::{Value, json};

/// One part of an answer, for [`Reply::parts`](crate::Reply::parts).
#[derive(Debug, Clone, PartialEq)]
#[must_use = "a part does nothing until it is part of a reply"]
pub struct Part(Value);

impl Part {
    /// Text of the answer.
    pub fn text(text: impl Into<String>) -> Self {
        Part(json!({"text": text.into()}))
    }

    /// A thought summary: text that is no part of the answer.
    pub fn thought(text: impl Into<String>) -> Self {
        Part(json!({"text": text.into(), "thought": true}))
    }

    /// Any other part (`functionCall`, `inlineData`, ...), sent as it is.
    pub fn json(part: Value) -> Self {
        Part(part)
    }

    pub(super) fn value(&self) -> &Value {
        &self.0
    }

    /// The text, if this is a part with text: first that of the answer, then that of a thought.
    pub(super) fn texts(&self) -> (&str, &str) {
        let text = self.0.get("text").and_then(Value::as_str).unwrap_or_default();
        let is_thought = self.0.get("thought").and_then(Value::as_bool).unwrap_or_default();
        if is_thought { ("", text) } else { (text, "") }
    }
}

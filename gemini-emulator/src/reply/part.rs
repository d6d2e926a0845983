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

    pub(super) fn into_value(self) -> Value {
        self.0
    }

    /// The text, if the part has one; of the answer or of a thought.
    pub(super) fn any_text(&self) -> Option<&str> {
        self.0.get("text").and_then(Value::as_str)
    }

    /// The text, if it belongs to the answer.
    pub(super) fn answer_text(&self) -> Option<&str> {
        self.any_text().filter(|_| !self.is_thought())
    }

    pub(super) fn is_thought(&self) -> bool {
        self.0.get("thought").and_then(Value::as_bool).unwrap_or_default()
    }

    /// This part with another text. A thought signature stays only on the last of several.
    pub(super) fn with_text(&self, text: &str, is_last: bool) -> Self {
        let mut value = self.0.clone();
        if let Some(members) = value.as_object_mut() {
            members.insert("text".to_owned(), text.into());
            if !is_last {
                members.remove("thoughtSignature");
            }
        }
        Part(value)
    }

    /// This part in several, with at most this many characters of text in each.
    pub(super) fn split(&self, characters: usize) -> Vec<Part> {
        let Some(text) = self.any_text() else {
            return vec![self.clone()];
        };
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((end, _)) = rest.char_indices().nth(characters.max(1)) {
            let (piece, after) = rest.split_at(end);
            pieces.push(self.with_text(piece, false));
            rest = after;
        }
        pieces.push(self.with_text(rest, true));
        pieces
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_split_between_characters() {
        let part = Part::json(json!({"text": "äöüß", "thoughtSignature": "AA=="}));
        let expected =
            [Part::text("äöü"), Part::json(json!({"text": "ß", "thoughtSignature": "AA=="}))];
        assert_eq!(part.split(3), expected);
        assert_eq!(part.split(4), [part]);
        let call = Part::json(json!({"functionCall": {"name": "f"}}));
        assert_eq!(call.split(1), [call]);
    }
}

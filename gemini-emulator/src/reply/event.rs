//! Events of a stream, well-formed and not.

use serde_json::{Value, json};

use super::Part;
use crate::error::Refusal;

/// One event of a stream, for [`Reply::events`](crate::Reply::events) and
/// [`Reply::error_after`](crate::Reply::error_after).
///
/// # Examples
///
/// ```
/// use gemini_emulator::{Event, Reply};
///
/// let overloaded = Event::bare_error(503, "UNAVAILABLE", "The model is overloaded.");
/// let broken = Reply::events([Event::text("[1,"), Event::raw(": a comment\r\n"), overloaded]);
/// # let _ = broken;
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use = "an event does nothing until it is part of a reply"]
pub struct Event(pub(super) Shape);

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    /// `data: ` and the value on one line; an item of the list where the stream is a list.
    Data(Value),
    /// Bytes as they are.
    Raw(Vec<u8>),
}

impl Event {
    /// A chunk with one text part, without usage and finish reason.
    pub fn text(text: impl Into<String>) -> Self {
        Event::part(Part::text(text))
    }

    /// A chunk with one part, without usage and finish reason.
    pub fn part(part: Part) -> Self {
        let content = json!({"parts": [part.into_value()], "role": "model"});
        Event::json(json!({"candidates": [{"content": content, "index": 0}]}))
    }

    /// A chunk with a finish reason and nothing else.
    pub fn finish(reason: &str) -> Self {
        Event::json(json!({"candidates": [{"finishReason": reason, "index": 0}]}))
    }

    /// Any JSON as an event.
    pub fn json(value: Value) -> Self {
        Event(Shape::Data(value))
    }

    /// An error as an event: `data: {"error":{..}}`.
    pub fn error(status: u16, name: &str, message: &str) -> Self {
        Event::json(Refusal::new(status, name, message).body())
    }

    /// An error that is no event: a JSON object over several lines, without `data:`.
    pub fn bare_error(status: u16, name: &str, message: &str) -> Self {
        Event::bare(&Refusal::new(status, name, message).body())
    }

    /// An error that is no event: a list with a JSON object over several lines, without `data:`.
    pub fn bare_error_list(status: u16, name: &str, message: &str) -> Self {
        Event::bare(&Value::Array(vec![Refusal::new(status, name, message).body()]))
    }

    /// Bytes as they are, without `data:` and without an empty line after them.
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Event(Shape::Raw(bytes.into()))
    }

    fn bare(value: &Value) -> Self {
        Event::raw(format!("{value:#}\n"))
    }
}

//! Scripted replies: what the emulator answers next, whatever is asked.

mod part;
mod render;

use serde_json::Value;

pub use part::Part;
pub(crate) use render::{Asked, Outcome, Payload, candidates_body};

const STOP: &str = "STOP";

/// One scripted reply, for [`Emulator::enqueue`](crate::Emulator::enqueue).
///
/// A scripted reply answers whatever was sent: the checks that the emulator makes before it answers
/// on its own don't come first.
///
/// # Examples
///
/// ```
/// use gemini_emulator::{Part, Reply};
///
/// let answer = Reply::text(r#"["flour","sugar"]"#);
/// let split = Reply::parts([Part::thought("Let me see."), Part::text("[1,"), Part::text("2]")]);
/// let truncated = Reply::text(r#"["flou"#).finish_reason("MAX_TOKENS");
/// let busy = Reply::error(503, "UNAVAILABLE", "The model is overloaded.");
/// let quota = Reply::error(429, "RESOURCE_EXHAUSTED", "Quota exceeded.").details([
///     serde_json::json!({"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "2s"}),
/// ]);
/// # let _ = (answer, split, truncated, busy, quota);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use = "a reply does nothing until it is enqueued"]
pub struct Reply {
    content: Content,
    headers: Vec<(String, String)>,
    cut_after: Option<usize>,
}

#[derive(Debug, Clone, PartialEq)]
enum Content {
    Candidate { parts: Vec<Part>, finish_reason: String },
    Blocked { reason: String },
    Error { status: u16, name: String, message: String, details: Vec<Value> },
    Json { status: u16, body: Value },
    Raw { status: u16, content_type: String, bytes: Vec<u8> },
    Disconnect,
}

impl Reply {
    /// Status 200 and one candidate with one text part, finished with `STOP`, with plausible
    /// usage metadata.
    pub fn text(text: impl Into<String>) -> Self {
        Reply::parts([Part::text(text)])
    }

    /// Status 200 and one candidate with these parts, finished with `STOP`, with plausible usage
    /// metadata.
    pub fn parts(parts: impl IntoIterator<Item = Part>) -> Self {
        let parts = parts.into_iter().collect();
        Reply::new(Content::Candidate { parts, finish_reason: STOP.to_owned() })
    }

    /// Status 200 without candidates: the prompt was blocked for `reason` (`SAFETY`,
    /// `PROHIBITED_CONTENT`, ...).
    pub fn blocked(reason: impl Into<String>) -> Self {
        Reply::new(Content::Blocked { reason: reason.into() })
    }

    /// An error in the shape of `google.rpc.Status`; `name` is the status in words
    /// (`RESOURCE_EXHAUSTED`).
    pub fn error(status: u16, name: impl Into<String>, message: impl Into<String>) -> Self {
        let (name, message) = (name.into(), message.into());
        Reply::new(Content::Error { status, name, message, details: Vec::new() })
    }

    /// Any status with any JSON body, sent as it is.
    pub fn json(status: u16, body: Value) -> Self {
        Reply::new(Content::Json { status, body })
    }

    /// Any status with any bytes: an HTML page of a proxy, text that is not UTF-8, nothing at all.
    pub fn raw(status: u16, content_type: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        let (content_type, bytes) = (content_type.into(), bytes.into());
        Reply::new(Content::Raw { status, content_type, bytes })
    }

    /// The connection is closed without an answer.
    pub fn disconnect() -> Self {
        Reply::new(Content::Disconnect)
    }

    /// The connection is closed in the middle of the body of an answer with status 200.
    pub fn disconnect_mid_body() -> Self {
        Reply::text("the rest of this answer never arrives").cut_after(40)
    }

    /// Sets the finish reason of the candidate. A reply without a candidate has none, and stays as
    /// it is.
    pub fn finish_reason(mut self, reason: impl Into<String>) -> Self {
        if let Content::Candidate { finish_reason, .. } = &mut self.content {
            *finish_reason = reason.into();
        }
        self
    }

    /// Sets `details` of a [`Reply::error`], from an array of values; a single value stands for a
    /// list of one. Any other reply has none, and stays as it is.
    pub fn details(mut self, values: impl Into<Value>) -> Self {
        if let Content::Error { details, .. } = &mut self.content {
            *details = match values.into() {
                Value::Array(values) => values,
                value => vec![value],
            };
        }
        self
    }

    /// Adds a header, such as `Retry-After`. A name or value that HTTP doesn't allow is left out.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Announces the whole body, sends the first `bytes` bytes of it and closes the connection.
    pub fn cut_after(mut self, bytes: usize) -> Self {
        self.cut_after = Some(bytes);
        self
    }

    fn new(content: Content) -> Self {
        Reply { content, headers: Vec::new(), cut_after: None }
    }
}

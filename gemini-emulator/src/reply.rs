//! Scripted replies: what the emulator answers next, whatever is asked.

mod answer;
mod change;
mod event;
mod failures;
mod part;
mod render;
mod row;
mod split;
mod sse;

use std::time::Duration;

use serde_json::Value;

use answer::STOP;
pub(crate) use answer::{Answer, Candidate};
pub use event::Event;
pub use part::Part;
pub(crate) use render::{Asked, Form, Mode, Outcome, Payload, Piece};
pub use split::Split;

/// One scripted reply, for [`Emulator::enqueue`](crate::Emulator::enqueue).
///
/// A scripted reply answers whatever was sent: the checks that the emulator makes before it answers
/// on its own don't come first.
///
/// # Streams
///
/// A reply takes the form that the call asks for: one JSON object for `generateContent`, events for
/// `streamGenerateContent?alt=sse`, a JSON array in pieces for `streamGenerateContent` alone. In a
/// stream each part is an event of its own, long texts are several events, usage is a running total,
/// and the finish reason stands in the last event. [`Reply::events`] scripts a stream event by event.
///
/// # Examples
///
/// ```
/// use gemini_emulator::{Part, Reply, Split};
///
/// let answer = Reply::text(r#"["flour","sugar"]"#);
/// let parts = Reply::parts([Part::thought("Let me see."), Part::text("[1,"), Part::text("2]")]);
/// let truncated = Reply::text(r#"["flou"#).finish_reason("MAX_TOKENS");
/// let busy = Reply::error(503, "UNAVAILABLE", "The model is overloaded.");
/// let one_byte_at_a_time = Reply::text("Käsekuchen").split(Split::every(1));
/// let quota = Reply::error(429, "RESOURCE_EXHAUSTED", "Quota exceeded.").details([
///     serde_json::json!({"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "2s"}),
/// ]);
/// # let _ = (answer, parts, truncated, busy, one_byte_at_a_time, quota);
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use = "a reply does nothing until it is enqueued"]
pub struct Reply {
    content: Content,
    headers: Vec<(String, String)>,
    style: Style,
    interruption: Option<Interruption>,
    split: Option<Split>,
    delay: Duration,
    piece_delay: Duration,
    end: Option<End>,
}

#[derive(Debug, Clone, PartialEq)]
enum Content {
    Answer(Answer),
    Blocked {
        reason: String,
    },
    Error {
        status: u16,
        name: String,
        message: String,
        details: Vec<Value>,
    },
    Json {
        status: u16,
        body: Value,
    },
    Raw {
        status: u16,
        content_type: String,
        bytes: Vec<u8>,
    },
    Pieces {
        status: u16,
        content_type: String,
        pieces: Vec<Vec<u8>>,
    },
    Events(Vec<Event>),
    /// The connection ends instead of an answer.
    Nothing(Closing),
}

/// How an answer is spelled.
#[derive(Debug, Clone, Default, PartialEq)]
struct Style {
    chunk_chars: Option<usize>,
    has_nulls: bool,
    has_sparse_events: bool,
    sse: sse::Spelling,
}

/// What ends a stream too early.
#[derive(Debug, Clone, PartialEq)]
struct Interruption {
    after: usize,
    event: Option<Event>,
}

/// Where the connection ends within the body, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct End {
    pub(crate) after: usize,
    pub(crate) closing: Closing,
}

/// How a connection ends before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Closing {
    /// In good order, with a FIN.
    Close,
    /// With a RST.
    Reset,
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
        Reply::candidate(Candidate::new(Vec::from_iter(parts), STOP))
    }

    /// Status 200 and one candidate without any part, finished for `reason`: thoughts took all
    /// tokens (`MAX_TOKENS`), the answer was held back (`SAFETY`, `RECITATION`).
    pub fn empty(reason: impl Into<String>) -> Self {
        Reply::candidate(Candidate::new(None, &reason.into()))
    }

    /// Status 200 without candidates: the prompt was blocked for `reason` (`SAFETY`,
    /// `PROHIBITED_CONTENT`, ...).
    pub fn blocked(reason: impl Into<String>) -> Self {
        Reply::new(Content::Blocked { reason: reason.into() })
    }

    /// Status 200 and a stream of exactly these events, whatever form was asked for.
    pub fn events(events: impl IntoIterator<Item = Event>) -> Self {
        Reply::new(Content::Events(events.into_iter().collect()))
    }

    /// An error in the shape of `google.rpc.Status`; `name` is the status in words
    /// (`RESOURCE_EXHAUSTED`). A stream without `alt=sse` has it in a list of one, as the service
    /// does.
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
        Reply::new(Content::Nothing(Closing::Close))
    }

    /// The connection is reset without an answer.
    pub fn reset() -> Self {
        Reply::new(Content::Nothing(Closing::Reset))
    }

    /// The connection is closed in the middle of the body of an answer with status 200.
    pub fn disconnect_mid_body() -> Self {
        Reply::text("the rest of this answer never arrives").cut_after(40)
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

    /// Cuts the body into pieces that go out one by one, each as an HTTP chunk.
    pub fn split(mut self, split: Split) -> Self {
        self.split = Some(split);
        self
    }

    /// Waits before the head of the response.
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Waits between two pieces of the body: those of [`split`](Reply::split), or else the events
    /// of a stream.
    pub fn piece_delay(mut self, delay: Duration) -> Self {
        self.piece_delay = delay;
        self
    }

    /// Sends the first `bytes` bytes of the body and closes the connection. Where the length of the
    /// body is announced, it is that of the whole one.
    pub fn cut_after(mut self, bytes: usize) -> Self {
        self.end = Some(End { after: bytes, closing: Closing::Close });
        self
    }

    /// Sends the first `bytes` bytes of the body and resets the connection.
    pub fn reset_after(mut self, bytes: usize) -> Self {
        self.end = Some(End { after: bytes, closing: Closing::Reset });
        self
    }

    /// Any status with a body that comes in these pieces.
    pub(crate) fn pieces(
        (status, content_type): (u16, &str),
        pieces: impl IntoIterator<Item = Vec<u8>>,
    ) -> Self {
        let content_type = content_type.to_owned();
        Reply::new(Content::Pieces { status, content_type, pieces: Vec::from_iter(pieces) })
    }

    pub(crate) fn answer(answer: Answer) -> Self {
        Reply::new(Content::Answer(answer))
    }

    fn candidate(candidate: Candidate) -> Self {
        Reply::answer(Answer { candidates: vec![candidate] })
    }

    fn new(content: Content) -> Self {
        Reply {
            content,
            headers: Vec::new(),
            style: Style::default(),
            interruption: None,
            split: None,
            delay: Duration::ZERO,
            piece_delay: Duration::ZERO,
            end: None,
        }
    }
}

//! From a scripted reply to the pieces that go over the wire.

mod nulls;
mod sparse;

use std::time::Duration;

use hyper::body::Bytes;
use serde_json::Value;

use super::event::Shape;
use super::{Closing, Content, End, Event, Reply, answer};
use crate::emulator::Settings;
use crate::error::Refusal;
use crate::fault::Draw;

/// What tells chances apart that share a seed; the numbers below are those of faults.
const LATENCY_SALT: u64 = u64::MAX;
const PIECE_SALT: u64 = u64::MAX - 1;

const JSON: &str = "application/json; charset=UTF-8";
const EVENTS: &str = "text/event-stream";

/// What a reply needs to know of the request: for its form, for usage metadata and identifiers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked {
    pub(crate) model: String,
    pub(crate) prompt_tokens: usize,
    /// How many of those are of a cache.
    pub(crate) cached_tokens: usize,
    pub(crate) response_id: String,
    pub(crate) form: Form,
}

/// The form that an answer must have.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Form {
    pub(crate) mode: Mode,
    /// How many characters of text an event has at most.
    pub(crate) chunk_chars: usize,
}

/// What a call wants its answer to be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Mode {
    /// One JSON object.
    #[default]
    Whole,
    /// Server-sent events.
    Events,
    /// A JSON array in pieces.
    List,
}

/// What the server does with the connection.
#[derive(Debug)]
pub(crate) enum Outcome {
    Respond(Payload),
    Disconnect(Closing),
}

/// A response.
#[derive(Debug)]
pub(crate) struct Payload {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) pieces: Vec<Piece>,
    /// Whether the length of the body is announced; otherwise each piece is an HTTP chunk.
    pub(crate) is_whole: bool,
    /// How long the head is held back.
    pub(crate) delay: Duration,
    /// Whether the connection ends before the body does.
    pub(crate) end: Option<End>,
}

/// A piece of a body, and how long it is held back.
#[derive(Debug)]
pub(crate) struct Piece {
    pub(crate) wait: Duration,
    pub(crate) bytes: Bytes,
}

impl Reply {
    pub(crate) fn render(self, asked: &Asked) -> Outcome {
        let mut payload = match self.payload(asked) {
            Ok(payload) => payload,
            Err(closing) => return Outcome::Disconnect(closing),
        };
        if let Some(split) = &self.split {
            let body: Vec<u8> =
                payload.pieces.iter().flat_map(|piece| piece.bytes.iter().copied()).collect();
            payload.set_pieces(split.pieces(Bytes::from(body)));
            payload.is_whole = false;
        }
        for piece in payload.pieces.iter_mut().skip(1) {
            piece.wait = self.piece_delay;
        }
        payload.headers = self.headers;
        payload.delay = self.delay;
        payload.end = self.end;
        Outcome::Respond(payload)
    }

    fn payload(&self, asked: &Asked) -> Result<Payload, Closing> {
        let mode = asked.form.mode;
        let payload = match &self.content {
            Content::Answer(answer) if mode == Mode::Whole => {
                Payload::json(200, &self.spelled(answer.whole(asked)))
            }
            Content::Answer(answer) => {
                let characters = self.style.chunk_chars.unwrap_or(asked.form.chunk_chars);
                let mut chunks = answer.chunks(asked, characters);
                if self.style.has_sparse_events {
                    sparse::add(&mut chunks);
                }
                self.stream(mode, chunks.into_iter().map(Event::json).collect())
            }
            Content::Blocked { reason } if mode == Mode::Whole => {
                Payload::json(200, &self.spelled(answer::blocked(asked, reason)))
            }
            Content::Blocked { reason } => {
                self.stream(mode, vec![Event::json(answer::blocked(asked, reason))])
            }
            Content::Events(events) => {
                let mode = if mode == Mode::List { mode } else { Mode::Events };
                self.stream(mode, events.clone())
            }
            Content::Error { status, name, message, details } => {
                let refusal = Refusal::new(*status, name, message).with_details(details.clone());
                let body = self.spelled(refusal.body());
                let body = if mode == Mode::List { Value::Array(vec![body]) } else { body };
                Payload::json(*status, &body)
            }
            Content::Json { status, body } => Payload::json(*status, body),
            Content::Raw { status, content_type, bytes } => {
                Payload::new((*status, content_type), vec![Bytes::from(bytes.clone())], true)
            }
            Content::Pieces { status, content_type, pieces } => {
                let pieces = pieces.iter().cloned().map(Bytes::from).collect();
                Payload::new((*status, content_type), pieces, false)
            }
            Content::Nothing(closing) => return Err(*closing),
        };
        Ok(payload)
    }

    fn stream(&self, mode: Mode, mut events: Vec<Event>) -> Payload {
        if let Some(interruption) = &self.interruption {
            events.truncate(interruption.after);
            events.extend(interruption.event.clone());
        }
        if mode == Mode::List {
            return Payload::new((200, JSON), self.list(events), false);
        }
        let pieces = events.into_iter().map(|event| match event.0 {
            Shape::Data(value) => self.style.sse.event(&self.spelled(value)),
            Shape::Raw(bytes) => bytes,
        });
        Payload::new((200, EVENTS), pieces.map(Bytes::from).collect(), false)
    }

    /// The events as a JSON array in pieces.
    fn list(&self, events: Vec<Event>) -> Vec<Bytes> {
        let mut pieces = Vec::new();
        let mut opening = "[";
        for event in events {
            pieces.push(match event.0 {
                Shape::Data(value) => {
                    let text = format!("{opening}{}", self.spelled(value));
                    opening = ",\r\n";
                    Bytes::from(text)
                }
                Shape::Raw(bytes) => Bytes::from(bytes),
            });
        }
        pieces.push(Bytes::from_static(if opening == "[" { b"[]" } else { b"\n]" }));
        pieces
    }

    fn spelled(&self, mut response: Value) -> Value {
        if self.style.has_nulls {
            nulls::add(&mut response);
        }
        response
    }
}

impl Payload {
    fn new(
        (status, content_type): (u16, impl Into<String>),
        pieces: Vec<Bytes>,
        is_whole: bool,
    ) -> Self {
        let mut payload = Payload {
            status,
            content_type: content_type.into(),
            headers: Vec::new(),
            pieces: Vec::new(),
            is_whole,
            delay: Duration::ZERO,
            end: None,
        };
        payload.set_pieces(pieces);
        payload
    }

    /// Holds the head and the pieces back as the settings say.
    pub(crate) fn hold_back(&mut self, settings: &Settings, draw: Draw) {
        if let Some(latency) = &settings.latency {
            self.delay = self.delay.saturating_add(latency.of(draw, LATENCY_SALT));
        }
        if let Some(latency) = &settings.piece_latency {
            for (index, piece) in self.pieces.iter_mut().enumerate().skip(1) {
                let number = draw.number.wrapping_add(index as u64);
                let wait = latency.of(Draw { number, ..draw }, PIECE_SALT);
                piece.wait = piece.wait.saturating_add(wait);
            }
        }
    }

    /// Keeps the first `length` bytes.
    pub(crate) fn truncate(&mut self, length: usize) {
        let mut left = length;
        for piece in &mut self.pieces {
            piece.bytes.truncate(left);
            left -= piece.bytes.len();
        }
        self.pieces.retain(|piece| !piece.bytes.is_empty());
    }

    fn json(status: u16, body: &Value) -> Self {
        Payload::new((status, JSON), vec![Bytes::from(body.to_string())], true)
    }

    fn set_pieces(&mut self, pieces: Vec<Bytes>) {
        let pieces = pieces.into_iter().filter(|bytes| !bytes.is_empty());
        self.pieces = pieces.map(|bytes| Piece { wait: Duration::ZERO, bytes }).collect();
    }
}

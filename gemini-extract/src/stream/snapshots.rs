//! The value of an answer as it grows.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use gemini_schema::{DecodeError, Lowered};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::StreamSummary;
use super::begun::Begun;
use super::growth::Growth;
use super::source::Source;
use super::summary::with_text;
use crate::carrier::{Carried, MimeType};
use crate::error::Fault;
use crate::response::decode;
use crate::transport::BoxFuture;
use crate::{Error, Result};

/// The value of an answer as it grows.
///
/// Made by [`Extract::snapshots`](crate::Extract::snapshots). Nothing is sent before it is
/// polled, and dropping it closes its connection. An error is the last item.
///
/// A snapshot comes when the text has grown by an eighth and by 32 bytes at least, so that all of
/// them together cost no more than a fixed number of readings of the whole; the text is kept in
/// memory, up to the client's limit for a response.
#[must_use = "nothing is sent before the stream is polled"]
pub struct SnapshotStream<T> {
    source: Source,
    growth: Growth,
    carried: Option<(Carried, usize)>,
    value: PhantomData<fn() -> T>,
}

/// A value as far as it has come.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Snapshot<T> {
    /// The value as JSON, in the shape that serde expects, with all that is open closed. Texts
    /// are shown as far as they have come; numbers, names and keys only when they are whole.
    pub value: Value,
    /// The value as the type, where what has come is one; always there when it is whole.
    pub typed: Option<T>,
    /// Whether this is the whole answer: it is the last snapshot, and checked.
    pub is_whole: bool,
}

impl<T: DeserializeOwned> SnapshotStream<T> {
    pub(crate) fn new(opening: BoxFuture<'static, Result<Begun>>) -> Self {
        let (growth, value) = (Growth::default(), PhantomData);
        Self { source: Source::new(opening), growth, carried: None, value }
    }

    /// The next snapshot; `None` behind the whole value.
    pub async fn next(&mut self) -> Option<Result<Snapshot<T>>> {
        std::future::poll_fn(|context| self.poll(context)).await
    }

    /// What is known beside the value; in full behind the last snapshot.
    #[must_use]
    pub fn summary(&self) -> StreamSummary {
        self.source.summary()
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Snapshot<T>>>> {
        loop {
            let piece = match ready!(self.source.poll(context)) {
                Some(Ok(piece)) => piece,
                Some(Err(error)) => {
                    self.carried = None;
                    return Poll::Ready(Some(Err(self.with_text(error))));
                }
                None => {
                    let carried = self.carried.take();
                    return Poll::Ready(carried.map(|(carried, _)| self.whole(&carried)));
                }
            };
            if self.carried.is_none() {
                let carried = self.source.carried();
                self.carried = carried.map(|(carried, limit)| (carried.clone(), limit));
            }
            if let Err(fault) = self.push(&piece) {
                self.carried = None;
                let error = self.with_text(Error::fault(fault, None));
                return Poll::Ready(Some(Err(self.source.fail(error))));
            }
            if let Some(snapshot) = self.partial() {
                return Poll::Ready(Some(Ok(snapshot)));
            }
        }
    }

    fn push(&mut self, piece: &str) -> Result<(), Fault> {
        let limit = self.carried.as_ref().map_or(usize::MAX, |(_, limit)| *limit);
        if self.growth.text().len().saturating_add(piece.len()) > limit {
            return Err(Fault::TooLarge(limit));
        }
        if self.growth.push(piece) { Err(Fault::Loop) } else { Ok(()) }
    }

    /// What has come, if it is time to show it and it is JSON so far.
    fn partial(&mut self) -> Option<Snapshot<T>> {
        let (carried, _) = self.carried.as_ref()?;
        if carried.mime_type() == MimeType::Enum {
            return None;
        }
        if !self.growth.is_due() {
            return None;
        }
        let lowered = &carried.lowered;
        let shown = |text: String| Some((value(lowered, &text)?, text));
        // What is sent in another shape is turned back only as a whole.
        let is_in_shape = |(value, _): &(Value, String)| {
            !lowered.is_lifted() || has_shape(lowered, &value.to_string())
        };
        let whole = self.growth.whole().and_then(shown).filter(is_in_shape);
        let settled = || self.growth.settled().and_then(shown).filter(is_in_shape);
        let (value, text) = whole.or_else(settled)?;
        Some(Snapshot { value, typed: lowered.decode(&text).ok(), is_whole: false })
    }

    /// All of it, checked.
    fn whole(&mut self, carried: &Carried) -> Result<Snapshot<T>> {
        let text = self.growth.text();
        let lowered = &carried.lowered;
        match decode(lowered, carried.mime_type(), text) {
            Ok(typed) => {
                let content = self.growth.whole();
                let value = content.as_deref().and_then(|content| value(lowered, content));
                let value = value.or_else(|| self::value(lowered, text));
                let value = value.unwrap_or_else(|| Value::from(text.trim()));
                Ok(Snapshot { value, typed: Some(typed), is_whole: true })
            }
            Err(error) => {
                let answer = with_text(self.source.head(), text.to_owned());
                Err(Error::decode(error, answer, lowered.clone()))
            }
        }
    }

    fn with_text(&self, error: Error) -> Error {
        error.with_text(self.growth.text().to_owned())
    }
}

/// The value of a whole JSON text, in the shape that serde expects.
fn value(lowered: &Lowered, text: &str) -> Option<Value> {
    serde_json::from_str(&lowered.lifted(text).ok()?).ok()
}

/// Whether all parts of a value have the kinds that serde expects, whatever else is missing.
fn has_shape(lowered: &Lowered, text: &str) -> bool {
    let error = lowered.check(text).err();
    let violations = error.as_ref().map_or(&[][..], DecodeError::violations);
    violations.iter().all(|violation| violation.keyword() != "type")
}

impl<T: DeserializeOwned> Stream for SnapshotStream<T> {
    type Item = Result<Snapshot<T>>;

    fn poll_next(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Snapshot<T>>>> {
        self.get_mut().poll(context)
    }
}

impl<T> fmt::Debug for SnapshotStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SnapshotStream")
            .field("text", &format_args!("{} bytes", self.growth.text().len()))
            .finish_non_exhaustive()
    }
}

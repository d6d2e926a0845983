//! The text of an answer, piece by piece.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::StreamSummary;
use super::begun::Begun;
use super::completion::Completion;
use super::guard::Guard;
use super::source::Source;
use crate::error::Fault;
use crate::transport::BoxFuture;
use crate::{Error, Result};

/// The text of an answer, piece by piece, as the model writes it; thoughts are left out.
///
/// Made by [`Extract::text`](crate::Extract::text). Nothing is sent before it is polled, and
/// dropping it closes its connection. An error is the last item. The text is not checked against
/// the type.
#[must_use = "nothing is sent before the stream is polled"]
pub struct TextStream {
    source: Source,
    /// Follows the strings in the text.
    completion: Completion,
    guard: Guard,
}

impl TextStream {
    pub(crate) fn new(opening: BoxFuture<'static, Result<Begun>>) -> Self {
        let (completion, guard) = (Completion::default(), Guard::default());
        Self { source: Source::new(opening), completion, guard }
    }

    /// The next piece, never empty; `None` at the end.
    pub async fn next(&mut self) -> Option<Result<String>> {
        std::future::poll_fn(|context| self.poll(context)).await
    }

    /// What is known beside the text; in full behind the last piece.
    #[must_use]
    pub fn summary(&self) -> StreamSummary {
        self.source.summary()
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<String>>> {
        let item = ready!(self.source.poll(context)).map(|item| {
            let piece = item?;
            self.completion.push(piece.as_bytes());
            if self.guard.push(piece.as_bytes(), self.completion.is_in_text()) {
                return Err(self.source.fail(Error::fault(Fault::Loop, None)));
            }
            Ok(piece)
        });
        Poll::Ready(item)
    }
}

impl Stream for TextStream {
    type Item = Result<String>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<String>>> {
        self.get_mut().poll(context)
    }
}

impl fmt::Debug for TextStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TextStream").field("summary", &self.summary()).finish_non_exhaustive()
    }
}

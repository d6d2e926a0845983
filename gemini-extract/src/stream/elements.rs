//! The elements of a list, each as soon as it closes.

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use serde::de::DeserializeOwned;

use super::StreamSummary;
use super::begun::Begun;
use super::reader::{ElementReader, Problem};
use super::source::Source;
use super::summary::with_text;
use crate::error::Fault;
use crate::transport::BoxFuture;
use crate::{Error, Result};

/// The elements of a list, each as soon as the model has written it.
///
/// Made by [`Extract::stream`](crate::Extract::stream). Nothing is sent before it is polled, and
/// dropping it closes its connection.
///
/// An element that doesn't fit is an error with its place in the list and its text, and the next
/// elements still come. Any other error is the last item: whatever came before it is whole and
/// checked.
#[must_use = "nothing is sent before the stream is polled"]
pub struct ElementStream<E> {
    source: Source,
    reader: Option<ElementReader>,
    element: PhantomData<fn() -> E>,
}

impl<E: DeserializeOwned> ElementStream<E> {
    pub(crate) fn new(opening: BoxFuture<'static, Result<Begun>>) -> Self {
        Self { source: Source::new(opening), reader: None, element: PhantomData }
    }

    /// The next element; `None` behind the last.
    pub async fn next(&mut self) -> Option<Result<E>> {
        std::future::poll_fn(|context| self.poll(context)).await
    }

    /// What is known beside the elements; in full behind the last one.
    #[must_use]
    pub fn summary(&self) -> StreamSummary {
        self.source.summary()
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<E>>> {
        loop {
            if let Some(reader) = &mut self.reader
                && let Some(item) = reader.next_element()
            {
                return Poll::Ready(Some(item.map_err(|problem| self.error(problem))));
            }
            let piece = match ready!(self.source.poll(context)) {
                Some(Ok(piece)) => piece,
                Some(Err(error)) => {
                    self.reader = None;
                    return Poll::Ready(Some(Err(error)));
                }
                None => {
                    let reader = self.reader.take();
                    let result = reader.map_or(Ok(()), |reader| self.finish(&reader));
                    return Poll::Ready(result.err().map(Err));
                }
            };
            if self.reader.is_none()
                && let Some((carried, limit)) = self.source.carried()
            {
                self.reader = ElementReader::new(carried.lowered.clone(), limit);
            }
            if let Some(reader) = &mut self.reader {
                reader.push(&piece);
            }
        }
    }
}

impl<E> ElementStream<E> {
    fn finish(&mut self, reader: &ElementReader) -> Result<()> {
        reader.finish().map_err(|problem| self.error_of(problem, reader))
    }

    fn error(&mut self, problem: Problem) -> Error {
        match self.reader.take() {
            Some(reader) => {
                let error = self.error_of(problem, &reader);
                self.reader = Some(reader);
                error
            }
            None => self.source.fail(Error::fault(Fault::NotAList, None)),
        }
    }

    fn error_of(&mut self, problem: Problem, reader: &ElementReader) -> Error {
        let head = self.source.head();
        let fault = match problem {
            Problem::Element(error, text) => {
                return Error::decode(error, with_text(head, text), reader.lowered());
            }
            Problem::List(error) => {
                let error = Error::decode(error, with_text(head, String::new()), reader.lowered());
                return self.source.fail(error);
            }
            Problem::NotAList => Fault::NotAList,
            Problem::CutShort => Fault::CutShort,
            Problem::TooLarge(limit) => Fault::ElementTooLarge(limit),
            Problem::Loop => Fault::Loop,
        };
        self.source.fail(Error::fault(fault, None))
    }
}

impl<E: DeserializeOwned> Stream for ElementStream<E> {
    type Item = Result<E>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<E>>> {
        self.get_mut().poll(context)
    }
}

impl<E> fmt::Debug for ElementStream<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.reader.as_ref().map_or(0, ElementReader::count);
        f.debug_struct("ElementStream").field("elements", &count).finish_non_exhaustive()
    }
}

//! Where records come from: an iterator or a stream, taken from one by one.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

use super::Record;

/// Where records come from.
pub(super) type Source = Pin<Box<dyn Stream<Item = Record> + Send>>;

/// Records of an iterator.
struct Iterated<I>(I);

/// Records of a stream.
struct Streamed<S>(Pin<Box<S>>);

/// An iterator as a source.
pub(super) fn iterated<R>(records: R) -> Source
where
    R: IntoIterator<Item: Into<Record>>,
    R::IntoIter: Send + 'static,
{
    Box::pin(Iterated(records.into_iter()))
}

/// A stream as a source.
pub(super) fn streamed<S>(records: S) -> Source
where
    S: Stream<Item: Into<Record>> + Send + 'static,
{
    Box::pin(Streamed(Box::pin(records)))
}

/// How many records are left, where the source knows it.
pub(super) fn remaining(source: &Source) -> Option<u64> {
    match source.size_hint() {
        (least, Some(most)) if least == most => u64::try_from(least).ok(),
        _ => None,
    }
}

/// Nothing of it is ever pinned.
impl<I> Unpin for Iterated<I> {}

impl<I: Iterator<Item: Into<Record>>> Stream for Iterated<I> {
    type Item = Record;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Record>> {
        Poll::Ready(self.0.next().map(Into::into))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl<S: Stream<Item: Into<Record>>> Stream for Streamed<S> {
    type Item = Record;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Record>> {
        self.0.as_mut().poll_next(context).map(|record| record.map(Into::into))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

//! Bodies that come in piece by piece.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::Body as _;
use tokio::time::Sleep;

use super::http::fault;
use crate::error::Fault;
use crate::{Error, Result};

/// A body as it comes in. Dropping it closes its connection, or cancels its stream there.
pub(crate) trait Body: Send {
    /// The next piece; `None` at the end.
    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes>>>;
}

/// The body of a response over HTTP.
pub(super) struct HttpBody {
    body: reqwest::Body,
    silence: Duration,
    /// When it has been silent for too long.
    patience: Pin<Box<Sleep>>,
}

/// A body that is there as a whole.
struct Whole(Option<Bytes>);

/// A body that is there as a whole, and may have the size that it has.
pub(crate) fn whole(body: Bytes) -> (Box<dyn Body>, usize) {
    let length = body.len();
    (Box::new(Whole(Some(body))), length)
}

impl HttpBody {
    /// A body that may be silent for so long. Needs a Tokio runtime.
    pub(super) fn new(body: reqwest::Body, silence: Duration) -> Self {
        Self { body, silence, patience: Box::pin(tokio::time::sleep(silence)) }
    }
}

impl Body for HttpBody {
    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        loop {
            let Poll::Ready(frame) = Pin::new(&mut self.body).poll_frame(context) else {
                ready!(self.patience.as_mut().poll(context));
                return Poll::Ready(Some(Err(Error::fault(Fault::Silence(self.silence), None))));
            };
            self.patience = Box::pin(tokio::time::sleep(self.silence));
            match frame.map(|frame| frame.map(http_body::Frame::into_data)) {
                Some(Ok(Ok(data))) => return Poll::Ready(Some(Ok(data))),
                // Trailers say nothing here.
                Some(Ok(Err(_))) => {}
                Some(Err(error)) => return Poll::Ready(Some(Err(fault(error, Fault::Body)))),
                None => return Poll::Ready(None),
            }
        }
    }
}

impl Body for Whole {
    fn poll_chunk(&mut self, _: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        Poll::Ready(self.0.take().map(Ok))
    }
}

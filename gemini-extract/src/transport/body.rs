//! Bodies that come in piece by piece.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::Body as _;

use super::http::fault;
use crate::Result;
use crate::error::Fault;

/// A body as it comes in. Dropping it closes its connection, or cancels its stream there.
pub(crate) trait Body: Send {
    /// The next piece; `None` at the end.
    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes>>>;
}

/// The body of a response over HTTP.
pub(super) struct HttpBody(pub(super) reqwest::Body);

/// A body that is there as a whole.
struct Whole(Option<Bytes>);

/// A body that is there as a whole, and may have the size that it has.
pub(crate) fn whole(body: Vec<u8>) -> (Box<dyn Body>, usize) {
    let length = body.len();
    (Box::new(Whole(Some(body.into()))), length)
}

impl Body for HttpBody {
    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes>>> {
        loop {
            let frame = std::task::ready!(Pin::new(&mut self.0).poll_frame(context));
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

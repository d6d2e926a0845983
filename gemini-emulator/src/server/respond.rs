//! From a decided payload to an HTTP response, including one that breaks off.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};

use crate::reply::Payload;

/// The reply closes the connection.
#[derive(Debug)]
pub(super) struct Closed;

/// The body of a response. It announces its whole length and may break off before the end.
#[derive(Debug)]
pub(super) struct ReplyBody {
    announced: u64,
    unsent: Option<Bytes>,
    ending: Ending,
}

#[derive(Debug, Clone, Copy)]
enum Ending {
    Complete,
    /// Breaks off after the server had a chance to flush what was sent.
    AfterFlush,
    Now,
}

pub(super) fn respond(payload: Payload) -> Response<ReplyBody> {
    let announced = payload.body.len() as u64;
    let mut unsent = Bytes::from(payload.body);
    let mut ending = Ending::Complete;
    if let Some(length) = payload.cut_after.filter(|&length| length < unsent.len()) {
        unsent.truncate(length);
        ending = Ending::AfterFlush;
    }
    let unsent = Some(unsent).filter(|bytes| !bytes.is_empty());
    let mut response = Response::new(ReplyBody { announced, unsent, ending });
    *response.status_mut() =
        StatusCode::from_u16(payload.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    if let Ok(content_type) = HeaderValue::from_str(&payload.content_type) {
        headers.insert(CONTENT_TYPE, content_type);
    }
    for (name, value) in &payload.headers {
        let name = HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(value)) {
            headers.insert(name, value);
        }
    }
    response
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = Closed;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Closed>>> {
        if let Some(bytes) = self.unsent.take() {
            return Poll::Ready(Some(Ok(Frame::data(bytes))));
        }
        match self.ending {
            Ending::Complete => Poll::Ready(None),
            Ending::AfterFlush => {
                self.ending = Ending::Now;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Ending::Now => Poll::Ready(Some(Err(Closed))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.unsent.is_none() && matches!(self.ending, Ending::Complete)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.announced)
    }
}

impl fmt::Display for Closed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the reply closes the connection")
    }
}

impl Error for Closed {}

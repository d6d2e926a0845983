//! From a decided payload to an HTTP response, including one that breaks off.

use std::collections::VecDeque;
use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use hyper::body::{Body, Bytes, Frame, SizeHint};
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};

use super::connection::ResetFlag;
use crate::clock::{Clock, Sleep};
use crate::emulator::Flight;
use crate::reply::{Closing, Payload, Piece};

/// The reply closes the connection.
#[derive(Debug)]
pub(super) struct Closed;

/// The body of a response: pieces, each in its time. It may break off before the end.
pub(super) struct ReplyBody {
    pieces: VecDeque<Piece>,
    /// The length of the whole body, where it is announced.
    announced: Option<u64>,
    ending: Ending,
    wait: Option<Sleep>,
    clock: Arc<dyn Clock>,
    reset: ResetFlag,
    /// Ends with the body.
    _flight: Flight,
}

#[derive(Debug, Clone, Copy)]
enum Ending {
    Complete,
    /// Breaks off after the server had a chance to flush what was sent.
    AfterFlush(Closing),
    Now(Closing),
}

pub(super) fn respond(
    mut payload: Payload,
    flight: Flight,
    reset: ResetFlag,
) -> Response<ReplyBody> {
    let length: usize = payload.pieces.iter().map(|piece| piece.bytes.len()).sum();
    let ending = match payload.end.filter(|end| end.after < length) {
        Some(end) => {
            payload.truncate(end.after);
            Ending::AfterFlush(end.closing)
        }
        None => Ending::Complete,
    };
    let mut response = Response::new(ReplyBody {
        pieces: payload.pieces.into(),
        announced: payload.is_whole.then_some(length as u64),
        ending,
        wait: None,
        clock: flight.clock(),
        reset,
        _flight: flight,
    });
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

impl ReplyBody {
    /// Waits for the time of the next piece.
    fn poll_turn(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let Some(piece) = self.pieces.front() else {
            return Poll::Ready(());
        };
        if piece.wait.is_zero() {
            return Poll::Ready(());
        }
        let wait = self.wait.get_or_insert_with(|| self.clock.sleep(piece.wait));
        ready!(wait.as_mut().poll(context));
        self.wait = None;
        Poll::Ready(())
    }
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = Closed;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Closed>>> {
        ready!(self.poll_turn(context));
        if let Some(piece) = self.pieces.pop_front() {
            return Poll::Ready(Some(Ok(Frame::data(piece.bytes))));
        }
        match self.ending {
            Ending::Complete => Poll::Ready(None),
            Ending::AfterFlush(closing) => {
                self.ending = Ending::Now(closing);
                context.waker().wake_by_ref();
                Poll::Pending
            }
            Ending::Now(closing) => Poll::Ready(Some(Err(self.reset.closing(closing)))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.pieces.is_empty() && matches!(self.ending, Ending::Complete)
    }

    fn size_hint(&self) -> SizeHint {
        self.announced.map(SizeHint::with_exact).unwrap_or_default()
    }
}

impl fmt::Display for Closed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the reply closes the connection")
    }
}

impl Error for Closed {}

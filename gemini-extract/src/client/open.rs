//! One request to the begin of a stream: attempts are made again until the first response is
//! there, never later.

use std::future::poll_fn;

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use tokio::runtime::Handle;

use super::{Attempt, Client, Delivered, Delivery, Parcel, send};
use crate::credentials::Credential;
use crate::error::{Fault, ServiceStatus};
use crate::request::Endpoint;
use crate::response::Answer;
use crate::secret::Secret;
use crate::stream::{Frames, TooLarge};
use crate::trail::Trail;
use crate::transport::{self, Body, Message, Opened};
use crate::{Error, Result};

/// A stream whose first response is there.
pub(crate) struct Line {
    /// The first response.
    pub(crate) first: Answer,
    pub(crate) frames: Frames,
    pub(crate) body: Box<dyn Body>,
    /// The most bytes that a response or an element may have.
    pub(crate) limit: usize,
    /// What must not be shown.
    pub(crate) secret: Secret,
}

impl Client {
    /// Sends a request for a stream and waits for its first response.
    pub(crate) async fn open(
        &self,
        (endpoint, body): (Endpoint, Bytes),
        delivery: &Delivery,
        trail: &mut Trail,
    ) -> Result<Delivered<Line>> {
        let runtime = Handle::try_current().map_err(|_| {
            Error::configuration(vec!["a call needs a Tokio runtime to run on".to_owned()])
        })?;
        let runtime = runtime.id();
        let bytes = body.len();
        let parcel = Parcel { endpoint, bytes, tokens: send::estimate(&body), delivery };
        let one = |attempt: Attempt, credential: Credential| {
            let message = Message {
                runtime,
                method: Method::POST,
                headers: HeaderMap::new(),
                url: attempt.endpoint.into_stream_url(),
                credential,
                body: body.clone(),
                timeout: attempt.time,
                is_timeout_told: attempt.is_time_told,
            };
            self.begin(message)
        };
        self.deliver(parcel, trail, one).await
    }

    async fn begin(&self, message: Message) -> Result<Line> {
        let secret = message.credential.secret().clone();
        let (mut body, limit) = match self.inner.transport.open(message).await? {
            Opened::Stream(body, limit) => (body, limit),
            Opened::Whole(reply) if !reply.status.is_success() => {
                return Err(send::refusal(&reply, &secret));
            }
            Opened::Whole(reply) => transport::whole(reply.body),
        };
        let mut frames = Frames::new(limit);
        let first = first(&mut *body, &mut frames).await;
        let first = first.and_then(|frame| read(&frame, &secret));
        let first = first.map_err(|error| error.with_status(StatusCode::OK))?;
        Ok(Line { first, frames, body, limit, secret })
    }
}

/// Waits for the first response.
async fn first(body: &mut dyn Body, frames: &mut Frames) -> Result<Vec<u8>> {
    loop {
        if let Some(frame) = frames.next_frame() {
            return Ok(frame);
        }
        let Some(chunk) = poll_fn(|context| body.poll_chunk(context)).await else {
            frames.finish().map_err(too_large)?;
            return frames.next_frame().ok_or_else(|| unfinished(frames));
        };
        frames.push(&chunk?).map_err(too_large)?;
    }
}

/// The body ended without what says that the answer has.
pub(crate) fn unfinished(frames: &Frames) -> Error {
    let fault = if frames.has_strays() { Fault::NotTheApi } else { Fault::Unfinished };
    Error::fault(fault, None)
}

pub(crate) fn too_large(TooLarge(limit): TooLarge) -> Error {
    Error::fault(Fault::TooLarge(limit), None)
}

/// Reads one response of a stream; an error can stand in its place.
pub(crate) fn read(frame: &[u8], secret: &Secret) -> Result<Answer> {
    Answer::read(frame, secret).map_err(|foreign| {
        let error = match ServiceStatus::read(frame, secret) {
            Some(service) => Error::service(service.code().unwrap_or(StatusCode::OK), service),
            None => Error::fault(Fault::NotTheApi, None),
        };
        error.with_usage(foreign.usage.map(|usage| *usage))
    })
}

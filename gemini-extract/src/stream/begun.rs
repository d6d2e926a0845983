//! A call on its way to a stream, and again where its answer comes in several.

use std::sync::Arc;

use bytes::Bytes;
use tracing::{Instrument, Span};

use crate::carrier::Carried;
use crate::client::{Delivered, Delivery, Line, Pass, continued};
use crate::request::Endpoint;
use crate::response::Answer;
use crate::trail::Trail;
use crate::transport::BoxFuture;
use crate::{Client, Error, Result, trace};

/// A call whose stream is to be opened.
pub(crate) struct StreamCall {
    pub(crate) client: Client,
    pub(crate) pass: Pass,
    pub(crate) delivery: Arc<Delivery>,
    pub(crate) carried: Carried,
    pub(crate) trail: Trail,
    pub(crate) span: Span,
    /// What is sent; behind a part of an answer, a token is added.
    pub(crate) body: Bytes,
}

/// A stream that has begun.
pub(crate) struct Begun {
    pub(super) call: StreamCall,
    pub(super) delivered: Delivered<Line>,
}

impl StreamCall {
    /// Sends the request, with a token for what follows a part of the answer, and waits for the
    /// first response.
    pub(crate) async fn open(mut self, (to, token): (Endpoint, Option<String>)) -> Result<Begun> {
        let body = token.map(|token| Bytes::from(continued(&self.body, &token)));
        let body = body.unwrap_or_else(|| self.body.clone());
        let opened = self.client.open((to, body), &self.delivery, &mut self.trail);
        match opened.instrument(self.span.clone()).await {
            Ok(delivered) => Ok(Begun { call: self, delivered }),
            Err(error) => Err(self.fail(error)),
        }
    }

    /// The call ends with this error.
    pub(super) fn fail(self, error: Error) -> Error {
        let Self { trail, carried, span, pass, .. } = self;
        let error = trail.end(error).with_dialect(carried.carrier.dialect());
        trace::record_error(&span, &error);
        drop(pass);
        error
    }
}

impl Begun {
    /// Does the accounts of an answer, or of a part of it, that has come to its end.
    pub(super) fn settle(&mut self, head: &Answer) {
        let answer = (head.usage.as_ref(), head.model_version.as_deref());
        let StreamCall { client, trail, .. } = &mut self.call;
        client.answered(&mut self.delivered, answer, trail);
    }

    /// Asks the same model for what follows.
    pub(super) fn resume(self, token: String) -> BoxFuture<'static, Result<Self>> {
        let Self { mut call, delivered } = self;
        call.delivery = Arc::new(call.delivery.without_fallbacks());
        Box::pin(call.open((delivered.endpoint, Some(token))))
    }
}

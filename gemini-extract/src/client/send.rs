//! One request to one answer: time limit, statuses, and failures that stand in the answer.

use std::time::Duration;

use reqwest::Url;

use super::Client;
use crate::error::{Fault, ServiceStatus};
use crate::request::{Endpoint, Request};
use crate::response::{Answer, NotAnAnswer};
use crate::transport::{Message, Reply};
use crate::{Error, Result};

impl Client {
    /// The endpoint of a model, or of the client's own.
    pub(crate) fn endpoint(&self, model: Option<&str>) -> Result<Endpoint, String> {
        let inner = &self.inner;
        match model {
            Some(model) => Endpoint::new(&inner.base, &inner.version, model),
            None => Ok(inner.endpoint.clone()),
        }
    }

    /// Where the service is.
    pub(crate) fn base(&self) -> &Url {
        &self.inner.base
    }

    /// Sends a request; the answer is one that a value can be read from.
    pub(crate) async fn send(&self, request: Request, timeout: Option<Duration>) -> Result<Answer> {
        let inner = &self.inner;
        let is_told = timeout.is_some() || inner.is_timeout_told;
        let timeout = timeout.unwrap_or(inner.timeout);
        let (url, body) = request.into_parts();
        let message = Message {
            url,
            body,
            server_timeout: is_told.then_some(timeout),
        };
        match tokio::time::timeout(timeout, inner.transport.send(message)).await {
            Ok(reply) => self.read(&reply?),
            Err(_) => Err(Error::fault(Fault::CallTimeout(timeout), None)),
        }
    }

    fn read(&self, reply: &Reply) -> Result<Answer> {
        let status = reply.status;
        let service = || ServiceStatus::read(&reply.body, &self.inner.key).unwrap_or_default();
        if !status.is_success() {
            return Err(Error::service(status, service()).with_retry_after(reply.retry_after));
        }
        let answer = match Answer::read(&reply.body, &self.inner.key) {
            Ok(answer) => answer,
            Err(NotAnAnswer::Foreign) => {
                return Err(Error::fault(Fault::NotTheApi, None).with_status(status));
            }
            Err(NotAnAnswer::Error) => {
                let service = service();
                let meant = service.code().unwrap_or(status);
                return Err(Error::service(meant, service).with_status(status));
            }
        };
        match answer.failure() {
            Some(kind) => Err(Error::of_answer(kind, answer).with_status(status)),
            None => Ok(answer),
        }
    }
}

//! Requests about resources that aren't models: files, batches, caches. Attempts, credentials and
//! failures are those of calls; the limits of models don't hold for them.

use bytes::Bytes;
use http::{HeaderMap, Method};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::runtime::Handle;

use super::{Attempt, Client, Parcel, send};
use crate::credentials::Credential;
use crate::error::Fault;
use crate::policies::Policies;
use crate::request::{Endpoint, Resource};
use crate::secret::Secret;
use crate::transport::{self, Body, Message, Opened, Reply};
use crate::{Error, Result};

/// A request about a resource.
#[derive(Clone, Debug)]
pub(crate) struct Errand {
    method: Method,
    endpoint: Endpoint,
    headers: HeaderMap,
    body: Bytes,
    is_once: bool,
}

/// An answer that comes in piece by piece.
pub(crate) struct Received {
    pub(crate) body: Box<dyn Body>,
    /// The client's limit for a whole answer.
    pub(crate) limit: usize,
    /// What must not be shown.
    pub(crate) secret: Secret,
}

impl Errand {
    pub(crate) fn get(resource: Resource<'_>) -> Result<Self> {
        Self::new(Method::GET, resource)
    }

    /// A request with these bytes and headers.
    pub(crate) fn send(resource: Resource<'_>, headers: HeaderMap, body: Bytes) -> Result<Self> {
        Ok(Self { headers, body, ..Self::new(Method::POST, resource)? })
    }

    /// A change, with a body in JSON.
    pub(crate) fn patch(resource: Resource<'_>, body: &impl Serialize) -> Result<Self> {
        Self::new(Method::PATCH, resource)?.json(body)
    }

    pub(crate) fn delete(resource: Resource<'_>) -> Result<Self> {
        Self::new(Method::DELETE, resource)
    }

    /// Not to be sent again after a failure that leaves open whether the service has done it: for
    /// what makes something, and may cost twice.
    pub(crate) fn once(self) -> Self {
        Self { is_once: true, ..self }
    }

    /// The same to a URL that the service named; refused where that leads to another server, which
    /// must not see the key.
    pub(crate) fn redirected(self, client: &Client, url: &str) -> Result<Self> {
        let name = self.endpoint.model().to_owned();
        let url = reqwest::Url::parse(url).ok();
        let url = url.filter(|url| url.origin() == client.site().base.origin());
        let url = url.filter(|url| url.username().is_empty() && url.password().is_none());
        let url = url.ok_or_else(|| Error::fault(Fault::Elsewhere, None))?;
        Ok(Self { endpoint: Endpoint::of_resource(url, name), ..self })
    }

    fn new(method: Method, resource: Resource<'_>) -> Result<Self> {
        let endpoint = resource.endpoint().map_err(|problem| Error::request(vec![problem]))?;
        let (headers, body) = (HeaderMap::new(), Bytes::new());
        Ok(Self { method, endpoint, headers, body, is_once: false })
    }

    fn json(self, body: &impl Serialize) -> Result<Self> {
        let body = serde_json::to_vec(body);
        let unwritable = |_| Error::request(vec!["the body cannot be written as JSON".to_owned()]);
        Ok(Self { body: body.map_err(unwritable)?.into(), ..self })
    }

    fn message(&self, (attempt, credential): (Attempt, Credential), runtime: &Handle) -> Message {
        Message {
            runtime: runtime.id(),
            method: self.method.clone(),
            url: attempt.endpoint.into_url(),
            headers: self.headers.clone(),
            credential,
            body: self.body.clone(),
            timeout: attempt.time,
            is_timeout_told: attempt.is_time_told,
        }
    }
}

impl Client {
    /// Runs an errand, and reads what comes back from JSON. The key is masked in it.
    pub(crate) async fn fetch<R: DeserializeOwned>(
        &self,
        errand: Errand,
        policies: &Policies,
    ) -> Result<R> {
        let (reply, secret) = self.run(errand, policies).await?;
        let text = String::from_utf8_lossy(&reply.body);
        serde_json::from_str(&secret.mask(&text))
            .map_err(|_| Error::fault(Fault::NotTheApi, None).with_status(reply.status))
    }

    /// Runs an errand; what comes back is a success.
    pub(crate) async fn run(&self, errand: Errand, policies: &Policies) -> Result<(Reply, Secret)> {
        let runtime = runtime()?;
        let one = |attempt: Attempt, credential: Credential| {
            let secret = credential.secret().clone();
            let reply = self.transport().send(errand.message((attempt, credential), &runtime));
            async move { Ok((accepted(reply.await?, &secret)?, secret)) }
        };
        self.carry(&errand, policies, one).await
    }

    /// Runs an errand whose answer comes in piece by piece, and may be larger than a client's
    /// limit; that limit comes with it.
    pub(crate) async fn receive(&self, errand: Errand, policies: &Policies) -> Result<Received> {
        let runtime = runtime()?;
        let one = |attempt: Attempt, credential: Credential| {
            let secret = credential.secret().clone();
            let opened = self.transport().open(errand.message((attempt, credential), &runtime));
            async move {
                let (body, limit) = match opened.await? {
                    Opened::Stream(body, limit) => (body, limit),
                    Opened::Whole(reply) => transport::whole(accepted(reply, &secret)?.body),
                };
                Ok(Received { body, limit, secret })
            }
        };
        self.carry(&errand, policies, one).await
    }

    async fn carry<R, F: Future<Output = Result<R>> + Send>(
        &self,
        errand: &Errand,
        policies: &Policies,
        one: impl Fn(Attempt, Credential) -> F + Sync,
    ) -> Result<R> {
        let delivery = self.delivery(policies).map_err(Error::request)?.without_fallbacks();
        let delivery = if errand.is_once { delivery.careful() } else { delivery };
        let mut trail = self.trail(&delivery);
        let (endpoint, bytes) = (errand.endpoint.clone(), errand.body.len());
        let parcel = Parcel { endpoint, tokens: 1, bytes, delivery: &delivery };
        match self.deliver(parcel, &mut trail, one).await {
            Ok(mut delivered) => {
                self.answered(&mut delivered, (None, None), &mut trail);
                Ok(delivered.answer)
            }
            Err(error) => Err(trail.end(error)),
        }
    }
}

/// A reply that is a success, or the error that it is.
fn accepted(reply: Reply, secret: &Secret) -> Result<Reply> {
    if reply.status.is_success() { Ok(reply) } else { Err(send::refusal(&reply, secret)) }
}

fn runtime() -> Result<Handle> {
    Handle::try_current().map_err(|_| {
        Error::configuration(vec!["a call needs a Tokio runtime to run on".to_owned()])
    })
}

#[cfg(test)]
mod tests;

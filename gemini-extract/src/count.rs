//! How many tokens a call has, by the service's own count.

use bytes::Bytes;
use http::{HeaderMap, Method};
use serde::Deserialize;
use tokio::runtime::Handle;

use crate::client::{Attempt, Delivery, Parcel, read_reply};
use crate::credentials::Credential;
use crate::error::Fault;
use crate::request::Request;
use crate::secret::Secret;
use crate::trail::Trail;
use crate::transport::{Message, Reply};
use crate::{Client, Error, Extract, Result};

/// What the service counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TokenCount {
    /// The tokens of the whole request.
    pub total_tokens: u64,
    /// Those of them that come from a cache.
    #[serde(rename = "cachedContentTokenCount", default)]
    pub cached_tokens: u64,
}

impl<T> Extract<T> {
    /// Counts the tokens that the call would send, by `countTokens`, without asking the model. That
    /// costs nothing.
    ///
    /// # Errors
    ///
    /// As when the call is awaited, but for what concerns the answer.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn run(client: gemini_extract::Client) -> gemini_extract::Result<()> {
    /// let call = client.extract::<Vec<String>>("Name two cities in France.");
    /// println!("{} tokens", call.count_tokens().await?.total_tokens);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn count_tokens(&self) -> Result<TokenCount> {
        let client = self.client()?;
        let _pass = client.enter()?;
        let request = self.call().request(&client)?;
        let delivery = client.delivery(&self.call().policies).map_err(Error::request)?;
        let mut trail = client.trail(&delivery);
        let counted = client.count(request, &delivery, &mut trail).await;
        counted.map_err(|error| trail.end(error))
    }
}

impl Client {
    pub(crate) async fn count(
        &self,
        request: Request,
        delivery: &Delivery,
        trail: &mut Trail,
    ) -> Result<TokenCount> {
        let runtime = Handle::try_current().map_err(|_| {
            Error::configuration(vec!["a call needs a Tokio runtime to run on".to_owned()])
        })?;
        let runtime = runtime.id();
        let (endpoint, load) = request.into_parts();
        let mut body = load.into_body();
        // On Vertex AI the fields of a request stand for themselves.
        if !self.site().service.is_vertex() {
            body = counting(endpoint.model(), &body);
        }
        let body = Bytes::from(body);
        let parcel = Parcel { endpoint, tokens: 1, bytes: body.len(), delivery };
        let one = |attempt: Attempt, credential: Credential| {
            let secret = credential.secret().clone();
            let message = Message {
                runtime,
                method: Method::POST,
                headers: HeaderMap::new(),
                url: attempt.endpoint.into_count_url(),
                credential,
                body: body.clone(),
                timeout: attempt.time,
                is_timeout_told: attempt.is_time_told,
            };
            let reply = self.transport().send(message);
            async move { read_count(&reply.await?, &secret) }
        };
        let mut delivered = self.deliver(parcel, trail, one).await?;
        self.answered(&mut delivered, (None, None), trail);
        Ok(delivered.answer)
    }
}

/// Reads a whole response.
fn read_count(reply: &Reply, secret: &Secret) -> Result<TokenCount> {
    if !reply.status.is_success() {
        return read_reply(reply, secret).map(|_| TokenCount::default());
    }
    serde_json::from_slice(&reply.body)
        .map_err(|_| Error::fault(Fault::NotTheApi, None).with_status(reply.status))
}

/// The body of a request, as one that is only counted.
fn counting(model: &str, body: &str) -> String {
    let model = serde_json::Value::from(model);
    let rest = body.strip_prefix('{').unwrap_or(body);
    format!(r#"{{"generateContentRequest":{{"model":{model},{rest}}}"#)
}

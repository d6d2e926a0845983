//! The line to the service, behind a trait, so that tests and layers can stand in its place.

mod body;
mod connections;
mod http;
mod pools;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use ::http::{HeaderMap, HeaderValue, Method, StatusCode};
use bytes::Bytes;
use reqwest::Url;
use tokio::runtime;

pub(crate) use body::{Body, whole};
pub(crate) use connections::{Connections, ProxyChoice};
pub(crate) use http::{Http, is_loopback};

use crate::Result;
use crate::credentials::Credential;

/// A future that can move between threads.
pub(crate) type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Sends one request and brings the whole response.
pub(crate) trait Transport: fmt::Debug + Send + Sync {
    /// Fails only where no response came; any status is a response.
    fn send(&self, message: Message) -> BoxFuture<'_, Result<Reply>>;

    /// The same, with the body of a success as it comes in, where the transport can do that.
    fn open(&self, message: Message) -> BoxFuture<'_, Result<Opened>> {
        Box::pin(async { Ok(Opened::Whole(self.send(message).await?)) })
    }

    /// Closes the connections that nobody uses.
    fn close(&self) {}
}

/// What is sent.
pub(crate) struct Message {
    /// The runtime that the call runs on.
    pub(crate) runtime: runtime::Id,
    pub(crate) method: Method,
    pub(crate) url: Url,
    /// What stands beside the headers that all requests have.
    pub(crate) headers: HeaderMap,
    pub(crate) credential: Credential,
    pub(crate) body: Bytes,
    /// How long the attempt may take.
    pub(crate) timeout: Duration,
    /// Whether the service is told.
    pub(crate) is_timeout_told: bool,
}

/// What comes back.
#[derive(Default)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    /// What the header `Retry-After` says.
    pub(crate) retry_after: Option<Duration>,
    /// What the header `X-Goog-Upload-URL` says.
    #[allow(dead_code, reason = "caches, files and batches stand on it")]
    pub(crate) upload_url: Option<HeaderValue>,
    pub(crate) body: Bytes,
}

/// What comes back from a stream.
pub(crate) enum Opened {
    /// All of it: a refusal, or what comes from a transport that cannot do otherwise.
    Whole(Reply),
    /// The body of a success, and the most bytes that one of its responses may have.
    Stream(Box<dyn Body>, usize),
}

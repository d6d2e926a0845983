//! The transport over HTTP: pooled connections, no redirects, bounded answers.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use http::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};
use reqwest::{Response, Url};

use super::body::HttpBody;
use super::pools::{PoolSettings, Pools};
use super::{BoxFuture, Connections, Message, Opened, Reply, Transport};
use crate::error::{Fault, LONGEST_ERROR_BODY};
use crate::{Error, Result};

const UPLOAD_URL: HeaderName = HeaderName::from_static("x-goog-upload-url");
const SERVER_TIMEOUT: HeaderName = HeaderName::from_static("x-server-timeout");
/// How long the body of an error is waited for.
const ERROR_BODY_TIME: Duration = Duration::from_secs(5);

/// Pooled connections.
#[derive(Debug)]
pub(crate) struct Http {
    pools: Pools,
    bounds: Bounds,
}

/// What a body may be.
#[derive(Clone, Copy, Debug)]
struct Bounds {
    bytes: usize,
    silence: Duration,
}

impl Http {
    /// Makes the pools. `base` decides what they have to be able to do.
    pub(crate) fn new(base: &Url, connections: Connections) -> Result<Self> {
        if cfg!(not(feature = "rustls")) && base.scheme() == "https" {
            return Err(Error::configuration(vec!["https needs the feature `rustls`".to_owned()]));
        }
        let bounds =
            Bounds { bytes: connections.response_limit(), silence: connections.idle_timeout() };
        let pools = Pools::new(PoolSettings { base: base.clone(), connections })?;
        Ok(Self { pools, bounds })
    }

    async fn send(&self, message: Message) -> Result<Reply> {
        let (start, timeout) = (Instant::now(), message.timeout);
        let response = self.request(message).await?;
        if !response.status().is_success() {
            let left = timeout.saturating_sub(start.elapsed());
            return Ok(refusal(response, left, self.bounds).await);
        }
        let (status, retry_after) = (response.status(), retry_after(response.headers()));
        let upload_url = response.headers().get(UPLOAD_URL).cloned();
        let body = read(response, self.bounds).await;
        let body = body.map_err(|error| error.with_status(status))?;
        Ok(Reply { status, retry_after, upload_url, body })
    }

    async fn open(&self, message: Message) -> Result<Opened> {
        let (start, timeout) = (Instant::now(), message.timeout);
        let response = self.request(message).await?;
        if !response.status().is_success() {
            let left = timeout.saturating_sub(start.elapsed());
            return Ok(Opened::Whole(refusal(response, left, self.bounds).await));
        }
        let body = HttpBody::new(response.into(), self.bounds.silence);
        Ok(Opened::Stream(Box::new(body), self.bounds.bytes))
    }

    /// Sends, and waits for the head of the response.
    async fn request(&self, message: Message) -> Result<Response> {
        let client = self.pools.of(message.runtime)?;
        let Message { method, url, headers, body, .. } = message;
        let mut request = reqwest::Request::new(method, url);
        *request.headers_mut() = headers;
        for (name, value) in message.credential.into_headers() {
            request.headers_mut().insert(name, value);
        }
        if message.is_timeout_told {
            let timeout = message.timeout;
            let seconds = timeout.as_secs().saturating_add(u64::from(timeout.subsec_nanos() > 0));
            request.headers_mut().insert(SERVER_TIMEOUT, seconds.into());
        }
        *request.body_mut() = Some(body.into());
        client.execute(request).await.map_err(|error| fault(error, Fault::Send))
    }
}

impl Transport for Http {
    fn send(&self, message: Message) -> BoxFuture<'_, Result<Reply>> {
        Box::pin(self.send(message))
    }

    fn open(&self, message: Message) -> BoxFuture<'_, Result<Opened>> {
        Box::pin(self.open(message))
    }

    fn close(&self) {
        self.pools.close();
    }
}

/// Whether a URL points to this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let address = host.parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.to_canonical().is_loopback())
}

/// A response that is no success. The status says what matters, even where the body is lost or
/// doesn't end.
async fn refusal(response: Response, left: Duration, bounds: Bounds) -> Reply {
    let (status, retry_after) = (response.status(), retry_after(response.headers()));
    let body = read(response, Bounds { bytes: LONGEST_ERROR_BODY, ..bounds });
    let body = tokio::time::timeout(ERROR_BODY_TIME.min(left / 2), body).await;
    let body = body.ok().and_then(Result::ok).unwrap_or_default();
    Reply { status, retry_after, body, ..Reply::default() }
}

/// Reads a body piece by piece, within its bounds.
async fn read(mut response: Response, bounds: Bounds) -> Result<Bytes> {
    let too_large = || Error::fault(Fault::TooLarge(bounds.bytes), None);
    if response.content_length().is_some_and(|length| length > bounds.bytes as u64) {
        return Err(too_large());
    }
    let (mut first, mut body) = (Bytes::new(), Vec::new());
    loop {
        let chunk = soon(response.chunk(), bounds.silence).await?;
        let Some(chunk) = chunk.map_err(|error| fault(error, Fault::Body))? else {
            return Ok(if body.is_empty() { first } else { body.into() });
        };
        let length = first.len().max(body.len());
        if length.saturating_add(chunk.len()) > bounds.bytes {
            return Err(too_large());
        }
        // A body that comes in one piece is not copied.
        if first.is_empty() {
            first = chunk;
            continue;
        }
        if body.is_empty() {
            body.extend_from_slice(&first);
        }
        body.extend_from_slice(&chunk);
    }
}

/// Waits for the next piece of a body. One that is there already needs no timer.
async fn soon<T>(piece: impl Future<Output = T>, silence: Duration) -> Result<T> {
    let mut piece = pin!(piece);
    if let Poll::Ready(piece) = poll_fn(|cx| Poll::Ready(piece.as_mut().poll(cx))).await {
        return Ok(piece);
    }
    let piece = tokio::time::timeout(silence, piece).await;
    piece.map_err(|_| Error::fault(Fault::Silence(silence), None))
}

pub(super) fn fault(error: reqwest::Error, otherwise: Fault) -> Error {
    let fault = match (error.is_connect(), error.is_timeout()) {
        (true, true) => Fault::ConnectTimeout,
        (true, false) => Fault::Connect,
        _ => otherwise,
    };
    Error::fault(fault, Some(error.without_url().into()))
}

/// How long the service asks to wait: in seconds, or until a date. What is left until then goes by
/// the service's own clock, where it tells it.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    let told = headers.get(DATE).and_then(|now| httpdate::parse_http_date(now.to_str().ok()?).ok());
    let now = told.unwrap_or_else(SystemTime::now);
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use http::header::HeaderValue;

    use super::*;

    #[test]
    fn loopback_is_this_machine() {
        for url in [
            "http://127.0.0.1:1",
            "http://[::1]:1",
            "http://localhost",
            "http://127.9.9.9",
            "https://[::ffff:127.0.0.1]",
        ] {
            assert!(is_loopback(&Url::parse(url).expect(url)), "{url}");
        }
        for url in ["http://10.0.0.1", "http://localhost.example.com", "http://example.com"] {
            assert!(!is_loopback(&Url::parse(url).expect(url)), "{url}");
        }
    }

    #[test]
    fn retry_after_is_in_seconds_or_a_date() {
        let read = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, HeaderValue::from_static(text));
            headers.insert(DATE, HeaderValue::from_static("Fri, 31 Dec 1999 23:59:30 GMT"));
            retry_after(&headers)
        };
        assert_eq!(read("17"), Some(Duration::from_secs(17)));
        assert_eq!(read("-1"), None);
        assert_eq!(read("soon"), None);
        assert_eq!(read("Fri, 31 Dec 1999 23:59:59 GMT"), Some(Duration::from_secs(29)));
        assert_eq!(read("Fri, 31 Dec 1999 23:59:00 GMT"), Some(Duration::ZERO));
        assert_eq!(retry_after(&HeaderMap::new()), None);
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_static("Fri, 31 Dec 1999 23:59:59 GMT"));
        assert_eq!(retry_after(&headers), Some(Duration::ZERO), "that was long ago");
    }
}

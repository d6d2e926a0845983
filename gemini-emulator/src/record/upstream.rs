//! The server that is recorded.

use std::error::Error;
use std::fmt;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{
    ACCEPT_ENCODING, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderValue, TRANSFER_ENCODING,
};
use hyper::http::request::Parts;
use hyper::{HeaderMap, Request, Response, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::crypto::aws_lc_rs;

/// Headers that belong to a connection, not to a request.
const OF_CONNECTION: [hyper::header::HeaderName; 5] =
    [ACCEPT_ENCODING, CONNECTION, CONTENT_LENGTH, HOST, TRANSFER_ENCODING];

/// The server that is recorded.
pub(super) struct Upstream {
    /// Without a slash at the end.
    base_url: String,
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

/// What it answers.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) content_type: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) pieces: Vec<Vec<u8>>,
    /// Whether the length of the body was announced.
    pub(super) is_whole: bool,
}

impl Upstream {
    pub(super) fn new(base_url: &str) -> Result<Self, String> {
        let base_url = base_url.trim_end_matches('/').to_owned();
        let uri: Option<Uri> = base_url.parse().ok();
        let is_web = |uri: &Uri| matches!(uri.scheme_str(), Some("http" | "https"));
        if !uri.as_ref().is_some_and(is_web) {
            return Err("the address to record must start with http:// or https://".to_owned());
        }
        let connector = HttpsConnectorBuilder::new()
            .with_provider_and_platform_verifier(aws_lc_rs::default_provider())
            .map_err(|error| format!("TLS can't be set up: {}", chain(&error)))?
            .https_or_http()
            .enable_http1()
            .build();
        Ok(Upstream { base_url, client: Client::builder(TokioExecutor::new()).build(connector) })
    }

    /// Asks and waits for the whole answer. The reason of a failure holds no key.
    pub(super) async fn ask(&self, parts: &Parts, body: &[u8]) -> Result<Answer, String> {
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        let uri: Uri = format!("{}{path}", self.base_url)
            .parse()
            .map_err(|_| "the address is no address".to_owned())?;
        let mut request = Request::new(Full::new(Bytes::copy_from_slice(body)));
        *request.method_mut() = parts.method.clone();
        *request.uri_mut() = uri;
        *request.headers_mut() = passed_on(&parts.headers);
        let response = self.client.request(request).await.map_err(|error| chain(&error))?;
        read(response).await
    }
}

impl fmt::Debug for Upstream {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Upstream").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

fn passed_on(headers: &HeaderMap) -> HeaderMap {
    let mut headers = headers.clone();
    for name in OF_CONNECTION {
        headers.remove(name);
    }
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    headers
}

async fn read(response: Response<Incoming>) -> Result<Answer, String> {
    let (head, mut body) = response.into_parts();
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let content_type = head.headers.get(CONTENT_TYPE).map(text).unwrap_or_default();
    let headers = head.headers.iter();
    let headers = headers.map(|(name, value)| (name.as_str().to_owned(), text(value))).collect();
    let is_whole = head.headers.contains_key(CONTENT_LENGTH);
    let mut pieces = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| chain(&error))?;
        pieces.extend(frame.into_data().ok().map(|bytes| bytes.to_vec()));
    }
    Ok(Answer { status: head.status.as_u16(), content_type, headers, pieces, is_whole })
}

/// The error and what caused it, in one line.
fn chain(error: &dyn Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {}", chain(source)),
        None => error.to_string(),
    }
}

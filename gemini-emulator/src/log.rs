//! The log of the requests that arrived, without keys.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use serde_json::Value;

/// What stands in the log in place of a key.
pub const CENSORED: &str = "[censored]";

const SECRET_HEADERS: [&str; 4] =
    ["authorization", "cookie", "proxy-authorization", "x-goog-api-key"];
/// Shorter words, such as `Bearer`, are no secrets.
#[cfg(feature = "record")]
const SHORTEST_SECRET: usize = 8;
const SECRET_PARAMETERS: [&str; 3] = ["access_token", "key", "oauth_token"];

/// A request as it arrived, with every key replaced by [`CENSORED`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The HTTP method, in upper case.
    pub method: String,
    /// The path with its query. The value of `key` and the like is replaced by [`CENSORED`].
    pub path: String,
    /// The headers, names in lower case. A header that came more than once holds its values joined
    /// by `, `. The key header is there, its value is [`CENSORED`].
    pub headers: BTreeMap<String, String>,
    /// The body. A body that is not JSON is a string, and so are the bytes of an uploaded file; an
    /// empty one is null.
    pub body: Value,
    /// When the request had arrived, counted from the start of the emulator.
    pub arrived: Duration,
    /// When the last byte of the answer was handed over or the connection was gone, counted from
    /// the start of the emulator; nothing while the answer is on its way.
    pub finished: Option<Duration>,
    /// The status that was answered; nothing before the answer, and where the connection was
    /// closed instead of one.
    pub status: Option<u16>,
}

/// What a body should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyForm {
    Json,
    /// A piece of a file.
    Bytes,
}

/// The requests so far, or the last of them.
#[derive(Debug)]
pub(crate) struct Log {
    requests: VecDeque<RecordedRequest>,
    /// How many requests are kept.
    keep: usize,
    /// How many requests came before those that are kept.
    forgotten: usize,
    in_flight: usize,
    peak_in_flight: usize,
}

impl Log {
    pub(crate) fn new(keep: usize) -> Self {
        Log { requests: VecDeque::new(), keep, forgotten: 0, in_flight: 0, peak_in_flight: 0 }
    }

    pub(crate) fn begin(&mut self) {
        self.in_flight += 1;
        self.peak_in_flight = self.peak_in_flight.max(self.in_flight);
    }

    /// Keeps a request and says which one it is.
    pub(crate) fn push(&mut self, request: RecordedRequest) -> usize {
        self.requests.push_back(request);
        while self.requests.len() > self.keep {
            self.requests.pop_front();
            self.forgotten += 1;
        }
        self.count() - 1
    }

    /// The request of this number, if it is still kept.
    pub(crate) fn at(&mut self, number: usize) -> Option<&mut RecordedRequest> {
        self.requests.get_mut(number.checked_sub(self.forgotten)?)
    }

    pub(crate) fn end(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
    }

    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        self.requests.iter().cloned().collect()
    }

    pub(crate) fn take(&mut self) -> Vec<RecordedRequest> {
        self.forgotten += self.requests.len();
        self.requests.drain(..).collect()
    }

    pub(crate) fn count(&self) -> usize {
        self.forgotten + self.requests.len()
    }

    pub(crate) fn in_flight(&self) -> usize {
        self.in_flight
    }

    pub(crate) fn peak_in_flight(&self) -> usize {
        self.peak_in_flight
    }
}

impl RecordedRequest {
    pub(crate) fn new(
        parts: &hyper::http::request::Parts,
        (body, form): (&[u8], BodyForm),
        arrived: Duration,
    ) -> Self {
        let mut headers = BTreeMap::<String, String>::new();
        for (name, value) in &parts.headers {
            let value = if SECRET_HEADERS.contains(&name.as_str()) {
                CENSORED.to_owned()
            } else {
                String::from_utf8_lossy(value.as_bytes()).into_owned()
            };
            let joined = headers.entry(name.as_str().to_owned());
            joined.and_modify(|held| *held = format!("{held}, {value}")).or_insert(value);
        }
        RecordedRequest {
            method: parts.method.as_str().to_owned(),
            path: censor_path(parts.uri.path(), parts.uri.query()),
            headers,
            body: read_body(body, form),
            arrived,
            finished: None,
            status: None,
        }
    }

    /// A row of a batch, as though it had come alone.
    pub(crate) fn of_row(path: String, body: Value, arrived: Duration) -> Self {
        RecordedRequest {
            method: "POST".to_owned(),
            path,
            headers: BTreeMap::new(),
            body,
            arrived,
            finished: None,
            status: None,
        }
    }
}

fn read_body(body: &[u8], form: BodyForm) -> Value {
    if body.is_empty() {
        return Value::Null;
    }
    let json = (form == BodyForm::Json).then(|| serde_json::from_slice(body).ok()).flatten();
    json.unwrap_or_else(|| Value::String(String::from_utf8_lossy(body).into_owned()))
}

/// The path with its query, without keys.
pub(crate) fn path_without_secrets(path: &str, query: Option<&str>) -> String {
    let parameters = query.into_iter().flat_map(|query| query.split('&'));
    let shown: Vec<&str> = parameters.filter(|parameter| secret(parameter).is_none()).collect();
    if shown.is_empty() { path.to_owned() } else { format!("{path}?{}", shown.join("&")) }
}

/// Everything in a request that must not be kept.
#[cfg(feature = "record")]
pub(crate) fn secrets(parts: &hyper::http::request::Parts) -> Vec<String> {
    let headers = SECRET_HEADERS.iter().flat_map(|name| parts.headers.get_all(*name));
    let headers = headers.filter_map(|value| value.to_str().ok());
    let words = headers.flat_map(|value| value.split(['=', ';', ' ']));
    let query = parts.uri.query().into_iter().flat_map(|query| query.split('&'));
    let secrets = words.chain(query.filter_map(secret));
    secrets.filter(|word| word.len() >= SHORTEST_SECRET).map(str::to_owned).collect()
}

/// The value of a parameter that holds a key.
fn secret(parameter: &str) -> Option<&str> {
    let (name, value) = parameter.split_once('=')?;
    SECRET_PARAMETERS.contains(&name).then_some(value)
}

fn censor_path(path: &str, query: Option<&str>) -> String {
    let Some(query) = query else {
        return path.to_owned();
    };
    let parameters: Vec<String> = query.split('&').map(censor_parameter).collect();
    format!("{path}?{}", parameters.join("&"))
}

fn censor_parameter(parameter: &str) -> String {
    match parameter.split_once('=') {
        Some((name, _)) if SECRET_PARAMETERS.contains(&name) => format!("{name}={CENSORED}"),
        _ => parameter.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn censors_keys_in_the_query() {
        let path = censor_path("/v1beta/models/m:generateContent", Some("alt=json&key=abc&x"));
        assert_eq!(path, "/v1beta/models/m:generateContent?alt=json&key=[censored]&x");
        assert_eq!(censor_path("/", None), "/");
        assert_eq!(path_without_secrets("/m", Some("alt=sse&key=abc")), "/m?alt=sse");
        assert_eq!(path_without_secrets("/m", Some("key=abc")), "/m");
    }

    #[test]
    fn keeps_bodies_that_are_not_json() {
        let json = |body| read_body(body, BodyForm::Json);
        assert_eq!(json(b""), Value::Null);
        assert_eq!(json(b"{\"a\":1}"), serde_json::json!({"a": 1}));
        assert_eq!(json(b"\xffa"), Value::String("\u{fffd}a".to_owned()));
        assert_eq!(read_body(b"{}", BodyForm::Bytes), Value::String("{}".to_owned()));
    }
}

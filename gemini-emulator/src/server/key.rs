//! The API key: where it may stand, and which one is taken for a bad one.

use hyper::header::HeaderValue;
use hyper::http::request::Parts;

use crate::error::Refusal;

/// The key that the emulator refuses as the service refuses one that doesn't exist: HTTP 400 with
/// `API_KEY_INVALID`. Every other key is accepted.
pub const INVALID_API_KEY: &str = "invalid-api-key";

const HEADER: &str = "x-goog-api-key";
const PARAMETER: &str = "key";

/// Refuses a request without a key, and one with a bad key.
pub(super) fn check(parts: &Parts) -> Result<(), Refusal> {
    let header = parts.headers.get(HEADER).map(HeaderValue::as_bytes);
    let key = header.filter(|key| !key.is_empty()).or_else(|| in_query(parts.uri.query()?));
    match key {
        None => Err(Refusal::key_missing()),
        Some(key) if key == INVALID_API_KEY.as_bytes() => Err(Refusal::key_invalid()),
        Some(_) => Ok(()),
    }
}

fn in_query(query: &str) -> Option<&[u8]> {
    let parameters = query.split('&').filter_map(|parameter| parameter.split_once('='));
    let key = parameters.into_iter().find(|&(name, value)| name == PARAMETER && !value.is_empty());
    key.map(|(_, value)| value.as_bytes())
}

//! Access tokens: where they stand, and which one is taken for a bad one.

use hyper::header::{AUTHORIZATION, HeaderValue};
use hyper::http::request::Parts;
use serde_json::json;

use crate::error::Refusal;

/// The access token that the emulator refuses as Vertex AI refuses one that has expired: HTTP 401
/// with `UNAUTHENTICATED`. Every other token is accepted.
pub const INVALID_ACCESS_TOKEN: &str = "invalid-access-token";

const BEARER: &str = "Bearer ";
const EXPECTED: &str = "Expected OAuth 2 access token, login cookie or other valid \
    authentication credential. See \
    https://developers.google.com/identity/sign-in/web/devconsole-project.";

pub(super) fn check(parts: &Parts) -> Result<(), Refusal> {
    let header = parts.headers.get(AUTHORIZATION).map(HeaderValue::to_str);
    let token = header.and_then(|text| text.ok()?.strip_prefix(BEARER));
    match token.filter(|token| !token.is_empty()) {
        Some(INVALID_ACCESS_TOKEN) => Err(refusal(
            "Request had invalid authentication credentials.",
            "ACCESS_TOKEN_TYPE_UNSUPPORTED",
        )),
        Some(_) => Ok(()),
        None => Err(refusal(
            "Request is missing required authentication credential.",
            "CREDENTIALS_MISSING",
        )),
    }
}

fn refusal(message: &str, reason: &str) -> Refusal {
    let info = json!({
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": reason,
        "domain": "googleapis.com",
        "metadata": {"service": "aiplatform.googleapis.com"},
    });
    let message = format!("{message} {EXPECTED}");
    Refusal::new(401, "UNAUTHENTICATED", message).with_details(vec![info])
}

//! Which answer belongs to which path.

use hyper::Method;
use hyper::http::request::Parts;

use super::key;
use crate::answer::{self, response_id, tokens};
use crate::emulator::Shared;
use crate::error::Refusal;
use crate::generate::fingerprint;
use crate::reply::{Asked, Payload};
use crate::request::{GenerateRequest, read_body};

const VERSIONS: [&str; 2] = ["v1", "v1beta"];
const GENERATE_CONTENT: &str = "generateContent";

/// A call that the emulator knows.
#[derive(Debug, PartialEq, Eq)]
enum Call<'a> {
    GenerateContent { model: &'a str },
}

/// The emulator's own answer.
pub(super) fn answer(parts: &Parts, body: &[u8], shared: &Shared) -> Payload {
    match checked(parts, body, shared) {
        Ok(payload) => payload,
        Err(refusal) => Payload::from(&refusal),
    }
}

/// What a scripted reply needs to know of the request, as far as it can be read.
pub(super) fn asked(parts: &Parts, body: &[u8], shared: &Shared) -> Asked {
    let model = match find_call(&parts.method, parts.uri.path()) {
        Ok(Call::GenerateContent { model }) => model.to_owned(),
        Err(_) => "unknown".to_owned(),
    };
    let text = String::from_utf8_lossy(body);
    let number = fingerprint([&shared.settings.seed.to_le_bytes()[..], body]);
    Asked { model, prompt_tokens: tokens(&text), response_id: response_id(number) }
}

fn checked(parts: &Parts, body: &[u8], shared: &Shared) -> Result<Payload, Refusal> {
    let call = find_call(&parts.method, parts.uri.path())?;
    key::check(parts)?;
    match call {
        Call::GenerateContent { model } => {
            let body = read_body(parts, body)?;
            let request = GenerateRequest::read(model, &body, &shared.settings.limits)?;
            answer::answer(model, &request, &shared.settings)
        }
    }
}

fn find_call<'a>(method: &Method, path: &'a str) -> Result<Call<'a>, Refusal> {
    let unknown = || Refusal::not_found(format!("Method not found: {method} {path}"));
    let mut segments = path.strip_prefix('/').ok_or_else(unknown)?.splitn(3, '/');
    let version = segments.next().unwrap_or_default();
    let collection = segments.next().unwrap_or_default();
    let (model, verb) =
        segments.next().and_then(|rest| rest.split_once(':')).ok_or_else(unknown)?;
    let known = method == Method::POST
        && VERSIONS.contains(&version)
        && collection == "models"
        && is_model_name(model)
        && verb == GENERATE_CONTENT;
    if known { Ok(Call::GenerateContent { model }) } else { Err(unknown()) }
}

fn is_model_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    !name.is_empty() && name.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_generate_content() {
        for path in ["/v1/models/m:generateContent", "/v1beta/models/m:generateContent"] {
            let call = find_call(&Method::POST, path).unwrap();
            assert_eq!(call, Call::GenerateContent { model: "m" });
        }
    }

    #[test]
    fn refuses_other_paths() {
        let paths = [
            "/",
            "",
            "/v2/models/m:generateContent",
            "/v1beta/models/:generateContent",
            "/v1beta/models/m:explode",
            "/v1beta/models/m",
            "/v1beta/models/a/b:generateContent",
            "/v1beta/models/m:generateContent/x",
            "/v1beta/tunedModels/m:generateContent",
            "//models/m:generateContent",
        ];
        for path in paths {
            assert_eq!(find_call(&Method::POST, path).unwrap_err().code, 404, "{path}");
        }
        let path = "/v1beta/models/m:generateContent";
        assert_eq!(find_call(&Method::GET, path).unwrap_err().code, 404);
    }
}

//! Which answer belongs to which path.

use std::sync::Arc;

use hyper::Method;
use hyper::http::request::Parts;

use super::key;
use crate::answer::{self, Answered, response_id, tokens};
use crate::emulator::Shared;
use crate::error::Refusal;
use crate::fault::Draw;
use crate::generate::fingerprint;
use crate::reply::{Asked, Form, Mode, Reply};
use crate::request::{GenerateRequest, read_body};

const VERSIONS: [&str; 2] = ["v1", "v1beta"];
const GENERATE_CONTENT: &str = "generateContent";
const STREAM_GENERATE_CONTENT: &str = "streamGenerateContent";

/// A call that the emulator knows.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Call<'a> {
    GenerateContent { model: &'a str, is_stream: bool },
}

/// A request for which the script has no reply.
pub(super) struct Question<'a> {
    pub(super) parts: &'a Parts,
    pub(super) body: &'a [u8],
    pub(super) shared: &'a Arc<Shared>,
    /// Chance, where generated content is asked for.
    pub(super) draw: Option<Draw>,
}

impl<'a> Call<'a> {
    pub(super) fn find(method: &Method, path: &'a str) -> Result<Self, Refusal> {
        let unknown = || Refusal::not_found(format!("Method not found: {method} {path}"));
        let mut segments = path.strip_prefix('/').ok_or_else(unknown)?.splitn(3, '/');
        let version = segments.next().unwrap_or_default();
        let collection = segments.next().unwrap_or_default();
        let (model, verb) =
            segments.next().and_then(|rest| rest.split_once(':')).ok_or_else(unknown)?;
        let known = method == Method::POST
            && VERSIONS.contains(&version)
            && collection == "models"
            && is_model_name(model);
        match verb {
            GENERATE_CONTENT if known => Ok(Call::GenerateContent { model, is_stream: false }),
            STREAM_GENERATE_CONTENT if known => {
                Ok(Call::GenerateContent { model, is_stream: true })
            }
            _ => Err(unknown()),
        }
    }

    /// The model that generates content, if this is what is asked for.
    pub(super) fn model(&self) -> Option<&'a str> {
        match self {
            Call::GenerateContent { model, .. } => Some(model),
        }
    }

    fn mode(&self, query: Option<&str>) -> Mode {
        let has_events = || query.into_iter().flat_map(|query| query.split('&')).any(is_alt_sse);
        match self {
            Call::GenerateContent { is_stream: false, .. } => Mode::Whole,
            Call::GenerateContent { .. } if has_events() => Mode::Events,
            Call::GenerateContent { .. } => Mode::List,
        }
    }
}

/// What a reply needs to know of the request, as far as it can be read.
pub(super) fn asked(
    call: &Result<Call<'_>, Refusal>,
    parts: &Parts,
    body: &[u8],
    shared: &Shared,
) -> Asked {
    let call = call.as_ref().ok();
    let text = String::from_utf8_lossy(body);
    let number = fingerprint([&shared.settings.seed.to_le_bytes()[..], body]);
    Asked {
        model: call.and_then(Call::model).unwrap_or("unknown").to_owned(),
        prompt_tokens: tokens(&text),
        response_id: response_id(number),
        form: Form {
            mode: call.map(|call| call.mode(parts.uri.query())).unwrap_or_default(),
            chunk_chars: shared.settings.chunk_chars,
        },
    }
}

impl Question<'_> {
    /// What goes wrong on purpose, or else the emulator's own answer.
    pub(super) fn answer(&self, call: Result<Call<'_>, Refusal>, asked: &mut Asked) -> Reply {
        let own = || match call.and_then(|call| self.own(&call)) {
            Ok(answered) => {
                asked.prompt_tokens = answered.prompt_tokens;
                asked.response_id = answered.response_id;
                answered.reply
            }
            Err(refusal) => Reply::refusal(&refusal),
        };
        let Some(draw) = self.draw else {
            return own();
        };
        let faults = self.shared.settings.faults.iter().zip(0..);
        let mut hit = faults.filter(|((_, rate), salt)| rate.hits(draw, *salt));
        match hit.next() {
            Some(((fault, _), _)) => fault.apply(own),
            None => own(),
        }
    }

    fn own(&self, call: &Call<'_>) -> Result<Answered, Refusal> {
        key::check(self.parts)?;
        match call {
            Call::GenerateContent { model, .. } => {
                let body = read_body(self.parts, self.body)?;
                let settings = &self.shared.settings;
                let request = GenerateRequest::read(model, &body, &settings.limits)?;
                answer::answer(&request, settings)
            }
        }
    }
}

fn is_alt_sse(parameter: &str) -> bool {
    parameter == "alt=sse" || parameter == "$alt=sse"
}

fn is_model_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    !name.is_empty() && name.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_calls_and_the_form_of_their_answers() {
        for version in ["v1", "v1beta"] {
            let path = format!("/{version}/models/m:generateContent");
            let call = Call::find(&Method::POST, &path).unwrap();
            assert_eq!(call.model(), Some("m"));
            assert_eq!(call.mode(Some("alt=sse")), Mode::Whole);
        }
        let call = Call::find(&Method::POST, "/v1/models/m:streamGenerateContent").unwrap();
        assert_eq!(call.mode(Some("key=k&alt=sse")), Mode::Events);
        assert_eq!(call.mode(Some("alt=json")), Mode::List);
        assert_eq!(call.mode(None), Mode::List);
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
            assert_eq!(Call::find(&Method::POST, path).unwrap_err().code, 404, "{path}");
        }
        let path = "/v1beta/models/m:generateContent";
        assert_eq!(Call::find(&Method::GET, path).unwrap_err().code, 404);
    }
}

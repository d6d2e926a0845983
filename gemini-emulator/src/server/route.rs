//! Which answer belongs to which path.

use std::sync::Arc;

use hyper::Method;
use hyper::http::request::Parts;
use serde_json::{Value, json};

use super::key;
use crate::answer::{self, Answered, response_id, tokens};
use crate::emulator::Shared;
use crate::error::Refusal;
use crate::fault::Draw;
use crate::generate::fingerprint;
use crate::log::RecordedRequest;
use crate::reply::{Asked, Form, Mode, Reply};
use crate::request::{GenerateRequest, count_tokens, read_body};

const VERSIONS: [&str; 2] = ["v1", "v1beta"];
const MODELS: &str = "models";
const GENERATE_CONTENT: &str = "generateContent";
const STREAM_GENERATE_CONTENT: &str = "streamGenerateContent";
const COUNT_TOKENS: &str = "countTokens";

/// A call that the emulator knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Call<'a> {
    version: &'a str,
    action: Action<'a>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Action<'a> {
    GenerateContent { model: &'a str },
    CountTokens { model: &'a str },
    GetModel { model: &'a str },
    ListModels,
}

/// A request for which the script has no reply.
pub(super) struct Question<'a> {
    pub(super) parts: &'a Parts,
    pub(super) body: &'a [u8],
    /// The request as the log has it, where somebody else may have a reply to it.
    pub(super) recorded: Option<&'a RecordedRequest>,
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
        if !VERSIONS.contains(&version) || collection != MODELS {
            return Err(unknown());
        }
        let action = Action::find(method, segments.next()).ok_or_else(unknown)?;
        Ok(Call { version, action })
    }

    /// Whether generated content is asked for.
    pub(super) fn generates(&self) -> bool {
        matches!(self.action, Action::GenerateContent { .. })
    }
}

impl<'a> Action<'a> {
    fn find(method: &Method, rest: Option<&'a str>) -> Option<Self> {
        let is_get = method == Method::GET;
        let Some(rest) = rest else {
            return is_get.then_some(Action::ListModels);
        };
        let (model, verb) = match rest.split_once(':') {
            Some((model, verb)) => (model, Some(verb)),
            None => (rest, None),
        };
        if !is_model_name(model) {
            return None;
        }
        let action = match verb {
            Some(GENERATE_CONTENT | STREAM_GENERATE_CONTENT) => Action::GenerateContent { model },
            Some(COUNT_TOKENS) => Action::CountTokens { model },
            None => return is_get.then_some(Action::GetModel { model }),
            Some(_) => return None,
        };
        (method == Method::POST).then_some(action)
    }
}

/// What a reply needs to know of the request, as far as it can be read; also of a request that the
/// emulator doesn't know.
pub(super) fn asked(parts: &Parts, body: &[u8], shared: &Shared) -> Asked {
    let text = String::from_utf8_lossy(body);
    let number = fingerprint([&shared.settings.seed.to_le_bytes()[..], body]);
    let path = parts.uri.path();
    let call = path.rsplit('/').next().and_then(|call| call.split_once(':'));
    let (model, verb) = call.unwrap_or(("unknown", ""));
    let chunk_chars = shared.settings.chunk_chars;
    Asked {
        model: model.to_owned(),
        prompt_tokens: tokens(&text),
        response_id: response_id(number),
        form: Form { mode: mode(verb, parts.uri.query()), chunk_chars },
    }
}

fn mode(verb: &str, query: Option<&str>) -> Mode {
    let has_events = || query.into_iter().flat_map(|query| query.split('&')).any(is_alt_sse);
    match verb {
        STREAM_GENERATE_CONTENT if has_events() => Mode::Events,
        STREAM_GENERATE_CONTENT => Mode::List,
        _ => Mode::Whole,
    }
}

impl Question<'_> {
    /// What goes wrong on purpose, or else the emulator's own answer.
    pub(super) fn answer(&self, call: Result<Call<'_>, Refusal>, asked: &mut Asked) -> Reply {
        let own = || {
            let recorded = self.shared.replay(self.parts, self.body);
            let answered = recorded.and_then(|recorded| match (recorded, call) {
                (Some(reply), _) => Ok(Answered::reply(reply)),
                (None, Ok(call)) => self.own(&call),
                (None, Err(unknown)) => self.responded().map(Answered::reply).ok_or(unknown),
            });
            match answered {
                Ok(answered) => {
                    if let Some(known) = answered.known {
                        asked.prompt_tokens = known.prompt_tokens;
                        asked.response_id = known.response_id;
                    }
                    answered.reply
                }
                Err(refusal) => Reply::refusal(&refusal),
            }
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

    /// What somebody else has in place of the emulator's own answer.
    fn responded(&self) -> Option<Reply> {
        let responder = self.shared.settings.responder.as_ref()?;
        responder.0(self.recorded?)
    }

    fn own(&self, call: &Call<'_>) -> Result<Answered, Refusal> {
        key::check(self.parts)?;
        if !call.generates()
            && let Some(reply) = self.responded()
        {
            return Ok(Answered::reply(reply));
        }
        let settings = &self.shared.settings;
        let models = &settings.models;
        match call.action {
            Action::GenerateContent { model } => {
                models.check(model, (call.version, GENERATE_CONTENT))?;
                let body = read_body(self.parts, self.body)?;
                let request = GenerateRequest::read(model, &body, &settings.limits)?;
                self.shared.limit(model, request.prompt_tokens)?;
                match self.responded() {
                    Some(reply) => Ok(Answered::in_place(reply, &request)),
                    None => answer::answer(&request, settings),
                }
            }
            Action::CountTokens { model } => {
                models.check(model, (call.version, COUNT_TOKENS))?;
                let body = read_body(self.parts, self.body)?;
                Ok(Answered::reply(Reply::json(200, token_count(count_tokens(&body)?))))
            }
            Action::GetModel { model } => {
                Ok(Answered::reply(Reply::json(200, models.get(model, call.version)?)))
            }
            Action::ListModels => {
                Ok(Answered::reply(Reply::json(200, models.list(self.parts.uri.query())?)))
            }
        }
    }
}

fn token_count(tokens: usize) -> Value {
    json!({
        "totalTokens": tokens,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": tokens}],
    })
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
            for verb in ["generateContent", "streamGenerateContent"] {
                let path = format!("/{version}/models/m:{verb}");
                let call = Call::find(&Method::POST, &path).unwrap();
                assert_eq!(call.action, Action::GenerateContent { model: "m" });
            }
        }
        assert_eq!(mode("generateContent", Some("alt=sse")), Mode::Whole);
        assert_eq!(mode("streamGenerateContent", Some("key=k&alt=sse")), Mode::Events);
        assert_eq!(mode("streamGenerateContent", Some("alt=json")), Mode::List);
        assert_eq!(mode("streamGenerateContent", None), Mode::List);
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
            "/v1beta/models",
            "/v1beta/models/",
            "/v1beta/models/a/b:generateContent",
            "/v1beta/models/m:generateContent/x",
            "/v1beta/tunedModels/m:generateContent",
            "//models/m:generateContent",
        ];
        for path in paths {
            assert_eq!(Call::find(&Method::POST, path).unwrap_err().code, 404, "{path}");
        }
        for path in ["/v1beta/models/m:generateContent", "/v1beta/models/m:countTokens"] {
            assert_eq!(Call::find(&Method::GET, path).unwrap_err().code, 404);
        }
    }
}

//! What is answered to a call.

use std::sync::Arc;

use hyper::http::request::Parts;
use serde_json::{Value, json};

use super::call::{Action, COUNT_TOKENS, Call, GENERATE_CONTENT, STREAM_GENERATE_CONTENT};
use super::files::continues_upload;
use super::key;
use crate::answer::{self, Answered, response_id, tokens};
use crate::emulator::Shared;
use crate::error::Refusal;
use crate::fault::Draw;
use crate::generate::fingerprint;
use crate::json::Json;
use crate::log::RecordedRequest;
use crate::reply::{Asked, Form, Mode, Reply};
use crate::request::{GenerateRequest, count_tokens, read_body};

/// A request for which the script has no reply.
pub(super) struct Question<'a> {
    pub(super) parts: &'a Parts,
    pub(super) body: &'a [u8],
    /// The request as the log has it, where somebody else may have a reply to it.
    pub(super) recorded: Option<&'a RecordedRequest>,
    pub(super) shared: &'a Arc<Shared>,
    /// Chance, where faults are for the call.
    pub(super) draw: Option<Draw>,
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
        cached_tokens: 0,
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
                        known.tell(asked);
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
        if !continues_upload(self.parts) {
            key::check(self.parts)?;
        }
        if !call.generates()
            && let Some(reply) = self.responded()
        {
            return Ok(Answered::reply(reply));
        }
        let reply = match call.action {
            Action::GenerateContent { model } => return self.generate(model, call.version),
            Action::CountTokens { model } => self.count_tokens(model, call.version),
            Action::GetModel { model } => {
                self.shared.settings.models.get(model, call.version).map(ok)
            }
            Action::ListModels => self.shared.settings.models.list(self.query()).map(ok),
            Action::UploadFile => self.upload(call.version),
            Action::DownloadFile { id } => self.download(id),
            Action::File(access) => self.file(access, call.version),
            Action::Cache(access) => self.cache(access, call.version),
            Action::CreateBatch { model } => self.create_batch(model, call.version),
            Action::Batch(access) => self.batch(access),
            Action::CancelBatch { id } => self.cancel_batch(id),
        };
        reply.map(Answered::reply)
    }

    fn generate(&self, model: &str, version: &str) -> Result<Answered, Refusal> {
        let settings = &self.shared.settings;
        settings.models.check(model, (version, GENERATE_CONTENT))?;
        let request = GenerateRequest::read(model, &self.json()?, &settings.limits)?;
        let cached = self.shared.resolve(model, &request.attached)?;
        let request = request.cached(cached);
        self.shared.limit(model, request.prompt_tokens)?;
        match self.responded() {
            Some(reply) => Ok(Answered::in_place(reply, &request)),
            None => answer::answer(&request, settings),
        }
    }

    fn count_tokens(&self, model: &str, version: &str) -> Result<Reply, Refusal> {
        self.shared.settings.models.check(model, (version, COUNT_TOKENS))?;
        let attached = count_tokens(&self.json()?)?;
        let cached = self.shared.resolve(model, &attached)?;
        let tokens = attached.tokens + cached;
        let mut count = json!({
            "totalTokens": tokens,
            "promptTokensDetails": [{"modality": "TEXT", "tokenCount": tokens}],
        });
        if cached > 0 {
            count["cachedContentTokenCount"] = cached.into();
            count["cacheTokensDetails"] = json!([{"modality": "TEXT", "tokenCount": cached}]);
        }
        Ok(ok(count))
    }

    /// The body as JSON.
    pub(super) fn json(&self) -> Result<Json, Refusal> {
        read_body(self.parts, self.body)
    }

    pub(super) fn query(&self) -> Option<&str> {
        self.parts.uri.query()
    }
}

/// Status 200 with this body.
pub(super) fn ok(body: Value) -> Reply {
    Reply::json(200, body)
}

fn is_alt_sse(parameter: &str) -> bool {
    parameter == "alt=sse" || parameter == "$alt=sse"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_have_the_form_that_is_asked_for() {
        assert_eq!(mode("generateContent", Some("alt=sse")), Mode::Whole);
        assert_eq!(mode("streamGenerateContent", Some("key=k&alt=sse")), Mode::Events);
        assert_eq!(mode("streamGenerateContent", Some("alt=json")), Mode::List);
        assert_eq!(mode("streamGenerateContent", None), Mode::List);
    }
}

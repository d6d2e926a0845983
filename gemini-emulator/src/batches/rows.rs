//! Rows of a batch: what is asked, and what came of it.

use serde_json::{Value, json};

use crate::answer::{self, Answered};
use crate::emulator::Shared;
use crate::error::Refusal;
use crate::fault::Draw;
use crate::json::{self, Json};
use crate::log::RecordedRequest;
use crate::reply::{Asked, Reply};
use crate::request::{GenerateRequest, prompt_tokens, read_batch_line};

/// Where the rows came from, and so where their results go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    Inline,
    File,
}

/// One row.
#[derive(Debug)]
pub(crate) struct Row {
    /// What the result has beside the response: `metadata` of an inline row, `key` of a line.
    label: Option<Json>,
    /// The request, if it has the form of one: as text, which is a tenth of the size.
    request: Result<String, Refusal>,
    /// The tokens of its prompt.
    pub(crate) tokens: u64,
}

/// Who answers rows.
#[derive(Clone, Copy)]
pub(super) struct Desk<'a> {
    pub(super) shared: &'a Shared,
    pub(super) model: &'a str,
    pub(super) source: Source,
}

impl Row {
    pub(crate) fn new(label: Option<Json>, request: Result<Json, Refusal>) -> Self {
        let tokens = request.as_ref().map(prompt_tokens).unwrap_or_default() as u64;
        Row { label, request: request.map(|request| request.to_string()), tokens }
    }

    /// Reads a line of a file: nothing, if it isn't a JSON object.
    pub(crate) fn read_line(line: &str) -> Option<Self> {
        let line = json::parse(line).ok()?;
        line.as_object()?;
        let label = line.get("key").filter(|key| key.as_str().is_some()).cloned();
        Some(Row::new(label, read_batch_line(&line)))
    }

    /// What the client calls the row.
    pub(super) fn key(&self) -> Option<&str> {
        let label = self.label.as_ref()?;
        label.as_str().or_else(|| label.get("key")?.as_str())
    }

    /// The request as it was read.
    fn read(request: &str) -> Result<Json, Refusal> {
        json::parse(request).map_err(|error| Refusal::invalid_argument(error.0))
    }
}

impl Desk<'_> {
    /// The result of a row, and whether it is a success.
    pub(super) fn answer(&self, row: Row, draw: Draw) -> (Value, bool) {
        let mut asked = Asked { model: self.model.to_owned(), ..Asked::default() };
        let own = || match row.request.and_then(|text| self.own(Row::read(&text)?, &mut asked)) {
            Ok(reply) => reply,
            Err(refusal) => Reply::refusal(&refusal),
        };
        let reply = match self.shared.settings.batches.fault(draw) {
            Some(fault) => fault.apply(own),
            None => own(),
        };
        let (name, value, is_success) = match reply.in_batch(&asked) {
            Ok(response) => ("response", response, true),
            Err(error) => ("error", error, false),
        };
        let mut result = json!({name: value});
        let label = row.label.and_then(|label| serde_json::to_value(label).ok());
        if let Some(label) = label {
            let name = if self.source == Source::Inline { "metadata" } else { "key" };
            result[name] = label;
        }
        (result, is_success)
    }

    /// The answer to a row, as though it had come alone.
    fn own(&self, json: Json, asked: &mut Asked) -> Result<Reply, Refusal> {
        let settings = &self.shared.settings;
        self.check_model(&json)?;
        let recorded = settings.responder.as_ref().map(|_| self.record(&json));
        let ignored = if settings.batches.heeds_json_schema() { None } else { Some(&json) };
        let ignored = ignored.and_then(without_json_schema);
        let mut request = GenerateRequest::check(self.model, json, &settings.limits)?;
        if let Some(json) = ignored {
            request.config = GenerateRequest::check(self.model, json, &settings.limits)?.config;
        }
        let cached = self.shared.resolve(self.model, &request.attached)?;
        let request = request.cached(cached);
        let responder = settings.responder.as_ref().zip(recorded);
        let answered = match responder.and_then(|(responder, row)| responder.0(&row)) {
            Some(reply) => Answered::in_place(reply, &request),
            None => answer::answer(&request, settings)?,
        };
        if let Some(known) = answered.known {
            known.tell(asked);
        }
        Ok(answered.reply)
    }

    fn record(&self, request: &Json) -> RecordedRequest {
        let path = format!("/v1beta/models/{}:generateContent", self.model);
        let body = serde_json::to_value(request).unwrap_or_default();
        RecordedRequest::of_row(path, body, self.shared.elapsed())
    }

    /// A row may name the model of its batch, and no other one.
    fn check_model(&self, request: &Json) -> Result<(), Refusal> {
        let named = request.get("model").and_then(Json::as_str).unwrap_or_default();
        let model = self.model;
        if named.is_empty() || named.strip_prefix("models/").unwrap_or(named) == model {
            return Ok(());
        }
        Err(Refusal::invalid_argument(format!(
            "Model used by the request ({named}) and the batch (models/{model}) has to be the same."
        )))
    }
}

/// The request without its JSON Schema, if it has one.
fn without_json_schema(request: &Json) -> Option<Json> {
    let config = request.get("generationConfig")?;
    config.get("responseJsonSchema")?;
    let mut config = config.as_object()?.clone();
    config.shift_remove("responseJsonSchema");
    let mut members = request.as_object()?.clone();
    members.insert("generationConfig".to_owned(), Json::Object(config));
    Some(Json::Object(members))
}

//! Requests: what they may hold, and what of it the answer depends on.

mod complaints;
mod config;
mod contents;
mod continuation;
mod messages;
mod model;
mod path;
mod proto;
mod tools;
mod turns;

use hyper::http::request::Parts;

use crate::error::{FieldViolation, Refusal};
use crate::generate::{Words, fingerprint};
use crate::json::{self, Json};
use crate::schema::SchemaLimits;

pub(crate) use complaints::Complaints;
pub(crate) use config::{Config, Output};
pub(crate) use continuation::{sent_before, token as continuation_token};
use messages::{COUNT_TOKENS_REQUEST, GENERATE_CONTENT_REQUEST};
use model::Model;

/// A `generateContent` request that was found to be in order.
#[derive(Debug)]
pub(crate) struct GenerateRequest {
    /// The text of the last turn, its parts joined.
    pub(crate) prompt: String,
    pub(crate) prompt_tokens: usize,
    pub(crate) config: Config,
    /// The token of the answer that is to be continued.
    pub(crate) continuation: Option<String>,
    /// A number that stands for the model and the request, whichever part of the answer it asks
    /// for.
    pub(crate) fingerprint: u64,
}

impl GenerateRequest {
    /// Reads and checks a request, as the service does: first its form, then its fields, then the
    /// size of its schemas.
    pub(crate) fn read(model: &str, body: &Json, limits: &SchemaLimits) -> Result<Self, Refusal> {
        let mut request = proto::read(&GENERATE_CONTENT_REQUEST, body)
            .map_err(|violations| Refusal::bad_request(&violations))?;
        let continuation = continuation::take(&mut request);
        let model_facts = Model::named(model);
        let mut complaints = Complaints::about(GENERATE_CONTENT_REQUEST.name);
        contents::check(&request, &mut complaints);
        tools::check(&request, &mut complaints);
        config::check(&request, &mut complaints);
        complaints.into_result()?;
        contents::check_roles(&request)?;
        turns::check(&request, model_facts)?;
        tools::check_use(&request, model_facts)?;
        config::check_model(&request, model_facts)?;
        config::check_limits(&request, limits)?;
        tools::check_limits(&request, limits)?;
        Ok(GenerateRequest {
            prompt: contents::prompt(&request),
            prompt_tokens: contents::tokens(&request),
            config: Config::read(&request),
            continuation,
            fingerprint: fingerprint([model.as_bytes(), request.to_string().as_bytes()]),
        })
    }

    pub(crate) fn words(&self) -> Words {
        Words::of(&self.prompt)
    }
}

/// Reads and checks a `countTokens` request, and counts.
pub(crate) fn count_tokens(body: &Json) -> Result<usize, Refusal> {
    let request = proto::read(&COUNT_TOKENS_REQUEST, body)
        .map_err(|violations| Refusal::bad_request(&violations))?;
    let mut complaints = Complaints::about(COUNT_TOKENS_REQUEST.name);
    let whole = request.get("generateContentRequest");
    if whole.is_some() && !request.items("contents").is_empty() {
        complaints.add("contents", "can not be set together with generate_content_request");
    }
    let counted = whole.unwrap_or(&request);
    if whole.is_some() {
        complaints.enter_field("generate_content_request");
    }
    contents::check(counted, &mut complaints);
    complaints.into_result()?;
    contents::check_roles(counted)?;
    Ok(contents::tokens(counted))
}

/// Reads a body as JSON, whatever message it should be.
pub(crate) fn read_body(parts: &Parts, body: &[u8]) -> Result<Json, Refusal> {
    check_content_type(parts)?;
    let text =
        std::str::from_utf8(body).map_err(|_| not_json("Encountered non UTF-8 code points."))?;
    if text.trim().is_empty() {
        return Ok(Json::Object(json::Members::new()));
    }
    json::parse(text).map_err(|error| not_json(&error.0))
}

fn check_content_type(parts: &Parts) -> Result<(), Refusal> {
    let Some(given) = parts.headers.get(hyper::header::CONTENT_TYPE) else {
        return Ok(());
    };
    let given = given.to_str().unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim();
    if essence.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    Err(not_json("The content type must be application/json."))
}

fn not_json(reason: &str) -> Refusal {
    let description = format!("Invalid JSON payload received. {reason}");
    Refusal::bad_request(&[FieldViolation { field: String::new(), description }])
}

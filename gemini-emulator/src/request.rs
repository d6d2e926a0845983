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
use messages::{
    BATCH_GENERATE_CONTENT_REQUEST, BATCH_LINE, CACHED_CONTENT, COUNT_TOKENS_REQUEST,
    CREATE_FILE_REQUEST, GENERATE_CONTENT_REQUEST,
};
use model::Model;

/// A `generateContent` request that was found to be in order.
#[derive(Debug)]
pub(crate) struct GenerateRequest {
    /// The text of the last turn, its parts joined.
    pub(crate) prompt: String,
    /// The tokens of the request itself and of its cache.
    pub(crate) prompt_tokens: usize,
    /// Those of its cache, once they are known.
    pub(crate) cached_tokens: usize,
    pub(crate) attached: Attached,
    pub(crate) config: Config,
    /// The token of the answer that is to be continued.
    pub(crate) continuation: Option<String>,
    /// A number that stands for the model and the request, whichever part of the answer it asks
    /// for, and whatever its cache is called.
    pub(crate) fingerprint: u64,
}

/// What a request names without having it, and the tokens of what it has.
#[derive(Debug)]
pub(crate) struct Attached {
    pub(crate) tokens: usize,
    pub(crate) files: Vec<String>,
    pub(crate) cached_content: Option<String>,
}

impl GenerateRequest {
    /// Reads and checks a request, as the service does: first its form, then its fields, then the
    /// size of its schemas.
    pub(crate) fn read(model: &str, body: &Json, limits: &SchemaLimits) -> Result<Self, Refusal> {
        let request = read_message(&GENERATE_CONTENT_REQUEST, body)?;
        GenerateRequest::check(model, request, limits)
    }

    /// Checks a request whose form is in order.
    pub(crate) fn check(
        model: &str,
        mut request: Json,
        limits: &SchemaLimits,
    ) -> Result<Self, Refusal> {
        let continuation = continuation::take(&mut request);
        let model_facts = Model::named(model);
        let mut complaints = Complaints::about(GENERATE_CONTENT_REQUEST.name);
        check_fields(&request, &mut complaints);
        complaints.into_result()?;
        contents::check_roles(&request)?;
        turns::check(&request, model_facts)?;
        tools::check_use(&request, model_facts)?;
        config::check_model(&request, model_facts)?;
        config::check_limits(&request, limits)?;
        tools::check_limits(&request, limits)?;
        let attached = Attached::take(&mut request);
        Ok(GenerateRequest {
            prompt: contents::prompt(&request),
            prompt_tokens: attached.tokens,
            cached_tokens: 0,
            attached,
            config: Config::read(&request),
            continuation,
            fingerprint: fingerprint([model.as_bytes(), request.to_string().as_bytes()]),
        })
    }

    /// Adds the tokens of its cache.
    pub(crate) fn cached(mut self, tokens: usize) -> Self {
        self.prompt_tokens += tokens;
        self.cached_tokens = tokens;
        self
    }

    pub(crate) fn words(&self) -> Words {
        Words::of(&self.prompt)
    }
}

impl Attached {
    /// Whether nothing has to be looked up.
    pub(crate) fn is_empty(&self) -> bool {
        self.files.is_empty() && self.cached_content.is_none()
    }

    fn take(request: &mut Json) -> Self {
        let files = contents::file_uris(request);
        let name = match request {
            Json::Object(members) => members.shift_remove("cachedContent"),
            _ => None,
        };
        let name = name.and_then(|name| name.as_str().map(str::to_owned));
        let tokens = contents::tokens(request);
        Attached { tokens, files, cached_content: name.filter(|name| !name.is_empty()) }
    }
}

/// Reads and checks a `countTokens` request, and counts what it has itself.
pub(crate) fn count_tokens(body: &Json) -> Result<Attached, Refusal> {
    let mut request = read_message(&COUNT_TOKENS_REQUEST, body)?;
    let mut complaints = Complaints::about(COUNT_TOKENS_REQUEST.name);
    let whole = match &mut request {
        Json::Object(members) => members.shift_remove("generateContentRequest"),
        _ => None,
    };
    if whole.is_some() && !request.items("contents").is_empty() {
        complaints.add("contents", "can not be set together with generate_content_request");
    }
    if let Some(whole) = &whole {
        complaints.enter_field("generate_content_request");
        check_model_name(whole, &mut complaints);
    }
    let mut counted = whole.unwrap_or(request);
    check_fields(&counted, &mut complaints);
    complaints.into_result()?;
    contents::check_roles(&counted)?;
    Ok(Attached::take(&mut counted))
}

/// Reads the body with which an upload starts.
pub(crate) fn read_file(body: &Json) -> Result<Json, Refusal> {
    let request = read_message(&CREATE_FILE_REQUEST, body)?;
    Ok(request.get("file").cloned().unwrap_or(Json::Object(json::Members::new())))
}

/// Reads and checks a new cache.
pub(crate) fn read_cache(body: &Json) -> Result<(Json, Attached), Refusal> {
    let mut cache = read_message(&CACHED_CONTENT, body)?;
    let mut complaints = Complaints::about("CreateCachedContentRequest.cached_content");
    check_model_name(&cache, &mut complaints);
    contents::check_turns(&cache, &mut complaints);
    tools::check(&cache, &mut complaints);
    complaints.into_result()?;
    contents::check_roles(&cache)?;
    let attached = Attached::take(&mut cache);
    Ok((cache, attached))
}

/// Reads a change of a cache: of its expiry, and of nothing else.
pub(crate) fn read_cache_update(body: &Json, mask: Option<&str>) -> Result<Json, Refusal> {
    const MUTABLE: [&str; 3] = ["ttl", "expireTime", "expire_time"];
    let cache = read_message(&CACHED_CONTENT, body)?;
    let masked =
        mask.into_iter().flat_map(|mask| mask.split("%2C").flat_map(|mask| mask.split(',')));
    let given = cache.as_object().into_iter().flat_map(|members| members.keys());
    let given = given.map(String::as_str).filter(|name| !["name", "model"].contains(name));
    let mut wrong = masked.chain(given).filter(|name| !MUTABLE.contains(name));
    match wrong.next() {
        Some(name) => Err(Refusal::invalid_argument(format!(
            "* UpdateCachedContentRequest.update_mask: only ttl and expire_time can be updated, \
             not {name}\n"
        ))),
        None => Ok(cache),
    }
}

/// A batch that is asked for.
#[derive(Debug)]
pub(crate) struct BatchRequest {
    pub(crate) display_name: Option<String>,
    pub(crate) input: BatchInput,
}

/// Where the rows of a batch are.
#[derive(Debug)]
pub(crate) enum BatchInput {
    File(String),
    /// Messages with `request` and `metadata`.
    Inline(Vec<Json>),
}

/// Reads a new batch. A row whose form is wrong is refused with the whole.
pub(crate) fn read_batch(body: &Json) -> Result<BatchRequest, Refusal> {
    let request = read_message(&BATCH_GENERATE_CONTENT_REQUEST, body)?;
    let batch = request.get("batch");
    let display_name = batch.and_then(|batch| batch.get("displayName")?.as_str());
    let config = batch.and_then(|batch| batch.get("inputConfig"));
    let file = config.and_then(|config| config.get("fileName")?.as_str());
    let rows = config.and_then(|config| config.get("requests"));
    let input = match (file.filter(|name| !name.is_empty()), rows) {
        (Some(file), _) => BatchInput::File(file.to_owned()),
        (None, Some(rows)) if !rows.items("requests").is_empty() => {
            BatchInput::Inline(rows.items("requests").to_vec())
        }
        _ => {
            return Err(Refusal::invalid_argument(
                "* BatchGenerateContentRequest.batch.input_config: requests or file_name must be \
                 specified\n",
            ));
        }
    };
    Ok(BatchRequest { display_name: display_name.map(str::to_owned), input })
}

/// Reads a line of a file with rows: its request.
pub(crate) fn read_batch_line(line: &Json) -> Result<Json, Refusal> {
    batch_row_request(&read_message(&BATCH_LINE, line)?)
}

/// The request of a row.
pub(crate) fn batch_row_request(row: &Json) -> Result<Json, Refusal> {
    let missing = || Refusal::invalid_argument("* request: must be specified\n");
    row.get("request").cloned().ok_or_else(missing)
}

/// The tokens of a request whose form is in order.
pub(crate) fn prompt_tokens(request: &Json) -> usize {
    contents::tokens(request)
}

fn check_fields(request: &Json, complaints: &mut Complaints) {
    contents::check(request, complaints);
    tools::check(request, complaints);
    config::check(request, complaints);
}

/// A request that isn't sent to the address of its model names it.
fn check_model_name(request: &Json, complaints: &mut Complaints) {
    let name = request.get("model").and_then(Json::as_str).unwrap_or_default();
    if name.strip_prefix("models/").is_none_or(str::is_empty) {
        complaints.add("model", "unexpected model name format");
    }
}

/// The fewest tokens that a cache for this model has.
pub(crate) fn least_cached_tokens(model: &str) -> usize {
    Model::named(model).least_cached_tokens()
}

fn read_message(message: &'static proto::Message, body: &Json) -> Result<Json, Refusal> {
    proto::read(message, body).map_err(|violations| Refusal::bad_request(&violations))
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

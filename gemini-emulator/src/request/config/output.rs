//! The mime type of the answer, and its schema in one of three carriers.

use crate::error::Refusal;
use crate::json::Json;
use crate::request::Complaints;
use crate::schema::{self, Document, Place, Rule, SchemaLimits};

pub(crate) const TEXT: &str = "text/plain";
pub(crate) const JSON: &str = "application/json";
pub(crate) const ENUM: &str = "text/x.enum";

/// How the answer must look.
#[derive(Debug)]
pub(crate) enum Output {
    /// Any text.
    Text,
    /// A JSON document, by a schema if there is one.
    Json(Option<Document>),
    /// One bare member of an enum.
    Enum(Document),
}

impl Output {
    /// The mime type of the answer.
    pub(crate) fn mime_type(&self) -> &'static str {
        match self {
            Output::Text => TEXT,
            Output::Json(_) => JSON,
            Output::Enum(_) => ENUM,
        }
    }

    pub(super) fn read(config: &Json) -> Self {
        let schema = config.get("responseSchema").map(schema::read_gemini);
        let schema =
            schema.or_else(|| json_schema(config).map(|(_, schema)| schema::read_json(schema)));
        match (mime_type(config), schema) {
            (ENUM, Some(schema)) => Output::Enum(schema),
            (JSON, schema) => Output::Json(schema),
            // `responseFormat` carries its own mime type.
            (_, Some(schema)) => Output::Json(Some(schema)),
            (_, None) => Output::Text,
        }
    }
}

pub(super) fn check(config: &Json, complaints: &mut Complaints) {
    let mime_type = mime_type(config);
    if ![TEXT, JSON, ENUM].contains(&mime_type) {
        let text = format!("allowed mimetypes are `{TEXT}`, `{JSON}` and `{ENUM}`.");
        complaints.add("response_mime_type", &text);
    }
    let gemini = config.get("responseSchema");
    let json = json_schema(config);
    if let Some(schema) = gemini {
        let mark = complaints.enter_field("response_schema");
        schema::check_gemini(schema, complaints);
        complaints.leave(mark);
        if mime_type == TEXT {
            let text = format!("only supported with response_mime_type {JSON} or {ENUM}");
            complaints.add("response_schema", &text);
        }
    }
    if let Some((field, schema)) = json {
        let mark = complaints.enter_field(field);
        schema::check_json(schema, complaints);
        complaints.leave(mark);
    }
    if config.get("responseJsonSchema").is_some() && mime_type != JSON {
        let text = format!("only supported with response_mime_type {JSON}");
        complaints.add("response_json_schema", &text);
    }
    check_carriers(config, complaints);
    if mime_type == ENUM && !gemini.is_some_and(is_string_enum) {
        let text = format!("{ENUM} requires a response_schema of STRING type with enum");
        complaints.add("response_mime_type", &text);
    }
}

pub(super) fn check_limits(config: &Json, limits: &SchemaLimits) -> Result<(), Refusal> {
    if let Some(schema) = config.get("responseSchema") {
        schema::check_limits(schema, Place::GenerationConfig, limits)?;
    }
    match json_schema(config) {
        Some((_, schema)) => schema::check_json_limits(schema, limits),
        None => Ok(()),
    }
}

fn check_carriers(config: &Json, complaints: &mut Complaints) {
    let carriers = [
        ("responseSchema", "response_schema"),
        ("responseJsonSchema", "response_json_schema"),
        ("responseFormat", "response_format"),
    ];
    let set: Vec<&str> = carriers
        .into_iter()
        .filter(|(name, _)| config.get(name).is_some())
        .map(|(_, field)| field)
        .collect();
    if let [first, rest @ ..] = set.as_slice() {
        for field in rest {
            complaints.add(field, &format!("can not be set together with {first}"));
        }
    }
    let format = config.get("responseFormat").and_then(|format| format.get("text"));
    let is_json =
        |format: &Json| format.get("mimeType").and_then(Json::as_str) == Some("APPLICATION_JSON");
    if format.is_some_and(|format| format.get("schema").is_some() && !is_json(format)) {
        complaints.add("response_format.text.mime_type", "must be APPLICATION_JSON");
    }
}

fn mime_type(config: &Json) -> &str {
    let given = config.get("responseMimeType").and_then(Json::as_str);
    given.filter(|given| !given.is_empty()).unwrap_or(TEXT)
}

/// The JSON Schema and the field that carries it.
fn json_schema(config: &Json) -> Option<(&'static str, &Json)> {
    let own = config.get("responseJsonSchema").map(|schema| ("response_json_schema", schema));
    own.or_else(|| {
        let text = config.get("responseFormat")?.get("text")?;
        Some(("response_format.text.schema", text.get("schema")?))
    })
}

fn is_string_enum(schema: &Json) -> bool {
    let schema = schema::read_gemini(schema);
    matches!(schema.root.rule, Rule::Literals(_))
}

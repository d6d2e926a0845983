//! Vertex AI: what differs from the Developer API is checked and taken away here, so that
//! everything else reads one kind of request.

mod path;
mod schema;
mod token;

use hyper::http::HeaderValue;
use hyper::http::request::Parts;
use hyper::http::uri::PathAndQuery;

use crate::error::Refusal;
use crate::json::{Json, Members};
use crate::request::{Complaints, read_body};
use path::Place;
pub use token::INVALID_ACCESS_TOKEN;

const API_KEY: &str = "x-goog-api-key";
/// Fields that only Vertex AI has; no answer depends on them.
const OWN_FIELDS: [(&str, &str); 1] = [("modelArmorConfig", "model_armor_config")];
const OWN_SETTINGS: [(&str, &str); 3] = [
    ("audioTimestamp", "audio_timestamp"),
    ("routingConfig", "routing_config"),
    ("modelConfig", "model_config"),
];

/// The same request to the Developer API; nothing where the path is none of Vertex AI.
pub(crate) fn translate(parts: &Parts, body: &[u8]) -> Option<Result<(Parts, Vec<u8>), Refusal>> {
    let call = path::find(parts.uri.path())?;
    Some(call.place.authorize(parts).and_then(|()| {
        let mut request = read_body(parts, body)?;
        rewrite(&mut request)?;
        let mut parts = parts.clone();
        if call.place == Place::Project {
            parts.headers.insert(API_KEY, HeaderValue::from_static("a-token-was-checked"));
        }
        let query = parts.uri.query().map_or_else(String::new, |query| format!("?{query}"));
        let path = format!("/v1beta/models/{}:{}{query}", call.model, call.verb);
        let path =
            PathAndQuery::try_from(path).map_err(|_| Refusal::not_found("Method not found."))?;
        parts.uri = path.into();
        Ok((parts, request.to_string().into_bytes()))
    }))
}

/// Checks what differs, and puts it into the form of the Developer API.
fn rewrite(request: &mut Json) -> Result<(), Refusal> {
    let Json::Object(members) = request else {
        return Ok(());
    };
    if !has_roles(members) {
        return Err(Refusal::invalid_argument("Please use a valid role: user, model."));
    }
    remove(members, &OWN_FIELDS);
    if let Some(contents) = members.get_mut("contents") {
        rewrite_files(contents);
    }
    let config = ["generationConfig", "generation_config"];
    let name = config.into_iter().find(|name| members.contains_key(*name));
    let Some(Json::Object(config)) = name.and_then(|name| members.get_mut(name)) else {
        return Ok(());
    };
    remove(config, &OWN_SETTINGS);
    rewrite_format(config);
    rewrite_schema(config)
}

/// Every content says whose it is.
fn has_roles(request: &Members) -> bool {
    let contents = request.get("contents");
    let contents = contents
        .map_or(&[][..], |contents| contents.as_array().unwrap_or(std::slice::from_ref(contents)));
    contents.iter().all(|content| content.get("role").is_some())
}

/// Files are in Cloud Storage; the Developer API takes what has an address of its own.
fn rewrite_files(value: &mut Json) {
    match value {
        Json::Array(items) => items.iter_mut().for_each(rewrite_files),
        Json::Object(members) => {
            for (name, value) in members {
                match value {
                    Json::String(uri) if matches!(&**name, "fileUri" | "file_uri") => {
                        if let Some(path) = uri.strip_prefix("gs://") {
                            *uri = format!("https://storage.googleapis.com/{path}");
                        }
                    }
                    value => rewrite_files(value),
                }
            }
        }
        _ => {}
    }
}

fn remove(members: &mut Members, fields: &[(&str, &str)]) {
    for (camel, snake) in fields {
        members.shift_remove(*camel);
        members.shift_remove(*snake);
    }
}

/// There is a format for each medium; that of text matters.
fn rewrite_format(config: &mut Members) {
    for name in ["responseFormat", "response_format"] {
        let Some(Json::Array(formats)) = config.get(name) else { continue };
        let text = formats.iter().find(|format| format.get("text").is_some());
        if let Some(text) = text.cloned() {
            config.insert(name.to_owned(), text);
        }
    }
}

/// A schema that the Developer API could not say becomes a JSON Schema.
fn rewrite_schema(config: &mut Members) -> Result<(), Refusal> {
    for name in ["responseSchema", "response_schema"] {
        let Some(schema) = config.get(name).filter(|schema| schema.as_object().is_some()) else {
            continue;
        };
        let mut complaints = Complaints::about("GenerateContentRequest");
        complaints.enter_field("generation_config");
        complaints.enter_field("response_schema");
        schema::check(schema, &mut complaints)?;
        complaints.into_result()?;
        if let Some(schema) = schema::as_json_schema(schema) {
            config.shift_remove(name);
            config.insert("responseJsonSchema".to_owned(), schema);
        }
    }
    Ok(())
}

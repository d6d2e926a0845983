//! What the service refuses in a JSON Schema. Keywords that it doesn't know it ignores.

use super::SchemaLimits;
use super::references::References;
use super::walk::{self, Step};
use crate::error::Refusal;
use crate::json::Json;
use crate::request::Complaints;

const TYPES: [&str; 7] = ["string", "number", "integer", "boolean", "array", "object", "null"];

/// What the value of a keyword must be.
#[derive(Clone, Copy)]
enum Expected {
    Array,
    Object,
    Number,
    Count,
    Text,
    Schema,
}

const KEYWORDS: [(&str, Expected); 15] = [
    ("enum", Expected::Array),
    ("required", Expected::Array),
    ("prefixItems", Expected::Array),
    ("anyOf", Expected::Array),
    ("oneOf", Expected::Array),
    ("propertyOrdering", Expected::Array),
    ("properties", Expected::Object),
    ("$defs", Expected::Object),
    ("minimum", Expected::Number),
    ("maximum", Expected::Number),
    ("minItems", Expected::Count),
    ("maxItems", Expected::Count),
    ("$ref", Expected::Text),
    ("items", Expected::Schema),
    ("additionalProperties", Expected::Schema),
];

/// Complains of every node that breaks a rule.
pub(crate) fn check(schema: &Json, complaints: &mut Complaints) {
    let references = References::of(schema);
    check_node(schema, &references, complaints);
    if let Some(reference) = references.endless() {
        let text = format!("{reference} refers to itself outside of any non-required property");
        complaints.add("$ref", &text);
    }
}

/// Refuses a schema over the limits. Like the service it names no field.
pub(crate) fn check_limits(schema: &Json, limits: &SchemaLimits) -> Result<(), Refusal> {
    let max_items = walk::all(schema).into_iter().filter_map(|schema| schema.get("maxItems"));
    let sum = max_items
        .filter_map(Json::as_i64)
        .filter_map(|value| u64::try_from(value).ok())
        .fold(0, u64::saturating_add);
    if sum > limits.max_items_sum {
        return Err(Refusal::invalid_argument("Request contains an invalid argument."));
    }
    Ok(())
}

fn check_node(schema: &Json, references: &References<'_>, complaints: &mut Complaints) {
    match schema {
        Json::Bool(_) => return,
        Json::Object(_) => {}
        _ => {
            complaints.add("schema", "must be an object or a boolean");
            return;
        }
    }
    check_keywords(schema, complaints);
    check_type(schema, complaints);
    check_reference(schema, references, complaints);
    for (step, child) in walk::children(schema) {
        let mark = match step {
            Step::Keyword(keyword) | Step::Name(keyword, _) | Step::Index(keyword, _) => {
                complaints.enter_field(keyword)
            }
        };
        match step {
            Step::Keyword(_) => {}
            Step::Name(_, name) => {
                complaints.enter_key(name);
            }
            Step::Index(_, index) => {
                complaints.enter_index(index);
            }
        }
        check_node(child, references, complaints);
        complaints.leave(mark);
    }
}

fn check_keywords(schema: &Json, complaints: &mut Complaints) {
    for (keyword, expected) in KEYWORDS {
        let Some(value) = schema.get(keyword) else {
            continue;
        };
        let (fits, words) = match expected {
            Expected::Array => (value.as_array().is_some(), "must be an array"),
            Expected::Object => (value.as_object().is_some(), "must be an object"),
            Expected::Number => (value.as_f64().is_some(), "must be a number"),
            Expected::Count => (value.as_count().is_some(), "must be a non-negative integer"),
            Expected::Text => (value.as_str().is_some(), "must be a string"),
            Expected::Schema => {
                (matches!(value, Json::Object(_) | Json::Bool(_)), "must be an object or a boolean")
            }
        };
        if !fits {
            complaints.add(keyword, words);
        }
    }
}

fn check_type(schema: &Json, complaints: &mut Complaints) {
    let is_known = |kind: &Json| kind.as_str().is_some_and(|kind| TYPES.contains(&kind));
    let fits = match schema.get("type") {
        None => true,
        Some(Json::Array(kinds)) => !kinds.is_empty() && kinds.iter().all(is_known),
        Some(kind) => is_known(kind),
    };
    if !fits {
        complaints.add("type", "must be one of the JSON Schema types, or a list of them");
    }
}

fn check_reference(schema: &Json, references: &References<'_>, complaints: &mut Complaints) {
    let Some(reference) = schema.get("$ref").and_then(Json::as_str) else {
        return;
    };
    if references.resolve(reference).is_none() {
        complaints.add("$ref", "reference to an undefined schema");
    }
    let mut members = schema.as_object().into_iter().flatten();
    if members.any(|(name, _)| !name.starts_with('$')) {
        complaints.add("$ref", "only fields starting with '$' may be set next to $ref");
    }
}

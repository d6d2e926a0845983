//! `responseSchema`.

use super::{Inspection, json_schema};
use crate::json::Json;
use crate::model::Carrier;

const ANYWHERE: [&str; 5] = ["type", "title", "description", "nullable", "example"];

fn keywords(kind: &str) -> Option<&'static [&'static str]> {
    Some(match kind {
        "STRING" => &["format", "enum", "minLength", "maxLength", "pattern"],
        "INTEGER" | "NUMBER" => &["format", "minimum", "maximum"],
        "BOOLEAN" | "NULL" => &[],
        "ARRAY" => &["items", "minItems", "maxItems"],
        "OBJECT" => {
            &["properties", "required", "propertyOrdering", "minProperties", "maxProperties"]
        }
        _ => return None,
    })
}

fn formats(kind: &str) -> &'static [&'static str] {
    match kind {
        "STRING" => &["enum", "date-time"],
        "INTEGER" => &["int32", "int64"],
        "NUMBER" => &["float", "double"],
        _ => &[],
    }
}

pub(super) fn root<'a>(inspection: &mut Inspection<'a>, schema: &'a Json) {
    inspect(inspection, schema);
    if let (Carrier::Vertex, Some(definitions)) = (inspection.carrier, schema.get("defs")) {
        inspection.require(!definitions.members().is_empty(), "an empty list of definitions");
        inspection.each_member("defs", definitions, inspect);
        json_schema::endings(inspection, definitions);
    }
}

fn inspect<'a>(inspection: &mut Inspection<'a>, schema: &'a Json) {
    annotations(inspection, schema);
    let is_vertex = inspection.carrier == Carrier::Vertex;
    let is_root = is_vertex && inspection.path.is_empty();
    if let Some(branches) = schema.get("anyOf") {
        for (keyword, _) in schema.members() {
            let is_word = !is_vertex && keyword != "type" && ANYWHERE.contains(&&keyword[..]);
            let is_known = keyword == "anyOf" || is_word || (is_root && keyword == "defs");
            inspection.require(is_known, &format!("{keyword} beside anyOf"));
        }
        return inspection.each_element("anyOf", branches, inspect);
    }
    if is_vertex && schema.get("ref").is_some() {
        for (keyword, _) in schema.members() {
            let is_known = ["ref", "description"].contains(&&keyword[..]);
            let is_known = is_known || (is_root && keyword == "defs");
            inspection.require(is_known, &format!("{keyword} beside ref"));
        }
        return inspection.target(schema);
    }
    let kind = schema.get("type").and_then(Json::as_str).unwrap_or_default();
    let Some(own) = keywords(kind) else {
        return inspection.object(format!("the type is {kind:?}"));
    };
    for (keyword, _) in schema.members() {
        let keyword = &keyword[..];
        let is_known = ANYWHERE.contains(&keyword)
            || own.contains(&keyword)
            || (is_vertex && kind == "OBJECT" && keyword == "additionalProperties")
            || (is_root && keyword == "defs");
        inspection.require(is_known, &format!("{keyword} on {kind}"));
    }
    if let Some(format) = schema.get("format") {
        let is_known = format.as_str().is_some_and(|name| formats(kind).contains(&name));
        inspection.require(is_known, &format!("the format {format} on {kind}"));
    }
    match kind {
        "STRING" => string(inspection, schema),
        "INTEGER" | "NUMBER" => inspection.bounds(schema),
        "ARRAY" => {
            inspection.counts(schema, "minItems", "maxItems");
            match schema.get("items") {
                Some(items) => inspection.below("items", |inspection| inspect(inspection, items)),
                None => inspection.object("no items"),
            }
        }
        "OBJECT" => {
            if let Some(values) = schema.get("additionalProperties") {
                inspection.below("additionalProperties", |inspection| inspect(inspection, values));
            } else {
                let properties = schema.get("properties").unwrap_or(&Json::Null);
                inspection.require(!properties.members().is_empty(), "no properties");
            }
            if let Some(properties) = schema.get("properties") {
                inspection.names(schema, true);
                inspection.each_member("properties", properties, inspect);
            }
        }
        _ => {}
    }
}

fn annotations(inspection: &mut Inspection<'_>, schema: &Json) {
    for keyword in ["title", "description", "pattern"] {
        let is_text = schema.get(keyword).is_none_or(|text| text.as_str().is_some());
        inspection.require(is_text, &format!("{keyword} is no text"));
    }
    let nullable = schema.get("nullable");
    let is_flag = nullable.is_none_or(|value| matches!(value, Json::Bool(_)));
    inspection.require(is_flag, "nullable is no boolean");
}

fn string(inspection: &mut Inspection<'_>, schema: &Json) {
    inspection.counts(schema, "minLength", "maxLength");
    let format = schema.get("format").and_then(Json::as_str);
    match schema.get("enum") {
        None => inspection.require(format != Some("enum"), "the format enum without members"),
        Some(members) => {
            let mut members = members.strings().unwrap_or_default();
            inspection.require(!members.is_empty(), "no members, or other things than strings");
            let count = members.len();
            members.sort_unstable();
            members.dedup();
            inspection.require(members.len() == count, "a member twice");
            inspection.require(format != Some("date-time"), "members that are dates");
        }
    }
}

//! `responseJsonSchema`, and Draft 2020-12.

use super::Inspection;
use crate::json::Json;
use crate::model::Carrier;

/// What `responseJsonSchema` knows; the last three it ignores.
const CARRIED: [&str; 24] = [
    "type",
    "title",
    "description",
    "enum",
    "format",
    "items",
    "prefixItems",
    "minItems",
    "maxItems",
    "minimum",
    "maximum",
    "properties",
    "required",
    "additionalProperties",
    "anyOf",
    "oneOf",
    "$id",
    "$defs",
    "$ref",
    "$anchor",
    "propertyOrdering",
    "minLength",
    "maxLength",
    "pattern",
];
/// What the strict form of `response_format` knows.
const STRICT: [&str; 16] = [
    "type",
    "title",
    "description",
    "enum",
    "format",
    "items",
    "minItems",
    "maxItems",
    "minimum",
    "maximum",
    "properties",
    "required",
    "additionalProperties",
    "anyOf",
    "$defs",
    "$ref",
];
/// The one limit of text that the strict form knows.
const STRICT_TEXT: &str = "pattern";
/// What Draft 2020-12 knows instead of `propertyOrdering`.
const EXACT: [&str; 4] = ["examples", "propertyNames", "minProperties", "maxProperties"];
/// Formats of text: those of `responseJsonSchema`, then those which the strict form adds.
const FORMATS: [&str; 7] = ["date-time", "date", "time", "email", "ipv4", "ipv6", "uuid"];
const KINDS: [&str; 7] = ["string", "number", "integer", "boolean", "array", "object", "null"];

pub(super) fn root<'a>(inspection: &mut Inspection<'a>, schema: &'a Json) {
    inspect(inspection, schema);
    if let Some(definitions) = schema.get("$defs") {
        inspection.each_member("$defs", definitions, inspect);
        if inspection.carrier == Carrier::JsonSchema {
            endings(inspection, definitions);
        }
    }
    if inspection.carrier == Carrier::OpenAi {
        let is_object = schema.get("type").and_then(Json::as_str) == Some("object");
        inspection.require(is_object, "a root that is no object");
    }
    if inspection.carrier == Carrier::Draft {
        let value = serde_json::from_str(&schema.to_string()).unwrap_or_default();
        let is_valid = jsonschema::draft202012::meta::is_valid(&value);
        inspection.require(is_valid, "the metaschema refuses it");
    }
}

fn inspect<'a>(inspection: &mut Inspection<'a>, schema: &'a Json) {
    let is_exact = inspection.carrier == Carrier::Draft;
    inspection.require(matches!(schema, Json::Object(_)), "not an object");
    for (keyword, _) in schema.members() {
        let keyword = &keyword[..];
        let is_known = match inspection.carrier {
            Carrier::Draft => {
                keyword != "propertyOrdering"
                    && (CARRIED.contains(&keyword) || EXACT.contains(&keyword))
            }
            Carrier::OpenAi => STRICT.contains(&keyword) || keyword == STRICT_TEXT,
            _ => CARRIED.contains(&keyword),
        };
        inspection.require(is_known, &format!("the keyword {keyword}"));
        let is_root = inspection.path.is_empty();
        inspection.require(is_root || keyword != "$defs", "$defs below the root");
    }
    reference(inspection, schema);
    kind(inspection, schema);
    inspection.bounds(schema);
    inspection.counts(schema, "minItems", "maxItems");
    inspection.counts(schema, "minLength", "maxLength");
    inspection.counts(schema, "minProperties", "maxProperties");
    let format = schema.get("format").and_then(Json::as_str);
    let known = match inspection.carrier {
        Carrier::OpenAi => &FORMATS[..],
        _ => &FORMATS[..3],
    };
    let is_carried = format.is_none_or(|name| known.contains(&name));
    inspection.require(is_exact || is_carried, "a format that is ignored");
    if let Some(members) = schema.get("enum") {
        let members = members.elements().unwrap_or_default();
        let is_plain = |member: &Json| matches!(member, Json::String(_) | Json::Number(_));
        let is_right = !members.is_empty() && members.iter().all(is_plain);
        inspection.require(is_right, "an enum of other things than strings and numbers");
    }
    inspection.names(schema, inspection.carrier.has_order());
    if inspection.carrier == Carrier::OpenAi {
        strict(inspection, schema);
    }
    parts(inspection, schema);
}

fn parts<'a>(inspection: &mut Inspection<'a>, schema: &'a Json) {
    for keyword in ["items", "additionalProperties", "propertyNames"] {
        match schema.get(keyword) {
            None => {}
            Some(Json::Bool(_)) if keyword == "additionalProperties" => {}
            Some(part) => inspection.below(keyword, |inspection| inspect(inspection, part)),
        }
    }
    for keyword in ["anyOf", "oneOf", "prefixItems"] {
        if let Some(list) = schema.get(keyword) {
            inspection.each_element(keyword, list, inspect);
        }
    }
    if let Some(properties) = schema.get("properties") {
        inspection.require(!properties.members().is_empty(), "an empty list of properties");
        inspection.each_member("properties", properties, inspect);
    }
}

fn reference(inspection: &mut Inspection<'_>, schema: &Json) {
    if schema.get("$ref").is_none() {
        return;
    }
    let is_alone = schema.members().iter().all(|(name, _)| name.starts_with('$'));
    inspection.require(is_alone, "something beside $ref");
    inspection.target(schema);
}

fn kind(inspection: &mut Inspection<'_>, schema: &Json) {
    let names = match schema.get("type") {
        None => return,
        Some(Json::Array(names)) => names.as_slice(),
        Some(name) => std::slice::from_ref(name),
    };
    let is_known = |name: &Json| name.as_str().is_some_and(|name| KINDS.contains(&name));
    let is_right = !names.is_empty() && names.iter().all(is_known);
    inspection.require(is_right, "an unknown type");
}

/// Every node has a type, and every object is closed and has all of its properties.
fn strict(inspection: &mut Inspection<'_>, schema: &Json) {
    let has_kind = ["type", "anyOf", "$ref"].iter().any(|keyword| schema.get(keyword).is_some());
    inspection.require(has_kind, "neither a type nor alternatives");
    let is_object = match schema.get("type") {
        Some(Json::Array(names)) => names.contains(&Json::from("object")),
        name => name == Some(&Json::from("object")),
    };
    if is_object {
        let is_closed = schema.get("additionalProperties") == Some(&Json::Bool(false));
        inspection.require(is_closed, "an open object");
        let properties = schema.get("properties").map_or(&[][..], Json::members).len();
        let required = schema.get("required").and_then(Json::elements).unwrap_or_default().len();
        inspection.require(properties == required, "a property that may be left out");
    }
}

/// Recursion is unrolled through properties that may be left out, so that it needs one.
pub(super) fn endings(inspection: &mut Inspection<'_>, definitions: &Json) {
    for (name, _) in definitions.members() {
        let root = inspection.root;
        let is_endless = leads_to(root, &definitions_of(root, name), name, &mut Vec::new());
        inspection.require(!is_endless, &format!("{name} never ends"));
    }
}

/// The definitions that a definition names outside optional properties.
fn definitions_of(root: &Json, name: &str) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(definition) = root.definition(name) {
        collect(definition, &mut found);
    }
    found
}

fn collect(schema: &Json, found: &mut Vec<String>) {
    found.extend(schema.target());
    let required = schema.get("required").and_then(Json::strings).unwrap_or_default();
    for (keyword, part) in schema.members() {
        match &keyword[..] {
            "items" | "additionalProperties" => collect(part, found),
            "anyOf" | "oneOf" | "prefixItems" => {
                let parts = part.elements().unwrap_or_default();
                parts.iter().for_each(|part| collect(part, found));
            }
            "properties" => {
                let members = part.members().iter();
                let members = members.filter(|(name, _)| required.contains(&&name[..]));
                members.for_each(|(_, part)| collect(part, found));
            }
            _ => {}
        }
    }
}

fn leads_to(root: &Json, from: &[String], to: &str, seen: &mut Vec<String>) -> bool {
    from.iter().any(|name| {
        if name == to {
            return true;
        }
        if seen.contains(name) {
            return false;
        }
        seen.push(name.clone());
        leads_to(root, &definitions_of(root, name), to, seen)
    })
}

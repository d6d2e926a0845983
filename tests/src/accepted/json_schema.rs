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
/// What Draft 2020-12 knows instead of `propertyOrdering`.
const EXACT: [&str; 2] = ["examples", "propertyNames"];
const KINDS: [&str; 7] = ["string", "number", "integer", "boolean", "array", "object", "null"];

pub(super) fn root<'a>(inspection: &mut Inspection<'a>, schema: &'a Json) {
    inspect(inspection, schema);
    if let Some(definitions) = schema.get("$defs") {
        inspection.each_member("$defs", definitions, inspect);
        if inspection.carrier == Carrier::JsonSchema {
            for (name, _) in definitions.members() {
                let is_endless =
                    leads_to(schema, &definitions_of(schema, name), name, &mut Vec::new());
                inspection.require(!is_endless, &format!("{name} never ends"));
            }
        }
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
        let is_known = if is_exact {
            keyword != "propertyOrdering"
                && (CARRIED.contains(&keyword) || EXACT.contains(&keyword))
        } else {
            CARRIED.contains(&keyword)
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
    let format = schema.get("format").and_then(Json::as_str);
    let is_carried = format.is_none_or(|name| ["date-time", "date", "time"].contains(&name));
    inspection.require(is_exact || is_carried, "a format that is ignored");
    if let Some(members) = schema.get("enum") {
        let members = members.elements().unwrap_or_default();
        let is_plain = |member: &Json| matches!(member, Json::String(_) | Json::Number(_));
        let is_right = !members.is_empty() && members.iter().all(is_plain);
        inspection.require(is_right, "an enum of other things than strings and numbers");
    }
    inspection.names(schema, !is_exact);
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
    let Some(target) = schema.get("$ref") else {
        return;
    };
    let is_alone = schema.members().iter().all(|(name, _)| name.starts_with('$'));
    inspection.require(is_alone, "something beside $ref");
    let name = target.as_str().and_then(|target| target.strip_prefix("#/$defs/"));
    let name = name.unwrap_or_default().replace("~1", "/").replace("~0", "~");
    let definitions = inspection.root.get("$defs");
    let is_there = definitions.is_some_and(|definitions| definitions.get(&name).is_some());
    inspection.require(is_there, "a $ref to nothing");
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

/// The definitions that a definition names outside optional properties.
fn definitions_of(root: &Json, name: &str) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(definition) = root.get("$defs").and_then(|definitions| definitions.get(name)) {
        collect(definition, &mut found);
    }
    found
}

fn collect(schema: &Json, found: &mut Vec<String>) {
    if let Some(target) = schema.get("$ref").and_then(Json::as_str) {
        found.push(target.trim_start_matches("#/$defs/").to_owned());
    }
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

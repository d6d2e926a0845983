//! The `Schema` of Vertex AI: it has maps and references, and `anyOf` stands alone.

use crate::error::{FieldViolation, Refusal};
use crate::json::{Json, Members};
use crate::request::Complaints;

/// The fields of a schema, in both spellings.
const FIELDS: [(&str, &str); 25] = [
    ("type", "type"),
    ("format", "format"),
    ("title", "title"),
    ("description", "description"),
    ("nullable", "nullable"),
    ("enum", "enum"),
    ("items", "items"),
    ("minItems", "min_items"),
    ("maxItems", "max_items"),
    ("properties", "properties"),
    ("required", "required"),
    ("propertyOrdering", "property_ordering"),
    ("minProperties", "min_properties"),
    ("maxProperties", "max_properties"),
    ("minimum", "minimum"),
    ("maximum", "maximum"),
    ("minLength", "min_length"),
    ("maxLength", "max_length"),
    ("pattern", "pattern"),
    ("anyOf", "any_of"),
    ("default", "default"),
    ("example", "example"),
    ("additionalProperties", "additional_properties"),
    ("ref", "ref"),
    ("defs", "defs"),
];
/// Fields that the Developer API doesn't have.
const OWN: [&str; 3] = ["additionalProperties", "ref", "defs"];
/// Formats that only Vertex AI takes.
const OWN_FORMATS: [&str; 4] = ["byte", "date", "email", "password"];
const COUNTS: [&str; 6] =
    ["minItems", "maxItems", "minProperties", "maxProperties", "minLength", "maxLength"];
const BESIDE_REFERENCE: [&str; 4] = ["ref", "defs", "description", "default"];
const PREFIX: &str = "#/defs/";
const ALONE: &str = "schema specified other fields alongside any_of. When using any_of, it must be the only field \
     set.";

/// Checks what the Developer API doesn't have, and so can't check.
pub(super) fn check(schema: &Json, complaints: &mut Complaints) -> Result<(), Refusal> {
    let definitions = field(schema, "defs").and_then(Json::as_object);
    check_node(schema, definitions, complaints)
}

fn check_node(
    schema: &Json,
    definitions: Option<&Members>,
    complaints: &mut Complaints,
) -> Result<(), Refusal> {
    let Some(members) = schema.as_object() else {
        return Ok(());
    };
    let set: Vec<&str> = members.keys().map(|name| camel(name)).collect::<Result<_, _>>()?;
    if set.contains(&"anyOf") && set.iter().any(|name| !["anyOf", "defs"].contains(name)) {
        complaints.add("any_of", ALONE);
    }
    if let Some(reference) = field(schema, "ref") {
        let name = reference.as_str().and_then(|text| text.strip_prefix(PREFIX));
        if !name.zip(definitions).is_some_and(|(name, all)| all.contains_key(name)) {
            complaints.add("ref", "reference to an undefined schema");
        }
        if set.iter().any(|name| !BESIDE_REFERENCE.contains(name)) {
            complaints.add("ref", "only description and default may be set next to ref");
        }
    } else if !set.contains(&"type") && !set.contains(&"anyOf") {
        complaints.add("type", "must be specified");
    }
    for child in children(schema) {
        check_node(child, definitions, complaints)?;
    }
    Ok(())
}

/// The schema in the words of JSON Schema, if the Developer API's `Schema` can't say it.
pub(super) fn as_json_schema(schema: &Json) -> Option<Json> {
    has_own(schema).then(|| convert(schema))
}

fn has_own(schema: &Json) -> bool {
    let has_field = OWN.into_iter().any(|name| field(schema, name).is_some());
    let format = field(schema, "format").and_then(Json::as_str);
    let has_format = format.is_some_and(|format| OWN_FORMATS.contains(&format));
    has_field || has_format || children(schema).any(has_own)
}

fn convert(schema: &Json) -> Json {
    let Some(members) = schema.as_object() else {
        return schema.clone();
    };
    if let Some(reference) = field(schema, "ref").and_then(Json::as_str) {
        let mut converted = Members::new();
        converted.insert("$ref".to_owned(), Json::String(reference.replace(PREFIX, "#/$defs/")));
        if let Some(definitions) = field(schema, "defs") {
            converted.insert("$defs".to_owned(), convert_map(definitions));
        }
        return Json::Object(converted);
    }
    let is_nullable = field(schema, "nullable").and_then(Json::as_bool) == Some(true);
    let mut converted = Members::new();
    for (name, value) in members {
        let name = camel(name).unwrap_or(name);
        let (name, value) = match name {
            "nullable" | "example" => continue,
            "type" => (name, convert_type(value, is_nullable)),
            "enum" if is_nullable => (name, with_null(value)),
            "defs" => ("$defs", convert_map(value)),
            "properties" => (name, convert_map(value)),
            "items" | "additionalProperties" => (name, convert(value)),
            "anyOf" => {
                let branches = value.as_array().unwrap_or_default();
                (name, Json::Array(branches.iter().map(convert).collect()))
            }
            name if COUNTS.contains(&name) => (name, convert_count(value)),
            name => (name, value.clone()),
        };
        converted.insert(name.to_owned(), value);
    }
    Json::Object(converted)
}

fn convert_map(map: &Json) -> Json {
    let members = map.as_object().into_iter().flatten();
    Json::Object(members.map(|(name, schema)| (name.clone(), convert(schema))).collect())
}

fn convert_type(kind: &Json, is_nullable: bool) -> Json {
    let Some(kind) = kind.as_str().map(str::to_lowercase) else {
        return kind.clone();
    };
    let kind = Json::String(kind);
    if is_nullable { Json::Array(vec![kind, Json::from("null")]) } else { kind }
}

fn with_null(members: &Json) -> Json {
    let members = members.as_array().unwrap_or_default();
    Json::Array(members.iter().cloned().chain([Json::Null]).collect())
}

/// Counts may come as text.
fn convert_count(count: &Json) -> Json {
    let number = count.as_str().and_then(|text| text.parse::<i64>().ok());
    number.map_or_else(|| count.clone(), Json::from)
}

/// The schemas right below a schema.
fn children(schema: &Json) -> impl Iterator<Item = &Json> {
    let single = ["items", "additionalProperties"].into_iter();
    let single = single.filter_map(|name| field(schema, name));
    let named = ["properties", "defs"].into_iter().filter_map(|name| field(schema, name));
    let named = named.filter_map(Json::as_object).flat_map(Members::values);
    let branches = field(schema, "anyOf").and_then(Json::as_array).unwrap_or_default();
    single.chain(named).chain(branches)
}

/// A field in either spelling.
fn field<'a>(schema: &'a Json, name: &str) -> Option<&'a Json> {
    let snake = FIELDS.iter().find(|(camel, _)| *camel == name).map(|(_, snake)| *snake);
    schema.get(name).or_else(|| schema.get(snake?))
}

/// The name of a field in camel case; a name of no field is refused.
fn camel(name: &str) -> Result<&'static str, Refusal> {
    let found = FIELDS.iter().find(|(camel, snake)| *camel == name || *snake == name);
    found.map(|(camel, _)| *camel).ok_or_else(|| {
        let field = "generation_config.response_schema".to_owned();
        let name: String = name.chars().take(100).collect();
        let description = format!(
            "Invalid JSON payload received. Unknown name \"{name}\" at '{field}': Cannot find field."
        );
        Refusal::bad_request(&[FieldViolation { field, description }])
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    fn refusal(schema: &str) -> Option<String> {
        let schema = parse(schema).unwrap();
        let mut complaints = Complaints::about("Request");
        let checked = check(&schema, &mut complaints).and_then(|()| complaints.into_result());
        checked.err().map(|refusal| refusal.message)
    }

    fn converted(schema: &str) -> Option<String> {
        as_json_schema(&parse(schema).unwrap()).map(|schema| schema.to_string())
    }

    #[test]
    fn what_vertex_refuses_is_refused() {
        for (schema, message) in [
            (r#"{"anyOf":[{"type":"STRING"}],"nullable":true}"#, "alongside any_of"),
            (r#"{"type":"ARRAY","items":{"any_of":[],"title":"x"}}"#, "alongside any_of"),
            (r##"{"ref":"#/defs/A"}"##, "undefined schema"),
            (
                r##"{"ref":"#/defs/A","type":"STRING","defs":{"A":{"type":"STRING"}}}"##,
                "next to ref",
            ),
            (r#"{"type":"OBJECT","additionalProperties":{"const":1}}"#, "Unknown name \"const\""),
            (r#"{"type":"OBJECT","additionalProperties":{}}"#, "must be specified"),
        ] {
            let found = refusal(schema).expect(schema);
            assert!(found.contains(message), "{found}");
        }
        let fine = r##"{"anyOf":[{"ref":"#/defs/A"}],"defs":{"A":{"type":"STRING"}}}"##;
        assert_eq!(refusal(fine), None);
    }

    #[test]
    fn what_the_developer_api_cannot_say_becomes_json_schema() {
        assert_eq!(converted(r#"{"type":"OBJECT","properties":{"a":{"type":"STRING"}}}"#), None);
        assert_eq!(
            converted(
                r#"{"type":"OBJECT","additional_properties":{"type":"STRING","nullable":true,
                    "enum":["a"]},"minProperties":"1"}"#
            )
            .as_deref(),
            Some(
                r#"{"type":"object","additionalProperties":{"type":["string","null"],"enum":["a",null]},"minProperties":1}"#
            ),
        );
        assert_eq!(
            converted(r##"{"ref":"#/defs/A","defs":{"A":{"type":"STRING","format":"date"}}}"##)
                .as_deref(),
            Some(r##"{"$ref":"#/$defs/A","$defs":{"A":{"type":"string","format":"date"}}}"##),
        );
    }
}

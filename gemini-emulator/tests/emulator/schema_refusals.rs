//! What the service refuses in a schema, the emulator refuses: status, message, details.

use serde_json::{Value, json};

use crate::client::{by_json_schema, by_schema, send, start, with_config};
use crate::expect::{assert_malformed, assert_refused};

#[tokio::test]
async fn schemas_that_are_no_schema_messages() {
    let emulator = start().await;
    let at = "generation_config.response_schema";
    let inner = format!("{at}.properties[0].value");
    let object = |schema: Value| json!({"type": "OBJECT", "properties": {"a": schema}});
    let cannot_find = |name: &str, at: &str| {
        format!(
            "Invalid JSON payload received. Unknown name \"{name}\" at '{at}': Cannot find field."
        )
    };
    let mut cases = vec![
        (
            object(json!({"type": ["string", "null"]})),
            inner.clone(),
            format!(
                "Unknown name \"type\" at '{inner}': Proto field is not repeating, cannot start list."
            ),
        ),
        (
            object(json!({"type": "STRING", "enum": [7]})),
            format!("{inner}.enum[0]"),
            format!("Invalid value at '{inner}.enum[0]' (TYPE_STRING), 7"),
        ),
        (
            json!({"type": "TEXT"}),
            format!("{at}.type"),
            format!(
                "Invalid value at '{at}.type' (type.googleapis.com/google.ai.generativelanguage.v1beta.Type), \"TEXT\""
            ),
        ),
        (
            json!({"type": "STRING", "maxLength": "many"}),
            format!("{at}.max_length"),
            format!("Invalid value at '{at}.max_length' (TYPE_INT64), \"many\""),
        ),
        (
            json!({"type": "STRING", "nullable": "yes"}),
            format!("{at}.nullable"),
            format!("Invalid value at '{at}.nullable' (TYPE_BOOL), \"yes\""),
        ),
    ];
    let unknown = [
        "additionalProperties",
        "additional_properties",
        "$schema",
        "$id",
        "$ref",
        "$defs",
        "ref",
        "defs",
        "const",
        "oneOf",
        "allOf",
        "not",
        "if",
        "examples",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "uniqueItems",
        "prefixItems",
        "contains",
        "patternProperties",
        "propertyNames",
        "readOnly",
        "writeOnly",
        "deprecated",
        "discriminator",
        "Type",
        "TITLE",
    ];
    for name in unknown {
        cases.push((
            object(json!({"type": "STRING", name: true})),
            inner.clone(),
            cannot_find(name, &inner),
        ));
    }
    for (schema, field, fragment) in cases {
        let answer = send(&emulator, &by_schema("x", &schema)).await;
        assert_malformed(&answer, &field, &fragment);
    }
}

#[tokio::test]
async fn every_malformed_place_is_named() {
    let emulator = start().await;
    let schema = json!({"type": "OBJECT", "const": 1, "properties": {
        "a": {"type": "STRING"}, "b": {"type": "ARRAY", "items": {"$ref": "#"}}}});
    let answer = send(&emulator, &by_schema("x", &schema)).await;
    assert_malformed(&answer, "generation_config.response_schema", "\"const\"");
    let items = "generation_config.response_schema.properties[1].value.items";
    assert_malformed(&answer, items, "\"$ref\"");
    assert_eq!(answer.message().lines().count(), 2);
}

#[tokio::test]
async fn schemas_that_break_a_rule() {
    let emulator = start().await;
    let string = json!({"type": "STRING"});
    let object = |schema: Value| json!({"type": "OBJECT", "properties": {"a": schema}});
    let at = "* GenerateContentRequest.generation_config.response_schema";
    let cases = [
        (
            json!({"type": "INTEGER", "enum": ["1"]}),
            format!("{at}.enum: only allowed for STRING type"),
        ),
        (
            json!({"anyOf": [{"type": "STRING"}], "enum": ["1"]}),
            format!("{at}.enum: only allowed for STRING type"),
        ),
        (json!({"type": "STRING", "enum": ["a", ""]}), format!("{at}.enum[1]: cannot be empty")),
        (
            json!({"type": "OBJECT"}),
            format!("{at}.properties: should be non-empty for OBJECT type"),
        ),
        (
            json!({"type": "OBJECT", "properties": {}}),
            format!("{at}.properties: should be non-empty for OBJECT type"),
        ),
        (
            json!({"type": "STRING", "properties": {"a": string}}),
            format!("{at}.properties: only allowed for OBJECT type"),
        ),
        (
            json!({"type": "STRING", "required": ["a"]}),
            format!("{at}.required: only allowed for OBJECT type"),
        ),
        (
            json!({"type": "OBJECT", "properties": {"a": string}, "required": ["b"]}),
            format!("{at}.required[0]: property is not defined"),
        ),
        (
            json!({"type": "OBJECT", "properties": {"a": string}, "propertyOrdering": ["a", "b"]}),
            format!("{at}.property_ordering[1]: property is not defined"),
        ),
        (json!({"type": "ARRAY"}), format!("{at}.items: missing field")),
        (
            json!({"type": "OBJECT", "properties": {"a": string}, "items": string}),
            format!("{at}.items: field predicate failed: $type == Type.ARRAY"),
        ),
        (json!({}), format!("{at}.type: must be specified")),
        (json!({"nullable": true}), format!("{at}.type: must be specified")),
        (json!({"type": "TYPE_UNSPECIFIED"}), format!("{at}.type: must be specified")),
        (object(json!({"title": "V"})), format!("{at}.properties[a].type: must be specified")),
        (
            json!({"type": "ARRAY", "items": {"description": "d"}}),
            format!("{at}.items.type: must be specified"),
        ),
        (json!({"anyOf": [string, {}]}), format!("{at}.any_of[1].type: must be specified")),
    ];
    for (schema, fragment) in cases {
        let answer = send(&emulator, &by_schema("x", &schema)).await;
        assert_refused(&answer, &fragment);
        assert!(answer.body["error"].get("details").is_none());
    }
}

#[tokio::test]
async fn formats_outside_of_the_list() {
    let emulator = start().await;
    let formats = |kind: &str, formats: &[&str]| -> Vec<Value> {
        formats.iter().map(|format| json!({"type": kind, "format": format})).collect()
    };
    let refused = [
        formats("STRING", &["date", "time", "uuid", "uri", "email", "byte", "int32", "Date-Time"]),
        formats("INTEGER", &["uint8", "uint64", "int8", "float", "enum"]),
        formats("NUMBER", &["decimal", "int32", "float32"]),
    ];
    for schema in refused.iter().flatten() {
        let answer = send(&emulator, &by_schema("x", schema)).await;
        assert_refused(&answer, "format: only '");
    }
    let uuid = send(&emulator, &by_schema("x", &json!({"type": "STRING", "format": "uuid"}))).await;
    assert_refused(&uuid, "format: only 'enum' and 'date-time' are supported for STRING type");
    let accepted = [
        formats("string", &["enum", "date-time", ""]),
        formats("INTEGER", &["int32", "int64"]),
        formats("NUMBER", &["float", "double"]),
    ];
    for schema in accepted.iter().flatten() {
        let answer = send(&emulator, &by_schema("x", schema)).await;
        assert_eq!(answer.status, 200, "{schema}: {}", answer.message());
    }
}

#[tokio::test]
async fn all_broken_rules_are_listed() {
    let emulator = start().await;
    let schema = json!({"type": "OBJECT", "required": ["z"], "properties": {
        "a": {}, "b": {"type": "ARRAY"}, "c": {"type": "STRING", "format": "uri"}}});
    let mut request = by_schema("x", &schema);
    request["generationConfig"]["temperature"] = json!(3);
    let answer = send(&emulator, &request).await;
    assert_eq!(answer.message().lines().count(), 5, "{}", answer.message());
    assert!(answer.message().lines().all(|line| line.starts_with("* GenerateContentRequest.")));
}

#[tokio::test]
async fn schemas_and_mime_types_that_do_not_go_together() {
    let emulator = start().await;
    let string = json!({"type": "STRING"});
    let letters = json!({"type": "STRING", "enum": ["a"]});
    let json_type = "application/json";
    let cases = [
        (json!({"responseSchema": string}), "response_schema: only supported with"),
        (
            json!({"responseSchema": string, "responseMimeType": "text/plain"}),
            "response_schema: only supported with",
        ),
        (
            json!({"responseJsonSchema": {"type": "string"}}),
            "response_json_schema: only supported with",
        ),
        (
            json!({"responseJsonSchema": {"enum": ["a"]}, "responseMimeType": "text/x.enum"}),
            "response_json_schema: only supported with",
        ),
        (json!({"responseMimeType": "text/x.enum"}), "text/x.enum requires"),
        (
            json!({"responseMimeType": "text/x.enum", "responseSchema": string}),
            "text/x.enum requires",
        ),
        (
            json!({"responseMimeType": "text/x.enum", "responseSchema": {"type": "ARRAY", "items": letters}}),
            "text/x.enum requires",
        ),
        (json!({"responseMimeType": "text/html"}), "allowed mimetypes"),
        (
            json!({"responseMimeType": json_type, "responseSchema": string, "responseJsonSchema": {"type": "string"}}),
            "response_json_schema: can not be set together with response_schema",
        ),
        (
            json!({"responseMimeType": json_type, "responseSchema": string,
                "responseFormat": {"text": {"mimeType": "APPLICATION_JSON", "schema": {"type": "string"}}}}),
            "response_format: can not be set together with response_schema",
        ),
        (
            json!({"responseFormat": {"text": {"schema": {"type": "string"}}}}),
            "must be APPLICATION_JSON",
        ),
    ];
    for (config, fragment) in cases {
        let answer = send(&emulator, &with_config("x", &config)).await;
        assert_refused(&answer, fragment);
    }
}

#[tokio::test]
async fn json_schemas_that_break_a_rule() {
    let emulator = start().await;
    let at = "response_json_schema";
    let cases = [
        (json!("text"), "must be an object or a boolean"),
        (json!({"type": "STRING"}), ".type: must be one of the JSON Schema types"),
        (json!({"type": []}), ".type: must be one of the JSON Schema types"),
        (json!({"$ref": "#/$defs/A"}), ".$ref: reference to an undefined schema"),
        (
            json!({"properties": {"a": {"$ref": "#/$defs/A", "description": "d"}}, "$defs": {"A": {"type": "string"}}}),
            ".properties[a].$ref: only fields starting with '$'",
        ),
        (json!({"$ref": "#"}), "refers to itself outside of any non-required property"),
        (
            json!({"type": "object", "properties": {"next": {"$ref": "#"}}, "required": ["next"]}),
            "refers to itself",
        ),
        (
            json!({"$ref": "#/$defs/N", "$defs": {"N": {"type": "object", "required": ["next"],
                "properties": {"next": {"anyOf": [{"$ref": "#/$defs/N"}, {"type": "null"}]}}}}}),
            "refers to itself",
        ),
        (
            json!({"type": "object", "required": ["kids"], "properties": {"kids": {"type": "array", "items": {"$ref": "#"}}}}),
            "refers to itself",
        ),
        (json!({"type": "array", "items": 1}), ".items: must be an object or a boolean"),
        (json!({"type": "object", "required": "a"}), ".required: must be an array"),
    ];
    for (schema, fragment) in cases {
        let answer = send(&emulator, &by_json_schema("x", &schema)).await;
        assert_refused(&answer, fragment);
        assert!(answer.message().contains(at));
    }
}

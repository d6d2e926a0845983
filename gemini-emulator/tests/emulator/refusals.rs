//! What the service refuses, the emulator refuses: status, message, details.

use serde_json::{Value, json};

use crate::client::{
    Answer, KEY, by_json_schema, by_schema, http, prompt, read, send, start, with_config,
};

const BAD_REQUEST: &str = "type.googleapis.com/google.rpc.BadRequest";

/// A refusal of the form of a request: its message stands in the details as well.
fn assert_malformed(answer: &Answer, field: &str, fragment: &str) {
    assert_refused(answer, fragment);
    let details = &answer.body["error"]["details"][0];
    assert_eq!(details["@type"], BAD_REQUEST, "{details}");
    let violations = details["fieldViolations"].as_array().unwrap();
    let found = violations
        .iter()
        .find(|violation| violation["description"].as_str().unwrap().contains(fragment));
    let found = found.unwrap_or_else(|| panic!("no violation {fragment:?} in {details}"));
    assert_eq!(found["field"].as_str().unwrap_or_default(), field);
}

/// A refusal of what a request says: the message alone.
fn assert_refused(answer: &Answer, fragment: &str) {
    assert_eq!(answer.status, 400, "{:?}", answer.body);
    assert_eq!(answer.body["error"]["code"], 400);
    assert_eq!(answer.body["error"]["status"], "INVALID_ARGUMENT");
    assert!(answer.message().contains(fragment), "{fragment:?} is not in {:?}", answer.message());
}

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
async fn requests_that_are_no_messages() {
    let emulator = start().await;
    let with = |name: &str, value: Value| {
        let mut request = prompt("x");
        request[name] = value;
        request
    };
    let contents = |value: Value| json!({"contents": value});
    let cases = [
        (with("foo", json!(1)), "", "Unknown name \"foo\": Cannot find field."),
        (with("generationConfig", json!({"foo": 1})), "generation_config", "\"foo\""),
        (with("generation_config", json!("x")), "generation_config", "GenerationConfig"),
        (with("generationConfig", json!([])), "", "cannot start list"),
        (contents(json!([{"foo": 1}])), "contents[0]", "\"foo\" at 'contents[0]'"),
        (
            contents(json!([{"parts": [{"text": "a"}, {"txt": "b"}]}])),
            "contents[0].parts[1]",
            "\"txt\" at 'contents[0].parts[1]'",
        ),
        (
            contents(json!([{"parts": [{"text": 1}]}])),
            "contents[0].parts[0].text",
            "(TYPE_STRING), 1",
        ),
        (
            contents(
                json!([{"parts": [{"text": "a", "inlineData": {"mimeType": "image/png", "data": "AA=="}}]}]),
            ),
            "contents[0].parts[0]",
            "oneof field 'data' is already set",
        ),
        (
            contents(json!([{"parts": [{"inlineData": {"mimeType": "image/png", "data": "§"}}]}])),
            "contents[0].parts[0].inline_data.data",
            "Base64 decoding failed",
        ),
        (
            with("safetySettings", json!([{"category": "HARM_CATEGORY_RUDENESS"}])),
            "safety_settings[0].category",
            "HarmCategory",
        ),
        (
            with(
                "tools",
                json!([{"functionDeclarations": [{"name": "f", "parameters": {"$defs": {}}}]}]),
            ),
            "tools[0].function_declarations[0].parameters",
            "\"$defs\"",
        ),
        (
            with(
                "generationConfig",
                json!({"responseFormat": {"text": {"mimeType": "application/json"}}}),
            ),
            "generation_config.response_format.text.mime_type",
            "application/json",
        ),
        (
            with("generationConfig", json!({"maxOutputTokens": 1.5})),
            "generation_config.max_output_tokens",
            "(TYPE_INT32), 1.5",
        ),
        (json!([1]), "", "Root element must be a message."),
    ];
    for (request, field, fragment) in cases {
        let answer = send(&emulator, &request).await;
        assert_malformed(&answer, field, fragment);
    }
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

#[tokio::test]
async fn parameters_out_of_range() {
    let emulator = start().await;
    let cases = [
        (json!({"temperature": -0.1}), "temperature must be in the range [0.0, 2.0]."),
        (json!({"temperature": 2.1}), "temperature must be in the range"),
        (json!({"topP": 1.01}), "top_p must be in the range [0.0, 1.0]."),
        (json!({"topK": 0}), "top_k must be positive"),
        (json!({"candidateCount": 0}), "candidate_count must be in the range"),
        (json!({"candidateCount": 9}), "candidate_count must be in the range"),
        (json!({"maxOutputTokens": 0}), "max_output_tokens must be positive"),
        (json!({"maxOutputTokens": "-5"}), "max_output_tokens must be positive"),
        (json!({"logprobs": 21}), "logprobs must be in the range"),
        (json!({"stopSequences": ["1", "2", "3", "4", "5", "6"]}), "at most 5 stop sequences"),
        (
            json!({"thinkingConfig": {"thinkingBudget": 5, "thinkingLevel": "LOW"}}),
            "only one of thinking budget and thinking level",
        ),
    ];
    for (config, fragment) in cases {
        assert_refused(&send(&emulator, &with_config("x", &config)).await, fragment);
    }
    let edges = json!({"temperature": 2, "topP": 0, "topK": 1, "candidateCount": 8,
        "maxOutputTokens": "1", "stopSequences": ["1", "2", "3", "4", "5"], "seed": -7,
        "thinkingConfig": {"thinkingLevel": "low", "includeThoughts": true}});
    assert_eq!(send(&emulator, &with_config("x", &edges)).await.status, 200);
}

#[tokio::test]
async fn contents_out_of_order() {
    let emulator = start().await;
    let call = json!({"functionDeclarations": [{"name": "f"}]});
    let cases = [
        (json!({}), "contents is not specified"),
        (json!({"contents": []}), "contents is not specified"),
        (
            json!({"contents": [{"role": "user"}]}),
            "contents[0].parts: contents.parts must not be empty.",
        ),
        (json!({"contents": [{"parts": []}]}), "contents.parts must not be empty."),
        (
            json!({"contents": [{"parts": [{}]}]}),
            "contents[0].parts[0].data: required oneof field 'data'",
        ),
        (json!({"contents": [{"parts": [{"thought": true}]}]}), "required oneof field 'data'"),
        (
            json!({"contents": [{"role": "assistant", "parts": [{"text": "x"}]}]}),
            "Please use a valid role: user, model.",
        ),
        (
            json!({"contents": prompt("x")["contents"], "systemInstruction": {"parts": []}}),
            "system_instruction.parts",
        ),
        (
            json!({"contents": [{"parts": [{"inlineData": {"data": "AA=="}}]}]}),
            "inline_data.mime_type: must be specified",
        ),
        (
            json!({"contents": prompt("x")["contents"], "tools": [{"functionDeclarations": [{"name": "no way"}]}]}),
            "tools[0].function_declarations[0].name",
        ),
        (
            json!({"contents": prompt("x")["contents"], "tools": [{"functionDeclarations": [{"name": "f", "parameters": {"type": "OBJECT"}}]}]}),
            "parameters.properties: should be non-empty",
        ),
        (
            json!({"contents": prompt("x")["contents"], "tools": [call], "toolConfig": {"functionCallingConfig": {"mode": "AUTO", "allowedFunctionNames": ["f"]}}}),
            "allowed_function_names",
        ),
        (
            json!({"contents": prompt("x")["contents"], "tools": [{"googleSearchRetrieval": {}}]}),
            "Please use google_search field",
        ),
        (
            json!({"contents": prompt("x")["contents"], "tools": [call], "cachedContent": "cachedContents/x"}),
            "CachedContent can not be used",
        ),
        (
            json!({"contents": prompt("x")["contents"], "safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT"}, {"category": "HARM_CATEGORY_HARASSMENT"}]}),
            "safety_settings[1]",
        ),
    ];
    for (request, fragment) in cases {
        assert_refused(&send(&emulator, &request).await, fragment);
    }
}

#[tokio::test]
async fn what_older_models_do_not_take() {
    let emulator = start().await;
    let mut tools = with_config("x", &json!({"responseMimeType": "application/json"}));
    tools["tools"] = json!([{"functionDeclarations": [{"name": "f"}]}]);
    let mut search = tools.clone();
    search["tools"] = json!([{"googleSearch": {}}]);
    let level = with_config("x", &json!({"thinkingConfig": {"thinkingLevel": "LOW"}}));
    let budget = with_config("x", &json!({"thinkingConfig": {"thinkingBudget": 24577}}));
    let cases = [
        (tools, "Function calling with a response mime type: 'application/json' is unsupported"),
        (search, "Tool use with a response mime type: 'application/json' is unsupported"),
        (level, "Thinking level is not supported for this model."),
        (budget, "The thinking budget 24577 is invalid."),
    ];
    for (request, fragment) in cases {
        let url = format!("{}/v1beta/models/gemini-2.5-flash:generateContent", emulator.url());
        let sent = http().post(url).header("x-goog-api-key", KEY).json(&request).send();
        assert_refused(&read(sent.await.unwrap()).await, fragment);
        assert_eq!(send(&emulator, &request).await.status, 200);
    }
}

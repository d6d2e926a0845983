//! JSON Schemas that are read at run time.

#![allow(dead_code, reason = "only the schemas of these types are looked at")]

use std::collections::{BTreeMap, BTreeSet, HashMap};

use gemini_schema::{Dialect, GeminiSchema, Lowered, Schema, Shape, Violation};
use serde_json::{Value, json};

const CARRIERS: [Dialect; 4] =
    [Dialect::Gemini, Dialect::Vertex, Dialect::GeminiJson, Dialect::OpenAi];

/// Values that schemas disagree about, alone and inside of one another.
fn hostile() -> Vec<Value> {
    let mut values = vec![
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(-1),
        json!(1),
        json!(2),
        json!(7.0),
        json!(1.5),
        json!(255),
        json!(256),
        json!(-129),
        json!(65536),
        json!(1e300),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(""),
        json!("a"),
        json!("red"),
        json!("é"),
        json!("aé\n\u{1f600}"),
        json!("2024-02-29"),
        json!("2023-02-29"),
        json!("12"),
        json!([]),
        json!({}),
    ];
    for inner in values.clone() {
        for name in ["a", "b", "kind", "next", "1"] {
            values.push(json!({name: inner}));
        }
        values.push(json!([inner]));
        values.push(json!([inner, inner, "a"]));
        values.push(json!(["a", inner]));
        values.push(json!({"a": inner, "b": 1}));
        values.push(json!({"kind": "red", "a": inner}));
        values.push(json!({"kind": "blue", "b": inner}));
        values.push(json!({"a": 1, "next": {"a": 2, "next": inner}}));
        values.push(json!({"a": {"a": inner}}));
    }
    values
}

fn judge(schema: &Value) -> jsonschema::Validator {
    jsonschema::options().should_validate_formats(true).build(schema).unwrap()
}

/// The exact meaning of a type survives being written and read.
#[track_caller]
fn survives<T: GeminiSchema + ?Sized>() {
    let schema = Schema::of::<T>();
    let source = schema.lower(Dialect::Draft202012).unwrap();
    let source: Value = serde_json::from_str(source.as_str()).unwrap();
    let read = Schema::try_from(&source).unwrap_or_else(|error| panic!("{source}: {error}"));
    let again = read.lower(Dialect::Draft202012).unwrap();
    let again = judge(&serde_json::from_str(again.as_str()).unwrap());
    let judge = judge(&source);
    for value in hostile() {
        let expected = judge.is_valid(&value);
        assert_eq!(read.check(&value).is_empty(), expected, "{value} by {source}");
        assert_eq!(again.is_valid(&value), expected, "{value} again by {source}");
    }
}

/// What is read never allows what the source forbids, and allows these.
#[track_caller]
fn reads(source: &Value, accepted: &[Value]) -> Schema {
    let schema = Schema::try_from(source).unwrap_or_else(|error| panic!("{source}: {error}"));
    let judge = judge(source);
    for value in hostile().iter().chain(accepted) {
        if schema.check(value).is_empty() {
            assert!(judge.is_valid(value), "{value} is forbidden by {source}");
        }
    }
    for value in accepted {
        assert_eq!(schema.check(value), [], "{value} by {source}");
    }
    for dialect in CARRIERS {
        let lowered = schema.lower(dialect).unwrap_or_else(|error| panic!("{dialect:?}: {error}"));
        for value in accepted {
            let text = lowered.encode(value).unwrap();
            let back: Value = lowered.decode(&text).unwrap();
            assert_eq!(schema.check(&back), [], "{text} in {dialect:?}");
        }
    }
    schema
}

/// What is read means the same, value for value.
#[track_caller]
fn equals(source: &Value) -> Schema {
    let judge = judge(source);
    let accepted: Vec<Value> =
        hostile().into_iter().filter(|value| judge.is_valid(value)).collect();
    reads(source, &accepted)
}

/// The paths of what would be lost.
#[track_caller]
fn loses(source: &Value, paths: &[&str]) {
    let error = Schema::try_from(source).unwrap_err();
    let found: Vec<&str> = error.problems().iter().map(gemini_schema::Problem::path).collect();
    assert_eq!(found, paths, "{error}");
    assert!(error.problems().iter().all(|problem| !problem.remedy().is_empty()));
}

#[derive(GeminiSchema)]
struct Plain {
    a: u8,
    #[gemini(optional)]
    b: Option<i32>,
}

#[derive(GeminiSchema)]
enum Color {
    #[serde(rename = "red")]
    Red,
    /// Like the sky.
    #[serde(rename = "blue")]
    Blue,
}

#[derive(GeminiSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Tagged {
    Red { a: f32 },
    Blue { b: Vec<String> },
    Empty,
}

#[derive(GeminiSchema)]
#[serde(untagged)]
enum Untagged {
    Number(u8),
    Text(#[gemini(min_length = 1, max_length = 2)] String),
    Nothing,
}

#[derive(GeminiSchema)]
enum External {
    #[serde(rename = "a")]
    A(u8),
    #[serde(rename = "b")]
    B { a: bool },
    #[serde(rename = "red")]
    Red,
}

#[derive(GeminiSchema)]
struct Chain {
    a: u8,
    next: Option<Box<Chain>>,
}

#[derive(GeminiSchema)]
struct Limited {
    #[gemini(pattern = "^[a-z]+$")]
    a: String,
    #[gemini(optional, format = "date")]
    b: Option<String>,
}

#[test]
fn types_survive() {
    survives::<Plain>();
    survives::<Vec<Plain>>();
    survives::<Color>();
    survives::<Option<Color>>();
    survives::<Tagged>();
    survives::<Untagged>();
    survives::<External>();
    survives::<Chain>();
    survives::<Limited>();
    survives::<Vec<Chain>>();
    survives::<BTreeMap<String, Chain>>();
    survives::<(u8, String, Option<bool>)>();
    survives::<(u8, u8)>();
    survives::<[char; 3]>();
    survives::<BTreeSet<i16>>();
    survives::<HashMap<i16, u8>>();
    survives::<HashMap<bool, Value>>();
    survives::<HashMap<String, Option<f64>>>();
    survives::<u64>();
    survives::<i64>();
    survives::<f32>();
    survives::<f64>();
    survives::<char>();
    survives::<bool>();
    survives::<()>();
    survives::<Value>();
    survives::<std::num::NonZero<i8>>();
}

#[test]
fn exact_schemas_keep_their_meaning() {
    let closed = json!({"type": "object", "properties": {"a": {"type": "integer", "minimum": 1,
        "exclusiveMaximum": 8}}, "required": ["a"], "additionalProperties": false});
    for source in [
        json!(true),
        json!({}),
        closed,
        json!({"enum": ["red", "a"]}),
        json!({"enum": ["red", null, 1, 2, 7, 1.5]}),
        json!({"const": {"a": [1, "a"], "b": null}}),
        json!({"const": null}),
        json!({"type": ["string", "null"], "minLength": 1}),
        json!({"type": ["string", "integer"], "minLength": 1, "minimum": 2, "maximum": 300}),
        json!({"type": "number", "exclusiveMinimum": 0, "maximum": 255}),
        json!({"type": "integer", "exclusiveMinimum": 0.5, "exclusiveMaximum": 2}),
        json!({"type": "string", "format": "date"}),
        json!({"type": "string", "pattern": "^[0-9]+$", "maxLength": 2}),
        json!({"type": "object"}),
        json!({"type": "object", "additionalProperties": {"type": "boolean"}}),
        json!({"type": "object", "additionalProperties": false}),
        json!({"type": "object", "patternProperties": {"^[0-9]+$": {"type": "integer",
            "minimum": 0, "maximum": 9}}, "additionalProperties": false}),
        json!({"type": "object", "propertyNames": {"enum": ["a", "b"]},
            "additionalProperties": {"type": "null"}}),
        json!({"type": "object", "minProperties": 1}),
        json!({"type": "object", "maxProperties": 1, "additionalProperties": {"type": "boolean"}}),
        json!({"type": "object", "properties": {"a": {"type": "boolean"}},
            "additionalProperties": true}),
        json!({"type": "object", "properties": {"kind": {"enum": ["red"]}}, "required": ["kind"],
            "additionalProperties": {"type": ["string", "null"]}}),
        json!({"type": "object", "required": ["a"], "additionalProperties": {"type": "boolean"},
            "properties": {"b": {"type": "string"}}}),
        json!({"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 2}),
        json!({"type": "array", "maxItems": 0}),
        json!({"anyOf": [{"type": "boolean"}, {"type": "null"}, {"enum": ["a"]}]}),
        json!({"oneOf": [{"const": "red", "description": "warm"}, {"const": "blue"}]}),
        json!({"allOf": [{"type": "string"}, {"minLength": 1, "type": "string"}], "maxLength": 1}),
        json!({"type": "number", "multipleOf": 1, "minimum": -5, "maximum": 5}),
        json!({"$ref": "#/$defs/a~1b%20c", "$defs": {"a/b c": {"type": "boolean"}}}),
    ] {
        equals(&source);
    }
}

#[test]
fn open_objects_are_closed_and_no_more() {
    let schema = reads(
        &json!({"properties": {"b": {"type": "string"}, "a": {}}, "required": ["a"]}),
        &[json!({"a": null}), json!({"a": {"x": [1]}, "b": "x"})],
    );
    assert_eq!(schema.check(&json!({"a": 1, "c": 1}))[0].keyword(), "additionalProperties");
}

#[test]
fn parts_are_merged() {
    let source = json!({
        "$defs": {
            "Base": {"type": "object", "properties": {"a": {"type": "integer"}},
                "required": ["a"]},
            "Leaf": {"type": "object", "properties": {"b": {"type": "string"}}},
        },
        "allOf": [{"$ref": "#/$defs/Base"}, {"$ref": "#/$defs/Leaf"}],
        "required": ["b"],
    });
    reads(&source, &[json!({"a": 1, "b": "x"})]);
    let tagged = json!({
        "type": "object",
        "properties": {"b": {"type": "integer"}},
        "oneOf": [
            {"properties": {"kind": {"const": "red"}, "a": {"type": "string"}},
                "required": ["kind", "a"]},
            {"properties": {"kind": {"const": "blue"}}, "required": ["kind"]},
        ],
    });
    reads(&tagged, &[json!({"kind": "red", "a": "x"}), json!({"b": 1, "kind": "blue"})]);
}

#[test]
fn draft_7_and_open_api_are_read() {
    let source = json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "definitions": {"pair": {"type": "array", "items": [{"type": "string"}, {"type": "integer"}],
            "additionalItems": false, "minItems": 2}},
        "type": "array", "items": {"$ref": "#/definitions/pair"},
    });
    reads(&source, &[json!([["a", 1], ["b", 2]])]);
    let nullable = json!({"type": "string", "nullable": true, "readOnly": true, "example": "x"});
    let schema = Schema::try_from(&nullable).unwrap();
    assert_eq!(schema.check(&Value::Null), []);
}

#[test]
fn recursion_is_kept() {
    let source = json!({"$ref": "#/$defs/Node", "$defs": {
        "Node": {"type": "object", "properties": {"a": {"$ref": "#/$defs/Name"},
            "next": {"$ref": "#/$defs/Node"}}, "required": ["a"]},
        "Name": {"type": "string"},
    }});
    let schema = reads(&source, &[json!({"a": "x", "next": {"a": "y"}})]);
    assert_eq!(schema.definitions().keys().collect::<Vec<_>>(), ["Node"]);
    let whole = json!({"type": "object", "properties": {"next": {"$ref": "#"}}});
    reads(&whole, &[json!({"next": {"next": {}}})]);
}

#[test]
fn limits_are_enforced_after_decoding() {
    let source =
        json!({"type": "array", "maxItems": 2, "items": {"type": "integer", "maximum": 9}});
    let schema = Schema::try_from(&source).unwrap();
    for dialect in CARRIERS {
        let lowered = schema.lower(dialect).unwrap();
        let wrap = |text: &str| match dialect {
            Dialect::OpenAi => format!(r#"{{"value":{text}}}"#),
            _ => text.to_owned(),
        };
        assert!(lowered.decode::<Value>(&wrap("[1,9]")).is_ok());
        let error = lowered.decode::<Value>(&wrap("[1,2,10]")).unwrap_err();
        let keywords: Vec<_> =
            error.violations().iter().map(gemini_schema::Violation::keyword).collect();
        assert_eq!(keywords, ["maxItems", "maximum"], "{dialect:?}");
    }
}

#[test]
fn the_order_of_the_text_is_kept() {
    let text = r#"{"type":"object","properties":{"z":{"type":"null"},"a":{"type":"null"}}}"#;
    let lowered = Schema::from_json_schema(text).unwrap().lower(Dialect::Gemini).unwrap();
    assert!(lowered.as_str().ends_with(r#""propertyOrdering":["z","a"]}"#));
}

#[test]
fn what_the_service_is_sent_can_be_read_back() {
    fn same<T: GeminiSchema>(dialect: Dialect) {
        let sent = Lowered::of::<T>(dialect).unwrap();
        let read = match dialect {
            Dialect::GeminiJson => Schema::from_json_schema(sent.as_str()),
            _ => Schema::from_gemini(sent.as_str()),
        };
        assert_eq!(read.unwrap().lower(dialect).unwrap().as_str(), sent.as_str());
    }
    for dialect in [Dialect::Gemini, Dialect::Vertex, Dialect::GeminiJson] {
        same::<Vec<Plain>>(dialect);
        same::<Tagged>(dialect);
        same::<Limited>(dialect);
        same::<Color>(dialect);
    }
}

#[test]
fn the_words_of_members_are_kept() {
    let source = json!({"oneOf": [{"const": "red", "description": "warm"}, {"const": "blue"}]});
    let schema = Schema::try_from(&source).unwrap();
    let Shape::Enum(members) = schema.shape() else { panic!("{schema:?}") };
    assert_eq!(members[0].description.as_deref(), Some("warm"));
}

#[test]
fn what_would_be_lost_is_named() {
    loses(&json!({"type": "string", "not": {}, "if": true}), &["/not", "/if"]);
    loses(
        &json!({"type": "object", "properties": {"a/b": {"type": "integer", "multipleOf": 5}},
            "propertyNames": {"minLength": 2}, "minProperties": 1}),
        &["/propertyNames", "/minProperties", "/properties/a~1b/multipleOf"],
    );
    loses(
        &json!({"type": "array", "uniqueItems": true, "contains": {}}),
        &["/contains", "/uniqueItems"],
    );
    loses(&json!({"type": "string", "pattern": "(?=x)"}), &["/pattern"]);
    loses(&json!({"const": true}), &["/const"]);
    loses(&json!({"type": "string", "enum": [1]}), &["/enum"]);
    loses(&json!({"enum": ["a"], "minLength": 1}), &["/minLength"]);
    loses(&json!({"$ref": "other.json#/a"}), &["/$ref"]);
    loses(&json!({"$ref": "#/$defs/missing"}), &["/$ref"]);
    loses(&json!({"$ref": "#anchor"}), &["/$ref"]);
    loses(&json!({"items": {"$id": "http://example.org/x"}}), &["/items/$id"]);
    loses(&json!({"type": "colour"}), &["/type"]);
    loses(&json!({"type": "string", "minLength": -1}), &["/minLength"]);
    loses(&json!({"oneOf": [{"type": "integer"}, {"type": "number"}]}), &["/oneOf"]);
    loses(
        &json!({"type": "object", "properties": {"a": {}, "b": {}},
        "oneOf": [{"required": ["a"]}, {"required": ["b"]}]}),
        &["/oneOf"],
    );
    loses(&json!({"allOf": [{"type": "string"}, {"type": "integer"}]}), &[""]);
    loses(
        &json!({"allOf": [
        {"type": "object", "properties": {"a": {}}, "additionalProperties": false},
        {"type": "object", "properties": {"b": {}}}]}),
        &[""],
    );
    loses(&json!({"properties": {"a": false}}), &["/properties/a"]);
    loses(&json!(7), &[""]);
    assert!(Schema::from_json_schema("{").unwrap_err().to_string().contains("not JSON"));
}

#[test]
fn bounds_without_a_number_beyond_them_are_refused() {
    for bound in [json!({"exclusiveMinimum": f64::MAX}), json!({"exclusiveMaximum": f64::MIN})] {
        let keyword = bound.as_object().and_then(|bound| bound.keys().next()).unwrap();
        let mut schema = bound.clone();
        schema["type"] = json!("number");
        let error = Schema::try_from(&schema).unwrap_err();
        assert_eq!(error.problems()[0].path(), format!("/{keyword}"));
    }
    let schema = json!({"type": "number", "exclusiveMaximum": f64::MAX});
    let lowered = Schema::try_from(&schema).unwrap().lower(Dialect::Draft202012).unwrap();
    assert!(!lowered.as_str().contains("null"));
}

#[test]
fn hostile_schemas_are_refused_soon() {
    let refused = |source: &Value| Schema::try_from(source).unwrap_err();
    let mut deep = json!({"type": "string"});
    for _ in 0..100 {
        deep = json!({"type": "array", "items": deep});
    }
    refused(&deep);
    refused(&json!({"$ref": "#"}));
    refused(&json!({"anyOf": [{"$ref": "#/$defs/a"}], "$defs": {"a": {"$ref": "#"}}}));
    refused(&json!({"allOf": [{"$ref": "#"}, {"type": "object"}]}));

    let names = |place: usize| format!("#/$defs/d{place}");
    let chain = |make: &dyn Fn(String) -> Value| {
        let mut definitions = serde_json::Map::new();
        for place in 0..40 {
            definitions.insert(format!("d{place}"), make(names(place + 1)));
        }
        definitions.insert("d40".to_owned(), json!({"type": "string"}));
        json!({"$ref": "#/$defs/d0", "$defs": definitions})
    };
    refused(&chain(&|next| json!({"anyOf": [{"$ref": next}, {"$ref": next}]})));
    refused(&chain(&|next| json!({"allOf": [{"$ref": next}, {"$ref": next}]})));
    let wide = chain(
        &|next| json!({"type": "object", "properties": {"a": {"$ref": next}, "b": {"$ref": next}}}),
    );
    let wide = Schema::try_from(&wide).unwrap();
    assert!(wide.lower(Dialect::GeminiJson).is_ok());
    let error = wide.lower(Dialect::Gemini).unwrap_err();
    assert!(error.to_string().contains("too large"), "{error}");

    let alternatives: Vec<Value> = (0..20).map(|place| json!({"const": place * 2})).collect();
    let parts: Vec<Value> = (0..9).map(|_| json!({"anyOf": alternatives})).collect();
    assert!(Schema::try_from(&json!({"allOf": parts})).is_ok_and(|schema| {
        schema.check(&json!(2)).is_empty() && !schema.check(&json!(3)).is_empty()
    }));
}

#[test]
fn all_of_an_answer_is_judged_whatever_reads_it() {
    let schema = Schema::from_json_schema(
        r#"{"type": "array", "items": {"type": "object", "required": ["a"],
            "properties": {"a": {"type": "integer"}}}}"#,
    )
    .unwrap();
    for dialect in [Dialect::Gemini, Dialect::OpenAi, Dialect::Draft202012] {
        let lowered = schema.lower(dialect).unwrap();
        let answer = |text: &str| match dialect {
            Dialect::OpenAi => format!(r#"{{"value": {text}}}"#),
            _ => text.to_owned(),
        };
        assert!(lowered.decode::<Value>(&answer(r#"[{"a": 1}]"#)).is_ok());
        for (text, keyword) in [
            ("null", "type"),
            (r#"[{"a": "1"}]"#, "type"),
            ("[{}]", "required"),
            (r#"[{"a": 1, "b": 2}]"#, "additionalProperties"),
        ] {
            let error = lowered.decode::<Value>(&answer(text)).unwrap_err();
            assert_eq!(error.violations().first().map(Violation::keyword), Some(keyword), "{text}");
        }
        let Some(elements) = lowered.elements() else {
            assert_eq!(dialect, Dialect::OpenAi, "a list within an object");
            continue;
        };
        assert!(elements.decode::<Value>(0, r#"{"a": 1}"#).is_ok());
        assert!(elements.decode::<Value>(0, r#"{"a": "1"}"#).is_err());
    }
}

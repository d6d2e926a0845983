//! `Schema::check` agrees with the jsonschema crate on `Dialect::Draft202012`.

#![allow(dead_code, reason = "types of which only the schema is looked at")]

use std::collections::HashMap;

use gemini_schema::{Dialect, GeminiSchema, Schema, Violation};
use serde_json::{Map, Value, json};

/// Values of every kind, made to be mistaken for each other.
fn hostile() -> Vec<Value> {
    let scalars = [
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(1),
        json!(255),
        json!(256),
        json!(7.0),
        json!(7.5),
        json!(-0.0),
        json!(1e300),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(""),
        json!("a"),
        json!("ab"),
        json!("é"),
        json!("a+"),
        json!("2024-02-29"),
        json!("2023-02-29"),
        json!("1"),
    ];
    let objects = [
        json!({}),
        json!({"a": 1}),
        json!({"a": 1, "b": "x"}),
        json!({"b": "x"}),
        json!({"a": "x"}),
        json!({"a": 1, "b": null}),
        json!({"a": 1, "c": 2}),
        json!({"t": "A", "a": 1}),
        json!({"t": "B"}),
        json!({"t": "A"}),
        json!({"A": {"a": 1}}),
        json!({"A": 1}),
        json!({"A": {"a": 1}, "B": 1}),
        json!({"next": {"next": {}}}),
        json!({"next": 1}),
        json!({"a": 1e300, "b": "x"}),
    ];
    let arrays = scalars.iter().chain(&objects).map(|value| json!([value]));
    let pairs = scalars.iter().map(|value| json!([value, "x"]));
    let arrays: Vec<Value> = arrays.chain(pairs).chain([json!([]), json!([1, 2, 3])]).collect();
    scalars.into_iter().chain(objects).chain(arrays).collect()
}

#[track_caller]
fn agrees<T: GeminiSchema>() {
    let schema = Schema::of::<T>();
    let lowered = schema.lower(Dialect::Draft202012).unwrap();
    let exact: Value = serde_json::from_str(lowered.as_str()).unwrap();
    let judge = jsonschema::options().should_validate_formats(true).build(&exact).unwrap();
    let mut accepted = 0;
    for value in hostile() {
        let violations = schema.check(&value);
        assert_eq!(
            violations.is_empty(),
            judge.is_valid(&value),
            "{value} by {exact}: {violations:?}"
        );
        accepted += usize::from(violations.is_empty());
    }
    assert!(accepted > 0, "no value conforms to {exact}: the comparison shows nothing");
}

#[derive(GeminiSchema)]
struct Plain {
    a: u8,
    #[serde(default)]
    b: Option<String>,
}

#[derive(GeminiSchema)]
struct Limited {
    #[gemini(minimum = 1, maximum = 1e10)]
    a: f64,
    #[gemini(min_length = 1, pattern = "x")]
    b: String,
}

#[derive(GeminiSchema)]
#[serde(tag = "t")]
enum Internal {
    A { a: u8 },
    B,
}

#[derive(GeminiSchema)]
enum External {
    A {
        a: u8,
    },
    B(bool),
    #[serde(rename = "a+")]
    Plus,
}

#[derive(GeminiSchema)]
#[serde(untagged)]
enum Untagged {
    Number(i32),
    Pair(String, String),
    Nothing,
    Plain(Plain),
}

#[derive(GeminiSchema)]
struct Chain {
    #[serde(default)]
    next: Option<Box<Chain>>,
}

#[derive(GeminiSchema)]
#[serde(transparent)]
struct Day(#[gemini(format = "date")] String);

#[derive(GeminiSchema)]
#[serde(transparent)]
struct Few(#[gemini(min_items = 1, max_items = 2)] Vec<Value>);

#[test]
fn on_every_kind_of_type() {
    agrees::<bool>();
    agrees::<u8>();
    agrees::<i64>();
    agrees::<u128>();
    agrees::<f32>();
    agrees::<f64>();
    agrees::<char>();
    agrees::<String>();
    agrees::<()>();
    agrees::<Value>();
    agrees::<Option<u8>>();
    agrees::<Vec<Option<bool>>>();
    agrees::<[u8; 3]>();
    agrees::<(u8, String)>();
    agrees::<HashMap<String, u8>>();
    agrees::<HashMap<char, u8>>();
    agrees::<HashMap<bool, u8>>();
    agrees::<Day>();
    agrees::<Few>();
    agrees::<Plain>();
    agrees::<Limited>();
    agrees::<Internal>();
    agrees::<Vec<Internal>>();
    agrees::<External>();
    agrees::<Option<External>>();
    agrees::<Untagged>();
    agrees::<Vec<Untagged>>();
    agrees::<Chain>();
    agrees::<Option<Chain>>();
}

#[test]
fn alternatives_inside_alternatives_are_tried_once_each() {
    #[derive(GeminiSchema)]
    #[serde(untagged)]
    enum Twin {
        Left { x: Box<Twin> },
        Right { x: Box<Twin>, y: Option<u8> },
        End(u8),
    }
    let deep = (0..100).fold(json!("no end"), |inner, _| json!({"x": inner, "y": null}));
    assert!(!Schema::of::<Twin>().check(&deep).is_empty());
}

#[test]
fn a_value_deeper_than_any_text_is_a_violation() {
    let deep = (0..1_500).fold(Value::Object(Map::new()), |inner, _| {
        Value::Object([("next".to_owned(), inner)].into_iter().collect())
    });
    let violations = Schema::of::<Chain>().check(&deep);
    assert_eq!(violations.iter().map(Violation::keyword).collect::<Vec<_>>(), ["serde"]);
}

#[test]
fn all_violations_are_listed_with_their_places() {
    let value = json!([{"t": "A", "a": 999}, {"t": "A"}, {"t": "C"}, {"t": "B", "z/~": 1}]);
    let violations = Schema::of::<Vec<Internal>>().check(&value);
    let found: Vec<_> =
        violations.iter().map(|violation| (violation.path(), violation.keyword())).collect();
    assert_eq!(
        found,
        [
            ("/0/a", "maximum"),
            ("/1", "required"),
            ("/2", "anyOf"),
            ("/3/z~1~0", "additionalProperties"),
        ]
    );
}

#[test]
fn violations_are_bounded_and_each_is_one_line() {
    #[derive(GeminiSchema)]
    struct Broken(#[gemini(pattern = "a\nb")] String);

    let value = json!(vec!["x"; 5000]);
    let violations = Schema::of::<Vec<Broken>>().check(&value);
    assert_eq!(violations.len(), 1000);
    assert_eq!(violations[0].to_string().lines().count(), 1);
}

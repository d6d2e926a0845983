//! Structs with named fields, under every rule for names.

use gemini_schema::GeminiSchema;
use gemini_tests::zoo::zoo;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Plain {
    zulu: String,
    alpha: u8,
    mike: bool,
}

#[test]
fn declaration_order_is_kept() {
    let plain = Plain { zulu: "z".into(), alpha: 0, mike: true };
    zoo::<Plain>()
        .value(plain)
        .refuses(r#"{"zulu":"","alpha":1}"#, "", "required")
        .refuses(r#"{"zulu":"","alpha":256,"mike":true}"#, "/alpha", "maximum")
        .everywhere();
}

macro_rules! rules {
    ($($name:ident: $rule:literal),* $(,)?) => {$(
        #[test]
        fn $name() {
            #[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
            #[serde(rename_all = $rule)]
            struct Renamed {
                first_name: String,
                x: u8,
                last_time_seen: Option<i64>,
                #[serde(rename = "KeptAsIs")]
                other: bool,
            }
            let renamed = Renamed {
                first_name: "Ada".into(),
                x: 1,
                last_time_seen: None,
                other: false,
            };
            zoo::<Renamed>().value(renamed).everywhere();
        }
    )*};
}

rules! {
    lower: "lowercase",
    upper: "UPPERCASE",
    pascal: "PascalCase",
    camel: "camelCase",
    snake: "snake_case",
    screaming_snake: "SCREAMING_SNAKE_CASE",
    kebab: "kebab-case",
    screaming_kebab: "SCREAMING-KEBAB-CASE",
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct OddNames {
    #[serde(rename = "")]
    empty: u8,
    #[serde(rename = "two words")]
    spaced: u8,
    #[serde(rename = "größe/µ~1")]
    foreign: u8,
    #[serde(rename = "\"quoted\\\n")]
    escaped: u8,
    #[serde(rename = "\u{1d11e}")]
    clef: u8,
}

#[test]
fn odd_names() {
    let odd = OddNames { empty: 1, spaced: 2, foreign: 3, escaped: 4, clef: 5 };
    zoo::<OddNames>().value(odd).everywhere();
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, GeminiSchema)]
struct Skipping {
    kept: u8,
    #[serde(skip)]
    cache: Option<String>,
    #[serde(alias = "colour", alias = "tint")]
    color: String,
    #[serde(skip_serializing, skip_deserializing)]
    hidden: u8,
    last: bool,
}

#[test]
fn skipped_fields_and_aliases() {
    let value = Skipping { kept: 1, color: "red".into(), ..Skipping::default() };
    zoo::<Skipping>().value(value).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(deny_unknown_fields)]
struct Closed {
    a: u8,
    #[serde(default)]
    b: Option<String>,
}

#[test]
fn closed_structs() {
    zoo::<Closed>()
        .values([Closed { a: 0, b: None }, Closed { a: 1, b: Some("b".into()) }])
        .refuses(r#"{"a":1,"c":2}"#, "/c", "additionalProperties")
        .everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "type", rename = "invoice line")]
struct Tagged {
    sku: String,
    quantity: u16,
}

#[test]
fn structs_with_a_tag() {
    let tagged = Tagged { sku: "a".into(), quantity: 1 };
    zoo::<Tagged>()
        .value(tagged)
        .reads_more("serde does not look at the tag of a struct")
        .everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Outer {
    first: Plain,
    middle: Vec<Closed>,
    last: Option<Box<Plain>>,
}

#[test]
fn structs_inside_structs() {
    let plain = Plain { zulu: String::new(), alpha: 255, mike: false };
    let outer = Outer {
        first: plain.clone(),
        middle: vec![Closed { a: 1, b: None }],
        last: Some(Box::new(plain)),
    };
    zoo::<Outer>().value(outer).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct OneField {
    only: u8,
}

#[test]
fn one_field() {
    zoo::<OneField>().value(OneField { only: 7 }).everywhere();
}

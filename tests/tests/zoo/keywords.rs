//! Fields and variants called like the words of a schema, or of Rust.

use gemini_schema::GeminiSchema;
use gemini_tests::zoo::zoo;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Keywords {
    r#type: String,
    title: String,
    format: u8,
    items: Vec<String>,
    properties: Option<String>,
    required: bool,
    nullable: bool,
    r#enum: Kind,
    #[serde(rename = "$ref")]
    reference: String,
    #[serde(rename = "anyOf")]
    any_of: i8,
    #[serde(rename = "propertyOrdering", default)]
    property_ordering: Vec<u8>,
    #[serde(rename = "$defs")]
    definitions: f64,
    description: String,
    minimum: i64,
    r#match: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[allow(non_camel_case_types)]
enum Kind {
    r#type,
    r#struct,
    #[serde(rename = "STRING")]
    Text,
    #[serde(rename = "$ref")]
    Reference,
}

fn keywords() -> Keywords {
    Keywords {
        r#type: "STRING".into(),
        title: "t".into(),
        format: 1,
        items: vec![],
        properties: None,
        required: true,
        nullable: false,
        r#enum: Kind::r#type,
        reference: "#/$defs/A".into(),
        any_of: -1,
        property_ordering: vec![],
        definitions: 0.5,
        description: "d".into(),
        minimum: 0,
        r#match: true,
    }
}

#[test]
fn fields_called_like_keywords() {
    zoo::<Keywords>().value(keywords()).everywhere();
}

#[test]
fn variants_called_like_keywords() {
    zoo::<Kind>().values([Kind::r#type, Kind::r#struct, Kind::Text, Kind::Reference]).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "type", content = "properties", rename_all = "lowercase")]
enum Schema {
    Object { required: Vec<String> },
    Null,
    Items(Box<Keywords>),
}

#[test]
fn tags_called_like_keywords() {
    let object = Schema::Object { required: vec![] };
    zoo::<Schema>()
        .values([object, Schema::Null, Schema::Items(Box::new(keywords()))])
        .everywhere();
}

/// Names that the expansion of a derive could use itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Hygiene<T, Generator> {
    generator: Generator,
    schema: T,
    container: Option<Result>,
    fields: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
enum Result {
    Ok,
    Err(String),
    Some,
    None,
}

#[test]
fn names_that_an_expansion_could_use() {
    let hygiene = Hygiene {
        generator: 1_u8,
        schema: "s".to_owned(),
        container: Some(Result::Err(String::new())),
        fields: vec![],
    };
    zoo::<Hygiene<String, u8>>().value(hygiene).everywhere();
    zoo::<Result>()
        .values([Result::Ok, Result::Err("e".into()), Result::Some, Result::None])
        .everywhere();
}

/// A definition with a name that a JSON Pointer has to escape.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(rename = "a/b~c d%é")]
struct Escaped {
    #[serde(default)]
    next: Option<Box<Escaped>>,
}

#[test]
fn definitions_with_odd_names() {
    let end = Escaped { next: None };
    zoo::<Escaped>().value(Escaped { next: Some(Box::new(end)) }).everywhere();
}

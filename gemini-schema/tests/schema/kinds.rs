//! Enums whose variants are of every kind, options in options, and names that are hard to write.

use gemini_schema::{Dialect, GeminiSchema, Lowered, Schema};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::support::round;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Inner {
    size: u8,
}

macro_rules! mixed {
    ($(#[$attribute:meta])* $name:ident $($tuple:tt)*) => {
        #[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
        $(#[$attribute])*
        enum $name {
            Named { size: u8, label: Option<String> },
            Newtype(Inner),
            $($tuple)*
            Empty {},
        }
    };
}

mixed!(External Tuple(u8, bool), Nothing(), Unit,);
mixed!(#[serde(tag = "kind")] Internal Unit,);
mixed!(#[serde(tag = "kind", content = "value")] Adjacent Tuple(u8, bool), Unit,);

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(untagged)]
enum Untagged {
    Named { size: u8, label: String },
    Newtype(Inner),
    Tuple(u8, bool),
    Text(String),
    Unit,
}

macro_rules! all_of {
    ($name:ident) => {
        round(&$name::Named { size: 1, label: None });
        round(&$name::Named { size: 1, label: Some("x".to_owned()) });
        round(&$name::Newtype(Inner { size: 2 }));
        round(&$name::Unit);
        round(&$name::Empty {});
    };
}

#[test]
fn variants_of_every_kind_in_every_representation() {
    all_of!(External);
    all_of!(Internal);
    all_of!(Adjacent);
    round(&External::Tuple(1, true));
    round(&External::Nothing());
    round(&Adjacent::Tuple(1, true));
    round(&Untagged::Named { size: 1, label: "x".to_owned() });
    round(&Untagged::Newtype(Inner { size: 1 }));
    round(&Untagged::Tuple(1, false));
    round(&Untagged::Text("x".to_owned()));
    round(&Untagged::Unit);
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Doubled {
    plain: Option<Option<u8>>,
    list: Vec<Option<Option<Inner>>>,
    #[serde(default)]
    absent: Option<Option<bool>>,
    boxed: Option<Box<Option<String>>>,
}

#[test]
fn options_in_options_are_null_once() {
    round(&Doubled { plain: None, list: vec![None], absent: None, boxed: None });
    let list = vec![Some(Some(Inner { size: 1 })), None];
    round(&Doubled {
        plain: Some(Some(1)),
        list,
        absent: Some(Some(true)),
        boxed: Some(Box::new(Some("x".to_owned()))),
    });
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Keywords {
    r#type: u8,
    title: u8,
    format: u8,
    items: Vec<u8>,
    properties: Properties,
    required: bool,
    r#enum: r#Async,
    nullable: Option<u8>,
    key: u8,
    value: u8,
    #[serde(rename = "$ref")]
    reference: u8,
    #[serde(rename = "anyOf")]
    any_of: u8,
    größe: u8,
    #[serde(rename = "名前 \"~/\\")]
    name: u8,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Properties {
    properties: u8,
    #[serde(rename = "additionalProperties")]
    additional: u8,
}

#[allow(non_camel_case_types, reason = "a name that is a keyword")]
#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
enum r#Async {
    r#await,
    Müsli,
    #[serde(rename = "")]
    Named,
}

#[test]
fn names_may_be_keywords_and_of_any_script() {
    let keywords = |kind| Keywords {
        r#type: 1,
        title: 2,
        format: 3,
        items: vec![4],
        properties: Properties { properties: 5, additional: 6 },
        required: true,
        r#enum: kind,
        nullable: None,
        key: 7,
        value: 8,
        reference: 9,
        any_of: 10,
        größe: 11,
        name: 12,
    };
    for dialect in [Dialect::GeminiJson, Dialect::OpenAi, Dialect::Draft202012] {
        let lowered = Lowered::of::<Keywords>(dialect).unwrap();
        for kind in [Async::r#await, Async::Müsli, Async::Named] {
            let value = keywords(kind);
            let text = lowered.encode(&value).unwrap();
            assert_eq!(lowered.decode::<Keywords>(&text).unwrap(), value);
        }
    }
    let error = Lowered::of::<Keywords>(Dialect::Gemini).unwrap_err();
    assert_eq!(error.problems()[0].path(), "/properties/enum");
    assert!(Schema::of::<Async>().check(&json!("await")).is_empty());
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[gemini(max_depth = 5)]
struct Deep {
    below: Option<Box<Deep>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Holder<T> {
    deep: T,
}

fn deep(levels: u32) -> Deep {
    Deep { below: (levels > 1).then(|| Box::new(deep(levels - 1))) }
}

#[test]
fn recursion_is_written_out_as_often_as_the_type_says() {
    type Held = Holder<Deep>;
    round(&Holder { deep: deep(5) });
    let gemini = Lowered::of::<Held>(Dialect::Gemini).unwrap();
    assert!(gemini.is_cut());
    // Named and ordered at each level but the last, which has nothing below.
    assert_eq!(gemini.as_str().matches("below").count(), 2 * 4);
}

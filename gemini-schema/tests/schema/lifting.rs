//! Shapes that a dialect cannot say are replaced, and answers turned back.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;

use gemini_schema::{Dialect, GeminiSchema, Lowered};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

const ALL: [Dialect; 5] =
    [Dialect::Gemini, Dialect::Vertex, Dialect::GeminiJson, Dialect::OpenAi, Dialect::Draft202012];

/// What the model writes for a value is read back as that value, in every dialect.
#[track_caller]
fn round<T>(value: &T)
where
    T: GeminiSchema + Serialize + DeserializeOwned + PartialEq + Debug,
{
    for dialect in ALL {
        let lowered = Lowered::of::<T>(dialect).unwrap();
        let text = lowered.encode(value).unwrap();
        let back = lowered.decode::<T>(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(back, *value, "{dialect:?} by {text}");
    }
}

#[track_caller]
fn sends<T: GeminiSchema>(dialect: Dialect, expected: &str) {
    assert_eq!(Lowered::of::<T>(dialect).unwrap().as_str(), expected);
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Odd {
    map: BTreeMap<String, (u8, String)>,
    numbers: BTreeMap<i16, f64>,
    pair: (bool, Option<Value>),
    anything: Value,
    empty: Empty,
    unit: (),
    switches: BTreeMap<bool, Empty>,
    kinds: Vec<Kind>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Empty {}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
enum Kind {
    Nothing,
    Empty {},
    Mixed(u8, String),
    Map(BTreeMap<String, Value>),
    #[serde(untagged)]
    Raw(u32),
}

fn odd() -> Odd {
    Odd {
        map: [("a \"b\"".to_owned(), (1, "x".to_owned())), (String::new(), (2, "é\n".to_owned()))]
            .into(),
        numbers: [(-3, 0.5), (7, 1.0)].into(),
        pair: (true, Some(json!({"deep": [1, null, "]"]}))),
        anything: json!("just text"),
        empty: Empty {},
        unit: (),
        switches: [(true, Empty {})].into(),
        kinds: vec![
            Kind::Nothing,
            Kind::Empty {},
            Kind::Mixed(1, "m".to_owned()),
            Kind::Map([("k".to_owned(), json!([]))].into()),
            Kind::Raw(5),
        ],
    }
}

#[test]
fn every_shape_goes_by_every_dialect() {
    round(&odd());
    round(&vec![odd(), odd()]);
    round(&Some(odd()));
    round::<BTreeMap<u64, Vec<u8>>>(&[(u64::MAX, vec![1])].into());
    round::<(String, u8)>(&("a".to_owned(), 1));
    round::<Value>(&json!({"a": 1.5}));
    round(&Kind::Empty {});
    round(&());
    round(&7_u8);
}

#[test]
fn replaced_shapes_are_what_the_dialect_can_say() {
    sends::<HashMap<String, bool>>(
        Dialect::Gemini,
        r#"{"type":"ARRAY","items":{"type":"OBJECT","properties":{"key":{"type":"STRING"},"value":{"type":"BOOLEAN"}},"required":["key","value"],"propertyOrdering":["key","value"]}}"#,
    );
    sends::<(bool, String)>(
        Dialect::Gemini,
        r#"{"type":"OBJECT","properties":{"_0":{"type":"BOOLEAN"},"_1":{"type":"STRING"}},"required":["_0","_1"],"propertyOrdering":["_0","_1"]}"#,
    );
    sends::<Value>(
        Dialect::Gemini,
        r#"{"type":"STRING","description":"Any value, as JSON text."}"#,
    );
    sends::<Empty>(Dialect::Gemini, r#"{"type":"STRING","enum":["empty"]}"#);
    sends::<HashMap<String, bool>>(
        Dialect::Vertex,
        r#"{"type":"OBJECT","additionalProperties":{"type":"BOOLEAN"}}"#,
    );
    sends::<Vec<bool>>(
        Dialect::OpenAi,
        r#"{"type":"object","properties":{"value":{"type":"array","items":{"type":"boolean"}}},"required":["value"],"additionalProperties":false}"#,
    );
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Tree {
    name: String,
    children: Vec<Tree>,
    #[serde(default)]
    parent: Option<Box<Tree>>,
    by_name: BTreeMap<String, Tree>,
    left: Option<Box<Tree>>,
}

fn tree(depth: u32) -> Tree {
    let below = || (depth > 0).then(|| tree(depth - 1));
    Tree {
        name: depth.to_string(),
        children: below().into_iter().collect(),
        parent: None,
        by_name: below().map(|tree| ("x".to_owned(), tree)).into_iter().collect(),
        left: below().map(Box::new),
    }
}

#[test]
fn recursion_ends_where_the_dialect_ends_it() {
    round(&tree(0));
    round(&tree(2));
    let deep = tree(3);
    for dialect in [Dialect::Vertex, Dialect::GeminiJson, Dialect::OpenAi, Dialect::Draft202012] {
        let lowered = Lowered::of::<Tree>(dialect).unwrap();
        assert!(!lowered.is_cut());
        assert_eq!(lowered.decode::<Tree>(&lowered.encode(&deep).unwrap()).unwrap(), deep);
    }
    assert!(Lowered::of::<Tree>(Dialect::Gemini).unwrap().is_cut());
}

#[test]
fn a_repeated_key_is_a_violation_and_so_is_text_that_is_no_json() {
    type Map = BTreeMap<String, Value>;
    let lowered = Lowered::of::<Map>(Dialect::Gemini).unwrap();
    let text = r#"[{"key":"a","value":"1"},{"value":"[]","key":"b"},{"key":"\u0061","value":"x"}]"#;
    let error = lowered.decode::<Map>(text).unwrap_err();
    let found: Vec<_> = error
        .violations()
        .iter()
        .map(|violation| (violation.path(), violation.keyword()))
        .collect();
    assert_eq!(found, [("/2/value", "contentMediaType"), ("/2", "uniqueItems")]);
}

#[test]
fn answers_of_another_shape_are_refused_and_not_bent() {
    let lowered = Lowered::of::<BTreeMap<String, (u8, String)>>(Dialect::Gemini).unwrap();
    for text in [
        r#"[{"key":"a"}]"#,
        r#"[{"value":{"_0":1,"_1":"x"}}]"#,
        r#"[["a",{"_0":1,"_1":"x"}]]"#,
        r#"[{"key":"a","value":{"_0":1}}]"#,
        r#"[{"key":"a","value":[1,"x",2]}]"#,
        r#"[{"key":{},"value":{"_0":1,"_1":"x"}}]"#,
        "7",
        "null",
        r#""a""#,
    ] {
        assert!(lowered.decode::<BTreeMap<String, (u8, String)>>(text).is_err(), "{text}");
    }
}

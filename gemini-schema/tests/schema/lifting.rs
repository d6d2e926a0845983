//! Shapes that a dialect cannot say are replaced, and answers turned back.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;

use gemini_schema::{Dialect, GeminiSchema, IntegerMember, Lowered, Schema};
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
    let deep = tree(4);
    for dialect in [Dialect::Vertex, Dialect::GeminiJson, Dialect::OpenAi, Dialect::Draft202012] {
        let lowered = Lowered::of::<Tree>(dialect).unwrap();
        assert!(!lowered.is_cut());
        assert_eq!(lowered.decode::<Tree>(&lowered.encode(&deep).unwrap()).unwrap(), deep);
    }
    let cut = Lowered::of::<Tree>(Dialect::Gemini).unwrap();
    assert!(cut.is_cut());
    let error = cut.encode(&deep).unwrap_err();
    assert!(error.violations().iter().all(|found| found.keyword() == "additionalProperties"));
}

/// A list of which nothing is left at the bottom but its end.
#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Chain {
    next: Option<Box<Chain>>,
}

fn chain(length: u32) -> Chain {
    Chain { next: (length > 0).then(|| Box::new(chain(length - 1))) }
}

#[test]
fn what_is_cut_away_is_not_written() {
    (0..3).for_each(|length| round(&chain(length)));
    let lowered = Lowered::of::<Chain>(Dialect::Gemini).unwrap();
    let text = lowered.encode(&chain(2)).unwrap();
    assert_eq!(text, r#"{"next":{"next":"empty"}}"#);
    assert!(lowered.encode(&chain(3)).is_err());
    assert!(!lowered.as_str().contains(r#""properties":{}"#), "{lowered}");
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Numbers {
    wide: u128,
    signed: Option<i128>,
    list: Vec<(u128, String)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    absent: Option<u8>,
}

#[test]
fn numbers_of_128_bits_are_written_whole_and_nothing_is_left_out() {
    let (wide, signed) = (u128::MAX, Some(i128::MIN));
    round(&Numbers { wide, signed, list: vec![(u128::MAX - 1, "a".into())], absent: None });
    let plain = Numbers { wide: 1, signed: None, list: vec![], absent: None };
    let lowered = Lowered::of::<Numbers>(Dialect::OpenAi).unwrap();
    let text = lowered.encode(&plain).unwrap();
    assert_eq!(text, r#"{"wide":1,"signed":null,"list":[],"absent":null}"#);
}

#[test]
fn whole_numbers_of_a_list_are_sent_by_name_however_they_are_written() {
    let members = [(7_i128, "Seven"), (8, "Eight")];
    let members = members.map(|(value, name)| IntegerMember::new(value, name));
    let lowered = Schema::integer_enumeration(members).lower(Dialect::Gemini).unwrap();
    assert_eq!(lowered.encode_json("7.0").unwrap(), r#""Seven""#);
    assert_eq!(lowered.encode_json("8").unwrap(), r#""Eight""#);
}

#[test]
fn keys_that_are_whole_are_read_however_they_are_written() {
    let lowered = Lowered::of::<BTreeMap<i16, u8>>(Dialect::Gemini).unwrap();
    let text = r#"[{"key":7.0,"value":1},{"key":-0,"value":2},{"key":1e2,"value":3}]"#;
    let map = lowered.decode::<BTreeMap<i16, u8>>(text).unwrap();
    assert_eq!(map, [(7, 1), (0, 2), (100, 3)].into());
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Grove {
    first: Branch,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Branch {
    #[serde(default)]
    below: Vec<Branch>,
}

#[test]
fn definitions_are_turned_back_wherever_they_are_named() {
    let lowered = Lowered::of::<Grove>(Dialect::OpenAi).unwrap();
    let grove: Grove = lowered.decode(r#"{"first":{"below":[{"below":null}]}}"#).unwrap();
    assert_eq!(grove.first.below, [Branch { below: vec![] }]);
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Size(
    /// to the right
    u8,
    /// to the top
    u8,
);

#[test]
fn places_of_one_shape_keep_their_words_without_prefix_items() {
    round(&Size(1, 2));
    let lowered = Lowered::of::<Size>(Dialect::OpenAi).unwrap();
    assert!(!lowered.as_str().contains("prefixItems"), "{lowered}");
    assert!(lowered.as_str().contains("Element 1: to the top"), "{lowered}");
}

/// A list of itself can only end with an empty list, which no property leads to.
#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Forest(Vec<Forest>);

#[test]
fn recursion_through_no_property_is_refused_where_it_would_be_unrolled() {
    for dialect in [Dialect::Gemini, Dialect::Vertex, Dialect::GeminiJson] {
        assert!(Lowered::of::<Forest>(dialect).is_err(), "{dialect:?}");
    }
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

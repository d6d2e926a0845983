//! Many kinds of types that schemars describes, in every dialect.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use gemini_schema::{Dialect, Lowered, Schemars};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

macro_rules! described {
    ($($item:item)*) => {
        $(#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)] $item)*
    };
}

described! {
    struct Numbers { a: u8, b: i32, c: u64, d: f32, e: f64, f: std::num::NonZeroU16 }
    struct Texts { one: char, two: Box<str>, three: Option<String> }
    struct Lists { one: Vec<u8>, two: [i16; 3], three: (u8, String), four: BTreeSet<String> }
    struct Newtype(u16);
    struct Pair(u16, String);
    struct Maps { one: BTreeMap<String, u8>, two: BTreeMap<String, Vec<Newtype>> }
    #[serde(deny_unknown_fields)]
    struct Closed { a: bool }
    struct Flat { id: u8, #[serde(flatten)] rest: Closed2 }
    struct Closed2 { a: bool, b: Option<i8> }
    struct Defaults { #[serde(default)] a: u8, #[serde(default)] b: Vec<String> }
    enum External { Unit, New(u8), Struct { a: u8 }, Tuple(u8, String) }
    #[serde(tag = "t", content = "c")]
    enum Adjacent { Unit, New(u8), Struct { a: u8 } }
    #[serde(tag = "t")]
    enum Internal { Unit, Struct { a: u8 } }
    #[serde(untagged)]
    enum Untagged { Number(u8), Text(String), Struct { a: bool } }
    struct Tree { name: String, children: Vec<Tree> }
    struct Generic<T> { value: T, other: Option<T> }
}

/// The value is written and read in every dialect; an outside judge takes what is written.
#[track_caller]
fn agrees<T: Debug + PartialEq + Serialize + DeserializeOwned + JsonSchema + 'static>(value: T) {
    let value = Schemars(value);
    for dialect in [
        Dialect::Gemini,
        Dialect::Vertex,
        Dialect::GeminiJson,
        Dialect::OpenAi,
        Dialect::Draft202012,
    ] {
        let lowered = Lowered::of::<Schemars<T>>(dialect).unwrap();
        let text = lowered.encode(&value).unwrap();
        if !matches!(dialect, Dialect::Gemini | Dialect::Vertex) {
            let schema = serde_json::from_str(lowered.as_str()).unwrap();
            let judge = jsonschema::validator_for(&schema).unwrap();
            assert!(judge.is_valid(&serde_json::from_str(&text).unwrap()), "{dialect:?}: {text}");
        }
        assert_eq!(lowered.decode::<Schemars<T>>(&text).unwrap(), value, "{dialect:?}: {text}");
    }
}

#[test]
fn plain_types_agree() {
    let f = std::num::NonZeroU16::MIN;
    agrees(Numbers { a: 1, b: -2, c: 3, d: 0.5, e: -1.5, f });
    agrees(Texts { one: 'x', two: "".into(), three: None });
    let four = BTreeSet::from(["a".to_owned()]);
    agrees(Lists { one: vec![], two: [1, -2, 3], three: (1, "b".to_owned()), four });
    agrees(Newtype(7));
    agrees(Pair(7, "x".to_owned()));
    let two = BTreeMap::from([("k".to_owned(), vec![Newtype(1)])]);
    agrees(Maps { one: BTreeMap::from([("a b".to_owned(), 1)]), two });
    agrees(vec![Some(true), None]);
}

#[test]
fn objects_agree() {
    agrees(Closed { a: true });
    agrees(Flat { id: 1, rest: Closed2 { a: false, b: None } });
    agrees(Defaults { a: 1, b: vec!["x".to_owned()] });
    agrees(Generic { value: 1_u8, other: None });
    agrees(Generic { value: "x".to_owned(), other: Some("y".to_owned()) });
    let leaf = Tree { name: "leaf".to_owned(), children: vec![] };
    agrees(Tree { name: "root".to_owned(), children: vec![leaf] });
}

#[test]
fn enums_agree() {
    agrees(vec![
        External::Unit,
        External::New(1),
        External::Struct { a: 2 },
        External::Tuple(3, "x".to_owned()),
    ]);
    agrees(vec![Adjacent::Unit, Adjacent::New(1), Adjacent::Struct { a: 2 }]);
    agrees(vec![Internal::Unit, Internal::Struct { a: 2 }]);
    agrees(vec![Untagged::Number(1), Untagged::Text("x".to_owned()), Untagged::Struct { a: true }]);
}

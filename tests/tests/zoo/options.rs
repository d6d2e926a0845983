//! Values that may be null, left out, both, or neither.

use gemini_schema::GeminiSchema;
use gemini_tests::zoo::zoo;
use serde::{Deserialize, Serialize};

#[test]
fn the_root_may_be_null() {
    zoo::<Option<u8>>().values([None, Some(0), Some(255)]).everywhere();
    zoo::<Option<String>>().values([None, Some("null".to_owned())]).everywhere();
    zoo::<Option<Vec<bool>>>().values([None, Some(vec![]), Some(vec![true])]).everywhere();
}

#[test]
fn elements_may_be_null() {
    zoo::<Vec<Option<i8>>>().values([vec![], vec![None], vec![Some(-128), None]]).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Decided {
    name: Option<String>,
    count: Option<u32>,
}

#[test]
fn a_model_has_to_decide() {
    let decided = |name: Option<&str>, count| Decided { name: name.map(str::to_owned), count };
    zoo::<Decided>().values([decided(None, None), decided(Some(""), Some(7))]).everywhere();
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, GeminiSchema)]
struct LeftOut {
    #[serde(default)]
    by_default: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    by_skipping: Option<i64>,
    #[gemini(optional)]
    by_attribute: Option<bool>,
    always: u8,
}

#[test]
fn a_model_may_leave_it_out() {
    let full = LeftOut {
        by_default: Some("a".to_owned()),
        by_skipping: Some(i64::MIN),
        by_attribute: Some(false),
        always: 1,
    };
    zoo::<LeftOut>().values([LeftOut::default(), full]).everywhere();
}

fn one() -> u8 {
    1
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Defaults {
    #[serde(default = "one")]
    count: u8,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    note: String,
}

#[test]
fn defaults_stand_in() {
    let full = Defaults { count: 0, tags: vec!["a".to_owned()], note: "n".to_owned() };
    let bare = Defaults { count: 255, tags: vec![], note: String::new() };
    zoo::<Defaults>().values([full, bare]).everywhere();
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, GeminiSchema)]
#[serde(default)]
struct AllDefault {
    a: u8,
    b: Option<u8>,
    c: String,
}

#[test]
fn everything_may_be_left_out() {
    let full = AllDefault { a: 1, b: Some(2), c: "c".to_owned() };
    zoo::<AllDefault>().values([AllDefault::default(), full]).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Nullable {
    #[gemini(nullable)]
    flag: Option<bool>,
    inner: Option<Decided>,
    many: Option<Vec<Option<Decided>>>,
}

#[test]
fn parts_may_be_null_at_every_depth() {
    let decided = Decided { name: None, count: Some(1) };
    let full = Nullable {
        flag: Some(true),
        inner: Some(decided.clone()),
        many: Some(vec![None, Some(decided)]),
    };
    let bare = Nullable { flag: None, inner: None, many: None };
    zoo::<Nullable>().values([full, bare]).everywhere();
}

#[test]
fn options_inside_options_are_one() {
    zoo::<Option<Option<u8>>>().values([None, Some(Some(1))]).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Emptiness {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    list: Option<Vec<Option<u8>>>,
    #[serde(default)]
    nothing: Option<()>,
}

#[test]
fn several_kinds_of_nothing() {
    let emptiness = |list| Emptiness { list, nothing: None };
    zoo::<Emptiness>().values([emptiness(None), emptiness(Some(vec![None]))]).everywhere();
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, GeminiSchema)]
#[serde(default)]
struct Insistent {
    #[gemini(required)]
    asked_for: u8,
    #[gemini(required)]
    null_or_not: Option<u8>,
    left_out: u8,
}

#[test]
fn what_is_required_in_spite_of_a_default() {
    zoo::<Insistent>()
        .values([
            Insistent { asked_for: 1, null_or_not: None, left_out: 2 },
            Insistent { asked_for: 3, null_or_not: Some(4), left_out: 5 },
        ])
        .everywhere();
    let schema = gemini_schema::Schema::of::<Insistent>();
    let lowered = schema.lower(gemini_schema::Dialect::Gemini).expect("a schema");
    assert!(lowered.as_str().contains(r#""required":["asked_for","null_or_not"]"#));
}

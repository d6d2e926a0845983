//! Enums that are told apart by their shape alone.

use gemini_schema::GeminiSchema;
use gemini_tests::zoo::zoo;
use serde::{Deserialize, Serialize};

/// A number, or a word for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(untagged)]
enum Amount {
    Exact(u32),
    Words(String),
    Range { from: u8, to: u8 },
    Pair(bool, bool),
    Unknown,
}

#[test]
fn every_kind_of_variant() {
    let values = [
        Amount::Exact(7),
        Amount::Words("some".into()),
        Amount::Range { from: 0, to: 255 },
        Amount::Pair(true, false),
        Amount::Unknown,
    ];
    zoo::<Amount>().values(values.clone()).everywhere();
    zoo::<Vec<Amount>>().value(values.into()).everywhere();
    zoo::<Option<Amount>>().value(Some(Amount::Exact(1))).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(untagged)]
enum Objects {
    Full { a: u8, b: String },
    Half { a: u8 },
    Other(Inner),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Inner {
    c: Option<i64>,
}

#[test]
fn objects_that_overlap() {
    let full = Objects::Full { a: 1, b: String::new() };
    zoo::<Objects>()
        .values([full, Objects::Half { a: 1 }, Objects::Other(Inner { c: None })])
        .reads_more("an untagged variant whose members may all be left out reads any object")
        .everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(untagged)]
enum Numbers {
    Byte(u8),
    Wide(i64),
    Float(f64),
}

#[test]
fn numbers_that_overlap() {
    zoo::<Numbers>()
        .values([Numbers::Byte(1), Numbers::Wide(-1), Numbers::Float(0.5)])
        .everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
enum Partly {
    Known {
        id: u8,
    },
    Unit,
    #[serde(untagged)]
    Free(String),
    #[serde(untagged)]
    List {
        items: Vec<bool>,
    },
}

#[test]
fn some_variants_without_a_tag() {
    let values = [
        Partly::Known { id: 1 },
        Partly::Unit,
        Partly::Free("other".into()),
        Partly::List { items: vec![true] },
    ];
    zoo::<Partly>().values(values).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
enum Mostly {
    Cat,
    Dog,
    #[serde(untagged)]
    Other(String),
}

#[test]
fn a_list_of_strings_with_a_way_out() {
    zoo::<Mostly>().values([Mostly::Cat, Mostly::Dog, Mostly::Other("newt".into())]).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(untagged)]
enum OneOrMany {
    One(Inner),
    Many(Vec<Inner>),
    Nested(Box<Amount>),
}

#[test]
fn one_or_many() {
    let inner = Inner { c: Some(1) };
    zoo::<OneOrMany>()
        .values([
            OneOrMany::One(inner.clone()),
            OneOrMany::Many(vec![inner]),
            OneOrMany::Nested(Box::new(Amount::Exact(1))),
        ])
        .reads_more("an untagged variant whose members may all be left out reads any object")
        .everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(untagged)]
enum Wide {
    Number(u128),
    Text(String),
}

/// Serde keeps the value aside to try each variant, where integers have 64 bits at most.
#[test]
fn integers_of_128_bits() {
    zoo::<Wide>().nowhere(&["/anyOf/0"]);
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(untagged)]
enum Perhaps {
    Number(Option<u8>),
    Text(String),
}

#[test]
fn null_in_one_variant() {
    zoo::<Perhaps>()
        .values([Perhaps::Number(None), Perhaps::Number(Some(1)), Perhaps::Text("x".into())])
        .everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(untagged)]
enum Short {
    Letter(char),
    Number(f32),
    Text(String),
}

#[test]
fn short_things() {
    zoo::<Short>()
        .values([Short::Letter('x'), Short::Number(0.1), Short::Text("xy".into())])
        .notes(&["/anyOf/0"])
        .everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(untagged)]
enum ByLength {
    Two([u8; 2]),
    Three([u8; 3]),
    Many(Vec<u8>),
}

#[test]
fn arrays_told_apart_by_their_length() {
    zoo::<ByLength>()
        .values([ByLength::Two([1, 2]), ByLength::Three([1, 2, 3]), ByLength::Many(vec![])])
        .everywhere();
}

//! Enums with data, with their tag beside it.

use gemini_schema::GeminiSchema;
use gemini_tests::zoo::zoo;
use serde::{Deserialize, Serialize};

/// What a sensor says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "type", content = "value")]
enum Reading {
    /// nothing to say
    Silent,
    Temperature(f32),
    Range(i16, i16),
    Position {
        x: u32,
        y: u32,
    },
    Perhaps(Option<bool>),
    Unit(()),
}

#[test]
fn every_kind_of_variant() {
    let values = [
        Reading::Silent,
        Reading::Temperature(-0.5),
        Reading::Range(i16::MIN, i16::MAX),
        Reading::Position { x: 0, y: u32::MAX },
        Reading::Perhaps(None),
        Reading::Perhaps(Some(true)),
        Reading::Unit(()),
    ];
    zoo::<Reading>().values(values.clone()).everywhere();
    zoo::<Vec<Reading>>().value(values.into()).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "t", content = "c", rename_all = "UPPERCASE", deny_unknown_fields)]
enum Closed {
    None,
    Some { inner: Vec<Reading> },
}

#[test]
fn closed_variants() {
    let some = Closed::Some { inner: vec![Reading::Silent] };
    zoo::<Closed>().values([Closed::None, some]).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "t", content = "c")]
enum Mixed {
    Pair(String, u8),
    Hollow {},
}

#[test]
fn variants_that_only_json_can_say() {
    zoo::<Mixed>().values([Mixed::Pair("a".into(), 1), Mixed::Hollow {}]).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "t", content = "c")]
enum Units {
    A,
    #[serde(rename = "b b")]
    B,
}

#[test]
fn only_units() {
    zoo::<Units>().values([Units::A, Units::B]).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "t", content = "c")]
enum Wide {
    Number(u128),
}

/// The tag comes first, so that serde reads the content as it comes.
#[test]
fn integers_of_128_bits() {
    zoo::<Wide>().nowhere(&["/properties/c"]);
}

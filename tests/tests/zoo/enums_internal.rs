//! Enums with data, tagged inside.

use std::collections::BTreeMap;

use gemini_schema::GeminiSchema;
use gemini_tests::zoo::zoo;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Card {
    number: String,
    #[serde(default)]
    expires: Option<u16>,
}

/// A way to pay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "method", rename_all = "kebab-case")]
enum Payment {
    /// coins and notes
    Cash,
    /// a card
    CreditCard(Card),
    Transfer {
        iban: String,
        amount: f64,
    },
    Hollow {},
}

#[test]
fn every_kind_of_variant() {
    let values = [
        Payment::Cash,
        Payment::CreditCard(Card { number: "4".into(), expires: None }),
        Payment::Transfer { iban: "é".into(), amount: 0.5 },
        Payment::Hollow {},
    ];
    zoo::<Payment>()
        .values(values.clone())
        .refuses(r#"{"method":"transfer","iban":""}"#, "", "required")
        .everywhere();
    zoo::<Vec<Payment>>().value(values.into()).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "outer")]
enum Nested {
    Pay(Payment),
    Wait { minutes: u8, then: Box<Payment> },
}

#[test]
fn enums_inside_enums() {
    let wait = Nested::Wait { minutes: 1, then: Box::new(Payment::Cash) };
    zoo::<Nested>().values([Nested::Pay(Payment::Cash), wait]).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "type", deny_unknown_fields)]
enum Closed {
    A { a: u8 },
    B,
}

#[test]
fn closed_variants() {
    zoo::<Closed>().values([Closed::A { a: 1 }, Closed::B]).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "kind")]
enum WithMap {
    Map(BTreeMap<String, u8>),
}

#[test]
fn maps_with_a_tag() {
    let entries = [("a".to_owned(), 1), ("other kind".to_owned(), 255)];
    zoo::<WithMap>()
        .values([WithMap::Map(entries.into()), WithMap::Map(BTreeMap::new())])
        .everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "kind")]
enum WithString {
    Text(String),
}

#[test]
fn strings_cannot_hold_a_tag() {
    zoo::<WithString>().nowhere(&[""]);
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "kind")]
enum Units {
    Unit(()),
    Other { x: u8 },
}

#[test]
fn units_beside_a_tag() {
    zoo::<Units>().values([Units::Unit(()), Units::Other { x: 1 }]).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "kind")]
enum Wide {
    Number { wide: u128 },
}

/// Serde keeps what comes before the tag aside, where integers have 64 bits at most.
#[test]
fn integers_of_128_bits() {
    zoo::<Wide>().nowhere(&["/properties/wide"]);
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "kind")]
enum Numbers {
    Integers { small: i8, wide: u64, signed: i64 },
    Floats { single: f32, double: f64 },
    Text { letter: char, perhaps: Option<bool> },
}

#[test]
fn numbers_beside_a_tag() {
    let integers = Numbers::Integers { small: i8::MIN, wide: u64::MAX, signed: i64::MIN };
    let floats = Numbers::Floats { single: f32::MAX, double: -f64::MAX };
    let text = Numbers::Text { letter: '\u{1d11e}', perhaps: None };
    zoo::<Numbers>()
        .values([integers, floats, text])
        .notes(&["/anyOf/2/properties/letter"])
        .has_limits_of_its_own()
        .everywhere();
}

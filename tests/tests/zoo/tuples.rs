//! Tuples and tuple structs.

use gemini_schema::{Dialect, GeminiSchema};
use gemini_tests::zoo::zoo;
use serde::{Deserialize, Serialize};

#[test]
fn tuples_of_one_type() {
    zoo::<(u8, u8)>().values([(0, 255), (1, 1)]).everywhere();
    zoo::<(String, String, String)>().value(("a".into(), String::new(), "é".into())).everywhere();
    zoo::<(bool,)>().values([(true,), (false,)]).everywhere();
}

#[test]
fn tuples_of_different_types() {
    zoo::<(u8, String)>()
        .values([(0, String::new()), (255, "a".into())])
        .refuses("[1]", "", "minItems")
        .everywhere();
    zoo::<(Option<u8>, u8)>().values([(None, 0), (Some(1), 2)]).everywhere();
    zoo::<Vec<(String, f64)>>().values([vec![], vec![("a".into(), 0.5)]]).everywhere();
    zoo::<((u8, bool), [i8; 2])>().value(((1, true), [-1, 0])).everywhere();
}

#[test]
fn long_tuples() {
    type Long = (u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, u8, bool);
    zoo::<Long>().value((0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, true)).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Pair(i64, i64);

/// A place on earth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Place(
    /// latitude in degrees
    #[gemini(minimum = -90, maximum = 90)]
    f64,
    /// longitude in degrees
    #[gemini(minimum = -180, maximum = 180)]
    f64,
);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Described(
    /// the first
    u8,
    /// the second
    u8,
);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Mixed(String, #[serde(skip)] u8, Option<Pair>);

#[test]
fn tuple_structs() {
    zoo::<Pair>().value(Pair(i64::MIN, i64::MAX)).everywhere();
    zoo::<Described>().value(Described(0, 255)).everywhere();
    zoo::<Place>()
        .values([Place(-90.0, 180.0), Place(0.0, 0.5)])
        .refuses("[0,181]", "/1", "maximum")
        .everywhere();
    zoo::<Mixed>()
        .values([Mixed("a".into(), 0, None), Mixed(String::new(), 0, Some(Pair(1, 2)))])
        .everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Line {
    from: (f64, f64),
    to: Pair,
    label: (u8, char),
}

#[test]
fn tuples_inside_structs() {
    let line = Line { from: (0.0, -1.5), to: Pair(1, 2), label: (7, 'x') };
    zoo::<Line>()
        .value(line)
        .notes(&["/properties/label/properties/_1"])
        .notes_in(Dialect::GeminiJson, &["/properties/label/prefixItems/1"])
        .has_limits_of_its_own()
        .everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Defaulted(u8, #[serde(default)] u8);

#[test]
fn tuple_structs_with_defaults() {
    zoo::<Defaulted>()
        .value(Defaulted(1, 2))
        .reads_more("serde fills in the last places of a tuple struct")
        .everywhere();
}

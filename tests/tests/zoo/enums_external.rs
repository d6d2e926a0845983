//! Enums with data, tagged from outside.

use gemini_schema::GeminiSchema;
use gemini_tests::zoo::zoo;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Point {
    x: f64,
    y: f64,
}

/// A figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
enum Figure {
    /// nothing at all
    Nothing,
    /// a circle with its radius
    Circle(f64),
    Rectangle(f32, f32),
    Polygon {
        points: Vec<Point>,
        closed: bool,
    },
    At(Point),
}

#[test]
fn every_kind_of_variant() {
    let polygon = Figure::Polygon { points: vec![Point { x: 0.0, y: -1.5 }], closed: true };
    let figures = [
        Figure::Nothing,
        Figure::Circle(0.5),
        Figure::Rectangle(1.0, 2.0),
        polygon,
        Figure::At(Point { x: 1.0, y: 1.0 }),
    ];
    zoo::<Figure>().values(figures.clone()).everywhere();
    zoo::<Vec<Option<Figure>>>()
        .value(figures.into_iter().map(Some).chain([None]).collect())
        .everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(rename_all = "snake_case", rename_all_fields = "camelCase")]
enum Event {
    SignedIn {
        user_name: String,
        at_time: i64,
    },
    #[serde(rename = "signed-out")]
    SignedOut {
        after_minutes: Option<u32>,
    },
    #[serde(alias = "crash")]
    Crashed,
    #[serde(skip)]
    #[expect(dead_code, reason = "skipped")]
    Internal(u8),
}

#[test]
fn renamed_variants_and_fields() {
    let events = [
        Event::SignedIn { user_name: "ada".into(), at_time: i64::MIN },
        Event::SignedOut { after_minutes: None },
        Event::Crashed,
    ];
    zoo::<Event>().values(events).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
enum Holding {
    Null(Option<u8>),
    Unit(()),
    List(Vec<Figure>),
    Boxed(Box<Figure>),
}

#[test]
fn variants_that_hold_other_types() {
    let values = [
        Holding::Null(None),
        Holding::Null(Some(1)),
        Holding::Unit(()),
        Holding::List(vec![Figure::Nothing]),
        Holding::Boxed(Box::new(Figure::Circle(1.0))),
    ];
    zoo::<Holding>().values(values).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
enum Mixed {
    Pair(u8, String),
    Hollow {},
    Zero(),
}

#[test]
fn variants_that_only_json_can_say() {
    zoo::<Mixed>()
        .values([Mixed::Pair(1, "a".into()), Mixed::Hollow {}, Mixed::Zero()])
        .everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
enum One {
    Only { value: u8 },
}

#[test]
fn one_variant() {
    zoo::<One>().value(One::Only { value: 0 }).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
enum Wide {
    Unsigned(u128),
    Signed { value: i128 },
}

#[test]
fn integers_of_128_bits() {
    let values = [Wide::Unsigned(u128::MAX), Wide::Signed { value: i128::MIN }];
    zoo::<Wide>().values(values).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
enum MostlyUnits {
    A,
    B,
    #[serde(rename = "c c")]
    C,
    #[serde(alias = "DD")]
    D(u8),
}

#[test]
fn units_beside_data() {
    zoo::<MostlyUnits>()
        .values([MostlyUnits::A, MostlyUnits::B, MostlyUnits::C])
        .value(MostlyUnits::D(1))
        .everywhere();
}

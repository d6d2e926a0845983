//! Enumerations of numbers, and variants that stand for all others.

use std::collections::BTreeMap;

use gemini_schema::GeminiSchema;
use gemini_tests::zoo::zoo;
use serde::{Deserialize, Serialize};
use serde_repr::{Deserialize_repr, Serialize_repr};

#[derive(Debug, Clone, Copy, PartialEq, Serialize_repr, Deserialize_repr, GeminiSchema)]
#[repr(u8)]
#[gemini(integer)]
enum Priority {
    /// can wait
    Low = 1,
    High = 5,
    Highest = 255,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize_repr, Deserialize_repr, GeminiSchema)]
#[repr(i32)]
#[gemini(integer)]
enum Floor {
    Cellar = -1,
    Ground,
    First,
    Roof = i32::MAX,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize_repr, Deserialize_repr, GeminiSchema)]
#[repr(u16)]
#[gemini(integer)]
enum Status {
    Fine = 200,
    #[serde(other)]
    Unknown = 0,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Ticket {
    priority: Priority,
    floor: Option<Floor>,
    seen: Vec<Status>,
    by_name: BTreeMap<String, Priority>,
    place: (Floor, String),
}

#[test]
fn numbers_of_a_list() {
    zoo::<Priority>().values([Priority::Low, Priority::High, Priority::Highest]).everywhere();
    zoo::<Floor>().values([Floor::Cellar, Floor::Ground, Floor::First, Floor::Roof]).everywhere();
    zoo::<Option<Status>>()
        .values([Some(Status::Fine), Some(Status::Unknown), None])
        .has_other()
        .everywhere();
    zoo::<Ticket>()
        .value(Ticket {
            priority: Priority::High,
            floor: None,
            seen: vec![Status::Unknown, Status::Fine],
            by_name: [("a".to_owned(), Priority::Low)].into(),
            place: (Floor::Roof, "r".into()),
        })
        .has_other()
        .everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
enum Colour {
    Red,
    #[serde(other)]
    Other,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "type")]
enum Shape {
    Circle {
        radius: u8,
    },
    #[serde(other)]
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "type", content = "is")]
enum Beside {
    Circle(u8),
    #[serde(other)]
    Unknown,
}

#[test]
fn all_others() {
    zoo::<Colour>().values([Colour::Red, Colour::Other]).has_other().everywhere();
    zoo::<Vec<Colour>>().value(vec![Colour::Other]).has_other().everywhere();
    zoo::<Shape>().values([Shape::Circle { radius: 1 }, Shape::Unknown]).has_other().everywhere();
    zoo::<Beside>().values([Beside::Circle(1), Beside::Unknown]).has_other().everywhere();
}

//! Types of many kinds.

use std::collections::BTreeMap;

use gemini_schema::GeminiSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Without limits that serde does not know.
#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
pub struct Plain {
    name: String,
    age: Option<u8>,
    #[serde(default)]
    tags: Vec<char>,
    ratio: f32,
    big: u128,
}

/// With limits.
#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
pub struct Limited {
    #[gemini(min_length = 1, max_length = 5)]
    name: String,
    #[gemini(minimum = 2, maximum = 9)]
    grade: u8,
    #[gemini(min_items = 1, max_items = 3)]
    list: Vec<Inner>,
    #[gemini(minimum = -0.5)]
    ratio: f64,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Inner {
    #[gemini(pattern = "^[A-Z]")]
    code: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[gemini(maximum = 7)]
    count: Option<i64>,
}

/// With shapes that some dialects cannot say.
#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
pub struct Odd {
    map: BTreeMap<String, (u8, String)>,
    numbers: BTreeMap<i16, f64>,
    pair: (bool, Option<Value>),
    anything: Value,
    empty: Empty,
    unit: (),
    switches: BTreeMap<bool, Empty>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Empty {}

/// Alternatives of every kind.
#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
pub enum Kind {
    Nothing,
    Empty {},
    Mixed(u8, String),
    Map(BTreeMap<String, Value>),
    Tagged(Tagged),
    #[serde(untagged)]
    Raw(u32),
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "kind")]
pub enum Tagged {
    One { count: u8 },
    Two { list: Vec<(u8, bool)> },
}

/// Inside itself.
#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
pub struct Node {
    name: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    children: Vec<Node>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    twin: Option<Box<Node>>,
}

/// Integers of many sizes, with limits beside lifted parts.
#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
pub struct Counted {
    small: i8,
    large: i128,
    places: (u8, i64, f64),
    #[gemini(min_items = 1)]
    list: Vec<u64>,
    counts: BTreeMap<String, u32>,
    either: Either,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(untagged)]
enum Either {
    Count(u16),
    List(Vec<i32>),
}

/// Any value at all.
#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
pub struct Anything(Value);

//! Names and parts that differ between reading and writing.

use std::collections::BTreeMap;

use gemini_schema::GeminiSchema;
use gemini_tests::zoo::zoo;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(rename_all(serialize = "camelCase", deserialize = "kebab-case"))]
struct Renamed {
    recipe_name: String,
    #[serde(rename(serialize = "b", deserialize = "a"))]
    first: u8,
    #[serde(rename(serialize = "a", deserialize = "b"))]
    second: u8,
    counts: BTreeMap<Course, u8>,
}

#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, GeminiSchema,
)]
enum Course {
    #[serde(rename(serialize = "main"))]
    Dessert,
    #[serde(rename(deserialize = "main"), alias = "entree")]
    Main,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(rename_all_fields(serialize = "UPPERCASE"), rename_all(deserialize = "lowercase"))]
enum Part {
    Dough { with_eggs: bool },
    Icing,
    Topping(Course),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "kind", rename_all(serialize = "snake_case"))]
enum Order {
    EatIn { table: u8 },
    TakeAway(Renamed),
}

#[test]
fn names_that_differ() {
    let counts = [(Course::Main, 4), (Course::Dessert, 0)].into();
    let renamed = Renamed { recipe_name: "n".into(), first: 1, second: 2, counts };
    zoo::<Renamed>().value(renamed.clone()).writes_other_names().everywhere();
    zoo::<Course>().values([Course::Dessert, Course::Main]).writes_other_names().everywhere();
    zoo::<Part>()
        .values([Part::Dough { with_eggs: true }, Part::Icing, Part::Topping(Course::Dessert)])
        .writes_other_names()
        .everywhere();
    zoo::<Order>()
        .values([Order::EatIn { table: 7 }, Order::TakeAway(renamed)])
        .writes_other_names()
        .everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct HalfRead {
    #[serde(skip_deserializing)]
    id: u64,
    name: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct HalfWritten {
    #[serde(skip_serializing, default = "three")]
    depth: u8,
    #[serde(skip_serializing)]
    source: Option<String>,
    #[serde(default = "three", alias = "stars")]
    rating: u8,
}

fn three() -> u8 {
    3
}

#[test]
fn parts_of_one_direction() {
    // What is not read comes back as its default.
    zoo::<HalfRead>().value(HalfRead { id: 0, name: "n".into() }).writes_other_names().everywhere();
    zoo::<HalfWritten>().value(HalfWritten { depth: 3, source: None, rating: 5 }).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Sparse {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(default = "three", skip_serializing_if = "is_three")]
    depth: u8,
    #[serde(skip)]
    cache: Option<u64>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_three(depth: &u8) -> bool {
    *depth == 3
}

#[test]
fn parts_that_are_left_out() {
    zoo::<Sparse>()
        .values([
            Sparse { tags: vec![], depth: 3, cache: None },
            Sparse { tags: vec!["t".into()], depth: 0, cache: None },
        ])
        .everywhere();
}

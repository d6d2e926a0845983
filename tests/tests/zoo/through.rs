//! Types that are read and written through other types and functions.

use std::time::Duration;

use gemini_schema::{GeminiSchema, Generator, Schema};
use gemini_tests::zoo::zoo;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(from = "(u8, u8)", into = "(u8, u8)")]
struct Fraction {
    above: u8,
    below: u8,
}

impl From<(u8, u8)> for Fraction {
    fn from((above, below): (u8, u8)) -> Self {
        Fraction { above, below }
    }
}

impl From<Fraction> for (u8, u8) {
    fn from(Fraction { above, below }: Fraction) -> Self {
        (above, below)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(from = "Branch", into = "Branch")]
struct Tree(Vec<Tree>);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Branch {
    name: String,
    children: Vec<Tree>,
}

impl From<Branch> for Tree {
    fn from(branch: Branch) -> Self {
        Tree(branch.children)
    }
}

impl From<Tree> for Branch {
    fn from(Tree(children): Tree) -> Self {
        Branch { name: String::new(), children }
    }
}

#[test]
fn conversions() {
    zoo::<Fraction>().value(Fraction { above: 1, below: 255 }).everywhere();
    zoo::<Vec<Option<Fraction>>>()
        .value(vec![None, Some(Fraction { above: 0, below: 0 })])
        .everywhere();
    zoo::<Tree>().value(Tree(vec![Tree(vec![])])).everywhere();
}

mod seconds {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(value: &Duration, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u64(value.as_secs())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
        u64::deserialize(from).map(Duration::from_secs)
    }
}

mod elsewhere {
    #[derive(Debug, Clone, PartialEq)]
    pub(super) struct Point {
        pub(super) x: i8,
        pub(super) label: String,
    }
}

#[derive(Serialize, Deserialize, GeminiSchema)]
#[serde(remote = "elsewhere::Point")]
struct Point {
    x: i8,
    label: String,
}

fn percent(_: &mut Generator) -> Schema {
    Schema::enumeration(["0%", "50%", "100%"])
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Event {
    #[serde(with = "seconds")]
    #[gemini(with = "u64", maximum = 100)]
    length: Duration,
    #[serde(with = "Point")]
    #[gemini(with = "Point")]
    place: elsewhere::Point,
    #[gemini(schema = "percent")]
    progress: String,
    #[serde(flatten, with = "Point")]
    #[gemini(with = "Point")]
    point: elsewhere::Point,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
enum Timer {
    #[serde(with = "seconds")]
    #[gemini(with = "u64")]
    After(Duration),
    Never,
}

#[test]
fn functions() {
    let point = |label: &str| elsewhere::Point { x: -1, label: label.to_owned() };
    let event = Event {
        length: Duration::from_secs(5),
        place: point("p"),
        progress: "50%".to_owned(),
        point: point("q"),
    };
    zoo::<Event>().value(event).everywhere();
    zoo::<Timer>().values([Timer::After(Duration::from_secs(u64::MAX)), Timer::Never]).everywhere();
}

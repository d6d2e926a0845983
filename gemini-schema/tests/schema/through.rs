//! Types and functions of others, enums of numbers, generics and borrowed fields.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use gemini_schema::{Dialect, GeminiSchema, Generator, Lowered, Schema};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::support::{agree, round, sends};

/// Text that another type limits.
#[derive(GeminiSchema)]
#[gemini(min_length = 2)]
struct Sku(#[allow(dead_code, reason = "only the schema is used")] String);

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

/// A type of another crate that serde cannot read by itself.
mod elsewhere {
    #[derive(Debug, Clone, PartialEq)]
    pub(super) struct Point {
        pub(super) x: i8,
        pub(super) label: String,
    }
}

#[derive(Serialize, Deserialize, GeminiSchema)]
#[serde(remote = "elsewhere::Point")]
struct PointDef {
    x: i8,
    #[serde(rename(serialize = "name"))]
    label: String,
}

fn percent(_: &mut Generator) -> Schema {
    Schema::enumeration(["0%", "50%", "100%"])
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Event {
    #[serde(with = "seconds")]
    #[gemini(with = "u64", maximum = 100)]
    length: std::time::Duration,
    #[serde(with = "PointDef")]
    #[gemini(with = "PointDef")]
    place: elsewhere::Point,
    #[gemini(schema = "percent")]
    progress: String,
    #[gemini(with = "Option<Sku>", optional)]
    sku: Option<String>,
    #[serde(flatten, with = "PointDef")]
    #[gemini(with = "PointDef")]
    point: elsewhere::Point,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
enum Timer {
    #[serde(with = "seconds")]
    #[gemini(with = "u64")]
    After(std::time::Duration),
    Never,
}

#[test]
fn functions_and_foreign_types_have_the_schema_that_is_given() {
    let point = |label: &str| elsewhere::Point { x: -1, label: label.to_owned() };
    let event = Event {
        length: std::time::Duration::from_secs(5),
        place: point("p"),
        progress: "50%".to_owned(),
        sku: None,
        point: point("q"),
    };
    round(&event);
    round(&Timer::After(std::time::Duration::from_secs(5)));
    round(&Timer::Never);
    let lowered = Lowered::of::<Event>(Dialect::Draft202012).unwrap();
    let good = lowered.encode(&event).unwrap();
    for (is, wrong, keyword) in
        [("\"50%\"", "\"60%\"", "enum"), ("\"length\":5", "\"length\":101", "maximum")]
    {
        let error = lowered.decode::<Event>(&good.replace(is, wrong)).unwrap_err();
        assert_eq!(error.violations()[0].keyword(), keyword);
    }
}

#[derive(
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    serde_repr::Serialize_repr,
    serde_repr::Deserialize_repr,
    GeminiSchema,
)]
#[repr(i16)]
#[gemini(integer)]
enum Level {
    /// Nobody minds.
    Low = -1,
    Middle,
    High = 300,
}

#[derive(
    Debug, PartialEq, serde_repr::Serialize_repr, serde_repr::Deserialize_repr, GeminiSchema,
)]
#[repr(u8)]
#[gemini(integer)]
enum Known {
    One = 1,
    #[serde(other)]
    Other = 9,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Report {
    #[gemini(example = Level::High)]
    level: Level,
    worst: Option<Level>,
    by_level: BTreeMap<Level, bool>,
    either: Either,
    #[gemini(max_items = 3)]
    all: Vec<Known>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(untagged)]
enum Either {
    Level(Level),
    Text(String),
}

#[test]
fn enums_of_numbers_are_numbers_or_their_names() {
    round(&Level::Middle);
    round(&Report {
        level: Level::High,
        worst: Some(Level::Low),
        by_level: [(Level::Low, true)].into(),
        either: Either::Level(Level::High),
        all: vec![Known::One, Known::Other],
    });
    agree::<Level>(true, [json!(-1), json!(0), json!(300)]);
    agree::<Level>(false, [json!(1), json!("Low"), json!(null), json!(0.5)]);
    agree::<Known>(true, [json!(1), json!(7)]);
    sends::<Level>(
        Dialect::Gemini,
        r#"{"type":"STRING","description":"Low: -1, Nobody minds.\nMiddle: 0\nHigh: 300","enum":["Low","Middle","High"]}"#,
    );
    sends::<Level>(
        Dialect::GeminiJson,
        r#"{"description":"-1: Low, Nobody minds.\n0: Middle\n300: High","type":"integer","enum":[-1,0,300]}"#,
    );
    sends::<Report>(Dialect::Gemini, r#""example":"High""#);
    let lowered = Lowered::of::<Level>(Dialect::OpenAi).unwrap();
    assert_eq!(lowered.decode::<Level>(r#"{"value":300.0}"#).unwrap(), Level::High);
    let gemini = Lowered::of::<Level>(Dialect::Gemini).unwrap();
    assert!(gemini.decode::<Level>(r#""Highest""#).is_err());
}

trait Family {
    type Member;
}

#[derive(Debug, PartialEq)]
struct Numbers;

impl Family for Numbers {
    type Member = u8;
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(bound = "T: Family, <T as Family>::Member: Serialize + DeserializeOwned")]
struct Related<T: Family> {
    member: <T as Family>::Member,
    more: Vec<T::Member>,
    kind: PhantomData<T>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Pair<A, B = A> {
    first: A,
    second: Option<Box<Pair<B, A>>>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[gemini(bound = "")]
struct Fixed<T, const N: usize> {
    length: usize,
    #[serde(skip)]
    kind: PhantomData<[T; N]>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Generics {
    related: Related<Numbers>,
    pair: Pair<u8, String>,
    texts: Pair<String>,
    fixed: Fixed<std::time::Instant, 4>,
}

#[test]
fn generics_are_bound_by_what_their_fields_need() {
    let pair = |first, second| Pair { first, second };
    round(&Generics {
        related: Related { member: 1, more: vec![2], kind: PhantomData },
        pair: pair(1, Some(Box::new(Pair { first: "a".to_owned(), second: None }))),
        texts: Pair { first: "a".to_owned(), second: None },
        fixed: Fixed { length: 1, kind: PhantomData },
    });
}

#[test]
fn borrowed_fields_borrow_from_the_text() {
    #[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
    struct Borrowed<'a> {
        #[serde(borrow)]
        label: std::borrow::Cow<'a, str>,
    }
    let lowered = Lowered::of::<Borrowed<'_>>(Dialect::Gemini).unwrap();
    let value = Borrowed { label: "b".into() };
    let text = lowered.encode(&value).unwrap();
    let back: Borrowed<'_> = lowered.decode(&text).unwrap();
    assert_eq!(back, value);
    assert!(matches!(back.label, std::borrow::Cow::Borrowed("b")));
}

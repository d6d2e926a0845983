//! Several of serde's attributes at once: open objects, nested options, generics, marks without data.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::marker::PhantomData;

use gemini_schema::GeminiSchema;
use gemini_tests::zoo::{borrowing, zoo};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Source {
    page: u16,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
enum Kind {
    Plain,
    Long { pages: u8 },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Open {
    name: String,
    #[serde(flatten)]
    source: Option<Source>,
    #[serde(flatten)]
    kind: Kind,
    /// whatever else is known
    #[serde(flatten)]
    extra: BTreeMap<String, Vec<(u8, bool)>>,
    #[serde(rename = "extra")]
    more: Option<bool>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Anything {
    #[serde(flatten)]
    all: Map<String, Value>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "kind")]
enum Tagged {
    Counts(BTreeMap<String, u8>),
    Open {
        id: u8,
        #[serde(flatten)]
        rest: Map<String, Value>,
    },
}

#[test]
fn open_objects() {
    let extra = [("x".to_owned(), vec![(1, true)]), ("é \"".to_owned(), vec![])].into();
    let kind = Kind::Long { pages: 2 };
    let source = Some(Source { page: 3 });
    let open = Open { name: "n".into(), source, kind, extra, more: None };
    let closed = Open { source: None, kind: Kind::Plain, extra: BTreeMap::new(), ..open.clone() };
    zoo::<Open>()
        .values([open, closed])
        .reads_more("a flattened Option is None where its fields do not fit")
        .everywhere();
    let all: Map<String, Value> =
        [("a".to_owned(), json!([1, null])), ("b".to_owned(), json!("x"))].into_iter().collect();
    zoo::<Anything>().value(Anything { all: all.clone() }).everywhere();
    zoo::<Tagged>()
        .values([Tagged::Counts([("a".to_owned(), 1)].into()), Tagged::Open { id: 1, rest: all }])
        .everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Doubled {
    plain: Option<Option<u8>>,
    list: Vec<Option<Option<Source>>>,
    #[serde(default)]
    absent: Option<Option<bool>>,
    boxed: Option<Box<Option<String>>>,
}

#[test]
fn options_in_options() {
    zoo::<Doubled>()
        .values([
            Doubled { plain: None, list: vec![None], absent: None, boxed: None },
            Doubled {
                plain: Some(Some(1)),
                list: vec![Some(Some(Source { page: 1 })), None],
                absent: Some(Some(true)),
                boxed: Some(Box::new(Some("x".into()))),
            },
        ])
        .everywhere();
}

/// A unit that values carry in their type.
#[derive(Debug, Clone, PartialEq)]
struct Metres;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(bound = "")]
struct Length<Unit> {
    value: f64,
    #[serde(skip)]
    unit: PhantomData<Unit>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Marked<Unit> {
    mark: PhantomData<Unit>,
    items: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Grid<T, const WIDTH: usize> {
    rows: Vec<Row<T>>,
    width: Fixed<WIDTH>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Row<T>(Vec<T>);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Fixed<const WIDTH: usize> {
    count: u8,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Pair<A, B = A> {
    left: A,
    right: B,
}

#[test]
fn generic_types() {
    zoo::<Length<Metres>>().value(Length { value: 1.5, unit: PhantomData }).everywhere();
    zoo::<Marked<Metres>>().value(Marked { mark: PhantomData, items: vec![1] }).everywhere();
    let grid = Grid { rows: vec![Row(vec![1_u8, 2]), Row(vec![])], width: Fixed::<2> { count: 2 } };
    zoo::<Grid<u8, 2>>().value(grid).everywhere();
    let inner = Pair { left: "a".to_owned(), right: None::<bool> };
    zoo::<Pair<Pair<String, Option<bool>>, Vec<Pair<u8>>>>()
        .value(Pair { left: inner, right: vec![Pair { left: 1, right: 2 }] })
        .everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Borrowed<'a, T> {
    #[serde(borrow)]
    text: Cow<'a, str>,
    #[serde(borrow)]
    more: Option<Cow<'a, str>>,
    value: T,
}

#[test]
fn borrowed_parts() {
    let more = Some(Cow::Borrowed("b \" \u{e9}"));
    borrowing::<Borrowed<'static, u8>>()
        .value(Borrowed { text: Cow::Borrowed("a"), more, value: 1 })
        .everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[gemini(max_depth = 2)]
struct Shallow {
    id: u8,
    below: Vec<Shallow>,
}

#[test]
fn recursion_with_a_depth_of_its_own() {
    let leaf = |id| Shallow { id, below: vec![] };
    let two = Shallow { id: 1, below: vec![leaf(2)] };
    let three = Shallow { id: 0, below: vec![two.clone()] };
    zoo::<Shallow>().values([leaf(0), two]).too_deep([three]).everywhere();
}

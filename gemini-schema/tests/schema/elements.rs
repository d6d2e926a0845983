//! Lists that are read element by element.

use std::collections::{BTreeMap, VecDeque};

use gemini_schema::{DecodeErrorKind, Dialect, GeminiSchema, Lowered};
use serde::{Deserialize, Serialize};
use serde_json::Value;

const DIALECTS: [Dialect; 3] = [Dialect::Gemini, Dialect::Vertex, Dialect::GeminiJson];

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Stock {
    #[gemini(min_length = 2)]
    name: String,
    shelves: BTreeMap<String, u8>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Node {
    name: String,
    #[serde(default)]
    children: Nodes,
}

#[derive(Debug, Default, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Nodes(Vec<Node>);

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Few(#[gemini(min_items = 2, max_items = 3)] Vec<u8>);

/// Reads a list both ways, in the shape that is sent.
fn both<L, E>(list: &L) -> Vec<(L, Vec<E>)>
where
    L: GeminiSchema + Serialize + for<'de> Deserialize<'de>,
    E: for<'de> Deserialize<'de>,
{
    let read = |dialect| {
        let lowered = Lowered::of::<L>(dialect).unwrap();
        let text = lowered.encode(list).unwrap();
        let pieces: Vec<Value> = serde_json::from_str(&text).unwrap();
        let elements = lowered.elements().unwrap();
        let decode =
            |(index, piece): (u64, &Value)| elements.decode(index, &piece.to_string()).unwrap();
        (lowered.decode(&text).unwrap(), (0..).zip(&pieces).map(decode).collect())
    };
    DIALECTS.map(read).into_iter().collect()
}

#[test]
fn elements_are_what_the_whole_list_holds() {
    let shelves = BTreeMap::from([("top".to_owned(), 3), ("low".to_owned(), 9)]);
    let stocks = vec![Stock { name: "oats".to_owned(), shelves }; 3];
    for (whole, elements) in both::<Vec<Stock>, Stock>(&stocks) {
        assert_eq!(whole, stocks);
        assert_eq!(elements, stocks);
    }
    for (whole, elements) in both::<VecDeque<[u8; 2]>, [u8; 2]>(&VecDeque::from([[1, 2], [3, 4]])) {
        assert_eq!(Vec::from(whole), elements);
    }
}

#[test]
fn a_list_inside_itself_has_elements() {
    let leaf = |name: &str| Node { name: name.to_owned(), children: Nodes::default() };
    let nodes = Nodes(vec![Node { name: "a".to_owned(), children: Nodes(vec![leaf("b")]) }]);
    for (whole, elements) in both::<Nodes, Node>(&nodes) {
        assert_eq!(whole.0, elements);
    }
}

#[test]
fn violations_stand_where_they_are_in_the_list() {
    let lowered = Lowered::of::<Vec<Stock>>(Dialect::Gemini).unwrap();
    let elements = lowered.elements().unwrap();
    let text = r#"{"name":"x","shelves":[{"key":"a","value":1}]}"#;
    let error = elements.decode::<Stock>(7, text).unwrap_err();
    assert_eq!(error.violations()[0].path(), "/7/name");
    let whole = lowered.decode::<Vec<Stock>>(&format!("[{text}]")).unwrap_err();
    assert_eq!(whole.violations()[0].path(), "/0/name");
    assert_eq!(whole.violations()[0].expected(), error.violations()[0].expected());
    let cut = elements.decode::<Stock>(0, r#"{"name":"#).unwrap_err();
    assert_eq!(cut.kind(), DecodeErrorKind::Truncated);
}

#[test]
fn the_count_is_judged_as_in_the_whole_list() {
    let lowered = Lowered::of::<Few>(Dialect::Gemini).unwrap();
    let elements = lowered.elements().unwrap();
    assert_eq!(elements.max_count(), Some(3));
    for count in 0..6_u64 {
        let text = serde_json::to_string(&vec![0; usize::try_from(count).unwrap()]).unwrap();
        let whole = lowered.decode::<Few>(&text).map(|_| ()).map_err(|error| error.to_string());
        let counted = elements.check_count(count).map_err(|error| error.to_string());
        assert_eq!(counted, whole, "{count}");
    }
    let array = Lowered::of::<[u8; 2]>(Dialect::Gemini).unwrap();
    assert!(array.elements().unwrap().check_count(1).is_err());
}

#[test]
fn only_lists_have_elements() {
    assert!(Lowered::of::<Stock>(Dialect::Gemini).unwrap().elements().is_none());
    assert!(Lowered::of::<Option<Vec<u8>>>(Dialect::Gemini).unwrap().elements().is_none());
    assert!(Lowered::of::<BTreeMap<String, u8>>(Dialect::Gemini).unwrap().elements().is_none());
}

#[test]
fn an_answer_is_turned_back_as_a_text() {
    let lowered = Lowered::of::<BTreeMap<String, u8>>(Dialect::Gemini).unwrap();
    let text = lowered.lifted(r#"[{"key":"a","value":1}]"#).unwrap();
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&text).unwrap(),
        serde_json::json!({"a": 1})
    );
    assert!(lowered.lifted("[").is_err());
    let same = Lowered::of::<Vec<u8>>(Dialect::Gemini).unwrap();
    assert_eq!(same.lifted("[1, 2]").unwrap(), "[1, 2]");
}

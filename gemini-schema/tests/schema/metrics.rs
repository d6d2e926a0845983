//! The size of schemas, and the limits that are reported.

#![allow(dead_code, reason = "only the schemas of these types are looked at")]

use std::collections::BTreeMap;

use gemini_schema::{Dialect, GeminiSchema, Lowered, Property, Schema};

/// The paths of the warnings.
#[track_caller]
fn warned(schema: &Schema, dialect: Dialect) -> Vec<String> {
    let lowered = schema.lower(dialect).unwrap();
    lowered.warnings().iter().map(|warning| warning.path().to_owned()).collect()
}

#[derive(GeminiSchema)]
struct Menu {
    day: Day,
    #[gemini(max_items = 5)]
    dishes: Vec<Dish>,
}

#[derive(GeminiSchema)]
struct Dish {
    name: String,
    #[gemini(max_items = 7)]
    parts: Option<Vec<String>>,
    price: Price,
}

#[derive(GeminiSchema)]
enum Price {
    Fixed(u8),
    Open,
}

#[derive(GeminiSchema)]
enum Day {
    Mon,
    Tuesday,
}

#[test]
fn every_number_is_counted() {
    let metrics = Lowered::of::<Menu>(Dialect::Gemini).unwrap().metrics();
    assert_eq!(metrics.depth, 4);
    assert_eq!(metrics.properties, 6);
    assert_eq!(metrics.name_bytes, "daydishesnamepartspriceFixed".len());
    assert_eq!(metrics.enum_members, 3);
    assert_eq!(metrics.enum_characters, "MonTuesdayOpen".len());
    assert_eq!(metrics.largest_enum, 2);
    assert_eq!(metrics.max_items, 12);
    assert_eq!(metrics.alternatives, 2);
    let text = Lowered::of::<Menu>(Dialect::Gemini).unwrap().to_string();
    assert_eq!(metrics.estimated_tokens, text.len().div_ceil(4));
    let own = Schema::of::<Menu>().metrics();
    assert_eq!((own.depth, own.properties, own.max_items), (4, 6, 12));
}

#[test]
fn the_shape_that_is_sent_is_measured() {
    type Map = BTreeMap<String, u8>;
    assert_eq!(Schema::of::<Map>().metrics().depth, 1);
    let sent = Lowered::of::<Map>(Dialect::Gemini).unwrap().metrics();
    assert_eq!((sent.depth, sent.properties), (2, 2));
}

#[derive(GeminiSchema)]
#[gemini(max_depth = 4)]
struct Tree {
    #[serde(default)]
    branches: Vec<Tree>,
}

#[test]
fn recursion_counts_once_unless_it_is_written_out() {
    assert_eq!(Lowered::of::<Tree>(Dialect::GeminiJson).unwrap().metrics().depth, 4);
    assert!(Lowered::of::<Tree>(Dialect::Gemini).unwrap().metrics().depth > 4);
}

#[test]
fn depth_is_warned_about_where_it_is_deepest() {
    let mut schema = Schema::string();
    for _ in 0..5 {
        schema = Schema::array(schema);
    }
    assert_eq!(warned(&schema, Dialect::Gemini), ["/items/items/items/items"]);
    assert!(warned(&schema, Dialect::GeminiJson).is_empty());
    assert!(warned(&Schema::array(Schema::array(Schema::string())), Dialect::Gemini).is_empty());
}

#[test]
fn large_enumerations_are_warned_about_on_every_carrier() {
    let members = |count: usize| Schema::enumeration((0..count).map(|each| format!("m{each}")));
    let schema = Schema::object([
        Property::required("small", members(100)),
        Property::required("large", members(101)),
    ]);
    for dialect in [Dialect::Gemini, Dialect::Vertex, Dialect::GeminiJson, Dialect::OpenAi] {
        assert_eq!(warned(&schema, dialect), ["/properties/large"], "{dialect:?}");
    }
    assert!(warned(&schema, Dialect::Draft202012).is_empty());
}

#[test]
fn long_names_are_warned_about() {
    let object = |count: usize| {
        let names = (0..count).map(|each| format!("{each:034}"));
        Schema::object(names.map(|name| Property::required(name, Schema::boolean())))
    };
    assert_eq!(warned(&object(43), Dialect::Gemini), [""]);
    assert!(warned(&object(41), Dialect::Gemini).is_empty());
}

#[derive(Debug, serde::Deserialize, GeminiSchema)]
struct Long {
    #[gemini(max_items = 900)]
    first: Vec<u8>,
    #[gemini(min_items = 1, max_items = 61)]
    second: Vec<u8>,
    fixed: [u8; 3],
}

#[test]
fn max_items_can_be_kept_back() {
    for dialect in [Dialect::Gemini, Dialect::Vertex, Dialect::GeminiJson, Dialect::OpenAi] {
        let lowered = Lowered::of::<Long>(dialect).unwrap();
        assert_eq!(lowered.warnings().len(), 1);
        assert_eq!(lowered.warnings()[0].path(), "/properties/first");
        assert!(lowered.warnings()[0].remedy().contains("without_max_items"));

        let lowered = lowered.without_max_items().unwrap();
        assert!(lowered.warnings().is_empty());
        assert_eq!(lowered.metrics().max_items, 3, "a fixed length is part of the type");
        let notes: Vec<_> = lowered.notes().iter().map(gemini_schema::Note::path).collect();
        assert_eq!(notes, ["/properties/first", "/properties/second"]);

        let numbers = vec![0_u8; 62];
        let text = serde_json::json!({"first": [], "second": numbers, "fixed": [1, 2, 3]});
        let error = lowered.decode::<Long>(&text.to_string()).unwrap_err();
        assert_eq!(error.violations()[0].keyword(), "maxItems");
        assert_eq!(error.violations()[0].path(), "/second");
    }
}

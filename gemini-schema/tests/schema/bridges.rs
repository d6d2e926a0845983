//! Types of schemars, and validation by garde.

use std::collections::{BTreeMap, HashSet};

use garde::Validate;
use gemini_schema::{Dialect, GeminiSchema, Lowered, Schema, Schemars};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

const ALL: [Dialect; 5] =
    [Dialect::Gemini, Dialect::Vertex, Dialect::GeminiJson, Dialect::OpenAi, Dialect::Draft202012];

/// A point of sale.
#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Shop {
    shop_name: String,
    opened: Option<u16>,
    tags: HashSet<String>,
    stock: BTreeMap<String, i8>,
    size: Size,
    place: (f64, f64),
    kind: Kind,
    next: Option<Box<Shop>>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
enum Size {
    /// Up to ten seats.
    Small,
    Large,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "type")]
enum Kind {
    Cafe { seats: u32 },
    Kiosk(Inner),
    Closed,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
struct Inner {
    window: bool,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Town {
    first: Schemars<Shop>,
    others: Vec<Schemars<Shop>>,
}

fn shop(kind: Kind, next: Option<Shop>) -> Shop {
    Shop {
        shop_name: "Oat".to_owned(),
        opened: None,
        tags: HashSet::from(["quiet".to_owned()]),
        stock: BTreeMap::from([("tea".to_owned(), -1)]),
        size: Size::Small,
        place: (1.5, -2.0),
        kind,
        next: next.map(Box::new),
    }
}

#[test]
fn a_type_of_schemars_is_a_root_and_a_field() {
    let inner = shop(Kind::Kiosk(Inner { window: true }), None);
    let first = Schemars(shop(Kind::Cafe { seats: 4 }, Some(inner)));
    let others = vec![Schemars(shop(Kind::Closed, None))];
    let town = Town { first, others };
    for dialect in ALL {
        let lowered = Lowered::of::<Town>(dialect).unwrap();
        let text = lowered.encode(&town).unwrap();
        assert_eq!(lowered.decode::<Town>(&text).unwrap(), town, "{dialect:?} by {text}");
        Lowered::of::<Schemars<Shop>>(dialect).unwrap();
    }
    let definitions = Schema::of::<Town>();
    assert_eq!(definitions.definitions().keys().collect::<Vec<_>>(), ["Shop"]);
}

#[test]
fn the_schema_is_no_wider_than_that_of_schemars() {
    let source = schemars::schema_for!(Shop);
    let judge = jsonschema::validator_for(source.as_value()).unwrap();
    let schema = Schema::of_schemars::<Shop>().unwrap();
    let good = serde_json::to_value(shop(Kind::Closed, None)).unwrap();
    assert_eq!(schema.check(&good), []);
    for name in good.as_object().unwrap().keys() {
        for wrong in [json!(null), json!(70_000), json!("x"), json!({"a": 300}), json!([1, 2, 3])] {
            let mut value = good.clone();
            value[name] = wrong;
            let conforms = schema.check(&value).is_empty();
            assert_eq!(conforms, judge.is_valid(&value), "{name} in {value}");
        }
    }
}

struct Even;

impl JsonSchema for Even {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Even".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "integer", "multipleOf": 2})
    }
}

#[test]
fn what_would_be_lost_is_refused_where_the_field_is() {
    #[derive(GeminiSchema)]
    struct Pair {
        #[allow(dead_code, reason = "only the schema is looked at")]
        left: Schemars<Even>,
    }
    let error = Schema::of::<Pair>().lower(Dialect::Gemini).unwrap_err();
    let problem = &error.problems()[0];
    assert_eq!(problem.path(), "/properties/left");
    assert!(problem.reason().contains("Even"), "{error}");
    assert!(problem.reason().contains("multipleOf"), "{error}");
}

#[derive(Debug, Deserialize, GeminiSchema, Validate)]
struct Booking {
    #[garde(length(min = 2))]
    #[gemini(max_length = 5)]
    guest: String,
    #[garde(dive)]
    rooms: Vec<Room>,
}

#[derive(Debug, Deserialize, GeminiSchema, Validate)]
struct Room {
    #[garde(range(min = 1, max = 4))]
    beds: u8,
}

#[test]
fn garde_validates_what_was_decoded() {
    let lowered = Lowered::of::<Booking>(Dialect::Gemini).unwrap();
    let text = |guest: &str, beds: u8| {
        json!({"guest": guest, "rooms": [{"beds": 1}, {"beds": beds}]}).to_string()
    };
    let booking = lowered.decode_valid::<Booking>(&text("Ada", 2)).unwrap();
    assert_eq!((booking.guest.as_str(), booking.rooms[1].beds), ("Ada", 2));

    let error = lowered.decode_valid::<Booking>(&text("A", 9)).unwrap_err();
    let found: Vec<_> =
        error.violations().iter().map(|each| (each.path(), each.keyword())).collect();
    assert_eq!(found, [("/guest", "garde"), ("/rooms/1/beds", "garde")]);
    assert!(!error.violations()[0].expected().is_empty());

    let error = lowered.decode_valid::<Booking>(&text("Augusta", 9)).unwrap_err();
    assert_eq!(error.violations()[0].keyword(), "maxLength");
    assert!(lowered.decode::<Value>(&text("A", 9)).is_ok(), "garde is asked for");
}

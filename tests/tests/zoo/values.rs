//! Values of any shape.

use gemini_schema::GeminiSchema;
use gemini_tests::zoo::zoo;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Envelope {
    id: u8,
    /// whatever came with it
    payload: Value,
    #[serde(default)]
    extra: Option<Value>,
}

#[test]
fn any_value() {
    zoo::<Value>()
        .values([Value::Null, json!([1, "a", {"b": null}]), json!(u64::MAX)])
        .everywhere();
    zoo::<Vec<Value>>().value(vec![json!(1), json!([])]).everywhere();
}

#[test]
fn any_object() {
    let map: Map<String, Value> = [("a".to_owned(), json!([]))].into_iter().collect();
    zoo::<Map<String, Value>>().values([Map::new(), map]).everywhere();
}

#[test]
fn any_value_inside_a_struct() {
    let envelope = Envelope { id: 1, payload: json!({"deep": [1.5, {"er": false}]}), extra: None };
    zoo::<Envelope>().value(envelope).everywhere();
}

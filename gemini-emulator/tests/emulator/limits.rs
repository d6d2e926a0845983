//! How large a schema may be.

use gemini_emulator::{Emulator, SchemaLimits};
use serde_json::{Value, json};

use crate::client::{by_json_schema, by_schema, prompt, send, start};

const DEPTH_MESSAGE: &str = "A schema in GenerationConfig in the request exceeds the maximum \
    allowed nesting depth.";
const BARE_MESSAGE: &str = "Request contains an invalid argument.";

fn nested(levels: usize) -> Value {
    (0..levels).fold(json!({"type": "STRING"}), |inner, level| {
        if level % 2 == 0 {
            json!({"type": "ARRAY", "items": inner})
        } else {
            json!({"type": "OBJECT", "properties": {"a": inner}})
        }
    })
}

fn enum_of(members: usize) -> Value {
    let members: Vec<String> = (0..members).map(|number| format!("m{number}")).collect();
    json!({"type": "STRING", "enum": members})
}

fn lists(max_items: u64) -> Value {
    let list = json!({"type": "ARRAY", "maxItems": max_items, "items": {"type": "STRING"}});
    json!({"type": "OBJECT", "properties": {"a": list, "b": list}})
}

#[tokio::test]
async fn the_default_limits_hold() {
    let emulator = start().await;
    let cases = [
        (nested(SchemaLimits::DEPTH), nested(SchemaLimits::DEPTH + 1), DEPTH_MESSAGE),
        (
            enum_of(SchemaLimits::ENUM_MEMBERS),
            enum_of(SchemaLimits::ENUM_MEMBERS + 1),
            BARE_MESSAGE,
        ),
        (
            lists(SchemaLimits::MAX_ITEMS_SUM / 2),
            lists(SchemaLimits::MAX_ITEMS_SUM / 2 + 1),
            BARE_MESSAGE,
        ),
    ];
    for (within, beyond, message) in cases {
        let accepted = send(&emulator, &by_schema("x", &within)).await;
        assert_eq!(accepted.status, 200, "{}", accepted.message());
        let refused = send(&emulator, &by_schema("x", &beyond)).await;
        assert_eq!((refused.status, refused.message()), (400, message));
    }
}

#[tokio::test]
async fn limits_can_be_changed() {
    let tight = SchemaLimits::default().depth(2).enum_members(2).max_items_sum(3);
    let emulator = Emulator::builder().schema_limits(tight).start().await.unwrap();
    for schema in [nested(3), enum_of(3), lists(2)] {
        assert_eq!(send(&emulator, &by_schema("x", &schema)).await.status, 400, "{schema}");
    }
    for schema in [nested(2), enum_of(2), lists(1)] {
        assert_eq!(send(&emulator, &by_schema("x", &schema)).await.status, 200, "{schema}");
    }
    let list = json!({"type": "array", "maxItems": 4, "items": {"type": "string"}});
    assert_eq!(send(&emulator, &by_json_schema("x", &list)).await.message(), BARE_MESSAGE);
    let pair = json!({"type": "array", "items": {"type": "array", "items": {"type": "string"}}});
    let deep = json!({"type": "array", "items": pair});
    assert_eq!(send(&emulator, &by_json_schema("x", &deep)).await.status, 200);
}

#[tokio::test]
async fn functions_have_their_own_words_for_depth() {
    let emulator = start().await;
    let mut request = prompt("x");
    let parameters = json!({"type": "OBJECT", "properties": {"a": nested(SchemaLimits::DEPTH)}});
    let declaration = json!({"name": "f", "parameters": parameters});
    request["tools"] = json!([{"functionDeclarations": [declaration]}]);
    let answer = send(&emulator, &request).await;
    assert!(answer.message().contains("in a FunctionDeclaration in"), "{}", answer.message());
}

//! Calls whose schema is made at run time.

use gemini_emulator::{Emulator, Reply};
use gemini_extract::{Carrier, Error, ErrorKind, OrderedJson, Schema, Violation};
use serde_json::{Value, json};

use crate::harness::client;

fn item() -> Schema {
    let text = r#"{"type": "object", "required": ["name", "count"], "properties": {
        "name": {"type": "string"},
        "count": {"type": "integer", "minimum": 1},
        "tags": {"type": "object", "additionalProperties": {"type": "string"}}}}"#;
    Schema::from_json_schema(text).expect("a schema")
}

async fn ask(schema: Schema, reply: &str) -> Result<Value, Error> {
    let emulator = Emulator::start().await.expect("a port is free");
    emulator.enqueue(Reply::text(reply));
    client(emulator.url()).extract_with(schema, "the prompt").await
}

#[tokio::test]
async fn a_label_is_one_of_the_labels() {
    let labels = || Schema::enumeration(["praise", "complaint"]);
    assert_eq!(ask(labels(), "praise").await.unwrap(), json!("praise"));
    let error = ask(labels(), "neither").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Violations);
    let call = client("http://127.0.0.1:9").extract_with::<String>(labels(), "the prompt");
    assert_eq!(call.to_request().unwrap().mime_type(), "text/x.enum");
}

#[tokio::test]
async fn an_object_is_judged_as_a_whole() {
    let good = r#"{"name": "oats", "count": 3.0}"#;
    assert_eq!(ask(item(), good).await.unwrap(), json!({"name": "oats", "count": 3}));
    for (reply, paths) in [
        (r#"{"name": 1, "count": 0}"#, vec!["/count", "/name"]),
        (r#"{"count": 1}"#, vec![""]),
        (r#"["oats", 3]"#, vec![""]),
        ("null", vec![""]),
    ] {
        let error = ask(item(), reply).await.unwrap_err();
        let mut found: Vec<_> = error.violations().iter().map(Violation::path).collect();
        found.sort_unstable();
        found.dedup();
        assert_eq!(found, paths, "{reply}");
    }
}

#[tokio::test]
async fn what_travels_in_another_shape_is_turned_back() {
    let reply = r#"{"name": "oats", "count": 1, "tags": [{"key": "b", "value": "x"}]}"#;
    let value = ask(item(), reply).await.unwrap();
    assert_eq!(value["tags"], json!({"b": "x"}));
    let twice = r#"{"name": "oats", "count": 0, "tags": [{"key": "b", "value": "x"}]}"#;
    assert_eq!(ask(item(), twice).await.unwrap_err().violations()[0].path(), "/count");
}

#[tokio::test]
async fn the_order_of_the_answer_can_be_kept() {
    let emulator = Emulator::start().await.expect("a port is free");
    emulator.enqueue(Reply::text(r#"{"name": "oats", "count": 3}"#));
    let client = client(emulator.url());
    let call = client.extract_with::<OrderedJson>(item(), "the prompt");
    let value = call.with_carrier(Carrier::ResponseJsonSchema).await.unwrap();
    assert_eq!(value.to_string(), r#"{"name":"oats","count":3}"#);
    assert!(emulator.requests()[0].body["generationConfig"]["responseJsonSchema"].is_object());
}

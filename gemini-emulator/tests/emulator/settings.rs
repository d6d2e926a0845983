//! Settings of the request that shape the answer, and of the emulator.

use gemini_emulator::Emulator;
use serde_json::{Value, json};

use crate::client::{by_schema, prompt, send, start, with_config};

#[tokio::test]
async fn long_answers_are_cut() {
    let emulator = start().await;
    let schema = json!({"type": "ARRAY", "minItems": 50, "items": {"type": "STRING"}});
    let mut request = by_schema("some words to use", &schema);
    request["generationConfig"]["maxOutputTokens"] = json!(10);
    let answer = send(&emulator, &request).await;
    assert_eq!(answer.body["candidates"][0]["finishReason"], "MAX_TOKENS");
    assert_eq!(answer.text().chars().count(), 40);
    assert_eq!(answer.body["usageMetadata"]["candidatesTokenCount"], 10);
    assert!(serde_json::from_str::<Value>(&answer.text()).is_err());
}

#[tokio::test]
async fn usage_adds_up() {
    let emulator = start().await;
    let mut request = with_config("12345678", &json!({"candidateCount": 3}));
    request["systemInstruction"] = json!({"parts": {"text": "1234"}});
    let answer = send(&emulator, &request).await;
    let candidates = answer.body["candidates"].as_array().unwrap();
    let indices: Vec<u64> =
        candidates.iter().map(|candidate| candidate["index"].as_u64().unwrap()).collect();
    assert_eq!(indices, [0, 1, 2]);
    let usage = &answer.body["usageMetadata"];
    assert_eq!(usage["promptTokenCount"], 3);
    assert_eq!(usage["candidatesTokenCount"], 3 * answer.text().chars().count().div_ceil(4));
    let sum = usage["promptTokenCount"].as_u64().unwrap()
        + usage["candidatesTokenCount"].as_u64().unwrap();
    assert_eq!(usage["totalTokenCount"], sum);
}

#[tokio::test]
async fn stop_sequences_stop() {
    let emulator = start().await;
    let stopped = with_config("x", &json!({"stopSequences": [" emulated", "answer"]}));
    assert_eq!(send(&emulator, &stopped).await.text(), "This ");
}

#[tokio::test]
async fn answers_without_a_schema_are_marked() {
    let emulator = start().await;
    assert!(send(&emulator, &prompt("Sing.")).await.text().contains("emulated"));
    let config = json!({"responseMimeType": "application/json"});
    let text = send(&emulator, &with_config("Sing.", &config)).await.text();
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document, json!({"emulated": true, "asked": "Sing."}));
}

#[tokio::test]
async fn several_emulators_run_side_by_side() {
    let (first, second) = (start().await, start().await);
    assert_ne!(first.url(), second.url());
    send(&first, &prompt("x")).await;
    assert_eq!((first.requests().len(), second.requests().len()), (1, 0));
}

#[tokio::test]
async fn a_taken_port_is_an_error() {
    let first = start().await;
    let port: u16 = first.url().rsplit(':').next().unwrap().parse().unwrap();
    let error = Emulator::builder().port(port).start().await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
}

//! Vertex AI: its paths, its tokens, and what is stricter or wider there.

use gemini_emulator::{Emulator, INVALID_ACCESS_TOKEN, INVALID_API_KEY};
use serde_json::{Value, json};

use crate::client::{Answer, KEY, http, prompt, read, start};

const PROJECT: &str = "v1beta1/projects/p/locations/global";
const MODEL: &str = "publishers/google/models/gemini-3.8-flash:generateContent";

/// Asks for a document by a schema.
fn schema(schema: &Value) -> Value {
    let config = json!({"responseMimeType": "application/json", "responseSchema": schema});
    configured(&config)
}

fn configured(config: &Value) -> Value {
    let mut body = prompt("a prompt of several words");
    body["generationConfig"] = config.clone();
    body
}

async fn send(emulator: &Emulator, body: &Value) -> Answer {
    let url = format!("{}/{PROJECT}/{MODEL}", emulator.url());
    read(http().post(url).bearer_auth("a-token").json(body).send().await.unwrap()).await
}

#[tokio::test]
async fn a_project_takes_tokens_only() {
    let emulator = start().await;
    for place in [format!("{PROJECT}/{MODEL}"), format!("{PROJECT}/endpoints/1:generateContent")] {
        let url = format!("{}/{place}", emulator.url());
        let request = || http().post(&url).json(&prompt("hello"));
        assert_eq!(read(request().bearer_auth(KEY).send().await.unwrap()).await.status, 200);
        for (request, reason) in [
            (request(), "CREDENTIALS_MISSING"),
            (request().header("x-goog-api-key", KEY), "CREDENTIALS_MISSING"),
            (request().bearer_auth(""), "CREDENTIALS_MISSING"),
            (request().bearer_auth(INVALID_ACCESS_TOKEN), "ACCESS_TOKEN_TYPE_UNSUPPORTED"),
        ] {
            let answer = read(request.send().await.unwrap()).await;
            assert_eq!(answer.status, 401);
            assert_eq!(answer.body["error"]["status"], "UNAUTHENTICATED");
            assert_eq!(answer.body["error"]["details"][0]["reason"], reason);
        }
    }
    assert!(!format!("{:?}", emulator.requests()).contains(KEY), "tokens are no part of the log");
}

#[tokio::test]
async fn express_mode_takes_keys() {
    let emulator = start().await;
    let request = || http().post(format!("{}/v1/{MODEL}", emulator.url())).json(&prompt("hello"));
    let with_key = request().header("x-goog-api-key", KEY).send().await.unwrap();
    assert_eq!(read(with_key).await.status, 200);
    assert_eq!(read(request().send().await.unwrap()).await.status, 403);
    let bad = request().header("x-goog-api-key", INVALID_API_KEY).send().await.unwrap();
    assert_eq!(read(bad).await.status, 400);
}

#[tokio::test]
async fn maps_and_references_are_answered() {
    let emulator = start().await;
    let answer = send(
        &emulator,
        &schema(&json!({
            "type": "OBJECT",
            "properties": {
                "counts": {"type": "OBJECT", "additionalProperties": {"type": "INTEGER"}},
                "tree": {"ref": "#/defs/Tree"},
            },
            "required": ["counts", "tree"],
            "propertyOrdering": ["tree", "counts"],
            "defs": {"Tree": {
                "type": "OBJECT",
                "properties": {
                    "name": {"type": "STRING", "minLength": "3"},
                    "children": {"type": "ARRAY", "items": {"ref": "#/defs/Tree"}},
                },
                "required": ["name"],
            }},
        })),
    )
    .await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let text = answer.text();
    assert!(text.starts_with("{\"tree\""), "{text}");
    let document: Value = serde_json::from_str(&text).unwrap();
    assert!(document["tree"]["name"].is_string() && document["counts"].is_object(), "{text}");
}

#[tokio::test]
async fn what_vertex_refuses_is_refused() {
    let emulator = start().await;
    for (node, message) in [
        (json!({"anyOf": [{"type": "STRING"}], "description": "x"}), "the only field set"),
        (json!({"ref": "#/defs/Nothing"}), "undefined schema"),
        (json!({"type": "STRING", "const": "a"}), "Unknown name \"const\""),
        (json!({"description": "no type"}), "must be specified"),
    ] {
        let object = json!({"type": "OBJECT", "properties": {"a": node}});
        let answer = send(&emulator, &schema(&object)).await;
        assert_eq!(answer.status, 400, "{answer:?}");
        assert!(answer.message().contains(message), "{answer:?}");
    }
    let mut body = prompt("hello");
    body["contents"][0].as_object_mut().unwrap().remove("role");
    let answer = send(&emulator, &body).await;
    assert_eq!((answer.status, answer.message()), (400, "Please use a valid role: user, model."));
}

#[tokio::test]
async fn fields_of_vertex_alone_are_taken() {
    let emulator = start().await;
    let mut body = configured(&json!({
        "audioTimestamp": true,
        "responseFormat": [{"text": {"mimeType": "APPLICATION_JSON",
            "schema": {"type": "array", "items": {"type": "boolean"}, "minItems": 1}}}],
    }));
    body["labels"] = json!({"team": "a"});
    let answer = send(&emulator, &body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    serde_json::from_str::<Vec<bool>>(&answer.text()).unwrap();
}

#[tokio::test]
async fn other_verbs_are_not_served() {
    let emulator = start().await;
    let url = format!("{}/{PROJECT}/{}", emulator.url(), MODEL.replace("generate", "predict"));
    let answer = http().post(url).bearer_auth(KEY).json(&prompt("hello")).send().await.unwrap();
    assert_eq!(read(answer).await.status, 404);
}

#[tokio::test]
async fn files_are_in_cloud_storage() {
    let emulator = start().await;
    let file = |uri: &str| {
        let mut body = prompt("what is in it?");
        let part = json!({"fileData": {"mimeType": "text/plain", "fileUri": uri}});
        body["contents"][0]["parts"].as_array_mut().unwrap().push(part);
        body
    };
    assert_eq!(send(&emulator, &file("gs://bucket/notes.txt")).await.status, 200);
    assert_eq!(send(&emulator, &file("s3://bucket/notes.txt")).await.status, 400);
    let url = format!("{}/v1beta/models/gemini-3.8-flash:generateContent", emulator.url());
    let request = http().post(url).header("x-goog-api-key", KEY);
    let there = request.json(&file("gs://bucket/notes.txt")).send().await.unwrap();
    assert_eq!(read(there).await.status, 400, "the Developer API has no Cloud Storage");
}

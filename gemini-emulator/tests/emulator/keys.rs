//! The API key and the path.

use gemini_emulator::INVALID_API_KEY;
use serde_json::json;

use crate::client::{KEY, endpoint, http, prompt, read, start};

#[tokio::test]
async fn no_key_is_refused() {
    let emulator = start().await;
    for key in [None, Some("")] {
        let mut request = http().post(endpoint(&emulator)).json(&prompt("hi"));
        if let Some(key) = key {
            request = request.header("x-goog-api-key", key);
        }
        let answer = read(request.send().await.unwrap()).await;
        assert_eq!(answer.status, 403);
        assert_eq!(answer.body["error"]["code"], 403);
        assert_eq!(answer.body["error"]["status"], "PERMISSION_DENIED");
        assert!(answer.message().contains("unregistered callers"));
    }
}

#[tokio::test]
async fn a_bad_key_is_an_invalid_argument() {
    let emulator = start().await;
    let by_header = http().post(endpoint(&emulator)).header("x-goog-api-key", INVALID_API_KEY);
    let by_query = http().post(format!("{}?key={INVALID_API_KEY}", endpoint(&emulator)));
    for request in [by_header, by_query] {
        let answer = read(request.json(&prompt("hi")).send().await.unwrap()).await;
        assert_eq!(answer.status, 400);
        assert_eq!(answer.body["error"]["status"], "INVALID_ARGUMENT");
        let info = &answer.body["error"]["details"][0];
        let expected = json!({
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "API_KEY_INVALID",
            "domain": "googleapis.com",
            "metadata": {"service": "generativelanguage.googleapis.com"},
        });
        assert_eq!(*info, expected);
        let localized = &answer.body["error"]["details"][1]["@type"];
        assert_eq!(*localized, "type.googleapis.com/google.rpc.LocalizedMessage");
    }
}

#[tokio::test]
async fn a_key_in_the_query_is_taken() {
    let emulator = start().await;
    let url = format!("{}?alt=json&key={KEY}", endpoint(&emulator));
    let answer = read(http().post(url).json(&prompt("hi")).send().await.unwrap()).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn both_versions_and_any_model_are_served() {
    let emulator = start().await;
    for path in ["v1/models/gemini-9.9-x", "v1beta/models/gemma-4-31b-it"] {
        let url = format!("{}/{path}:generateContent", emulator.url());
        let request = http().post(url).header("x-goog-api-key", KEY).json(&prompt("hi"));
        let answer = read(request.send().await.unwrap()).await;
        assert_eq!(answer.status, 200, "{path}");
        let model = path.rsplit('/').next().unwrap();
        assert_eq!(answer.body["modelVersion"], format!("emulated-{model}"));
        assert!(answer.body["responseId"].as_str().unwrap().starts_with("emulated-"));
    }
}

#[tokio::test]
async fn other_paths_are_not_found() {
    let emulator = start().await;
    for path in ["", "v1beta/models", "v3/models/m:generateContent", "v1/models/m:sing"] {
        let url = format!("{}/{path}", emulator.url());
        let answer = read(http().post(url).json(&prompt("hi")).send().await.unwrap()).await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.body["error"]["status"], "NOT_FOUND");
    }
    let answer = read(http().get(endpoint(&emulator)).send().await.unwrap()).await;
    assert_eq!(answer.status, 404);
}

//! Models and token counts.

use gemini_emulator::{Emulator, Reply};
use serde_json::{Value, json};

use crate::client::{Answer, get, post, prompt, send, start};
use crate::expect::{assert_malformed, assert_refused};

async fn count(emulator: &Emulator, model: &str, body: &Value) -> Answer {
    post(emulator, &format!("models/{model}:countTokens"), body).await
}

#[tokio::test]
async fn models_are_listed_page_by_page() {
    let emulator = Emulator::builder().models(["a", "b", "c"]).start().await.unwrap();
    let mut names = Vec::new();
    let mut path = "models?pageSize=2".to_owned();
    loop {
        let page = get(&emulator, &path).await.body;
        let models = page["models"].as_array().unwrap();
        assert!(models.len() <= 2);
        names.extend(models.iter().map(|model| model["name"].as_str().unwrap().to_owned()));
        match page["nextPageToken"].as_str() {
            Some(token) => path = format!("models?pageSize=2&pageToken={token}"),
            None => break,
        }
    }
    assert_eq!(names, ["models/a", "models/b", "models/c"]);
    assert_eq!(get(&emulator, "models").await.body["models"].as_array().unwrap().len(), 3);
    assert_refused(&get(&emulator, "models?pageToken=x").await, "page token");
    let everything = get(&start().await, "models").await.body;
    assert!(everything["models"].as_array().unwrap().len() > 3);
}

#[tokio::test]
async fn only_known_models_are_found() {
    let emulator = Emulator::builder().models(["gemini-3.8-flash"]).start().await.unwrap();
    let model = get(&emulator, "models/gemini-3.8-flash").await.body;
    assert_eq!(model["inputTokenLimit"], 1_048_576);
    assert!(model["supportedGenerationMethods"].as_array().unwrap().len() > 1);
    assert_eq!(send(&emulator, &prompt("x")).await.status, 200);
    let missing = get(&emulator, "models/other").await;
    assert_eq!((missing.status, &missing.body["error"]["status"]), (404, &json!("NOT_FOUND")));
    let missing = count(&emulator, "other", &prompt("x")).await;
    assert_eq!(missing.status, 404);
    assert!(missing.message().starts_with("models/other is not found for API version v1beta"));
    assert!(missing.message().contains("supported for countTokens"), "{}", missing.message());
}

#[tokio::test]
async fn tokens_are_counted_as_in_usage() {
    let emulator = start().await;
    let request = prompt("How many tokens are in this text?");
    let usage = send(&emulator, &request).await.body["usageMetadata"]["promptTokenCount"].clone();
    let counted = count(&emulator, "m", &request).await.body;
    assert_eq!(counted["totalTokens"], usage);
    assert_eq!(counted["promptTokensDetails"][0]["tokenCount"], usage);
    let whole = json!({"generateContentRequest": {"model": "models/m",
        "contents": request["contents"], "systemInstruction": {"parts": [{"text": "four"}]}}});
    let more = count(&emulator, "m", &whole).await.body["totalTokens"].as_u64().unwrap();
    assert_eq!(more, usage.as_u64().unwrap() + 1);
    emulator.enqueue(Reply::json(200, json!({"totalTokens": 7})));
    assert_eq!(count(&emulator, "m", &request).await.body["totalTokens"], 7);
}

#[tokio::test]
async fn requests_to_count_are_checked() {
    let emulator = start().await;
    let contents = prompt("x")["contents"].clone();
    assert_refused(&count(&emulator, "m", &json!({})).await, "contents is not specified");
    let both = json!({"contents": contents, "generateContentRequest": {"contents": contents}});
    assert_refused(&count(&emulator, "m", &both).await, "CountTokensRequest.contents: can not");
    let empty = json!({"generateContentRequest": {"contents": [{"parts": []}]}});
    let place = "CountTokensRequest.generate_content_request.contents[0].parts";
    assert_refused(&count(&emulator, "m", &empty).await, place);
    let nameless = json!({"generateContentRequest": {"contents": contents}});
    let place = "generate_content_request.model: unexpected model name format";
    assert_refused(&count(&emulator, "m", &nameless).await, place);
    let mut hot = json!({"generateContentRequest": {"model": "models/m", "contents": contents}});
    hot["generateContentRequest"]["generationConfig"] = json!({"temperature": 3});
    assert_refused(&count(&emulator, "m", &hot).await, "temperature must be in the range");
    let unknown = json!({"contents": contents, "tools": []});
    assert_malformed(&count(&emulator, "m", &unknown).await, "", "Unknown name \"tools\"");
}

//! Calls that are only counted.

use gemini_emulator::{Emulator, Reply};
use gemini_extract::{AccessToken, Client, ErrorKind, TokenCount};
use serde_json::json;

use crate::harness::{KEY, Leaping, client};

#[tokio::test]
async fn the_whole_request_is_counted() {
    let emulator = Emulator::start().await.expect("a port is free");
    let client = client(emulator.url());
    let call = client.extract::<Vec<String>>("12345678").system("1234").model("models/some");
    let counted = call.count_tokens().await.unwrap();
    assert_eq!(counted.total_tokens, 3, "by the emulator's rule, four characters each");

    let requests = emulator.requests();
    assert_eq!(requests[0].path, "/v1beta/models/some:countTokens");
    let mut inner = requests[0].body["generateContentRequest"].clone();
    assert_eq!(inner.as_object_mut().unwrap().remove("model"), Some(json!("models/some")));
    let sent: serde_json::Value = serde_json::from_str(call.to_request().unwrap().body()).unwrap();
    assert_eq!(inner, sent, "it is what would be sent");
}

#[tokio::test]
async fn faults_are_survived_and_refusals_told() {
    let emulator = Emulator::start().await.expect("a port is free");
    emulator.enqueue(Reply::error(503, "UNAVAILABLE", "busy"));
    emulator.enqueue(Reply::json(200, json!({"totalTokens": 7, "cachedContentTokenCount": 2})));
    let builder = Client::builder().api_key(KEY).base_url(emulator.url());
    let client = builder.with_clock(Leaping::new()).build().unwrap();
    let call = || client.extract::<bool>("the prompt");
    let TokenCount { total_tokens, cached_tokens, .. } = call().count_tokens().await.unwrap();
    assert_eq!((total_tokens, cached_tokens), (7, 2));

    for (reply, kind) in [
        (Reply::error(404, "NOT_FOUND", "no such model"), ErrorKind::NotFound),
        (Reply::json(200, json!({"other": 1})), ErrorKind::UnexpectedResponse),
    ] {
        emulator.enqueue(reply);
        assert_eq!(call().count_tokens().await.unwrap_err().kind(), kind);
    }
    let error = client.extract::<bool>(" ").count_tokens().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
}

#[tokio::test]
async fn vertex_counts_the_fields_as_they_stand() {
    let emulator = Emulator::start().await.expect("a port is free");
    emulator.enqueue(Reply::json(200, json!({"totalTokens": 7, "totalBillableCharacters": 12})));
    let builder = Client::builder().vertex("a-project", "us-east1").base_url(emulator.url());
    let client = builder.token_provider(AccessToken::new("ya29.token")).build().unwrap();
    let call = client.extract::<bool>("the prompt").system("be brief");
    assert_eq!(call.count_tokens().await.unwrap().total_tokens, 7);

    let requests = emulator.requests();
    assert!(
        requests[0].path.ends_with("/publishers/google/models/gemini-flash-latest:countTokens")
    );
    let sent: serde_json::Value = serde_json::from_str(call.to_request().unwrap().body()).unwrap();
    assert_eq!(requests[0].body, sent);
}

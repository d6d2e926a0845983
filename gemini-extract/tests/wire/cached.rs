//! Calls behind a cached content.

use gemini_emulator::{CacheRules, Emulator};
use gemini_extract::{AccessToken, Client, ErrorKind, Extract, Retry};
use serde_json::{Value, json};

use crate::harness::{KEY, RawServer, Then, client, sent};

const NAME: &str = "cachedContents/h2k9x4";

fn body<T>(call: &Extract<T>) -> Value {
    serde_json::from_str(call.to_request().unwrap().body()).unwrap()
}

#[tokio::test]
async fn its_name_is_sent_and_nothing_else_changes() {
    let plain = sent::<Vec<i32>>(|extract| extract.example("one", &vec![1])).await;
    let cached = sent::<Vec<i32>>(|extract| extract.example("one", &vec![1]).cached_content(NAME));
    let mut cached = cached.await.body;
    assert_eq!(cached.as_object_mut().unwrap().remove("cachedContent"), Some(json!(NAME)));
    assert_eq!(cached, plain.body);
}

#[tokio::test]
async fn one_that_is_there_is_used_and_one_that_is_not_is_told() {
    let rules = CacheRules::new().min_tokens(1);
    let emulator = Emulator::builder().caches(rules).start().await.unwrap();
    let made = reqwest::Client::new()
        .post(format!("{}/v1beta/cachedContents", emulator.url()))
        .header("x-goog-api-key", KEY)
        .body(
            json!({"model": "models/gemini-flash-latest",
            "systemInstruction": {"parts": [{"text": "word".repeat(100)}]}})
            .to_string(),
        );
    let made: Value =
        serde_json::from_slice(&made.send().await.unwrap().bytes().await.unwrap()).unwrap();
    let name = made["name"].as_str().unwrap();
    let client = client(emulator.url());
    let call = || client.extract::<Vec<String>>("Name two.").cached_content(name);
    let answer = call().detailed().await.unwrap();
    assert_eq!(answer.usage.cached_tokens, 100);
    assert_eq!(call().count_tokens().await.unwrap().cached_tokens, 100);
    let missing = client.extract::<Vec<String>>("Name two.").cached_content(NAME);
    assert_eq!(missing.await.unwrap_err().kind(), ErrorKind::PermissionDenied);
    let mut stream = call().stream();
    stream.next().await.unwrap().unwrap();
}

#[test]
fn what_cannot_stand_beside_it_is_refused() {
    let client = client("http://127.0.0.1:9");
    let call = |name: &str| client.extract::<Vec<i32>>("prompt").cached_content(name);
    let retry = || Retry::default().fallback("gemini-3.5-flash-lite");
    let problems = |call: Extract<Vec<i32>>| {
        let error = call.to_request().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request);
        error.to_string()
    };
    for (call, words) in [
        (call(NAME).system("Answer briefly."), "beside a cached content"),
        (call(NAME).with_retry(retry()), "belongs to one model"),
        (call("h2k9x4"), "must be `cachedContents/..`"),
        (call("cachedContents/../x"), "must be `cachedContents/..`"),
        (call("cachedContents/x?key=1"), "must be `cachedContents/..`"),
    ] {
        let problem = problems(call);
        assert!(problem.contains(words), "{problem}");
    }
    let both = problems(call("files/x").system("x"));
    assert!(both.contains("must be") && both.contains("beside"), "all is told: {both}");
}

#[test]
fn on_vertex_it_stands_below_the_project() {
    let builder = Client::builder().base_url("http://127.0.0.1:9");
    let vertex = builder.clone().vertex("p", "eu").token_provider(AccessToken::new("ya29.x"));
    let vertex = vertex.build().unwrap();
    let whole = "projects/12/locations/eu/cachedContents/7";
    for (name, sent) in
        [("cachedContents/7", "projects/p/locations/eu/cachedContents/7"), (whole, whole)]
    {
        let body = body(&vertex.extract::<Vec<i32>>("prompt").cached_content(name));
        assert_eq!(body["cachedContent"], sent);
    }
    let express = builder.vertex_express().api_key(KEY).build().unwrap();
    let call = express.extract::<Vec<i32>>("prompt").cached_content("cachedContents/7");
    let error = call.to_request().unwrap_err();
    assert!(error.to_string().contains("Vertex AI has no cachedContents"), "{error}");
}

#[cfg(feature = "batch")]
#[tokio::test]
async fn a_batch_on_vertex_has_its_cache_below_the_project() {
    use gemini_extract::batch::ContextCache;
    let name = "projects/12/locations/eu/cachedContents/7";
    let answers = [
        json!({"totalTokens": 5_000, "totalBillableCharacters": 20_000}),
        json!({"name": name, "usageMetadata": {"totalTokenCount": 4_999}}),
        json!({"candidates": [{"content": {"parts": [{"text": "[1]"}]}}]}),
        json!({}),
    ];
    let answers = answers.map(|body| format!("HTTP/1.1 200 OK\r\n\r\n{body}").into_bytes());
    let server = RawServer::start_with(answers.to_vec(), Then::Close).await;
    let client = Client::builder().base_url(&server.url).vertex("p", "eu");
    let client = client.token_provider(AccessToken::new("ya29.x")).build().unwrap();
    let batch = client.batch::<Vec<u8>, _>(["one"]).instruction("word".repeat(5_000));
    let report = batch.context_cache(ContextCache::always()).start().report().await;
    assert_eq!((report.progress.answered, report.progress.context.tokens), (1, Some(4_999)));
    let received = server.received();
    let model = "projects/p/locations/eu/publishers/google/models/gemini-flash-latest";
    for line in [
        &format!("POST /v1beta1/{model}:countTokens "),
        "POST /v1beta1/projects/p/locations/eu/cachedContents ",
        &format!(r#"{{"model":"{model}","displayName":"gemini-extract "#),
        &format!("POST /v1beta1/{model}:generateContent "),
        &format!(r#""cachedContent":"{name}""#),
        &format!("DELETE /v1beta1/{name} "),
    ] {
        assert_eq!(received.matches(line).count(), 1, "{line}: {received}");
    }
}

//! A server that echoes the key wherever a batch has room for a text.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use gemini_emulator::{Emulator, RecordedRequest, Reply};
use gemini_extract::batch::BatchApi;
use gemini_extract::{Client, ExponentialBackoff, Retry};
use serde_json::{Value, json};

use crate::capture::Capture;

const KEY: &str = "AIzaSy-planted-batch-canary";
const PROMPT: &str = "planted-batch-prompt";
const ANSWER: &str = "planted-batch-answer";

/// What the server answers to a look at its batch.
fn echoes(keys: &[Value]) -> Vec<Value> {
    let rows = |value: Value| {
        let row = |key: &Value| json!({"metadata": {"key": key, "echo": KEY}, "response": value});
        let rows: Vec<Value> = keys.iter().map(row).collect();
        json!({"response": {"inlinedResponses": {"inlinedResponses": rows}}})
    };
    let candidate = json!({"content": {"parts": [{"text": ANSWER}]}, "finishReason": KEY});
    let failed: Vec<Value> = keys
        .iter()
        .map(|key| json!({"metadata": {"key": key}, "error": {"code": 3, "message": KEY}}))
        .collect();
    vec![
        json!({"metadata": {"state": "BATCH_STATE_FAILED"}, "error": {"code": 3, "message": KEY}}),
        json!({"metadata": {"state": KEY}, "done": true, "error": {"message": KEY}}),
        json!({"done": true, "response": {"responsesFile": format!("files/{KEY}")}}),
        json!({"done": true, "response": {"inlinedResponses": {"inlinedResponses": failed}}}),
        merged(rows(json!({"candidates": [candidate], "modelVersion": KEY, "responseId": KEY}))),
        merged(rows(json!({"promptFeedback": {"blockReason": KEY}}))),
        merged(rows(json!([KEY]))),
    ]
}

fn merged(mut operation: Value) -> Value {
    operation["done"] = true.into();
    operation
}

fn keys(request: &RecordedRequest) -> Vec<Value> {
    let rows = &request.body["batch"]["inputConfig"]["requests"]["requests"];
    let rows = rows.as_array().expect("rows").iter();
    rows.map(|row| row["metadata"]["key"].clone()).collect()
}

/// A server that makes a batch of this name and ends it in this way.
async fn echoing(name: String, echo: usize) -> Emulator {
    let sent = Arc::new(Mutex::new(Vec::new()));
    let emulator = Emulator::builder().respond(move |request| {
        if request.path.contains(":batchGenerateContent") {
            *sent.lock().unwrap() = keys(request);
            return Some(Reply::json(200, json!({"name": name})));
        }
        if request.path.contains("/batches?") {
            return Some(Reply::json(200, json!({"operations": [{"name": name}]})));
        }
        let echo = echoes(&sent.lock().unwrap()).swap_remove(echo);
        request.path.contains("/batches/").then(|| Reply::json(200, echo))
    });
    emulator.start().await.expect("a port is free")
}

#[tokio::test]
async fn the_key_is_in_no_batch() {
    let capture = Capture::install();
    let mut shown = String::new();
    let names = ["batches/one".to_owned(), format!("batches/{KEY}"), format!("../{KEY}")];
    for (echo, name) in (0..7).map(|echo| (echo, &names[0])).chain([(0, &names[1]), (0, &names[2])])
    {
        let emulator = echoing(name.clone(), echo).await;
        let hooked = Arc::new(Mutex::new(String::new()));
        let told = Arc::clone(&hooked);
        let client = Client::builder().api_key(KEY).base_url(emulator.url());
        let client = client.with_retry(Retry::never()).with_attempt_hook(move |report| {
            let _ = write!(told.lock().unwrap(), "{report:?}");
        });
        let client = client.build().unwrap();
        let polling = ExponentialBackoff::default().first(Duration::from_millis(1));
        let api = BatchApi::new().polling(polling.longest(Duration::from_millis(2)));
        let folder = std::env::temp_dir()
            .join(format!("gemini-extract-batch-canary-{}-{echo}", std::process::id()));
        let batch = client.batch::<bool, _>([PROMPT]).via(api.clone()).journal(&folder);
        let mut run = batch.start();
        let outcome = run.next().await.expect("there is an outcome");
        let error = outcome.result.as_ref().expect_err("no answer is one");
        let _ = write!(shown, "{error} {error:?} {outcome:?} {run:?} {api:?}");
        let _ = write!(shown, "{} {:?}", run.report().await, hooked.lock().unwrap());
        for file in ["manifest.json", "000001.journal"] {
            let kept = std::fs::read(folder.join(file)).unwrap_or_default();
            assert!(!String::from_utf8_lossy(&kept).contains(KEY), "{file} of {echo}");
        }
        let _ = std::fs::remove_dir_all(folder);
        for request in emulator.requests() {
            assert!(!request.path.contains(KEY), "{} of {echo}", request.path);
        }
    }
    let traced = capture.text();
    assert!(traced.contains("gemini.resource") && traced.contains("batches/one"));
    for text in [&shown, &traced] {
        assert!(!text.contains(KEY), "the key is shown");
        assert!(!text.contains(PROMPT) && !text.contains(ANSWER), "what is asked is shown");
    }
    assert!(shown.contains("***"), "what was echoed is masked: {shown}");
}

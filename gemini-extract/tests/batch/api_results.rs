//! Results of batches that aren't as they should be.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use gemini_emulator::{Emulator, RecordedRequest, Reply};
use gemini_extract::ErrorKind;
use gemini_extract::batch::{BatchRun, End, Outcome};
use serde_json::{Value, json};

use crate::api::{by_api, is_right, quick, records};
use crate::scene::{KEY, Sentiment, builder, by_key};

const NAME: &str = "batches/one";

/// What a server makes of the keys that it was sent.
type Results = fn(&[String]) -> Vec<String>;

/// The rows of a batch that was sent within its request.
fn keys(request: &RecordedRequest) -> Vec<String> {
    let rows = &request.body["batch"]["inputConfig"]["requests"]["requests"];
    let rows = rows.as_array().expect("rows").iter();
    rows.map(|row| row["metadata"]["key"].as_str().expect("a key").to_owned()).collect()
}

/// A line as it should be; every second record is a good one.
fn line(index: usize, key: &str) -> String {
    let text = if index.is_multiple_of(2) { "Positive" } else { "Negative" };
    json!({"key": key, "response": answer(text)}).to_string()
}

fn answer(text: &str) -> Value {
    json!({
        "candidates": [{"content": {"parts": [{"text": text}]}, "finishReason": "STOP"}],
        "usageMetadata": {"promptTokenCount": 1, "candidatesTokenCount": 1, "totalTokenCount": 2},
    })
}

/// A server that gives these lines as the results of its one batch.
async fn giving(results: Results) -> Emulator {
    serving((results, "files/results"), 0).await
}

/// The same, with a file of this name, after so many pages that are no batch.
async fn serving((results, file): (Results, &'static str), pages: u32) -> Emulator {
    let lines = Arc::new(Mutex::new(String::new()));
    let looks = AtomicU32::new(0);
    let emulator = Emulator::builder().respond(move |request| {
        let path = &*request.path;
        if path.contains(":batchGenerateContent") {
            *lines.lock().unwrap() = results(&keys(request)).join("\n");
            return Some(Reply::json(200, json!({"name": NAME})));
        }
        if path.contains("/download/") {
            return Some(Reply::raw(200, "application/jsonl", lines.lock().unwrap().clone()));
        }
        path.contains(NAME).then(|| {
            if looks.fetch_add(1, Ordering::Relaxed) < pages {
                return Reply::raw(200, "text/html", "<p>Sign in first.</p>");
            }
            let metadata = json!({"state": "BATCH_STATE_SUCCEEDED"});
            let response = json!({"responsesFile": file});
            Reply::json(200, json!({"done": true, "metadata": metadata, "response": response}))
        })
    });
    emulator.start().await.expect("a port is free")
}

/// The outcomes of ten records, in their order.
async fn outcomes(results: Results) -> Vec<Outcome<Sentiment>> {
    outcomes_of(&giving(results).await).await
}

async fn outcomes_of(emulator: &Emulator) -> Vec<Outcome<Sentiment>> {
    let mut run: BatchRun<Sentiment> = by_api(emulator, 10, quick()).start();
    let outcomes = by_key(&mut run).await;
    assert_eq!(run.report().await.end, End::Complete);
    outcomes.into_values().collect()
}

/// Checks that these records fail in this way, and all others are right.
fn assert_failed(outcomes: &[Outcome<Sentiment>], failed: &[usize], kind: ErrorKind) {
    for (index, outcome) in outcomes.iter().enumerate() {
        match &outcome.result {
            Ok(_) => assert!(!failed.contains(&index) && is_right(&outcome.key, outcome)),
            Err(error) => {
                assert!(failed.contains(&index), "{index}: {error}");
                assert_eq!(error.kind(), kind, "{error}");
            }
        }
    }
    let count = outcomes.iter().filter(|outcome| outcome.result.is_err()).count();
    assert_eq!(count, failed.len());
}

/// All lines as they should be.
fn lines(keys: &[String]) -> Vec<String> {
    keys.iter().enumerate().map(|(index, key)| line(index, key)).collect()
}

#[tokio::test]
async fn rows_are_matched_by_their_keys() {
    let outcomes = outcomes(|keys| lines(keys).into_iter().rev().collect()).await;
    assert_failed(&outcomes, &[], ErrorKind::Internal);
}

#[tokio::test]
async fn rows_that_are_missing_doubled_or_invented_harm_no_others() {
    let outcomes = outcomes(|keys| {
        let mut lines = lines(keys);
        lines.push(line(1, &keys[0]));
        lines.push(line(0, &"f".repeat(32)));
        lines.push(line(0, "../../etc/passwd"));
        lines.remove(3);
        lines
    });
    assert_failed(&outcomes.await, &[3], ErrorKind::UnexpectedResponse);
}

#[tokio::test]
async fn lines_that_are_no_rows_harm_no_others() {
    let outcomes = outcomes(|keys| {
        let mut lines = lines(keys);
        lines[2] = "<html>".to_owned();
        lines[4] = format!(r#"{{"key":"{}""#, keys[4]);
        lines[6] = json!({"key": keys[6]}).to_string();
        lines[8] = json!({"key": keys[8], "response": null, "error": null}).to_string();
        lines.insert(0, String::new());
        lines.insert(1, "[]".to_owned());
        lines.insert(1, "null".to_owned());
        lines
    });
    assert_failed(&outcomes.await, &[2, 4, 6, 8], ErrorKind::UnexpectedResponse);
}

#[tokio::test]
async fn responses_of_another_shape_are_errors_of_their_rows() {
    let outcomes = outcomes(|keys| {
        let mut lines = lines(keys);
        let row = |index: usize, response: Value| {
            json!({"key": keys[index], "response": response}).to_string()
        };
        lines[1] = row(1, json!([]));
        lines[3] = row(3, json!("text"));
        lines[5] = row(5, json!({"candidates": 7}));
        lines
    });
    assert_failed(&outcomes.await, &[1, 3, 5], ErrorKind::UnexpectedResponse);
}

#[tokio::test]
async fn errors_of_rows_have_their_kind_and_never_the_key() {
    let outcomes = outcomes(|keys| {
        let mut lines = lines(keys);
        let error = json!({"code": 8, "message": format!("{KEY} has no quota")});
        lines[7] = json!({"key": keys[7], "error": error}).to_string();
        lines
    });
    let outcomes = outcomes.await;
    assert_failed(&outcomes, &[7], ErrorKind::ResourceExhausted);
    let error = outcomes[7].result.as_ref().unwrap_err();
    assert_eq!(error.service_message(), Some("*** has no quota"));
    assert!(!format!("{error:?}").contains(KEY));
}

#[tokio::test]
async fn a_line_without_end_takes_no_memory() {
    let emulator = giving(|keys| {
        let mut lines = lines(keys);
        lines.insert(2, "x".repeat(300_000));
        lines[5] = json!({"key": keys[4], "response": answer(&"x".repeat(200_000))}).to_string();
        lines
    });
    let emulator = emulator.await;
    let client = builder(&emulator).with_response_limit(100_000).build().unwrap();
    let batch = client.batch::<Sentiment, _>(records(10)).via(quick());
    let outcomes: Vec<_> = by_key(&mut batch.start()).await.into_values().collect();
    assert_failed(&outcomes, &[4], ErrorKind::UnexpectedResponse);
}

#[tokio::test]
async fn more_lines_than_rows_come_to_an_end() {
    let outcomes = outcomes(|keys| {
        let strays = (0..5_000).map(|_| "{}".to_owned());
        strays.chain(lines(keys)).collect()
    });
    let all: Vec<usize> = (0..10).collect();
    assert_failed(&outcomes.await, &all, ErrorKind::UnexpectedResponse);
}

#[tokio::test]
async fn a_page_of_a_proxy_is_looked_past() {
    let emulator = serving((lines, "files/results"), 5).await;
    assert_failed(&outcomes_of(&emulator).await, &[], ErrorKind::Internal);
}

#[tokio::test]
async fn what_is_never_a_batch_is_an_error_of_all_rows() {
    let all: Vec<usize> = (0..10).collect();
    for (file, pages) in [
        ("files/results", u32::MAX),
        ("files/../../other", 0),
        ("http://evil.example/files/results", 0),
        ("files/AIzaSyCanary-0123456789", 0),
    ] {
        let emulator = serving((lines, file), pages).await;
        assert_failed(&outcomes_of(&emulator).await, &all, ErrorKind::UnexpectedResponse);
        let requests = emulator.requests();
        assert!(requests.iter().all(|request| !request.path.contains("/download/")), "{file}");
    }
}

//! Batches: inline and from files, states, limits, rows that fail.

use std::time::Duration;

use gemini_emulator::{BatchRules, Emulator, Fault, Latency, ManualClock, Rate, Reply};
use serde_json::{Value, json};

use crate::client::{Answer, KEY, delete, get, http, post, prompt, send};
use crate::expect::{assert_malformed, assert_refused, assert_status};
use crate::files::upload;

const SECOND: Duration = Duration::from_secs(1);
const CREATE: &str = "models/gemini-3.8-flash:batchGenerateContent";
const MISSING: (u16, &str) = (404, "NOT_FOUND");

/// A batch of these requests, with the keys `row-0`, `row-1`, ..
fn inline(requests: &[Value]) -> Value {
    let row =
        |(index, request)| json!({"request": request, "metadata": {"key": format!("row-{index}")}});
    let rows: Vec<Value> = requests.iter().enumerate().map(row).collect();
    json!({"batch": {"displayName": "job", "inputConfig": {"requests": {"requests": rows}}}})
}

fn prompts(count: usize) -> Vec<Value> {
    (0..count).map(|index| prompt(&format!("Prompt {index}"))).collect()
}

async fn from_file(emulator: &Emulator, lines: &str) -> Value {
    let file = upload(emulator, lines).await;
    json!({"batch": {"inputConfig": {"fileName": file["name"]}}})
}

async fn manual(rules: BatchRules) -> (Emulator, ManualClock) {
    let clock = ManualClock::new();
    let builder = Emulator::builder().clock(clock.clone()).batches(rules);
    (builder.start().await.unwrap(), clock)
}

fn two_seconds() -> BatchRules {
    BatchRules::new().pending(SECOND).running(SECOND)
}

async fn create(emulator: &Emulator, batch: &Value) -> String {
    let answer = post(emulator, CREATE, batch).await;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    assert_eq!(answer.body["metadata"]["state"], "BATCH_STATE_PENDING");
    assert!(answer.body.get("done").is_none());
    answer.body["name"].as_str().unwrap().to_owned()
}

/// The rows of an inline batch.
fn rows(answer: &Answer) -> &[Value] {
    answer.body["response"]["inlinedResponses"]["inlinedResponses"].as_array().unwrap()
}

fn text(row: &Value) -> String {
    Answer { status: 200, body: row["response"].clone() }.text()
}

/// The lines of a batch's responses, by an address that is one of two.
async fn download(emulator: &Emulator, prefix: &str, name: &Value) -> Vec<Value> {
    let name = name.as_str().unwrap();
    let url = format!("{}{prefix}/v1beta/{name}:download?alt=media", emulator.url());
    let response = http().get(url).header("x-goog-api-key", KEY).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let text = response.text().await.unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn a_batch_goes_through_its_states() {
    let (emulator, clock) = manual(two_seconds()).await;
    let name = create(&emulator, &inline(&prompts(4))).await;
    let pending = get(&emulator, &name).await.body;
    let stats = json!({"requestCount": "4", "pendingRequestCount": "4"});
    assert_eq!(pending["metadata"]["batchStats"], stats);
    assert_eq!(pending["metadata"]["displayName"], "job");
    assert_eq!(pending["metadata"]["model"], "models/gemini-3.8-flash");
    clock.advance(SECOND + SECOND / 2);
    let running = get(&emulator, &name).await.body;
    assert_eq!(running["metadata"]["state"], "BATCH_STATE_RUNNING");
    let stats =
        json!({"requestCount": "4", "pendingRequestCount": "2", "successfulRequestCount": "2"});
    assert_eq!(running["metadata"]["batchStats"], stats);
    assert!(running.get("done").is_none() && running.get("response").is_none());
    clock.advance(SECOND / 2);
    let done = get(&emulator, &name).await;
    assert_eq!(done.body["metadata"]["state"], "BATCH_STATE_SUCCEEDED");
    assert_eq!(done.body["done"], true);
    assert_eq!(done.body["metadata"]["endTime"], "1970-01-01T00:00:02Z");
    let output = &done.body["metadata"]["output"]["inlinedResponses"];
    assert_eq!(*output, done.body["response"]["inlinedResponses"]);
    let stats = json!({"requestCount": "4", "successfulRequestCount": "4"});
    assert_eq!(done.body["metadata"]["batchStats"], stats);
    for (index, row) in rows(&done).iter().enumerate() {
        assert_eq!(row["metadata"], json!({"key": format!("row-{index}")}));
        let alone = send(&emulator, &prompt(&format!("Prompt {index}"))).await;
        assert_eq!(row["response"], alone.body, "a row is answered as it would be alone");
    }
}

#[tokio::test]
async fn a_file_of_requests_becomes_a_file_of_responses() {
    let (emulator, _) = manual(BatchRules::new()).await;
    let good = json!({"key": "a", "request": prompt("one")});
    let bad = json!({"key": "b", "request": {"contents": [], "temprature": 1}});
    let batch = from_file(&emulator, &format!("{good}\n\n{bad}\n")).await;
    let name = create(&emulator, &batch).await;
    let done = get(&emulator, &name).await.body;
    let file = &done["response"]["responsesFile"];
    assert_eq!(*file, done["metadata"]["output"]["responsesFile"]);
    for prefix in ["", "/download"] {
        let lines = download(&emulator, prefix, file).await;
        assert_eq!((&lines[0]["key"], &lines[1]["key"]), (&json!("a"), &json!("b")));
        assert!(text(&lines[0]).contains("one"), "{lines:?}");
        assert_eq!(lines[1]["error"]["code"], 3);
        let message = lines[1]["error"]["message"].as_str().unwrap();
        assert!(message.contains("Unknown name \"temprature\""), "{message}");
        assert!(lines[1]["error"]["details"][0]["fieldViolations"].is_array());
    }
    let described = get(&emulator, file.as_str().unwrap()).await.body;
    assert_eq!(described["source"], "GENERATED");
    assert!(described["downloadUri"].as_str().unwrap().ends_with(":download?alt=media"));
    let stats =
        json!({"requestCount": "2", "successfulRequestCount": "1", "failedRequestCount": "1"});
    assert_eq!(done["metadata"]["batchStats"], stats);
}

#[tokio::test]
async fn rows_are_checked_one_by_one() {
    let (emulator, _) = manual(BatchRules::new()).await;
    let mut empty = prompt("x");
    empty["generationConfig"] = json!({"responseMimeType": "application/json",
        "responseSchema": {"type": "OBJECT", "properties": {}}});
    let mut other = prompt("x");
    other["model"] = json!("models/other");
    let mut own = prompt("x");
    own["model"] = json!("models/gemini-3.8-flash");
    let mut cached = prompt("x");
    cached["cachedContent"] = json!("cachedContents/none");
    let name = create(&emulator, &inline(&[empty, other, own, cached])).await;
    let done = get(&emulator, &name).await;
    let expected = [
        (3, "should be non-empty for OBJECT type"),
        (3, "(models/other) and the batch"),
        (0, ""),
        (7, "CachedContent not found"),
    ];
    for (row, (code, fragment)) in rows(&done).iter().zip(expected) {
        assert_eq!(row["error"]["code"].as_u64().unwrap_or_default(), code, "{row}");
        assert!(row["error"]["message"].as_str().unwrap_or_default().contains(fragment), "{row}");
        assert_eq!(row.get("response").is_some(), code == 0);
    }
}

#[tokio::test]
async fn json_schemas_are_ignored_in_rows() {
    let mut request = prompt("x");
    request["generationConfig"] = json!({"responseMimeType": "application/json",
        "responseJsonSchema": {"type": "integer", "minimum": 3, "maximum": 3}});
    for (rules, expected) in [
        (BatchRules::new(), "{\"emulated\":true,\"asked\":\"x\"}"),
        (BatchRules::new().heed_json_schema(), "3"),
    ] {
        let (emulator, _) = manual(rules).await;
        let name = create(&emulator, &inline(std::slice::from_ref(&request))).await;
        assert_eq!(text(&rows(&get(&emulator, &name).await)[0]), expected);
        assert_eq!(send(&emulator, &request).await.text(), "3");
    }
}

#[tokio::test]
async fn creations_are_checked() {
    let (emulator, _) = manual(BatchRules::new()).await;
    let unknown = inline(&[json!({"contents": [], "temprature": 1})]);
    let place = "batch.input_config.requests.requests[0].request";
    assert_malformed(
        &post(&emulator, CREATE, &unknown).await,
        place,
        "Unknown name \"temprature\"",
    );
    for nothing in [json!({}), json!({"batch": {}}), inline(&[])] {
        let refused = post(&emulator, CREATE, &nothing).await;
        assert_refused(&refused, "requests or file_name must be specified");
    }
    let both = json!({"batch": {"inputConfig": {"fileName": "files/a", "requests": {}}}});
    assert_malformed(&post(&emulator, CREATE, &both).await, "batch.input_config", "oneof field");
    let lost = json!({"batch": {"inputConfig": {"fileName": "files/lost"}}});
    let refused = post(&emulator, CREATE, &lost).await;
    assert_status(&refused, (403, "PERMISSION_DENIED"), "access the File lost");
    let known = Emulator::builder().models(["a"]).start().await.unwrap();
    let refused = post(&known, CREATE, &inline(&prompts(1))).await;
    assert_status(&refused, MISSING, "not supported for batchGenerateContent");
    let huge = inline(&[prompt(&"x".repeat(20 << 20))]);
    let refused = post(&emulator, CREATE, &huge).await;
    assert_status(&refused, (413, "INVALID_ARGUMENT"), "payload size exceeds the limit");
    assert_eq!(emulator.batches(), []);
}

#[tokio::test]
async fn files_that_are_no_rows_fail_as_a_whole() {
    let (emulator, _) = manual(BatchRules::new()).await;
    for (lines, fragment) in
        [("{}\n[1]", "Line 2 of"), ("no json", "Line 1 of"), ("\n", "holds no requests")]
    {
        let name = create(&emulator, &from_file(&emulator, lines).await).await;
        let failed = get(&emulator, &name).await.body;
        assert_eq!(failed["metadata"]["state"], "BATCH_STATE_FAILED");
        assert_eq!((&failed["done"], &failed["error"]["code"]), (&json!(true), &json!(3)));
        assert!(failed["error"]["message"].as_str().unwrap().contains(fragment), "{failed}");
    }
}

#[tokio::test]
async fn rows_fail_and_expire_as_it_is_set() {
    let rules = BatchRules::new()
        .row_fault(Reply::internal(), Rate::every(3))
        .row_fault(Fault::change(Reply::truncated), Rate::first(1))
        .expired_rows(Rate::every(5));
    let (emulator, _) = manual(rules).await;
    let first = create(&emulator, &inline(&prompts(4))).await;
    let second = create(&emulator, &inline(&prompts(2))).await;
    let (first, second) = (get(&emulator, &first).await, get(&emulator, &second).await);
    let all: Vec<&Value> = rows(&first).iter().chain(rows(&second)).collect();
    let codes: Vec<u64> =
        all.iter().map(|row| row["error"]["code"].as_u64().unwrap_or_default()).collect();
    assert_eq!(codes, [0, 0, 13, 0, 4, 13], "rows are counted over all batches");
    assert_eq!(all[0]["response"]["candidates"][0]["finishReason"], "MAX_TOKENS");
}

#[tokio::test]
async fn replies_by_what_is_asked_are_for_rows_too() {
    let builder = Emulator::builder().respond(|request| {
        let asked = request.body["contents"][0]["parts"][0]["text"].as_str()?;
        (asked == "Prompt 1").then(|| Reply::text(request.path.clone()))
    });
    let emulator = builder.start().await.unwrap();
    let name = create(&emulator, &inline(&prompts(2))).await;
    let done = get(&emulator, &name).await;
    assert!(text(&rows(&done)[0]).contains("Prompt 0"));
    assert_eq!(text(&rows(&done)[1]), "/v1beta/models/gemini-3.8-flash:generateContent");
}

#[tokio::test]
async fn batches_fail_and_expire_as_it_is_set() {
    let rules = two_seconds().failing(Rate::first(1)).expiring(Rate::every(2));
    let (emulator, clock) = manual(rules).await;
    let failing = create(&emulator, &inline(&prompts(1))).await;
    let expiring = create(&emulator, &inline(&prompts(1))).await;
    clock.advance(2 * SECOND);
    let failed = get(&emulator, &failing).await.body;
    assert_eq!(failed["metadata"]["state"], "BATCH_STATE_FAILED");
    assert_eq!(failed["error"]["code"], 13);
    assert_eq!(get(&emulator, &expiring).await.body["metadata"]["state"], "BATCH_STATE_RUNNING");
    clock.advance(48 * 3600 * SECOND);
    let expired = get(&emulator, &expiring).await.body;
    assert_eq!(expired["metadata"]["state"], "BATCH_STATE_EXPIRED");
    assert_eq!((&expired["done"], &expired["error"]["code"]), (&json!(true), &json!(4)));
    assert!(expired.get("response").is_none());
}

#[tokio::test]
async fn a_batch_may_take_forever() {
    for rules in [two_seconds().pending(Duration::MAX), two_seconds().running(Duration::MAX)] {
        let (emulator, clock) = manual(rules).await;
        let name = create(&emulator, &inline(&prompts(1))).await;
        let mut states = Vec::new();
        for hours in [1, 46, 1] {
            clock.advance(hours * 3600 * SECOND);
            let body = get(&emulator, &name).await.body;
            states.push(body["metadata"]["state"].as_str().unwrap().to_owned());
        }
        assert_eq!(states[0], states[1]);
        assert!(["BATCH_STATE_PENDING", "BATCH_STATE_RUNNING"].contains(&states[0].as_str()));
        assert_eq!(states[2], "BATCH_STATE_EXPIRED");
    }
}

#[tokio::test]
async fn a_batch_is_cancelled_and_deleted() {
    let (emulator, clock) = manual(two_seconds()).await;
    let name = create(&emulator, &inline(&prompts(2))).await;
    let cancel = format!("{name}:cancel");
    assert_eq!(post(&emulator, &cancel, &json!({})).await.body, json!({}));
    clock.advance(10 * SECOND);
    let cancelled = get(&emulator, &name).await.body;
    assert_eq!(cancelled["metadata"]["state"], "BATCH_STATE_CANCELLED");
    assert_eq!((&cancelled["done"], &cancelled["error"]["code"]), (&json!(true), &json!(1)));
    assert_eq!(cancelled["metadata"]["endTime"], "1970-01-01T00:00:00Z");
    let half = create(&emulator, &inline(&prompts(2))).await;
    clock.advance(SECOND + SECOND / 2);
    post(&emulator, &format!("{half}:cancel"), &json!({})).await;
    clock.advance(10 * SECOND);
    let body = get(&emulator, &half).await.body;
    delete(&emulator, &half).await;
    assert_eq!(body["metadata"]["batchStats"]["successfulRequestCount"], "1");
    assert!(body.get("response").is_none());
    let done = create(&emulator, &inline(&prompts(1))).await;
    clock.advance(10 * SECOND);
    assert_eq!(post(&emulator, &format!("{done}:cancel"), &json!({})).await.status, 200);
    assert_eq!(get(&emulator, &done).await.body["metadata"]["state"], "BATCH_STATE_SUCCEEDED");
    assert_eq!(delete(&emulator, &name).await.body, json!({}));
    for answer in [
        get(&emulator, &name).await,
        delete(&emulator, &name).await,
        post(&emulator, &cancel, &json!({})).await,
    ] {
        assert_status(&answer, MISSING, "Requested entity was not found.");
    }
    let page = get(&emulator, "batches").await.body;
    assert_eq!(page["operations"].as_array().unwrap().len(), 1);
    assert_eq!(page["operations"][0]["name"], json!(done));
}

#[tokio::test]
async fn unfinished_batches_are_limited() {
    let (emulator, clock) = manual(two_seconds().max_unfinished(2)).await;
    let batch = inline(&prompts(1));
    create(&emulator, &batch).await;
    let second = create(&emulator, &batch).await;
    let refused = post(&emulator, CREATE, &batch).await;
    assert_status(&refused, (429, "RESOURCE_EXHAUSTED"), "You exceeded your current quota");
    let details = refused.body["error"]["details"].as_array().unwrap();
    assert_eq!(details[0]["@type"], "type.googleapis.com/google.rpc.Help");
    assert_eq!(details.len(), 1, "neither a quota nor a delay is told");
    post(&emulator, &format!("{second}:cancel"), &json!({})).await;
    create(&emulator, &batch).await;
    clock.advance(2 * SECOND);
    create(&emulator, &batch).await;
    let (emulator, _) = manual(two_seconds()).await;
    for _ in 0..100 {
        create(&emulator, &batch).await;
    }
    assert_eq!(post(&emulator, CREATE, &batch).await.status, 429, "100 unless set");
}

#[tokio::test]
async fn enqueued_tokens_are_limited() {
    let (emulator, clock) = manual(two_seconds().max_enqueued_tokens(5)).await;
    let batch = inline(&[prompt("12345678"), prompt("1234")]);
    create(&emulator, &batch).await;
    assert_eq!(post(&emulator, CREATE, &batch).await.status, 429);
    let elsewhere = "models/gemini-2.5-flash:batchGenerateContent";
    assert_eq!(post(&emulator, elsewhere, &batch).await.status, 200, "each model has its own");
    clock.advance(2 * SECOND);
    create(&emulator, &batch).await;
}

#[tokio::test]
async fn states_have_two_spellings() {
    let (emulator, _) = manual(BatchRules::new().job_states()).await;
    let answer = post(&emulator, CREATE, &inline(&prompts(1))).await.body;
    assert_eq!(answer["metadata"]["state"], "JOB_STATE_PENDING");
    let done = get(&emulator, answer["name"].as_str().unwrap()).await.body;
    assert_eq!(done["metadata"]["state"], "JOB_STATE_SUCCEEDED");
}

#[tokio::test]
async fn the_log_tells_of_batches() {
    let rules = two_seconds().row_fault(Reply::internal(), Rate::every(2));
    let (emulator, clock) = manual(rules).await;
    let first = create(&emulator, &inline(&prompts(2))).await;
    let lines = format!("{}\n{{}}", json!({"key": "a", "request": prompt("x")}));
    create(&emulator, &from_file(&emulator, &lines).await).await;
    delete(&emulator, &first).await;
    clock.advance(2 * SECOND);
    let log = emulator.batches();
    assert_eq!((log.len(), log[0].name.as_str()), (2, first.as_str()));
    assert_eq!(log[0].keys, [Some("row-0".to_owned()), Some("row-1".to_owned())]);
    assert_eq!((log[0].successful, log[0].failed), (1, 1));
    assert_eq!(log[1].keys, [Some("a".to_owned()), None]);
    assert_eq!(
        (log[1].model.as_str(), log[1].state.as_str()),
        ("gemini-3.8-flash", "BATCH_STATE_SUCCEEDED")
    );
    assert_eq!((&log[0].display_name, &log[1].display_name), (&Some("job".to_owned()), &None));
}

#[tokio::test]
async fn faults_and_latencies_are_for_batches_too() {
    let clock = ManualClock::new();
    let builder = Emulator::builder().clock(clock.clone()).latency(Latency::fixed(SECOND));
    let emulator = builder.fault(Reply::unavailable(), Rate::first(1)).start().await.unwrap();
    let batch = inline(&prompts(1));
    let patient = async |batch| {
        let (answer, ()) = tokio::join!(post(&emulator, CREATE, batch), async {
            while clock.sleepers() == 0 {
                tokio::task::yield_now().await;
            }
            clock.advance(SECOND);
        });
        answer
    };
    assert_eq!(patient(&batch).await.status, 503);
    assert_eq!(emulator.batches().len(), 0, "nothing was made");
    assert_eq!(patient(&batch).await.status, 200);
    let log = emulator.requests();
    assert_eq!((log[1].arrived, log[1].finished), (SECOND, Some(2 * SECOND)));
}

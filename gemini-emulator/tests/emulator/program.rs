//! The program.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use gemini_emulator::Reply;

use serde_json::{Value, json};

use crate::client::{KEY, http, prompt, read, start};

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gemini-emulator"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

#[test]
fn says_where_it_listens_and_ends_on_ctrl_c() {
    let mut running = program(&["--port", "0", "--seed", "7"]).spawn().unwrap();
    let mut lines = BufReader::new(running.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    let url = first.strip_prefix("Listening on ").unwrap();
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    let said: Vec<String> = lines.by_ref().take(3).map(Result::unwrap).collect();
    assert!(said[1].contains(&format!("GOOGLE_GEMINI_BASE_URL={url}")), "{said:?}");
    let id = running.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    assert!(running.wait().unwrap().success());
}

#[tokio::test]
async fn a_taken_port_is_explained() {
    let emulator = start().await;
    let port = emulator.url().rsplit(':').next().unwrap();
    let ended = program(&["--port", port]).output().unwrap();
    assert_eq!(ended.status.code(), Some(1));
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(said.contains(&format!("port {port} is taken on 127.0.0.1")), "{said}");
}

#[test]
fn a_missing_cassette_is_named() {
    let ended =
        program(&["--port", "0", "--cassettes", "/no/such/cassette.json"]).output().unwrap();
    assert_eq!(ended.status.code(), Some(1));
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(said.contains("cannot use the cassette /no/such/cassette.json: "), "{said}");
}

#[tokio::test]
async fn flags_and_scripts_are_done() {
    let name = format!("gemini-emulator-script-{}.json", std::process::id());
    let path = std::env::temp_dir().join(name);
    let script = r#"{"replies": [{"text": "scripted"}], "faults": ["internal @ every 3"]}"#;
    std::fs::write(&path, script).unwrap();
    let flags = ["--port", "0", "--fault", "unavailable @ every 2", "--requests-per-day", "2"];
    let flags = [&flags[..], &["--latency", "1ms", "--model", "m", "--script"]].concat();
    let mut running = program(&flags).arg(&path).spawn().unwrap();
    let mut lines = BufReader::new(running.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    std::fs::remove_file(&path).unwrap();
    let url = first.strip_prefix("Listening on ").unwrap();
    let ask = async |model: &str| {
        let request = http().post(format!("{url}/v1beta/models/{model}:generateContent"));
        let request = request.header("x-goog-api-key", KEY).json(&prompt("x"));
        read(request.send().await.unwrap()).await
    };
    assert_eq!(ask("m").await.text(), "scripted");
    let mut statuses = Vec::new();
    for _ in 2..=11 {
        statuses.push(ask("m").await.status);
    }
    assert_eq!(statuses, [503, 500, 503, 200, 500, 200, 503, 500, 503, 429]);
    assert_eq!((ask("m").await.status, ask("other").await.status), (500, 404));
    running.kill().unwrap();
    running.wait().unwrap();
}

#[tokio::test]
async fn the_program_records_and_replays() {
    let upstream = start().await;
    upstream.enqueue(Reply::text("from upstream"));
    let name = format!("gemini-emulator-program-{}.json", std::process::id());
    let path = std::env::temp_dir().join(name);
    let file = path.to_str().unwrap();
    for flags in [vec!["--record", file, "--upstream", upstream.url()], vec!["--replay", file]] {
        let mut running = program(&[&["--port", "0"], &flags[..]].concat()).spawn().unwrap();
        let mut lines = BufReader::new(running.stdout.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        let url = first.strip_prefix("Listening on ").unwrap();
        let request = http().post(format!("{url}/v1beta/models/m:generateContent"));
        let request = request.header("x-goog-api-key", KEY).json(&prompt("x"));
        assert_eq!(read(request.send().await.unwrap()).await.text(), "from upstream");
        running.kill().unwrap();
        running.wait().unwrap();
    }
    std::fs::remove_file(path).unwrap();
    assert_eq!(upstream.request_count(), 1);
}

#[tokio::test]
async fn the_program_has_flags_for_what_is_kept() {
    let flags = ["--port", "0", "--min-cache-tokens", "2", "--file-processing", "1ms"];
    let batches = ["--batch-pending", "0s", "--batch-running", "0s", "--max-batches", "1"];
    let faults = ["--row-fault", "internal @ every 2"];
    let mut running = program(&[&flags[..], &batches, &faults].concat()).spawn().unwrap();
    let mut lines = BufReader::new(running.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    let url = first.strip_prefix("Listening on ").unwrap();
    let ask = async |path: &str, body: Value| {
        let request = http().post(format!("{url}/v1beta/{path}")).header("x-goog-api-key", KEY);
        read(request.json(&body).send().await.unwrap()).await
    };
    let mut cache = prompt("four");
    cache["model"] = json!("models/m");
    let refused = ask("cachedContents", cache).await;
    assert!(refused.message().contains("min_total_token_count=2"), "{}", refused.message());
    let rows = json!([{"request": prompt("a")}, {"request": prompt("b")}]);
    let batch = json!({"batch": {"inputConfig": {"requests": {"requests": rows}}}});
    let name = ask("models/m:batchGenerateContent", batch).await.body["name"].clone();
    let request = http().get(format!("{url}/v1beta/{}", name.as_str().unwrap()));
    let done = read(request.header("x-goog-api-key", KEY).send().await.unwrap()).await.body;
    let rows = &done["response"]["inlinedResponses"]["inlinedResponses"];
    assert_eq!((rows[0].get("error"), &rows[1]["error"]["code"]), (None, &json!(13)));
    running.kill().unwrap();
    running.wait().unwrap();
}

#[test]
fn wrong_flags_are_explained() {
    for (flags, expected) in [
        (["--fault", "oops @ 1/2"], "no fault has the name `oops`"),
        (["--row-fault", "internal"], "`internal` has no rate"),
        (["--latency", "fast"], "`fast` is no duration"),
        (["--script", "/no/such/script.json"], "cannot use the script /no/such/script.json: "),
    ] {
        let ended = program(&[&["--port", "0"], &flags[..]].concat()).output().unwrap();
        assert!(!ended.status.success());
        let said = String::from_utf8(ended.stderr).unwrap();
        assert!(said.contains(expected), "{said}");
    }
}

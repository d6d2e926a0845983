//! Recording another server, and replaying what was recorded.

use std::path::PathBuf;

use gemini_emulator::{Cassette, Emulator, Event, Part, Recorder, Reply, Split};
use serde_json::{Value, json};

use crate::client::{
    Answer, KEY, endpoint, http, open_stream, pieces, prompt, read, send, start, stream_endpoint,
};

fn file(name: &str) -> PathBuf {
    let name = format!("gemini-emulator-{name}-{}.json", std::process::id());
    let path = std::env::temp_dir().join(name);
    std::fs::remove_file(&path).unwrap_or_default();
    path
}

async fn recording(upstream: &Emulator, path: &PathBuf) -> Emulator {
    let recorder = Recorder::new(upstream.url(), path).unwrap();
    Emulator::builder().record(recorder).start().await.unwrap()
}

async fn replaying(path: &PathBuf) -> Emulator {
    Emulator::builder().replay(Cassette::load(path).unwrap()).start().await.unwrap()
}

async fn send_with_key_in_query(emulator: &Emulator, body: &Value) -> Answer {
    let url = format!("{}?key={KEY}&alt=json", endpoint(emulator));
    read(http().post(url).json(body).send().await.unwrap()).await
}

#[tokio::test]
async fn what_is_recorded_is_replayed() {
    let path = file("recorded");
    let upstream = start().await;
    let quota = Reply::rate_limited(std::time::Duration::from_secs(2)).header("Retry-After", "2");
    upstream.enqueue(quota);
    let live = recording(&upstream, &path).await;
    let asked = [prompt("a"), prompt("a"), prompt("b"), json!({"contents": 1})];
    let mut answers = Vec::new();
    for body in &asked {
        answers.push(send(&live, body).await);
    }
    assert_eq!(answers.iter().map(|one| one.status).collect::<Vec<_>>(), [429, 200, 200, 400]);
    assert_eq!(upstream.request_count(), 4);
    drop((live, upstream));

    let replay = replaying(&path).await;
    let response = http().post(endpoint(&replay)).json(&prompt("a")).send().await.unwrap();
    assert_eq!(response.headers()["retry-after"], "2");
    assert_eq!(read(response).await.body, answers[0].body);
    for (body, expected) in asked.iter().zip(&answers).skip(1) {
        let found = send(&replay, body).await;
        assert_eq!((found.status, &found.body), (expected.status, &expected.body));
    }
    // The last recording of equal requests stays.
    assert_eq!(send(&replay, &prompt("a")).await.body, answers[1].body);
    std::fs::remove_file(path).unwrap();
}

#[tokio::test]
async fn streams_are_replayed_piece_by_piece() {
    let path = file("stream");
    let upstream = start().await;
    let answer = || Reply::text("Käse\u{2028}küche").chunk_chars(3);
    upstream.enqueue(answer());
    upstream.enqueue(answer().split(Split::inside_characters()));
    upstream.enqueue(answer().error_after(1, Event::bare_error(503, "UNAVAILABLE", "busy")));
    upstream.enqueue(Reply::parts([Part::text("[1,"), Part::text("2]")]));
    let live = recording(&upstream, &path).await;
    let mut recorded = Vec::new();
    for number in 0..3 {
        let stream = open_stream(&live, &prompt(&number.to_string())).await;
        assert_eq!(stream.headers()["content-type"], "text/event-stream");
        recorded.push(pieces(stream).await.0);
    }
    let list = |emulator: &Emulator| http().post(stream_endpoint(emulator, "")).json(&prompt("l"));
    let list_recorded = list(&live).send().await.unwrap().text().await.unwrap();
    let replay = replaying(&path).await;
    for (number, expected) in recorded.iter().enumerate() {
        let (found, _) = pieces(open_stream(&replay, &prompt(&number.to_string())).await).await;
        assert_eq!(found.concat(), expected.concat());
        if number != 1 {
            assert_eq!(found, *expected);
        }
    }
    assert_eq!(list(&replay).send().await.unwrap().text().await.unwrap(), list_recorded);
    std::fs::remove_file(path).unwrap();
}

#[tokio::test]
async fn keys_are_never_written() {
    let path = file("keys");
    let upstream = start().await;
    let live = recording(&upstream, &path).await;
    let mut body = prompt("marked");
    body["labels"] = json!({KEY: format!("is {KEY}")});
    send(&live, &body).await;
    send_with_key_in_query(&live, &prompt("in the query")).await;
    let bearer = http().post(endpoint(&live)).bearer_auth(KEY).json(&prompt(KEY));
    bearer.send().await.unwrap();
    let sent = upstream.requests();
    assert!(sent[1].path.contains("key=") && sent[2].headers.contains_key("authorization"));
    let written = std::fs::read_to_string(&path).unwrap();
    assert!(written.contains("marked") && written.contains("in the query"));
    assert!(!written.contains(KEY), "{written}");
    let replay = replaying(&path).await;
    assert_eq!(send_with_key_in_query(&replay, &prompt("in the query")).await.status, 200);
    // The same search finds what is not hidden.
    assert!(written.contains("[censored]"));
    std::fs::remove_file(path).unwrap();
}

#[tokio::test]
async fn a_miss_says_what_is_different() {
    let path = file("miss");
    let upstream = start().await;
    let live = recording(&upstream, &path).await;
    send(&live, &prompt("recorded")).await;
    let replay = replaying(&path).await;
    let other = send(&replay, &prompt("other")).await;
    assert_eq!((other.status, &other.body["error"]["status"]), (404, &json!("NOT_FOUND")));
    let call = "no recording of POST /v1beta/models/gemini-3.8-flash:generateContent";
    assert!(other.message().contains(call), "{}", other.message());
    assert!(other.message().contains("another `contents[0].parts[0].text`"));
    let elsewhere = http().get(format!("{}/v1beta/models", replay.url())).send().await.unwrap();
    let elsewhere = read(elsewhere).await;
    assert!(elsewhere.message().ends_with("no recording of GET /v1beta/models"));
    // A cassette beside generated answers has no misses.
    let beside = Emulator::builder().cassette(Cassette::load(&path).unwrap());
    let beside = beside.start().await.unwrap();
    assert_eq!(send(&beside, &prompt("other")).await.status, 200);
    std::fs::remove_file(path).unwrap();
}

#[tokio::test]
async fn a_file_is_continued_and_other_files_are_left_alone() {
    let path = file("continued");
    let upstream = start().await;
    send(&recording(&upstream, &path).await, &prompt("first")).await;
    send(&recording(&upstream, &path).await, &prompt("second")).await;
    let replay = replaying(&path).await;
    for text in ["first", "second"] {
        assert_eq!(send(&replay, &prompt(text)).await.status, 200);
    }
    std::fs::write(&path, "my diary").unwrap();
    let error = Recorder::new(upstream.url(), &path).unwrap_err();
    assert_eq!(error.path(), Some(path.as_path()));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "my diary");
    assert!(
        Recorder::new("ftp://example.com", &path).unwrap_err().to_string().contains("https://")
    );
    std::fs::remove_file(path).unwrap();
}

#[tokio::test]
async fn what_cannot_be_had_is_not_recorded() {
    let path = file("unreachable");
    let upstream = start().await;
    upstream.enqueue(Reply::disconnect());
    let live = recording(&upstream, &path).await;
    live.enqueue(Reply::text("scripted"));
    assert_eq!(send(&live, &prompt("x")).await.text(), "scripted");
    let cut = send(&live, &prompt("x")).await;
    assert_eq!(cut.status, 502);
    assert!(cut.message().contains("no answer to record"), "{}", cut.message());
    // A server that doesn't speak TLS.
    let address = upstream.url().replace("http://", "https://");
    let recorder = Recorder::new(&address, &path).unwrap();
    let secure = Emulator::builder().record(recorder).start().await.unwrap();
    assert_eq!(send(&secure, &prompt("x")).await.status, 502);
    assert!(!path.exists());
}

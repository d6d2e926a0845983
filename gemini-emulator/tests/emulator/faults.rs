//! Failures ready made, faults by rate, latency and the log.

use std::time::Duration;

use gemini_emulator::{Emulator, Fault, Latency, ManualClock, Rate, RateLimits, Reply};
use serde_json::{Value, json};

use crate::client::{
    Answer, KEY, endpoint, http, open_stream, pieces, prompt, read, send, start, with_config,
};

const SECOND: Duration = Duration::from_secs(1);

fn detail<'a>(answer: &'a Answer, kind: &str) -> &'a Value {
    let details = answer.body["error"]["details"].as_array().unwrap();
    let name = format!("type.googleapis.com/google.rpc.{kind}");
    details.iter().find(|detail| detail["@type"] == *name).unwrap()
}

#[tokio::test]
async fn quotas_say_when_to_come_back() {
    let emulator = start().await;
    emulator.enqueue(Reply::rate_limited(Duration::from_millis(200)));
    emulator.enqueue(Reply::daily_quota());
    let minute = send(&emulator, &prompt("x")).await;
    assert_eq!(
        (minute.status, &minute.body["error"]["status"]),
        (429, &json!("RESOURCE_EXHAUSTED"))
    );
    assert_eq!(detail(&minute, "RetryInfo")["retryDelay"], "0.2s");
    let violation = &detail(&minute, "QuotaFailure")["violations"][0];
    assert!(violation["quotaId"].as_str().unwrap().contains("PerMinute"), "{violation}");
    assert!(detail(&minute, "Help")["links"][0]["url"].is_string());
    let day = send(&emulator, &prompt("x")).await;
    let violation = &detail(&day, "QuotaFailure")["violations"][0];
    assert!(violation["quotaId"].as_str().unwrap().contains("PerDay"), "{violation}");
    assert_eq!(detail(&day, "RetryInfo")["retryDelay"], "38s");
}

#[tokio::test]
async fn failures_of_the_service() {
    let emulator = start().await;
    for (reply, status, name) in [
        (Reply::internal(), 500, "INTERNAL"),
        (Reply::unavailable(), 503, "UNAVAILABLE"),
        (Reply::deadline_exceeded(), 504, "DEADLINE_EXCEEDED"),
    ] {
        emulator.enqueue(reply);
        let answer = send(&emulator, &prompt("x")).await;
        assert_eq!((answer.status, &answer.body["error"]["status"]), (status, &json!(name)));
    }
    for (reply, status) in [(Reply::html(502), 502), (Reply::malformed_body(), 200)] {
        emulator.enqueue(reply);
        let response = http().post(endpoint(&emulator)).send().await.unwrap();
        assert_eq!(response.status(), status);
        let text = response.text().await.unwrap();
        assert!(serde_json::from_str::<Value>(&text).is_err(), "{text}");
    }
    emulator.enqueue(Reply::reset());
    assert!(http().post(endpoint(&emulator)).send().await.is_err());
}

#[tokio::test]
async fn answers_go_wrong_in_every_way() {
    let emulator = start().await;
    let list = Reply::text("[1,2,3,4,5,6]");
    let cases: [(Reply, &str, &str); 6] = [
        (list.clone().truncated(), "[1,2,3", "MAX_TOKENS"),
        (list.clone().malformed(), "[1,2,3\n<malformed>", "STOP"),
        (list.clone().looping(3), "[1,2,3[1,2,3[1,2,3[1,2,3", "MAX_TOKENS"),
        (list.clone().continued("more"), "[1,2,3,4,5,6]", "CONTINUATION"),
        (list.clone().with_thought("hm"), "[1,2,3,4,5,6]", "STOP"),
        (list.finish_reason("RECITATION"), "[1,2,3,4,5,6]", "RECITATION"),
    ];
    for (reply, text, finish_reason) in cases {
        emulator.enqueue(reply);
        let answer = send(&emulator, &prompt("x")).await;
        assert_eq!(answer.text(), text);
        assert_eq!(answer.body["candidates"][0]["finishReason"], finish_reason);
    }
    emulator.enqueue(Reply::text("x").continued("more"));
    let answer = send(&emulator, &prompt("x")).await;
    assert_eq!(answer.body["candidates"][0]["continuationToken"], "more");
    assert_ne!(Reply::text("abcd").looping(usize::MAX), Reply::text("abcd"));
    emulator.enqueue(Reply::text("").looping(2));
    assert_eq!(send(&emulator, &prompt("x")).await.text(), "again again ");
}

#[tokio::test]
async fn faults_come_at_their_rates() {
    let builder = Emulator::builder().fault(Reply::unavailable(), Rate::every(3));
    let builder = builder.fault(Fault::change(Reply::truncated), Rate::every(2));
    let emulator = builder.fault(Reply::reset(), Rate::first(1)).start().await.unwrap();
    assert!(http().post(endpoint(&emulator)).json(&prompt("x")).send().await.is_err());
    let mut seen = Vec::new();
    for _ in 2..=7 {
        let answer = send(&emulator, &prompt("x")).await;
        let finish_reason = answer.body["candidates"][0]["finishReason"].as_str();
        seen.push((answer.status, finish_reason.unwrap_or_default().to_owned()));
    }
    let expected = [
        (200, "MAX_TOKENS"),
        (503, ""),
        (200, "MAX_TOKENS"),
        (200, "STOP"),
        (503, ""),
        (200, "STOP"),
    ];
    assert_eq!(seen, expected.map(|(status, reason)| (status, reason.to_owned())));
}

#[tokio::test]
async fn chance_is_repeatable_and_spares_the_script() {
    let run = async |seed: u64| {
        let builder = Emulator::builder().seed(seed);
        let emulator = builder.fault(Reply::internal(), Rate::chance(1, 3)).start().await.unwrap();
        emulator.enqueue(Reply::text("scripted"));
        assert_eq!(send(&emulator, &prompt("x")).await.text(), "scripted");
        let mut statuses = Vec::new();
        for _ in 0..30 {
            statuses.push(send(&emulator, &prompt("x")).await.status);
        }
        statuses
    };
    let first = run(1).await;
    assert!(first.contains(&500) && first.contains(&200), "{first:?}");
    assert_eq!(first, run(1).await);
    assert_ne!(first, run(2).await);
}

#[tokio::test]
async fn latency_runs_on_the_clock_and_the_log_has_the_times() {
    let clock = ManualClock::new();
    let latency = Latency::fixed(SECOND).every(2, 5 * SECOND);
    let builder = Emulator::builder().clock(clock.clone()).latency(latency);
    let emulator = builder.start().await.unwrap();
    let ask = || {
        let request = http().post(endpoint(&emulator)).header("x-goog-api-key", KEY);
        tokio::spawn(request.json(&prompt("x")).send())
    };
    let first = ask();
    while clock.sleepers() < 1 {
        tokio::task::yield_now().await;
    }
    let second = ask();
    while clock.sleepers() < 2 {
        tokio::task::yield_now().await;
    }
    assert_eq!((emulator.in_flight(), emulator.peak_in_flight()), (2, 2));
    clock.advance(SECOND);
    assert_eq!(read(first.await.unwrap().unwrap()).await.status, 200);
    assert_eq!(clock.sleepers(), 1);
    clock.advance(4 * SECOND);
    assert_eq!(read(second.await.unwrap().unwrap()).await.status, 200);
    while emulator.in_flight() > 0 {
        tokio::task::yield_now().await;
    }
    let log = emulator.requests();
    assert_eq!((log[0].finished, log[1].finished), (Some(SECOND), Some(5 * SECOND)));
    assert_eq!((emulator.in_flight(), emulator.peak_in_flight()), (0, 2));
}

#[tokio::test]
async fn a_client_that_leaves_ends_its_stream() {
    let clock = ManualClock::new();
    let emulator = Emulator::builder().clock(clock.clone()).start().await.unwrap();
    emulator.enqueue(Reply::text("ab").chunk_chars(1).piece_delay(SECOND));
    let response = open_stream(&emulator, &prompt("x")).await;
    assert_eq!(emulator.in_flight(), 1);
    drop(response);
    while emulator.in_flight() > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(clock.sleepers(), 0);
}

#[tokio::test]
async fn the_log_can_be_short_and_can_be_taken() {
    let emulator = Emulator::builder().keep_requests(2).start().await.unwrap();
    for text in ["a", "b", "c"] {
        send(&emulator, &prompt(text)).await;
    }
    emulator.enqueue(Reply::disconnect());
    assert!(http().post(endpoint(&emulator)).json(&prompt("d")).send().await.is_err());
    let log = emulator.take_requests();
    assert_eq!([&log[0].body, &log[1].body], [&prompt("c"), &prompt("d")]);
    assert_eq!((log[0].status, log[1].status), (Some(200), None));
    assert_eq!((emulator.requests().len(), emulator.request_count()), (0, 4));
    assert_eq!(emulator.peak_in_flight(), 1);
}

#[tokio::test]
async fn replies_can_depend_on_the_request() {
    let builder = Emulator::builder().respond(|request| {
        let asked = request.body["contents"][0]["parts"][0]["text"].as_str()?;
        asked.strip_prefix("echo ").map(Reply::text)
    });
    let emulator = builder.start().await.unwrap();
    emulator.enqueue(Reply::text("first"));
    assert_eq!(send(&emulator, &prompt("echo a")).await.text(), "first");
    assert_eq!(send(&emulator, &prompt("echo a")).await.text(), "a");
    assert!(send(&emulator, &prompt("other")).await.text().contains("emulated"));
    let (pieces, is_complete) = pieces(open_stream(&emulator, &prompt("echo a")).await).await;
    assert!(is_complete && pieces.len() == 1);
    let malformed = with_config("echo b", &json!({"nonsense": 1}));
    assert_eq!(send(&emulator, &malformed).await.status, 400);
    let elsewhere = http().post(format!("{}/other", emulator.url())).json(&prompt("echo c"));
    assert_eq!(read(elsewhere.send().await.unwrap()).await.text(), "c");
}

#[tokio::test]
async fn connections_end_in_good_order_or_with_a_reset() {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let emulator = start().await;
    let whole = Reply::text("never whole");
    for (reply, is_reset) in [
        (Reply::disconnect(), false),
        (Reply::reset(), true),
        (whole.clone().cut_after(20), false),
        (whole.reset_after(20), true),
    ] {
        emulator.enqueue(reply);
        let address = emulator.url().strip_prefix("http://").unwrap();
        let mut socket = tokio::net::TcpStream::connect(address).await.unwrap();
        socket.write_all(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n").await.unwrap();
        let ended = socket.read_to_end(&mut Vec::new()).await;
        let kind = ended.err().map(|error| error.kind());
        assert_eq!(kind == Some(std::io::ErrorKind::ConnectionReset), is_reset, "{kind:?}");
    }
}

#[tokio::test]
async fn answers_are_continued_where_they_stopped() {
    let builder = Emulator::builder().fault(Fault::change(Reply::to_be_continued), Rate::first(3));
    let emulator = builder.start().await.unwrap();
    let mut request = prompt("a long story in several parts");
    let mut text = String::new();
    let mut hops = 0;
    loop {
        let answer = send(&emulator, &request).await;
        text.push_str(&answer.text());
        hops += 1;
        let candidate = &answer.body["candidates"][0];
        if candidate["finishReason"] == "STOP" {
            assert!(candidate.get("continuationToken").is_none());
            break;
        }
        assert_eq!(candidate["finishReason"], "CONTINUATION");
        request["continuationToken"] = candidate["continuationToken"].clone();
    }
    assert_eq!(hops, 4);
    assert_eq!(text, send(&emulator, &prompt("a long story in several parts")).await.text());
    request["continuationToken"] = json!("AAAA");
    assert_eq!(send(&emulator, &request).await.status, 400);
}

#[tokio::test]
async fn rate_limits_are_kept_on_the_clock() {
    let clock = ManualClock::new();
    let limits = RateLimits::new().requests_per_minute(2).requests_per_day(3);
    let builder = Emulator::builder().clock(clock.clone()).rate_limits(limits);
    let builder = builder.model_rate_limits("gemini-3.5-flash", RateLimits::new());
    let emulator = builder.start().await.unwrap();
    let refused = with_config("x", &json!({"nonsense": 1}));
    assert_eq!(send(&emulator, &refused).await.status, 400);
    emulator.enqueue(Reply::text("scripted"));
    assert_eq!(send(&emulator, &prompt("x")).await.status, 200);
    assert_eq!(send(&emulator, &prompt("x")).await.status, 200);
    clock.advance(20 * SECOND);
    assert_eq!(send(&emulator, &prompt("x")).await.status, 200);
    let over = send(&emulator, &prompt("x")).await;
    assert_eq!(over.status, 429);
    assert_eq!(detail(&over, "RetryInfo")["retryDelay"], "40s");
    let violation = &detail(&over, "QuotaFailure")["violations"][0];
    assert_eq!(violation["quotaValue"], "2");
    assert_eq!(violation["quotaDimensions"]["model"], "gemini-3.8-flash");
    clock.advance(40 * SECOND);
    assert_eq!(send(&emulator, &prompt("x")).await.status, 200);
    let over = send(&emulator, &prompt("x")).await;
    let violations = detail(&over, "QuotaFailure")["violations"].as_array().unwrap();
    let ids: Vec<&str> = violations.iter().map(|one| one["quotaId"].as_str().unwrap()).collect();
    assert!(ids[0].contains("PerDay") && ids[1].contains("PerMinute"), "{ids:?}");
    let url = format!("{}/v1/models/gemini-3.5-flash:generateContent", emulator.url());
    for _ in 0..5 {
        let request = http().post(&url).header("x-goog-api-key", KEY).json(&prompt("x"));
        assert_eq!(read(request.send().await.unwrap()).await.status, 200);
    }
}

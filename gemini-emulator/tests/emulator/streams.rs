//! Streams, well-formed and not.

use std::time::Duration;

use gemini_emulator::{Emulator, Event, ManualClock, Part, Reply, Split};
use serde_json::{Value, json};

use crate::client::{
    KEY, by_schema, deltas, endpoint, events, http, open_stream, pieces, prompt, read, send, start,
    stream_endpoint, with_config,
};

async fn read_stream(emulator: &Emulator, body: &Value) -> Vec<Value> {
    let response = open_stream(emulator, body).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    events(&response.text().await.unwrap())
}

fn finish_reasons(events: &[Value]) -> Vec<&Value> {
    events.iter().map(|event| &event["candidates"][0]["finishReason"]).collect()
}

#[tokio::test]
async fn a_stream_says_what_the_whole_answer_says() {
    let emulator = start().await;
    let list = json!({"type": "ARRAY", "items": {"type": "STRING"}, "minItems": 30});
    let request = by_schema("names of rivers and of the towns on their banks", &list);
    let whole = send(&emulator, &request).await;
    let events = read_stream(&emulator, &request).await;
    assert!(events.len() > 3, "{}", events.len());
    assert_eq!(deltas(&events).concat(), whole.text());
    assert!(deltas(&events).iter().all(|text| text.chars().count() <= 80));
    let last = events.last().unwrap();
    assert_eq!(last["usageMetadata"], whole.body["usageMetadata"]);
    assert_eq!(last["responseId"], whole.body["responseId"]);
    let (finish, before) =
        finish_reasons(&events).split_last().map(|(a, b)| (*a, b.to_vec())).unwrap();
    assert_eq!(finish, "STOP");
    assert!(before.iter().all(|reason| reason.is_null()));
    let totals: Vec<u64> = events
        .iter()
        .map(|event| event["usageMetadata"]["totalTokenCount"].as_u64().unwrap())
        .collect();
    assert!(totals.is_sorted());
}

#[tokio::test]
async fn without_alt_a_stream_is_a_list() {
    let emulator = start().await;
    emulator.enqueue(Reply::parts([Part::text("[1,"), Part::text("2]")]));
    emulator.enqueue(Reply::unavailable());
    emulator.enqueue(Reply::events([]));
    let ask = || http().post(stream_endpoint(&emulator, "")).json(&prompt("x")).send();
    let list = read(ask().await.unwrap()).await.body;
    assert_eq!(deltas(list.as_array().unwrap()), ["[1,", "2]"]);
    let error = read(ask().await.unwrap()).await;
    assert_eq!((error.status, &error.body[0]["error"]["code"]), (503, &json!(503)));
    assert_eq!(read(ask().await.unwrap()).await.body, json!([]));
    let refused = read(ask().await.unwrap()).await;
    assert_eq!(refused.body[0]["error"]["status"], "PERMISSION_DENIED");
}

#[tokio::test]
async fn thoughts_come_first_if_asked_for() {
    let emulator = start().await;
    let request = with_config("hi", &json!({"thinkingConfig": {"includeThoughts": true}}));
    let events = read_stream(&emulator, &request).await;
    assert_eq!(events[0]["candidates"][0]["content"]["parts"][0]["thought"], true);
    assert!(deltas(&events).concat().starts_with("This answer is emulated."));
    assert!(events.last().unwrap()["usageMetadata"]["thoughtsTokenCount"].as_u64().unwrap() > 0);
    let plain = send(&emulator, &request).await;
    assert_eq!(plain.body["candidates"][0]["content"]["parts"][0]["thought"], true);
    let silent = send(&emulator, &prompt("hi")).await;
    assert!(silent.body["usageMetadata"].get("thoughtsTokenCount").is_none());
}

#[tokio::test]
async fn parts_and_long_texts_are_events_of_their_own() {
    let emulator = start().await;
    let call = json!({"functionCall": {"name": "f", "args": {}}});
    let parts = [Part::thought("hm"), Part::text("äöü"), Part::json(call.clone())];
    emulator.enqueue(Reply::parts(parts).chunk_chars(2));
    emulator.enqueue(Reply::empty("SAFETY"));
    emulator.enqueue(Reply::blocked("OTHER"));
    let events = read_stream(&emulator, &prompt("x")).await;
    let parts: Vec<&Value> =
        events.iter().map(|event| &event["candidates"][0]["content"]["parts"][0]).collect();
    let expected =
        [json!({"text": "hm", "thought": true}), json!({"text": "äö"}), json!({"text": "ü"}), call];
    assert_eq!(parts, expected.iter().collect::<Vec<_>>());
    let stopped = read_stream(&emulator, &prompt("x")).await;
    assert_eq!(finish_reasons(&stopped), ["SAFETY"]);
    assert!(stopped[0]["candidates"][0]["content"].get("parts").is_none());
    let blocked = read_stream(&emulator, &prompt("x")).await;
    assert_eq!(blocked[0]["promptFeedback"]["blockReason"], "OTHER");
}

#[tokio::test]
async fn bodies_are_split_anywhere() {
    let emulator = start().await;
    let splits = [Split::every(1), Split::at([7, 9]), Split::inside_line_ends(), Split::random(1)];
    for split in splits.into_iter().chain([Split::inside_characters()]) {
        for is_stream in [true, false] {
            emulator.enqueue(Reply::text("Käse\u{2028}küche").split(split.clone()));
            let response = if is_stream {
                open_stream(&emulator, &prompt("x")).await
            } else {
                http().post(endpoint(&emulator)).json(&prompt("x")).send().await.unwrap()
            };
            let (pieces, is_complete) = pieces(response).await;
            assert!(is_complete);
            let body = String::from_utf8(pieces.concat()).unwrap();
            assert!(body.contains("Käse\u{2028}küche"), "{body}");
            if split == Split::every(1) {
                assert!(pieces.iter().all(|piece| piece.len() == 1));
            }
            if split == Split::inside_characters() {
                assert!(pieces.iter().any(|piece| std::str::from_utf8(piece).is_err()));
            }
            if split == Split::inside_line_ends() && is_stream {
                assert!(pieces[0].ends_with(b"\r"));
            }
        }
    }
}

#[tokio::test]
async fn streams_are_spelled_as_the_script_says() {
    let emulator = start().await;
    emulator.enqueue(Reply::text("x").line_feeds().no_space_after_data());
    let body = open_stream(&emulator, &prompt("x")).await.text().await.unwrap();
    assert!(body.starts_with("data:{") && body.ends_with("}\n\n"), "{body}");
    emulator.enqueue(Reply::text("abc").chunk_chars(2).null_fields());
    let events = read_stream(&emulator, &prompt("x")).await;
    let first = events[0].as_object().unwrap();
    assert_eq!(first["promptFeedback"], Value::Null);
    let candidate = first["candidates"][0].as_object().unwrap();
    assert_eq!(candidate["finishReason"], Value::Null);
    let part = candidate["content"]["parts"][0].as_object().unwrap();
    assert_eq!(part["functionCall"], Value::Null);
    assert_eq!(finish_reasons(&events)[1], "STOP");
}

#[tokio::test]
async fn scripted_streams_are_streams_on_other_paths_too() {
    let emulator = start().await;
    emulator.enqueue(Reply::text("abc"));
    let path = "v1beta1/projects/p/locations/l/publishers/google/models/g:streamGenerateContent";
    let url = format!("{}/{path}?alt=sse", emulator.url());
    let response = http().post(url).json(&prompt("x")).send().await.unwrap();
    let events = events(&response.text().await.unwrap());
    assert_eq!(deltas(&events), ["abc"]);
    assert_eq!(events[0]["modelVersion"], "emulated-g");
}

#[tokio::test]
async fn some_events_hold_next_to_nothing() {
    let emulator = start().await;
    for text in ["abcdef", "ab", ""] {
        emulator.enqueue(Reply::text(text).chunk_chars(2).sparse_events());
        let events = read_stream(&emulator, &prompt("x")).await;
        assert_eq!(deltas(&events).concat(), text);
        assert_eq!(*finish_reasons(&events).last().unwrap(), "STOP");
        assert!(events[0]["candidates"].is_null() && events[0]["usageMetadata"].is_object());
        let parts = |event: &Value| event["candidates"][0]["content"]["parts"].clone();
        assert!(events.iter().any(|event| parts(event) == json!([])));
        assert!(events.iter().any(|event| parts(event)[0]["thoughtSignature"].is_string()));
    }
}

#[tokio::test]
async fn streams_end_early() {
    let emulator = start().await;
    let answer = Reply::text("abcdef").chunk_chars(2);
    emulator.enqueue(answer.clone().end_after(2));
    emulator.enqueue(answer.clone().without_finish_reason());
    emulator.enqueue(answer.clone().error_after(1, Event::error(500, "INTERNAL", "oops")));
    let cut = read_stream(&emulator, &prompt("x")).await;
    assert_eq!(deltas(&cut), ["ab", "cd"]);
    let endless = read_stream(&emulator, &prompt("x")).await;
    assert_eq!(deltas(&endless).concat(), "abcdef");
    assert!(finish_reasons(&endless).iter().all(|reason| reason.is_null()));
    let broken = read_stream(&emulator, &prompt("x")).await;
    assert_eq!(broken[1]["error"], json!({"code": 500, "status": "INTERNAL", "message": "oops"}));
    assert_eq!(broken.len(), 2);
    for (event, start) in [
        (Event::bare_error(503, "UNAVAILABLE", "busy"), "{\n  \"error\""),
        (Event::bare_error_list(503, "UNAVAILABLE", "busy"), "[\n  {\n    \"error\""),
    ] {
        emulator.enqueue(answer.clone().error_after(1, event));
        let body = open_stream(&emulator, &prompt("x")).await.text().await.unwrap();
        let (_, after) = body.split_once("\r\n\r\n").unwrap();
        assert!(after.starts_with(start), "{after}");
        let error: Value = serde_json::from_str(after).unwrap();
        assert!(error.to_string().contains("busy"));
    }
}

#[tokio::test]
async fn events_go_out_as_written() {
    let emulator = start().await;
    let script = [
        Event::raw(": hello\r\n\r\n"),
        Event::text("a"),
        Event::part(Part::thought("t")),
        Event::json(json!({"usageMetadata": {"totalTokenCount": 3}})),
        Event::finish("STOP"),
    ];
    emulator.enqueue(Reply::events(script));
    let body = open_stream(&emulator, &prompt("x")).await.text().await.unwrap();
    let events = events(body.strip_prefix(": hello\r\n\r\n").unwrap());
    assert_eq!(deltas(&events), ["a"]);
    assert_eq!(events[1]["candidates"][0]["content"]["parts"][0]["thought"], true);
    assert_eq!(events[2], json!({"usageMetadata": {"totalTokenCount": 3}}));
    assert_eq!(finish_reasons(&events)[3], "STOP");
}

#[tokio::test]
async fn streams_break_off() {
    let emulator = start().await;
    let answer = Reply::text("abcdef").chunk_chars(1);
    for reply in [answer.clone().cut_after(300), answer.reset_after(300)] {
        emulator.enqueue(reply);
        let (pieces, is_complete) = pieces(open_stream(&emulator, &prompt("x")).await).await;
        assert!(!is_complete);
        assert!(pieces.concat().len() <= 300);
    }
}

#[tokio::test]
async fn pieces_are_held_back() {
    let clock = ManualClock::new();
    let emulator = Emulator::builder().clock(clock.clone()).start().await.unwrap();
    let second = Duration::from_secs(1);
    let reply = Reply::parts([Part::text("a"), Part::text("b")]);
    emulator.enqueue(reply.delay(second).piece_delay(2 * second));
    let asked = tokio::spawn({
        let request = http().post(stream_endpoint(&emulator, "?alt=sse")).json(&prompt("x"));
        request.header("x-goog-api-key", KEY).send()
    });
    let wait_for_sleep = async || {
        while clock.sleepers() == 0 {
            tokio::task::yield_now().await;
        }
    };
    wait_for_sleep().await;
    clock.advance(second);
    let mut response = asked.await.unwrap().unwrap();
    assert!(response.chunk().await.unwrap().unwrap().starts_with(b"data: "));
    wait_for_sleep().await;
    assert_eq!(emulator.in_flight(), 1);
    clock.advance(2 * second);
    assert!(response.chunk().await.unwrap().unwrap().starts_with(b"data: "));
    assert_eq!(response.chunk().await.unwrap(), None);
    let log = emulator.requests();
    assert_eq!((log[0].arrived, log[0].status), (Duration::ZERO, Some(200)));
}

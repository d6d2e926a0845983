//! Lists with something around them, and lists that come in several answers.

use gemini_emulator::{Emulator, Event, RecordedRequest, Reply};
use gemini_extract::{Error, ErrorKind};
use serde_json::{Value, json};

use crate::harness::{Recipe, builder, client};
use crate::streams::{Told, all, told};

/// Words around a list, and how many of its two elements come before it is clear that it is none.
const TEXTS: [(&str, Option<usize>); 16] = [
    ("[1,2]", None),
    ("Here is the list:\n[1, 2]", None),
    ("Here is the list: [1, 2]", None),
    ("Sure!\n\n```json\n[1, 2]\n```\nI hope that it helps.", None),
    ("```json[1, 2]```", None),
    ("`[1, 2]`", None),
    ("[1, 2]\n\nThat's all.", None),
    ("[1, 2,];", None),
    ("\u{feff}[1, 2].", None),
    ("See [1, 2] for more", Some(0)),
    ("\"[1, 2]\"", Some(0)),
    ("{\"a\": [1, 2]}", Some(0)),
    ("nothing at all", Some(0)),
    ("[1, 2] and so on", Some(2)),
    ("[1, 2]\n[3]", Some(2)),
    ("[1, 2", Some(1)),
];

#[tokio::test]
async fn words_around_a_list_are_left_out_as_by_plain_calls() {
    for (text, broken) in TEXTS {
        for size in [1, 3, 100] {
            let told = told::<Vec<u8>>(Reply::text(text).chunk_chars(size)).await;
            let kinds: Vec<_> = told.errors.iter().map(Error::kind).collect();
            let expected = broken.map(|_| ErrorKind::InvalidJson);
            assert_eq!(kinds, Vec::from_iter(expected), "{text}");
            assert_eq!(told.elements, [1, 2][..broken.unwrap_or(2)], "{text}");
        }
        let emulator = Emulator::start().await.expect("a port is free");
        emulator.enqueue(Reply::text(text));
        let plain = client(emulator.url()).extract::<Vec<u8>>("p").await;
        assert_eq!(plain.is_ok(), broken.is_none(), "{text}: {plain:?}");
    }
}

#[tokio::test]
async fn commas_too_many_are_left_out_of_elements() {
    let text = r#"[{"recipe_name":"a","ingredients":["oats",],"rating":1,},]"#;
    let told = told::<Vec<Recipe>>(Reply::text(text).chunk_chars(5)).await;
    assert!(told.errors.is_empty(), "{:?}", told.errors);
    assert_eq!(told.elements[0].ingredients, ["oats"]);
}

#[tokio::test]
async fn words_without_end_are_a_loop() {
    for text in ["and again ".repeat(10_000), " ".repeat(100_000)] {
        let told = told::<Vec<u8>>(Reply::text(text)).await;
        let kinds: Vec<_> = told.errors.iter().map(Error::kind).collect();
        assert_eq!(kinds, [ErrorKind::Loop]);
    }
}

/// A piece of an answer that is continued with a token.
fn piece(texts: &[&str], token: Option<&str>) -> Reply {
    let mut events: Vec<Event> = texts.iter().map(|text| Event::text(*text)).collect();
    let reason = if token.is_some() { "CONTINUATION" } else { "STOP" };
    events.push(Event::json(json!({
        "candidates": [{"finishReason": reason, "continuationToken": token}],
        "usageMetadata": {"promptTokenCount": 10, "candidatesTokenCount": 1},
    })));
    Reply::events(events)
}

/// Streams a list out of these replies; gives the requests too.
async fn ask(replies: Vec<Reply>) -> (Told<u8>, Vec<RecordedRequest>) {
    let emulator = Emulator::start().await.expect("a port is free");
    replies.into_iter().for_each(|reply| emulator.enqueue(reply));
    let told = all(client(emulator.url()).extract::<Vec<u8>>("p").stream()).await;
    (told, emulator.requests())
}

#[tokio::test]
async fn a_stream_in_pieces_is_one_stream() {
    let replies =
        vec![piece(&["[1,", "2"], Some("a\"b")), piece(&["3"], Some("c")), piece(&[",4]"], None)];
    let (told, requests) = ask(replies).await;
    assert_eq!((told.elements, told.errors.len()), (vec![1, 23, 4], 0));
    let summary = told.stream.summary();
    assert_eq!((summary.usage.prompt_tokens, summary.usage.answer_tokens), (30, 3));
    assert_eq!(summary.attempts, 3);
    assert_eq!(summary.finish_reason.map(|reason| reason.to_string()).as_deref(), Some("STOP"));
    let token = |request: &RecordedRequest| request.body["continuationToken"].clone();
    let tokens: Vec<_> = requests.iter().map(token).collect();
    assert_eq!(tokens, [Value::Null, json!("a\"b"), json!("c")]);
    assert_eq!(requests[0].body["contents"], requests[2].body["contents"]);
    assert!(
        requests.iter().all(|request| request.path.ends_with(":streamGenerateContent?alt=sse"))
    );
}

#[tokio::test]
async fn the_emulator_s_own_pieces_are_put_together() {
    let emulator = Emulator::start().await.expect("a port is free");
    emulator.enqueue(Reply::text("unused").to_be_continued());
    let builder = builder(emulator.url());
    let mut text = builder.build().expect("settings").extract::<Vec<String>>("p").text();
    let mut whole = String::new();
    while let Some(piece) = text.next().await {
        whole.push_str(&piece.expect("a piece"));
    }
    assert!(whole.starts_with("unu") && emulator.request_count() == 2, "{whole}");
}

#[tokio::test]
async fn pieces_of_a_stream_that_lead_nowhere_are_given_up() {
    let mut replies = vec![piece(&["[1,2"], Some("a"))];
    replies.extend(vec![piece(&[], Some("b")); 9]);
    let (told, requests) = ask(replies).await;
    assert_eq!((told.elements, requests.len()), (vec![1], 4));
    assert_eq!(told.errors[0].kind(), ErrorKind::Stopped);
    assert_eq!(told.errors[0].usage().map(|usage| usage.prompt_tokens), Some(40));
}

#[tokio::test]
async fn a_piece_that_cannot_be_had_keeps_what_came_before() {
    let busy = Reply::error(503, "UNAVAILABLE", "busy");
    let (told, requests) = ask(vec![piece(&["[1,"], Some("a")), busy]).await;
    assert_eq!((told.elements, requests.len()), (vec![1], 2));
    let [error] = &told.errors[..] else { panic!("{:?}", told.errors) };
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unavailable, 2));
    assert_eq!(error.usage().map(|usage| usage.prompt_tokens), Some(10));
    assert_eq!(told.stream.summary().usage.prompt_tokens, 10);
    let stopped = Reply::events([Event::text("2,3"), Event::finish("SAFETY")]);
    let (told, _) = ask(vec![piece(&["[1,"], Some("a")), stopped]).await;
    assert_eq!((told.elements, told.errors[0].kind()), (vec![1, 2], ErrorKind::Safety));
}

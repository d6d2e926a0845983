//! Answers that are read while they come in.

use std::collections::BTreeMap;
use std::time::Duration;

use gemini_emulator::{Emulator, Event, Part, Reply, Split};
use gemini_extract::{
    Carrier, ElementStream, Error, ErrorKind, FinishReason, GeminiSchema, Retry, Snapshot,
    SnapshotStream,
};
use serde::de::DeserializeOwned;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::harness::{Instrument, RawServer, Recipe, Then, builder, client, read_request};

const HEAD: &str =
    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";
const RECIPES: &str = r#"[{"recipe_name":"Snickerdoodle \"é\u2028😀","ingredients":["flour"],"rating":5},
  {"recipe_name":"b","ingredients":["oats","x"],"rating":1}]"#;

/// What a stream of elements gives until it ends.
pub(crate) struct Told<E> {
    pub(crate) elements: Vec<E>,
    pub(crate) errors: Vec<Error>,
    pub(crate) stream: ElementStream<E>,
}

pub(crate) async fn all<E: DeserializeOwned>(mut stream: ElementStream<E>) -> Told<E> {
    let (mut elements, mut errors) = (Vec::new(), Vec::new());
    while let Some(item) = stream.next().await {
        match item {
            Ok(element) => elements.push(element),
            Err(error) => errors.push(error),
        }
    }
    assert!(stream.next().await.is_none(), "it has ended for good");
    Told { elements, errors, stream }
}

/// Streams the elements of a `T` out of this reply, without further attempts.
pub(crate) async fn told<T>(reply: Reply) -> Told<T::Item>
where
    T: GeminiSchema + IntoIterator<Item: DeserializeOwned>,
{
    let emulator = Emulator::start().await.expect("a port is free");
    emulator.enqueue(reply);
    all(client(emulator.url()).extract::<T>("the prompt").with_retry(Retry::never()).stream()).await
}

/// The same out of a body of raw bytes.
async fn raw<T>(body: &str) -> Told<T::Item>
where
    T: GeminiSchema + IntoIterator<Item: DeserializeOwned>,
{
    let server = RawServer::start(format!("{HEAD}{body}"), Then::Close).await;
    all(client(&server.url).extract::<T>("the prompt").with_retry(Retry::never()).stream()).await
}

async fn snapshots<T>(mut stream: SnapshotStream<T>) -> Vec<Result<Snapshot<T>, Error>>
where
    T: DeserializeOwned,
{
    let mut all = Vec::new();
    while let Some(item) = stream.next().await {
        all.push(item);
    }
    all
}

fn chunk(text: &str) -> String {
    json!({"candidates": [{"content": {"parts": [{"text": text}]}}]}).to_string()
}

const STOP: &str =
    r#"{"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"totalTokenCount":9}}"#;

#[tokio::test]
async fn elements_come_by_any_split_and_spelling() {
    let whole: Vec<Recipe> = serde_json::from_str(RECIPES).expect("recipes");
    let reply = || Reply::text(RECIPES).chunk_chars(7);
    for reply in [
        reply(),
        reply().split(Split::every(1)),
        reply().split(Split::every(5)),
        reply().split(Split::inside_characters()),
        reply().split(Split::inside_line_ends()),
        reply().split(Split::random(7)),
        reply().line_feeds().no_space_after_data(),
        reply().null_fields(),
        reply().with_thought("[{\"recipe_name\":\"a thought\"}]"),
        Reply::text(format!("```json\n{RECIPES}\n```")).chunk_chars(3),
    ] {
        let Told { elements, errors, stream } = told::<Vec<Recipe>>(reply).await;
        assert!(errors.is_empty(), "{errors:?}");
        assert_eq!(elements, whole);
        let summary = stream.summary();
        assert_eq!(summary.finish_reason, Some(FinishReason::Stop));
        assert!(summary.usage.total_tokens > 0 && summary.attempts == 1);
        assert!(summary.model_version.is_some() && summary.response_id.is_some());
    }
}

#[tokio::test]
async fn a_stream_asks_for_events() {
    let emulator = Emulator::start().await.expect("a port is free");
    emulator.enqueue(Reply::text("[1]"));
    let told = all(client(emulator.url()).extract::<Vec<u8>>("the prompt").stream()).await;
    assert_eq!(told.elements, [1]);
    let request = emulator.requests().remove(0);
    assert!(request.path.ends_with(":streamGenerateContent?alt=sse"), "{}", request.path);
}

#[tokio::test]
async fn elements_are_turned_back_and_checked_one_by_one() {
    type Stock = BTreeMap<String, u8>;
    let text = r#"[[{"key":"oats","value":3}],[{"key":"a","value":300}],[]]"#;
    let Told { elements, errors, .. } = told::<Vec<Stock>>(Reply::text(text)).await;
    assert_eq!(elements, [Stock::from([("oats".to_owned(), 3)]), Stock::new()]);
    assert_eq!(errors.len(), 1);
    assert_eq!(errors[0].kind(), ErrorKind::Violations);
    assert!(errors[0].violations()[0].path().starts_with("/1/"), "{:?}", errors[0]);
    assert_eq!(errors[0].raw_text(), Some(r#"[{"key":"a","value":300}]"#));
}

#[derive(Debug, serde::Deserialize, GeminiSchema)]
struct Few(#[gemini(min_items = 2, max_items = 3)] Vec<u8>);

impl IntoIterator for Few {
    type Item = u8;
    type IntoIter = std::vec::IntoIter<u8>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[tokio::test]
async fn the_number_of_elements_is_checked() {
    let too_few = told::<Few>(Reply::text("[1]")).await;
    assert_eq!(
        (too_few.elements, too_few.errors[0].violations()[0].keyword()),
        (vec![1], "minItems")
    );
    let too_many = told::<Few>(Reply::text("[1,2,3,4,5]")).await;
    assert_eq!(too_many.elements, [1, 2, 3]);
    assert_eq!(too_many.errors.len(), 1);
    assert_eq!(too_many.errors[0].violations()[0].keyword(), "maxItems");
    let enough = told::<Few>(Reply::text("[1, 2.0]")).await;
    assert_eq!((enough.elements, enough.errors.len()), (vec![1, 2], 0));
}

#[tokio::test]
async fn what_is_no_list_is_not_sent() {
    let call = client("http://127.0.0.1:9").extract::<Option<u8>>("x");
    let told = all(call.stream()).await;
    assert_eq!(told.errors.iter().map(Error::kind).collect::<Vec<_>>(), [ErrorKind::Request]);
}

#[tokio::test]
async fn dropping_a_stream_closes_its_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    let server = tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.expect("a connection");
        read_request(&mut connection).await;
        let begin = format!("{HEAD}data: {}\n\n", chunk("[1,"));
        connection.write_all(begin.as_bytes()).await.expect("it is open");
        // Comes back only when the other side closes.
        connection.read(&mut [0]).await.unwrap_or(0)
    });
    let mut stream = client(&url).extract::<Vec<u8>>("p").stream();
    assert_eq!(stream.next().await.and_then(Result::ok), Some(1));
    drop(stream);
    let time = Duration::from_secs(10);
    assert_eq!(tokio::time::timeout(time, server).await.expect("it is closed").ok(), Some(0));
}

#[tokio::test]
async fn an_answer_that_stops_early_keeps_what_is_whole() {
    for (reply, kind) in [
        (Reply::text("[1,2,3").finish_reason("MAX_TOKENS"), ErrorKind::MaxTokens),
        (Reply::text("[1,2,3").finish_reason("SAFETY"), ErrorKind::Safety),
        (Reply::text("[1,2,3").without_finish_reason(), ErrorKind::Transport),
        (Reply::text("[1,2,3"), ErrorKind::InvalidJson),
        (Reply::text("[1,2] and so on"), ErrorKind::InvalidJson),
        (
            Reply::text("[1,2,3")
                .chunk_chars(1)
                .error_after(5, Event::error(503, "UNAVAILABLE", "x")),
            ErrorKind::Unavailable,
        ),
        (
            Reply::text("[1,2,3")
                .chunk_chars(1)
                .error_after(5, Event::bare_error(503, "UNAVAILABLE", "x")),
            ErrorKind::Unavailable,
        ),
        (
            Reply::text("[1,2,3")
                .chunk_chars(1)
                .error_after(5, Event::bare_error_list(429, "RESOURCE_EXHAUSTED", "x")),
            ErrorKind::ResourceExhausted,
        ),
        (Reply::text("[1,2,3").chunk_chars(1).end_after(5), ErrorKind::Transport),
    ] {
        let Told { elements, errors, stream } = told::<Vec<u8>>(reply).await;
        assert_eq!(elements, [1, 2], "{kind:?}");
        assert_eq!(errors.iter().map(Error::kind).collect::<Vec<_>>(), [kind]);
        assert_eq!(
            errors[0].usage().map(|usage| usage.total_tokens),
            Some(stream.summary().usage.total_tokens).filter(|total| *total > 0)
        );
    }
}

#[tokio::test]
async fn a_missing_finish_reason_is_a_cut_stream() {
    let told = told::<Vec<u8>>(Reply::text("[1,2]").without_finish_reason()).await;
    assert_eq!(told.elements, [1, 2]);
    assert!(told.errors[0].is_truncated() && told.errors[0].is_retryable());
}

#[tokio::test]
async fn nothing_at_all_has_its_reason() {
    for (reply, kind) in [
        (Reply::text(""), ErrorKind::EmptyAnswer),
        (Reply::empty("MAX_TOKENS"), ErrorKind::MaxTokens),
        (Reply::blocked("SAFETY"), ErrorKind::PromptBlocked),
        (Reply::error(503, "UNAVAILABLE", "x"), ErrorKind::Unavailable),
        (Reply::html(502), ErrorKind::Unavailable),
        (Reply::disconnect(), ErrorKind::Transport),
    ] {
        let told = told::<Vec<u8>>(reply).await;
        assert_eq!(told.errors.iter().map(Error::kind).collect::<Vec<_>>(), [kind]);
        assert!(told.elements.is_empty());
    }
    let html = raw::<Vec<u8>>("<html>\n<body>sign in</body>\n</html>\n").await;
    assert_eq!(html.errors[0].kind(), ErrorKind::UnexpectedResponse);
}

#[tokio::test]
async fn bodies_of_gateways_are_read() {
    let (first, second) = (chunk("[1,"), chunk("2]"));
    for body in [
        format!("data:{first}\n\ndata:{second}\n\ndata:{STOP}\n\ndata: [DONE]\n\n"),
        format!("\u{feff}: ping\n\nevent: m\ndata: {first}\n\n\ndata: {second}\n\ndata: {STOP}"),
        format!(
            "data: {{\"error\":null}}\n\n{{\"error\":null}}\ndata: {first}\n\ndata: {second}\n\ndata: {STOP}\n\n"
        ),
        format!("[{first}\n,{second},\n{STOP}]"),
        format!(
            "data: {first}\r\rdata: {{\"candidates\":[{{\"content\":{{\"parts\":[]}}}}]}}\r\rdata: {second}\r\rdata: {STOP}\r\r"
        ),
    ] {
        let told = raw::<Vec<u8>>(&body).await;
        assert_eq!((told.elements, told.errors.len()), (vec![1, 2], 0), "{body}");
        assert_eq!(told.stream.summary().usage.total_tokens, 9);
    }
}

#[tokio::test]
async fn attempts_are_made_again_before_the_first_response_only() {
    let emulator = Emulator::start().await.expect("a port is free");
    let retry = Retry::default()
        .backoff(gemini_extract::ExponentialBackoff::default().first(Duration::from_millis(1)));
    emulator.enqueue(Reply::unavailable());
    emulator.enqueue(Reply::disconnect());
    emulator.enqueue(Reply::events([Event::error(503, "UNAVAILABLE", "x")]));
    emulator.enqueue(Reply::text("[1]"));
    let told =
        all(client(emulator.url()).extract::<Vec<u8>>("p").with_retry(retry.clone()).stream())
            .await;
    assert_eq!((told.elements, told.errors.len()), (vec![1], 0));
    assert_eq!(told.stream.summary().attempts, 4);
    emulator.enqueue(Reply::events([Event::text("[1,"), Event::error(503, "UNAVAILABLE", "x")]));
    let told = all(client(emulator.url()).extract::<Vec<u8>>("p").with_retry(retry).stream()).await;
    assert_eq!(told.elements, [1]);
    assert_eq!(told.errors[0].kind(), ErrorKind::Unavailable);
    assert_eq!(emulator.request_count(), 5);
}

#[tokio::test]
async fn a_loop_is_cut_off() {
    for text in [
        format!("[\"a\",\"{}", "and again ".repeat(10_000)),
        format!("[\"a\",1.{}", "0".repeat(100_000)),
        format!("[\"a\",{}", " ".repeat(100_000)),
    ] {
        let Told { elements, errors, .. } = told::<Vec<String>>(Reply::text(text.clone())).await;
        assert_eq!(elements, ["a"]);
        assert_eq!(errors.iter().map(Error::kind).collect::<Vec<_>>(), [ErrorKind::Loop]);
        let emulator = Emulator::start().await.expect("a port is free");
        emulator.enqueue(Reply::text(text.clone()));
        emulator.enqueue(Reply::text(text));
        let shown = snapshots(client(emulator.url()).extract::<Vec<String>>("p").snapshots()).await;
        let error = shown.last().and_then(|last| last.as_ref().err()).expect("an error");
        assert_eq!(error.kind(), ErrorKind::Loop);
        assert!(error.raw_text().is_some_and(|text| text.starts_with("[\"a\"")));
        let mut deltas = client(emulator.url()).extract::<Vec<String>>("p").text();
        let mut last = None;
        while let Some(item) = deltas.next().await {
            last = Some(item);
        }
        assert_eq!(last.and_then(Result::err).map(|error| error.kind()), Some(ErrorKind::Loop));
    }
    let labels = serde_json::to_string(&vec!["positive"; 10_000]).expect("JSON");
    assert_eq!(told::<Vec<String>>(Reply::text(labels)).await.elements.len(), 10_000);
}

#[tokio::test]
async fn sizes_are_bounded() {
    let emulator = Emulator::start().await.expect("a port is free");
    let client = builder(emulator.url()).with_response_limit(2_000).build().expect("settings");
    let words: String = (0..900).map(|word| format!("word{word} ")).collect();
    emulator.enqueue(Reply::text(format!("[\"a\",\"{words}\"]")));
    let told = all(client.extract::<Vec<String>>("p").stream()).await;
    assert_eq!(told.elements, ["a"]);
    assert_eq!(told.errors[0].kind(), ErrorKind::ResponseTooLarge);
    assert!(told.errors[0].to_string().contains("an element"), "{}", told.errors[0]);
    emulator.enqueue(Reply::text(format!("\"{words}\"")).chunk_chars(10_000));
    let mut text = client.extract::<String>("p").with_retry(Retry::never()).text();
    let error = text.next().await.expect("an item").expect_err("too large");
    assert_eq!(error.kind(), ErrorKind::ResponseTooLarge);
}

#[tokio::test]
async fn snapshots_grow_up_to_the_whole_value() {
    let whole: Vec<Recipe> = serde_json::from_str(RECIPES).expect("recipes");
    let value: serde_json::Value = serde_json::from_str(RECIPES).expect("JSON");
    for text in [RECIPES.to_owned(), format!("```json\n{RECIPES}\n```\n")] {
        let emulator = Emulator::start().await.expect("a port is free");
        emulator.enqueue(Reply::text(text).chunk_chars(5).with_thought("[7]"));
        let shown = snapshots(client(emulator.url()).extract::<Vec<Recipe>>("p").snapshots()).await;
        let shown: Vec<_> = shown.into_iter().map(|item| item.expect("a snapshot")).collect();
        let (last, partial) = shown.split_last().expect("snapshots");
        assert!(last.is_whole && last.value == value && last.typed.as_ref() == Some(&whole));
        assert!(partial.len() > 3 && partial.iter().all(|snapshot| !snapshot.is_whole));
        assert!(partial.iter().any(|snapshot| snapshot.typed.is_none()), "half a recipe is none");
    }
}

#[tokio::test]
async fn what_has_come_is_a_value_where_the_type_allows() {
    let emulator = Emulator::start().await.expect("a port is free");
    let words = (0..40).map(|word| format!("word {word}")).collect::<Vec<_>>();
    emulator.enqueue(Reply::text(json!(words).to_string()).chunk_chars(3));
    let shown = snapshots(client(emulator.url()).extract::<Vec<String>>("p").snapshots()).await;
    let mut length = 0;
    for snapshot in shown {
        let typed = snapshot.expect("a snapshot").typed.expect("texts are texts at any length");
        assert!(typed.len() >= length);
        length = typed.len();
        let (last, before) = typed.split_last().expect("words");
        assert_eq!(before, &words[..length - 1]);
        assert!(words[length - 1].starts_with(last));
    }
    assert_eq!(length, 40);
}

#[tokio::test]
async fn snapshots_have_the_shape_that_serde_expects() {
    type Stock = BTreeMap<String, String>;
    let emulator = Emulator::start().await.expect("a port is free");
    let text = r#"[{"key":"oats","value":"a long text about oats"},{"key":"rye","value":"x"}]"#;
    for reply in [Reply::text(text).chunk_chars(4), Reply::text(r#"{"oats":"yes"}"#).chunk_chars(1)]
    {
        emulator.enqueue(reply);
    }
    let client = client(emulator.url());
    let classic = snapshots(client.extract::<Stock>("p").snapshots()).await;
    let plain = client.extract::<Stock>("p").with_carrier(Carrier::ResponseJsonSchema);
    for shown in [classic, snapshots(plain.snapshots()).await] {
        assert!(!shown.is_empty());
        for snapshot in shown {
            assert!(snapshot.expect("a snapshot").value.is_object());
        }
    }
}

#[tokio::test]
async fn a_single_choice_has_one_snapshot() {
    let emulator = Emulator::start().await.expect("a port is free");
    emulator.enqueue(Reply::text(" Woodwind\n").chunk_chars(2));
    let shown = snapshots(client(emulator.url()).extract::<Instrument>("p").snapshots()).await;
    let [Ok(snapshot)] = &shown[..] else { panic!("{shown:?}") };
    assert_eq!(snapshot.value, "Woodwind");
    assert_eq!(snapshot.typed, Some(Instrument::Woodwind));
}

#[tokio::test]
async fn the_last_snapshot_is_checked() {
    let emulator = Emulator::start().await.expect("a port is free");
    let text = r#"[{"recipe_name":"a","ingredients":[],"rating":9}]"#;
    emulator.enqueue(Reply::text(text));
    let shown = snapshots(client(emulator.url()).extract::<Vec<Recipe>>("p").snapshots()).await;
    let error = shown.last().and_then(|last| last.as_ref().err()).expect("an error");
    assert_eq!((error.kind(), error.violations().len()), (ErrorKind::Violations, 2));
    assert_eq!(error.raw_text(), Some(text));
}

#[tokio::test]
async fn text_comes_as_it_is_written() {
    let emulator = Emulator::start().await.expect("a port is free");
    emulator.enqueue(Reply::parts([Part::text("[\"a"), Part::thought("no"), Part::text("b\"]")]));
    let mut stream = client(emulator.url()).extract::<Vec<String>>("p").text();
    let mut pieces = Vec::new();
    while let Some(piece) = stream.next().await {
        pieces.push(piece.expect("a piece"));
    }
    assert_eq!(pieces, ["[\"a", "b\"]"]);
    assert_eq!(stream.summary().finish_reason, Some(FinishReason::Stop));
}

#[tokio::test]
async fn the_time_of_the_call_holds_to_the_end_of_the_stream() {
    let body = format!("{HEAD}data: {}\n\n", chunk("[1,"));
    let server = RawServer::start(body, Then::Wait).await;
    let call = client(&server.url).extract::<Vec<u8>>("p");
    let told = all(call.with_timeout(Duration::from_millis(200)).stream()).await;
    assert_eq!(told.elements, [1]);
    assert_eq!(told.errors.iter().map(Error::kind).collect::<Vec<_>>(), [ErrorKind::Timeout]);
}

#[tokio::test]
async fn a_stream_may_be_silent_for_so_long() {
    let body = format!("{HEAD}data: {}\n\n", chunk("[1,"));
    let server = RawServer::start(body, Then::Wait).await;
    let patience = Duration::from_millis(100);
    let client = builder(&server.url).with_idle_timeout(patience).build().expect("settings");
    let told = all(client.extract::<Vec<u8>>("p").stream()).await;
    assert_eq!(told.elements, [1]);
    assert_eq!(told.errors.iter().map(Error::kind).collect::<Vec<_>>(), [ErrorKind::Timeout]);
}

#[tokio::test]
async fn what_needs_the_whole_value_is_not_streamed() {
    let call = || client("http://127.0.0.1:9").extract::<Vec<u8>>("p");
    let fine = |_: &Vec<u8>| Ok::<(), String>(());
    for stream in [
        call().with_validator(fine).stream(),
        call().with_repair(gemini_extract::Repair::default()).stream(),
    ] {
        let told = all(stream).await;
        assert_eq!(told.errors.iter().map(Error::kind).collect::<Vec<_>>(), [ErrorKind::Request]);
    }
}

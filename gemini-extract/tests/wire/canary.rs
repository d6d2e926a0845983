//! A planted key is looked for everywhere it must not be; so are the prompt and the answer.

use std::collections::HashSet;
use std::error::Error as StdError;
use std::fmt::Write as _;
use std::sync::Mutex;
use std::time::Duration;

use gemini_emulator::{Emulator, Reply};
use gemini_extract::{
    AccessToken, AttemptReport, Carrier, Client, ClientBuilder, Error, ErrorKind, Extract, Retry,
};
use serde_json::json;

use crate::capture::Capture;
use crate::harness::{Instrument, Leaping, RawServer, Recipe, Then};

const KEY: &str = "AIzaSy-planted-canary-key";
const PROMPT: &str = "planted-canary-prompt";
const ANSWER: &str = "planted-canary-answer";

/// Every kind of failure that these tests bring about.
const KINDS: [ErrorKind; 33] = [
    ErrorKind::Configuration,
    ErrorKind::Request,
    ErrorKind::Schema,
    ErrorKind::Closed,
    ErrorKind::Credentials,
    ErrorKind::Transport,
    ErrorKind::Timeout,
    ErrorKind::ResponseTooLarge,
    ErrorKind::UnexpectedResponse,
    ErrorKind::InvalidArgument,
    ErrorKind::FailedPrecondition,
    ErrorKind::InvalidApiKey,
    ErrorKind::Unauthenticated,
    ErrorKind::BillingRequired,
    ErrorKind::PermissionDenied,
    ErrorKind::NotFound,
    ErrorKind::PayloadTooLarge,
    ErrorKind::ResourceExhausted,
    ErrorKind::Cancelled,
    ErrorKind::Internal,
    ErrorKind::Unavailable,
    ErrorKind::DeadlineExceeded,
    ErrorKind::PromptBlocked,
    ErrorKind::Safety,
    ErrorKind::Recitation,
    ErrorKind::MaxTokens,
    ErrorKind::Language,
    ErrorKind::MalformedAnswer,
    ErrorKind::Stopped,
    ErrorKind::EmptyAnswer,
    ErrorKind::InvalidJson,
    ErrorKind::Violations,
    ErrorKind::Rejected,
];

fn has(text: &str, canary: &str) -> bool {
    text.contains(canary)
}

fn builder(url: &str) -> ClientBuilder {
    Client::builder()
        .api_key(KEY)
        .base_url(url)
        .with_clock(Leaping::new())
        .with_retry(twice())
        .with_attempt_hook(tell)
}

/// A client of Vertex AI whose token is the canary.
fn vertex_builder(url: &str) -> ClientBuilder {
    Client::builder()
        .vertex("my-project", "global")
        .token_provider(AccessToken::new(KEY).with_quota_project("payer"))
        .base_url(url)
        .with_clock(Leaping::new())
        .with_retry(twice())
        .with_attempt_hook(tell)
}

/// What hooks were told.
static TOLD: Mutex<String> = Mutex::new(String::new());

fn tell(report: &AttemptReport<'_>) {
    TOLD.lock().expect("not poisoned").push_str(&format!("{report:?}\n"));
}

/// Two attempts, at models whose names say nothing.
fn twice() -> Retry {
    Retry::default().attempts(2)
}

fn call(client: &Client) -> Extract<Vec<Recipe>> {
    let recipe = Recipe { recipe_name: PROMPT.into(), ingredients: vec![PROMPT.into()], rating: 1 };
    client.extract(PROMPT).system(PROMPT).example(PROMPT, &vec![recipe])
}

/// Everything that an error shows without being asked for the answer or for serde's own words.
fn shown(error: &Error) -> String {
    let mut text = format!("{error}\n{error:?}\n{error:#?}\n{}\n", error.help());
    let _ = write!(
        text,
        "{:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        error.service_status(),
        error.service_message(),
        error.service_reason(),
        error.quota_violations(),
        error.field_violations(),
        error.finish_reason(),
        error.block_reason(),
        (error.model_version(), error.response_id(), error.usage(), error.safety_ratings()),
    );
    text
}

/// The errors below an error, in full.
fn chain(error: &Error) -> String {
    let mut text = String::new();
    let mut next = StdError::source(error);
    while let Some(source) = next {
        let _ = writeln!(text, "{source} {source:?} {source:#?}");
        next = source.source();
    }
    text
}

/// Replies of a server that sends the key back wherever it can.
fn replies() -> Vec<Reply> {
    let echo = || {
        let rpc = "type.googleapis.com/google.rpc";
        [
            json!({"@type": format!("{rpc}.BadRequest"),
                   "fieldViolations": [{"field": KEY, "description": KEY}]}),
            json!({"@type": format!("{rpc}.QuotaFailure"),
                   "violations": [{"quotaId": KEY, "quotaDimensions": {KEY: KEY}}]}),
        ]
    };
    let info = json!({"@type": "x.ErrorInfo", "reason": "API_KEY_INVALID", "domain": KEY});
    let message = format!("the key {KEY} and more of it");
    let answer = format!(r#"[{{"recipe_name":"{ANSWER}"}}]"#);
    let statuses = [400, 401, 402, 403, 404, 413, 418, 429, 499, 500, 502, 503, 504];
    let mut replies: Vec<Reply> = statuses
        .into_iter()
        .map(|status| Reply::error(status, KEY, &message).details(echo()))
        .collect();
    let reasons = [
        "SAFETY",
        "RECITATION",
        "MAX_TOKENS",
        "LANGUAGE",
        "MALFORMED_RESPONSE",
        "OTHER",
        "STOP",
        KEY,
    ];
    replies.extend(reasons.map(|reason| Reply::text(&answer).finish_reason(reason)));
    replies.extend([
        Reply::error(400, "FAILED_PRECONDITION", &message),
        Reply::error(400, "INVALID_ARGUMENT", &message).details([info]),
        Reply::raw(200, "text/html", message.as_str()),
        Reply::raw(200, "application/json", format!(r#"{{"candidates":"{KEY}"}}"#)),
        Reply::raw(502, "text/html", message.as_str()),
        Reply::raw(302, "text/html", message.as_str()).header("Location", KEY),
        Reply::json(200, json!({"error": {"code": 503, "message": message}})),
        Reply::json(
            200,
            json!({"promptFeedback": {"blockReason": KEY}, "modelVersion": KEY,
                                "responseId": KEY}),
        ),
        Reply::json(
            200,
            json!({"candidates": [{"safetyRatings": [{"category": KEY, "probability": KEY}]}],
                   "usageMetadata": {"serviceTier": KEY, "totalTokenCount": KEY,
                                     "promptTokensDetails": [{"modality": KEY}]}}),
        ),
        Reply::text(" "),
        Reply::text(ANSWER),
        Reply::disconnect(),
        Reply::disconnect_mid_body(),
    ]);
    replies
}

/// Failures that no reply of the emulator brings about.
async fn other_failures(url: &str) -> Vec<Error> {
    let slow = RawServer::start("HTTP/1.1 200 OK\r\n\r\n{", Then::Wait).await;
    let timeout = Duration::from_millis(50);
    let limited = builder(url).with_response_limit(8).build().expect("a client");
    let map = builder(url).build().expect("a client");
    let map = map.extract::<std::collections::BTreeMap<Option<u8>, u8>>(PROMPT);
    let closed = builder("http://127.0.0.1:1").build().expect("a client");
    let enumerated = builder(url).build().expect("a client").extract::<Instrument>(PROMPT);
    let strict = builder(url).build().expect("a client").extract::<String>(PROMPT);
    let strict = strict.with_validator(|text: &String| Err::<(), _>(format!("{text} {KEY}")));
    let bad_token = vertex_builder(url).token_provider(AccessToken::new(format!("{KEY}\n")));
    let bad_token = bad_token.build().expect("a client");
    let ended = builder(url).build().expect("a client");
    ended.close().await;
    vec![
        call(&ended).await.expect_err("it is closed"),
        call(&bad_token).await.expect_err("a line break in the token"),
        strict.await.expect_err("it is rejected"),
        builder(&format!("{url}?key={KEY}")).build().expect_err("a query"),
        builder(&format!("http://{KEY}@127.0.0.1")).build().expect_err("a user"),
        builder(url).api_key(format!("{KEY}\n")).build().expect_err("a line break"),
        builder(url).model(format!("x?key={KEY}")).build().expect_err("a bad model"),
        map.with_carrier(Carrier::ResponseSchema).await.expect_err("keys that are no text"),
        call(&closed).await.expect_err("nobody listens"),
        call(&limited).await.expect_err("too large"),
        call(&limited).model(KEY.repeat(2) + "?").await.expect_err("a bad model"),
        enumerated.await.expect_err("no member"),
        call(&builder(&slow.url).with_timeout(timeout).build().expect("a client"))
            .await
            .expect_err("too slow"),
    ]
}

#[tokio::test]
async fn the_key_the_prompt_and_the_answer_are_shown_nowhere() {
    let capture = Capture::install();
    let emulator = Emulator::start().await.expect("a port is free");
    let client = builder(emulator.url()).build().expect("a client");
    let mut errors = Vec::new();
    for reply in replies() {
        let emulator = Emulator::start().await.expect("a port is free");
        emulator.enqueue(reply.clone());
        emulator.enqueue(reply);
        let client = builder(emulator.url()).build().expect("a client");
        errors.push(call(&client).await.expect_err("every reply is a failure"));
    }
    let earlier: usize = errors.iter().map(|error| error.earlier().len()).sum();
    assert!(earlier > 5, "{earlier}");
    let text = format!("\"{ANSWER}\"");
    for text in [&text, &text, ANSWER, ANSWER, ANSWER] {
        emulator.enqueue(Reply::text(text));
    }
    errors.extend(other_failures(emulator.url()).await);
    for error in errors.iter().chain(errors.iter().flat_map(Error::earlier)) {
        let shown = shown(error);
        for canary in [KEY, PROMPT, ANSWER] {
            assert!(!has(&shown, canary), "{canary}: {shown}");
        }
        assert!(!has(&chain(error), KEY), "{}", chain(error));
    }
    let found: HashSet<_> = errors.iter().map(Error::kind).collect();
    let missing: Vec<_> = KINDS.iter().filter(|kind| !found.contains(kind)).collect();
    assert!(missing.is_empty(), "{missing:?}");

    let call = call(&client);
    let request = call.to_request().expect("a request");
    let settings = format!("{client:?} {:#?} {:?} {call:?}", builder("http://h"), client.clone());
    assert!(!has(&settings, KEY) && !has(&settings, PROMPT), "{settings}");
    assert!(!has(request.body(), KEY) && !has(request.url(), KEY), "{}", request.body());
    assert!(!has(&format!("{request:?}"), PROMPT));

    let told = TOLD.lock().expect("not poisoned").clone();
    assert!(has(&told, "AttemptReport") && has(&told, "InvalidApiKey"), "{told}");
    for canary in [KEY, PROMPT, ANSWER] {
        assert!(!has(&told, canary), "{canary}");
    }
    let traced = capture.text();
    assert!(has(&traced, "gemini.extract") && has(&traced, "starting new connection"), "{traced}");
    assert!(has(&traced, "InvalidApiKey"), "the kind of the failure stands in the span");
    assert!(has(&traced, "gen_ai.usage.output_tokens="), "so does what it cost");
    for canary in [KEY, PROMPT, ANSWER] {
        assert!(!has(&traced, canary), "{canary}");
    }
}

#[tokio::test]
async fn the_token_is_shown_nowhere_either() {
    let capture = Capture::install();
    for reply in replies() {
        let emulator = Emulator::start().await.expect("a port is free");
        emulator.enqueue(reply.clone());
        emulator.enqueue(reply);
        let client = vertex_builder(emulator.url()).build().expect("a client");
        let error = call(&client).await.expect_err("every reply is a failure");
        for error in error.earlier().iter().chain([&error]) {
            let shown = format!("{}{}", shown(error), chain(error));
            assert!(!has(&shown, KEY), "{shown}");
        }
    }
    let server = RawServer::start("HTTP/1.1 200 OK\r\n\r\n{}", Then::Close).await;
    let client = vertex_builder(&server.url).build().expect("a client");
    call(&client).await.expect_err("no answer");
    assert!(has(&server.received(), &format!("Bearer {KEY}")), "the header carries it");
    let call = call(&client);
    let request = call.to_request().expect("a request");
    let settings = format!("{client:?} {:#?} {call:?}", vertex_builder("http://h"));
    for text in [&settings, request.url(), request.body(), &format!("{request:?}")] {
        assert!(!has(text, KEY), "{text}");
    }
    assert!(!has(&TOLD.lock().expect("not poisoned"), KEY));
    assert!(!has(&capture.text(), KEY));
}

#[tokio::test]
async fn the_search_finds_the_canaries_where_they_are() {
    let answer = json!({"candidates": [{"content": {"parts": [{"text": ANSWER}]}}]}).to_string();
    let reply = format!("HTTP/1.1 200 OK\r\n\r\n{answer}");
    let server = RawServer::start(reply, Then::Close).await;
    let client = builder(&server.url).build().expect("a client");
    let error = call(&client).await.expect_err("no JSON");
    assert!(has(&server.received(), KEY), "the header carries it");
    assert!(has(&server.received(), PROMPT), "the body carries it");
    assert!(has(error.raw_text().unwrap_or_default(), ANSWER), "asked for, it is there");
    let request = call(&client).to_request().expect("a request");
    assert!(has(request.body(), PROMPT), "the body is shown to who asks for it");

    let capture = Capture::install();
    tracing::trace!(planted = "planted-canary-in-a-field", "an event");
    log::trace!("planted-canary-in-a-record");
    tracing::trace_span!("span", planted = "planted-canary-in-a-span").in_scope(|| ());
    let traced = capture.text();
    for place in ["field", "record", "span"] {
        assert!(has(&traced, &format!("planted-canary-in-a-{place}")), "{place}");
    }
}

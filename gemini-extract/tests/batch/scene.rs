//! A small language for the tests: a server that knows the answers, and a client for it.

use std::collections::BTreeMap;
use std::time::Duration;

use gemini_emulator::{Emulator, EmulatorBuilder, Latency, ManualClock, RecordedRequest, Reply};
use gemini_extract::batch::{Batch, BatchRun, Outcome};
use gemini_extract::{Client, ClientBuilder, GeminiSchema, Repair, Retry};
use serde::{Deserialize, Serialize};

/// The key that every client of these tests carries.
pub(crate) const KEY: &str = "AIzaSyCanary-0123456789";

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, GeminiSchema)]
pub(crate) enum Sentiment {
    Positive,
    Negative,
}

/// Whether a request asks the model.
pub(crate) fn is_asked(request: &RecordedRequest) -> bool {
    request.path.contains(":generateContent")
}

/// What a request asks.
pub(crate) fn prompt(request: &RecordedRequest) -> &str {
    let turns = request.body["contents"].as_array().expect("there are turns");
    turns.last().unwrap()["parts"][0]["text"].as_str().expect("it has a text")
}

/// A server that finds good what holds "good", and fails as prompts tell it to.
pub(crate) fn server() -> EmulatorBuilder {
    Emulator::builder().respond(|request| {
        if !is_asked(request) {
            return None;
        }
        let text = prompt(request);
        Some(match text {
            _ if text.contains("unsafe") => Reply::text("x").finish_reason("SAFETY"),
            _ if text.contains("bad key") => {
                Reply::error(403, "PERMISSION_DENIED", "the \u{1b}key\nis bad")
            }
            _ if text.contains("down") => Reply::unavailable(),
            _ if text.contains("malformed") => {
                Reply::error(400, "INVALID_ARGUMENT", "Request contains an invalid argument.")
            }
            _ if text.contains("good") => Reply::text("Positive"),
            _ => Reply::text("Negative"),
        })
    })
}

pub(crate) async fn start() -> Emulator {
    server().start().await.expect("a port is free")
}

/// A server that answers when the clock is moved by a second.
pub(crate) async fn held() -> (Emulator, ManualClock) {
    let clock = ManualClock::new();
    let latency = Latency::fixed(Duration::from_secs(1));
    let emulator = server().clock(clock.clone()).latency(latency).start().await;
    (emulator.expect("a port is free"), clock)
}

/// A client that asks once, with all the rest at its defaults.
pub(crate) fn builder(emulator: &Emulator) -> ClientBuilder {
    Client::builder()
        .api_key(KEY)
        .base_url(emulator.url())
        .with_retry(Retry::never())
        .with_repair(Repair::never())
}

pub(crate) fn client(emulator: &Emulator) -> Client {
    builder(emulator).build().expect("the settings are fine")
}

/// A batch over these texts.
pub(crate) fn batch<R>(emulator: &Emulator, records: R) -> Batch<Sentiment>
where
    R: IntoIterator<Item: Into<gemini_extract::batch::Record>>,
    R::IntoIter: Send + 'static,
{
    client(emulator).batch::<Sentiment, _>(records).instruction("Classify the review.")
}

/// All outcomes, as they come.
pub(crate) async fn all<T>(run: &mut BatchRun<T>) -> Vec<Outcome<T>> {
    let mut outcomes = Vec::new();
    while let Some(outcome) = run.next().await {
        outcomes.push(outcome);
    }
    outcomes
}

/// All outcomes by their keys.
pub(crate) async fn by_key<T>(run: &mut BatchRun<T>) -> BTreeMap<String, Outcome<T>> {
    let outcomes = all(run).await;
    let count = outcomes.len();
    let by_key: BTreeMap<_, _> =
        outcomes.into_iter().map(|outcome| (outcome.key.clone(), outcome)).collect();
    assert_eq!(by_key.len(), count, "each key once");
    by_key
}

/// Waits until so many requests are on their way.
pub(crate) async fn in_flight(emulator: &Emulator, clock: &ManualClock, count: usize) {
    while emulator.in_flight() < count || clock.sleepers() < count {
        tokio::task::yield_now().await;
    }
}

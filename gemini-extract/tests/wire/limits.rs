//! Limits on the client's side, on a clock that leaps.

use std::time::Duration;

use gemini_emulator::{Emulator, Reply};
use gemini_extract::{Client, ErrorKind, Limits, Retry};

use crate::harness::{Leaping, builder};

const MINUTE: Duration = Duration::from_secs(60);

/// A server with so many answers, a client for it with these limits, and the clock.
async fn scene(answers: usize, limits: Limits) -> (Emulator, Client, Leaping) {
    let emulator = Emulator::start().await.expect("a port is free");
    (0..answers).for_each(|_| emulator.enqueue(Reply::text("7")));
    let clock = Leaping::new();
    let builder = builder(emulator.url()).with_clock(clock.clone()).with_limits(limits);
    let client = builder.build().expect("the settings are fine");
    (emulator, client, clock)
}

async fn ask(client: &Client) -> Result<u8, gemini_extract::Error> {
    client.extract("prompt").await
}

#[tokio::test]
async fn clones_share_the_limits_and_models_do_not() {
    let (_emulator, client, clock) = scene(4, Limits::default().requests_per_minute(2)).await;
    ask(&client).await.unwrap();
    ask(&client.clone()).await.unwrap();
    let _: u8 = client.extract("prompt").model("another").await.unwrap();
    assert_eq!(clock.slept(), [Duration::ZERO; 0]);
    let extraction = client.clone().extract::<u8>("prompt").detailed().await.unwrap();
    assert_eq!((clock.slept(), extraction.elapsed), (vec![MINUTE], MINUTE));
}

#[tokio::test]
async fn a_model_can_have_limits_of_its_own() {
    let (emulator, _, clock) = scene(3, Limits::default()).await;
    let builder = builder(emulator.url()).with_clock(clock.clone());
    let own = builder.with_model_limits("small", Limits::default().requests_per_minute(1));
    let client = own.build().unwrap();
    for model in ["models/small", "large", "small"] {
        assert_eq!(clock.slept(), [Duration::ZERO; 0]);
        let _: u8 = client.extract("prompt").model(model).await.unwrap();
    }
    assert_eq!(clock.slept(), [MINUTE]);
}

#[tokio::test]
async fn tokens_are_those_that_the_service_counts() {
    let (emulator, client, clock) = scene(0, Limits::default().tokens_per_minute(1_000)).await;
    for prompt in [990, 0, 0] {
        let usage = serde_json::json!({"promptTokenCount": prompt});
        let candidates = serde_json::json!([{"content": {"parts": [{"text": "7"}]}}]);
        let body = serde_json::json!({"candidates": candidates, "usageMetadata": usage});
        emulator.enqueue(Reply::json(200, body));
    }
    ask(&client).await.unwrap();
    assert_eq!(clock.slept(), [Duration::ZERO; 0]);
    ask(&client).await.unwrap();
    assert_eq!(clock.slept(), [MINUTE]);
    ask(&client).await.unwrap();
    assert_eq!(clock.slept(), [MINUTE]);
}

#[tokio::test]
async fn no_room_in_the_time_of_the_call_is_told_at_once() {
    let (emulator, client, clock) = scene(2, Limits::default().requests_per_day(1)).await;
    ask(&client).await.unwrap();
    let error = ask(&client).await.expect_err("tomorrow");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 0));
    assert!(error.to_string().contains("the client's own limits leave no room"), "{error}");
    assert_eq!((emulator.requests().len(), clock.slept()), (1, vec![]));
}

#[tokio::test]
async fn retries_count_and_http_429_slows_down() {
    let (emulator, client, clock) = scene(0, Limits::default().requests_per_minute(10)).await;
    for _ in 0..3 {
        emulator
            .enqueue(Reply::error(429, "RESOURCE_EXHAUSTED", "slow").header("Retry-After", "1"));
        emulator.enqueue(Reply::text("7"));
    }
    let call = || client.extract::<u8>("prompt").with_retry(Retry::default());
    for _ in 0..3 {
        call().await.unwrap();
    }
    assert_eq!(emulator.requests().len(), 6);
    // Six would have fitted into ten.
    assert!(clock.slept().iter().any(|time| *time > Duration::from_secs(50)), "{clock:?}");
}

#[tokio::test]
async fn one_at_a_time_is_still_all_of_them() {
    let (emulator, client, _) = scene(20, Limits::default().concurrency(1)).await;
    let calls = (0..20).map(|_| tokio::spawn(client.extract::<u8>("prompt").into_future()));
    for call in calls.collect::<Vec<_>>() {
        assert_eq!(call.await.unwrap().unwrap(), 7);
    }
    assert_eq!(emulator.requests().len(), 20);
}

#[tokio::test]
async fn bad_limits_are_told() {
    for limits in [
        Limits::default().requests_per_minute(0),
        Limits::default().tokens_per_minute(0),
        Limits::default().requests_per_day(0),
        Limits::default().concurrency(0),
    ] {
        let builder = || builder("http://127.0.0.1:1");
        let error = builder().with_limits(limits.clone()).build().expect_err("a limit of zero");
        assert!(error.to_string().contains("limit must not be zero"), "{error}");
        assert!(builder().with_model_limits("m", limits).build().is_err());
    }
    let named = builder("http://127.0.0.1:1").with_model_limits("../m", Limits::default());
    assert!(named.build().is_err());
}

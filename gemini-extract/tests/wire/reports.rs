//! What a client tells about its calls: hooks, costs, traces.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use gemini_emulator::{Emulator, Reply};
use gemini_extract::{Client, ClientBuilder, ErrorKind, Price, Prices, Repair, Retry};
use serde_json::json;

use crate::capture::Capture;
use crate::harness::{KEY, Leaping, builder};

/// A server with these replies in a row, and a client for it with the default policies.
async fn scene(replies: Vec<Reply>) -> (Emulator, ClientBuilder) {
    let emulator = Emulator::start().await.expect("a port is free");
    replies.into_iter().for_each(|reply| emulator.enqueue(reply));
    let builder = Client::builder().api_key(KEY).base_url(emulator.url());
    (emulator, builder.with_clock(Leaping::new()))
}

/// An answer of a million tokens in and half a million out.
fn billed(text: &str) -> Reply {
    let candidates = json!([{"content": {"parts": [{"text": text}]}}]);
    let usage = json!({"promptTokenCount": 1_000_000, "candidatesTokenCount": 400_000,
                       "thoughtsTokenCount": 100_000});
    Reply::json(
        200,
        json!({"candidates": candidates, "usageMetadata": usage, "modelVersion": "large-001"}),
    )
}

#[tokio::test]
async fn hooks_are_told_of_every_attempt() {
    type Told = (String, u32, u32, Option<ErrorKind>, Option<u64>, Option<Duration>);
    let busy = Reply::error(503, "UNAVAILABLE", "busy").header("Retry-After", "3");
    let quota = Reply::error(429, "RESOURCE_EXHAUSTED", "quota");
    let denied = Reply::error(403, "PERMISSION_DENIED", "no");
    let (_emulator, builder) = scene(vec![busy, quota, billed("no"), denied]).await;
    let told: Arc<Mutex<Vec<Told>>> = Arc::default();
    let log = Arc::clone(&told);
    let client = builder
        .model("large")
        .with_retry(Retry::default().fallback("small"))
        .with_attempt_hook(move |report| {
            let kind = report.error.map(gemini_extract::Error::kind);
            let tokens = report.usage.map(|usage| usage.prompt_tokens);
            let model = report.model.to_owned();
            let told = (model, report.number, report.repairs, kind, tokens, report.retry_in);
            log.lock().expect("not poisoned").push(told);
        });
    client.build().unwrap().extract::<u8>("prompt").await.expect_err("denied");
    let (large, small) = ("models/large".to_owned(), "models/small".to_owned());
    let (wait, none) = (Some(Duration::from_secs(3)), None);
    assert_eq!(
        *told.lock().unwrap(),
        [
            (large.clone(), 1, 0, Some(ErrorKind::Unavailable), none, wait),
            (large.clone(), 2, 0, Some(ErrorKind::ResourceExhausted), none, Some(Duration::ZERO)),
            (small, 3, 0, None, Some(1_000_000), None),
            (large, 4, 1, Some(ErrorKind::PermissionDenied), none, None),
        ]
    );
}

#[tokio::test]
async fn a_call_tells_what_all_of_it_cost() {
    let prices = Prices::default().model("large-001", Price::per_million(2.0, 8.0));
    let (_emulator, builder) = scene(vec![billed("no"), billed("7"), billed("no")]).await;
    let client = builder.with_prices(prices.clone()).build().unwrap();
    let extraction = client.extract::<u8>("prompt").detailed().await.unwrap();
    assert_eq!((extraction.repairs, extraction.cost), (1, Some(12.0)));
    let once = client.extract::<u8>("prompt").with_repair(Repair::never());
    assert_eq!(once.await.expect_err("no JSON").cost(), Some(6.0));

    let other = Prices::default().model("another", Price::per_million(2.0, 8.0));
    for (prices, expected) in [(None, None), (Some(other), None), (Some(prices), Some(6.0))] {
        let (_emulator, builder) = scene(vec![billed("7")]).await;
        let builder = match prices {
            Some(prices) => builder.with_prices(prices),
            None => builder,
        };
        let call = builder.build().unwrap().extract::<u8>("prompt").detailed();
        assert_eq!(call.await.unwrap().cost, expected);
    }
}

#[test]
fn a_price_must_be_a_number_of_at_least_zero() {
    let fine = || Price::per_million(0.0, 1.5);
    for price in [
        Price::per_million(f64::NAN, 1.0),
        Price::per_million(1.0, -0.5),
        fine().cached(f64::INFINITY),
        fine().above(9, fine().above(99, fine().cached(-1.0))),
    ] {
        let prices = Prices::default().model("fine", fine()).model("odd", price);
        let error = builder("http://127.0.0.1:9").with_prices(prices).build();
        let error = error.expect_err("no call can cost that");
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains("price"), "{error}");
    }
    let prices = Prices::default().model("fine", fine().above(9, fine().cached(0.0)));
    assert!(builder("http://127.0.0.1:9").with_prices(prices).build().is_ok());
}

#[tokio::test]
async fn content_is_traced_when_it_is_asked_for() {
    let capture = Capture::install();
    for is_asked in [false, true] {
        let [prompt, system, answer] =
            ["prompt", "system", "answer"].map(|name| format!("{name}-{is_asked}-traced"));
        let (_emulator, builder) = scene(vec![Reply::text(format!("[\"{answer}\"]"))]).await;
        let builder = if is_asked { builder.with_traced_content() } else { builder };
        let client = builder.build().unwrap();
        let _: Vec<String> = client.extract(prompt.as_str()).system(system.as_str()).await.unwrap();
        let traced = capture.text();
        for text in [prompt, system, answer] {
            assert_eq!(traced.contains(&text), is_asked, "{text}");
        }
    }
    let traced = capture.text();
    for part in [r#""content":"prompt-true-traced""#, r#""role":"assistant""#] {
        assert!(traced.contains(part), "{part}");
    }
    assert!(!traced.contains(KEY));
}

#[tokio::test]
async fn every_attempt_has_a_span_of_its_own() {
    let capture = Capture::install();
    let busy = Reply::error(503, "UNAVAILABLE", "busy");
    let (_emulator, builder) = scene(vec![busy, Reply::text("7")]).await;
    let client = builder.model("a-model-that-is-traced").build().unwrap();
    let _: u8 = client.extract("prompt").await.unwrap();
    let traced = capture.text();
    let model = "gen_ai.request.model=\"models/a-model-that-is-traced\"";
    for resend in 0..2 {
        let span = format!("gemini.attempt {model} http.request.resend_count={resend}");
        assert!(traced.contains(&span), "{span}");
    }
    assert!(traced.contains("gemini.attempts=2"));
}

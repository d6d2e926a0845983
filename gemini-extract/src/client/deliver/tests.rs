//! Many calls at once, on Tokio's paused clock.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::transport::{BoxFuture, Message, Reply, Transport};
use crate::{Client, ClientBuilder, ExponentialBackoff, Limits, Result, Retry};

const USUAL: Duration = Duration::from_millis(50);
const IN_FLIGHT: u32 = 64;
const CALLS: u32 = 640;

/// A request, as the service sees it.
#[derive(Clone, Copy)]
struct Seen {
    number: u32,
    /// Whether it is the first attempt of its call.
    is_first: bool,
}

/// Answers by what it sees.
struct Service<F> {
    requests: Arc<AtomicU32>,
    bodies: Mutex<HashSet<Bytes>>,
    answer: F,
}

impl<F> std::fmt::Debug for Service<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Service")
    }
}

impl<F: Fn(Seen) -> (Duration, Reply) + Send + Sync> Transport for Service<F> {
    fn send(&self, message: Message) -> BoxFuture<'_, Result<Reply>> {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        let is_first = self.bodies.lock().expect("not poisoned").insert(message.body);
        let (takes, reply) = (self.answer)(Seen { number, is_first });
        Box::pin(async move {
            tokio::time::sleep(takes).await;
            Ok(reply)
        })
    }
}

fn answer() -> Reply {
    let body = br#"{"candidates":[{"content":{"parts":[{"text":"7"}]}}]}"#.to_vec();
    Reply { body: body.into(), ..Reply::default() }
}

fn refusal(status: u16, delay: &str) -> Reply {
    let details = format!(r#"[{{"@type":"x.RetryInfo","retryDelay":"{delay}"}}]"#);
    let body = format!(r#"{{"error":{{"details":{details}}}}}"#).into_bytes();
    Reply {
        status: StatusCode::from_u16(status).expect("a status"),
        body: body.into(),
        ..Reply::default()
    }
}

fn builder() -> ClientBuilder {
    Client::builder().api_key("key").base_url("http://127.0.0.1:9")
}

/// All calls at once, of which the limits let through as many as there may be in flight: how long
/// they take, and how many requests they are.
async fn all(
    answer: impl Fn(Seen) -> (Duration, Reply) + Send + Sync + 'static,
    retry: Retry,
) -> (Duration, u32) {
    let requests = Arc::new(AtomicU32::new(0));
    let service = Service { requests: Arc::clone(&requests), bodies: Mutex::default(), answer };
    let limits = Limits::default().concurrency(IN_FLIGHT).fixed();
    let client = builder().with_retry(retry).with_limits(limits);
    let client = client.build_on(|_, _| Ok(Box::new(service))).expect("a client");
    let start = Instant::now();
    let mut calls = JoinSet::new();
    for call in 0..CALLS {
        calls.spawn(client.extract::<u8>(call.to_string()).into_future());
    }
    while let Some(value) = calls.join_next().await {
        assert_eq!(value.expect("no panic").expect("no call is lost"), 7);
    }
    (start.elapsed(), requests.load(Ordering::Relaxed))
}

fn is_within(took: Duration, factor: f64, ideal: Duration) -> bool {
    ideal <= took && took <= ideal.mul_f64(factor)
}

#[tokio::test(start_paused = true)]
async fn slow_answers_hold_nobody_else_up() {
    let slow = Duration::from_secs(2);
    let is_slow = |seen: Seen| seen.number % 50 == 49;
    let service = move |seen| (if is_slow(seen) { slow } else { USUAL }, answer());
    let (took, requests) = all(service, Retry::never()).await;
    assert_eq!(requests, CALLS);
    // The last slow answer is the one that ends last; it begins when its turn has come.
    let before = USUAL * (CALLS / IN_FLIGHT - 1);
    assert!(is_within(took, 1.15, slow + before), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_tenth_of_refusals_costs_little_and_loses_nothing() {
    let service = |seen: Seen| {
        let is_refused = seen.is_first && seen.number % 10 == 9;
        (USUAL, if is_refused { refusal(429, "0.2s") } else { answer() })
    };
    let (took, requests) = all(service, Retry::default()).await;
    assert!((690..=CALLS + CALLS / 10).contains(&requests), "{requests}");
    let ideal = USUAL * requests.div_ceil(IN_FLIGHT) + Duration::from_millis(200);
    assert!(is_within(took, 1.2, ideal), "{took:?} of {ideal:?}");
}

#[tokio::test(start_paused = true)]
async fn a_third_of_faults_loses_nothing() {
    let service = |Seen { number, .. }: Seen| {
        let status = [500, 502, 503, 429, 408][number as usize % 5];
        (USUAL, if number.is_multiple_of(3) { refusal(status, "0s") } else { answer() })
    };
    let (_, requests) = all(service, Retry::default().attempts(20)).await;
    assert!((900..1_000).contains(&requests), "{requests}");
}

#[tokio::test(start_paused = true)]
async fn a_retry_that_is_never_made_takes_nothing_from_the_budget() {
    let requests = Arc::new(AtomicU32::new(0));
    let answer = |_: Seen| (USUAL, refusal(503, ""));
    let service = Service { requests: Arc::clone(&requests), bodies: Mutex::default(), answer };
    let backoff = ExponentialBackoff::default().first(USUAL * 100).without_jitter();
    let client = builder().with_retry_budget(1).with_retry(Retry::default().backoff(backoff));
    let client = client.build_on(|_, _| Ok(Box::new(service))).expect("a client");
    for _ in 0..5 {
        let call = client.extract::<u8>("prompt").into_future();
        assert!(tokio::time::timeout(USUAL * 2, call).await.is_err(), "dropped in the back-off");
    }
    assert_eq!(requests.load(Ordering::Relaxed), 5);
    let attempts = async || client.extract::<u8>("prompt").await.expect_err("busy").attempts();
    assert_eq!([attempts().await, attempts().await], [2, 1], "the one retry is still there");
}

//! Faults of the service and of the line, met by another attempt. Nobody waits: the clock leaps.

use std::time::Duration;

use gemini_emulator::{Emulator, Reply};
use gemini_extract::{
    Client, ClientBuilder, Error, ErrorKind, ExponentialBackoff, Extract, GeminiSchema, Retry,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::harness::{Instrument, KEY, Leaping};

const RPC: &str = "type.googleapis.com/google.rpc";
const SECOND: Duration = Duration::from_secs(1);

/// A fault, what it is in the end, and how long is waited after it for the first time; no time
/// where it isn't met by another attempt.
pub(crate) struct Fault {
    pub(crate) reply: Reply,
    pub(crate) kind: ErrorKind,
    pub(crate) wait: Option<Duration>,
}

pub(crate) fn faults() -> Vec<Fault> {
    let error = |status| Reply::error(status, "STATUS", "message");
    let told = |delay: &str| retry_in(delay);
    let fault = |reply, kind, wait| Fault { reply, kind, wait };
    let page = "<html>Bad Gateway</html>";
    vec![
        fault(error(400), ErrorKind::InvalidArgument, None),
        fault(error(401), ErrorKind::Unauthenticated, None),
        fault(error(403), ErrorKind::PermissionDenied, None),
        fault(error(404), ErrorKind::NotFound, None),
        fault(error(408), ErrorKind::DeadlineExceeded, Some(SECOND)),
        fault(error(413), ErrorKind::PayloadTooLarge, None),
        fault(error(429), ErrorKind::ResourceExhausted, Some(SECOND)),
        fault(error(429).details([told("0.2s")]), ErrorKind::ResourceExhausted, Some(SECOND / 5)),
        fault(
            error(429).header("Retry-After", "9"),
            ErrorKind::ResourceExhausted,
            Some(SECOND * 9),
        ),
        fault(
            error(429).details([told("2s")]).header("Retry-After", "9"),
            ErrorKind::ResourceExhausted,
            Some(SECOND * 2),
        ),
        fault(
            error(429).details([quota("RequestsPerDay-FreeTier"), told("2s")]),
            ErrorKind::ResourceExhausted,
            None,
        ),
        fault(error(429).details([told("3600s")]), ErrorKind::ResourceExhausted, None),
        fault(error(499), ErrorKind::Cancelled, None),
        fault(error(500), ErrorKind::Internal, Some(SECOND)),
        fault(error(502), ErrorKind::Unavailable, Some(SECOND)),
        fault(error(503), ErrorKind::Unavailable, Some(SECOND)),
        fault(
            error(503).header("Retry-After", "Fri, 31 Dec 1999 23:59:59 GMT"),
            ErrorKind::Unavailable,
            Some(SECOND),
        ),
        fault(error(504), ErrorKind::DeadlineExceeded, Some(SECOND)),
        fault(Reply::raw(502, "text/html", page), ErrorKind::Unavailable, Some(SECOND)),
        fault(Reply::raw(500, "text/plain", ""), ErrorKind::Internal, Some(SECOND)),
        fault(Reply::raw(200, "text/html", page), ErrorKind::UnexpectedResponse, None),
        fault(
            Reply::json(200, json!({"error": {"code": 503, "message": "busy"}})),
            ErrorKind::Unavailable,
            Some(SECOND),
        ),
        fault(Reply::disconnect(), ErrorKind::Transport, Some(SECOND)),
        fault(Reply::disconnect_mid_body(), ErrorKind::Transport, Some(SECOND)),
        fault(error(503).cut_after(10), ErrorKind::Unavailable, Some(SECOND)),
        fault(Reply::blocked("SAFETY"), ErrorKind::PromptBlocked, None),
        fault(Reply::text("[1]").finish_reason("SAFETY"), ErrorKind::Safety, None),
        fault(Reply::text("[1]").finish_reason("RECITATION"), ErrorKind::Recitation, None),
    ]
}

pub(crate) fn retry_in(delay: &str) -> Value {
    json!({"@type": format!("{RPC}.RetryInfo"), "retryDelay": delay})
}

fn quota(id: &str) -> Value {
    json!({"@type": format!("{RPC}.QuotaFailure"), "violations": [{"quotaId": id}]})
}

/// A back-off of 1, 2, 4 seconds.
fn retry() -> Retry {
    Retry::default().backoff(ExponentialBackoff::default().without_jitter())
}

/// A server with these replies in a row, a client for it, and the clock.
pub(crate) async fn scene(replies: Vec<Reply>) -> (Emulator, ClientBuilder, Leaping) {
    let emulator = Emulator::start().await.expect("a port is free");
    replies.into_iter().for_each(|reply| emulator.enqueue(reply));
    let clock = Leaping::new();
    let builder = Client::builder().api_key(KEY).base_url(emulator.url());
    (emulator, builder.with_clock(clock.clone()).with_retry(retry()), clock)
}

/// Each fault once, and then the answer: it comes, after the right time.
async fn each_fault_once<T: GeminiSchema + DeserializeOwned + 'static>(answer: &str) {
    for Fault { reply, kind, wait } in faults() {
        let shown = format!("{reply:?}");
        let (emulator, builder, clock) = scene(vec![reply, Reply::text(answer)]).await;
        let result = builder.build().unwrap().extract::<T>("prompt").detailed().await;
        match (wait, result) {
            (Some(wait), Ok(extraction)) => {
                assert_eq!(extraction.attempts, 2, "{shown}");
                assert_eq!((clock.slept(), extraction.elapsed), (vec![wait], wait), "{shown}");
                let requests = emulator.requests();
                assert_eq!(requests[0].body, requests[1].body, "{shown}");
            }
            (None, Err(error)) => {
                assert_eq!((error.kind(), error.attempts()), (kind, 1), "{shown}");
                assert_eq!(emulator.requests().len(), 1, "{shown}");
                assert_eq!(clock.slept(), [Duration::ZERO; 0], "{shown}");
            }
            (_, result) => panic!("{shown}: {result:?}"),
        }
    }
}

#[tokio::test]
async fn each_fault_once_before_a_document() {
    each_fault_once::<Vec<i32>>("[1]").await;
}

#[tokio::test]
async fn each_fault_once_before_a_single_choice() {
    each_fault_once::<Instrument>("Woodwind").await;
}

/// Each fault that is met by another attempt, again and again: it is the error in the end.
async fn each_fault_for_ever<T: GeminiSchema + DeserializeOwned + std::fmt::Debug + 'static>() {
    for Fault { reply, kind, wait } in faults() {
        let Some(_) = wait else { continue };
        let shown = format!("{reply:?}");
        let (emulator, builder, clock) = scene(vec![reply; 5]).await;
        let error = builder.build().unwrap().extract::<T>("prompt").await;
        let error = error.expect_err(&shown);
        assert_eq!((error.kind(), error.attempts()), (kind, 4), "{shown}");
        assert_eq!(error.earlier().len(), 3, "{shown}");
        assert!(error.earlier().iter().all(|error| error.kind() == kind), "{shown}");
        assert_eq!((emulator.requests().len(), clock.slept().len()), (4, 3), "{shown}");
        assert_eq!(error.elapsed(), clock.slept().iter().sum::<Duration>(), "{shown}");
        let line = error.to_string();
        assert!(line.contains(", after 4 attempts in "), "{line}");
    }
}

#[tokio::test]
async fn each_fault_for_ever_ends_after_four_attempts() {
    each_fault_for_ever::<Vec<i32>>().await;
    each_fault_for_ever::<Instrument>().await;
}

#[tokio::test]
async fn the_times_double_and_the_last_error_tells_the_story() {
    let (_emulator, builder, clock) = scene(vec![
        Reply::error(503, "UNAVAILABLE", "busy"),
        Reply::disconnect(),
        Reply::error(500, "INTERNAL", "broken"),
        Reply::error(400, "INVALID_ARGUMENT", "no"),
    ])
    .await;
    let error = builder.build().unwrap().extract::<u8>("prompt").await.expect_err("refused");
    assert_eq!(clock.slept(), [SECOND, SECOND * 2, SECOND * 4]);
    let kinds: Vec<_> = error.earlier().iter().map(Error::kind).collect();
    let expected = [ErrorKind::Unavailable, ErrorKind::Transport, ErrorKind::Internal];
    assert_eq!((kinds.as_slice(), error.kind()), (&expected[..], ErrorKind::InvalidArgument));
    assert_eq!(
        error.to_string(),
        "the service refused the request as malformed (HTTP 400 INVALID_ARGUMENT), after 4 \
         attempts in 7.0s"
    );
    assert!(format!("{error:?}").contains("earlier"));
}

#[tokio::test]
async fn jitter_goes_by_its_seed_and_stays_within_the_time() {
    let slept = async |seed: u64, limit: Duration| {
        let (_emulator, builder, clock) = scene(vec![Reply::disconnect(); 12]).await;
        let retry = Retry::default().attempts(12).backoff(ExponentialBackoff::default().seed(seed));
        let client = builder.with_retry(retry).with_timeout(limit).build().unwrap();
        let error = client.extract::<u8>("prompt").await.expect_err("nobody answers");
        assert_eq!(error.kind(), ErrorKind::Transport);
        assert!(error.elapsed() < limit, "{error}");
        let slept = clock.slept();
        for (failed, time) in (0..).zip(&slept) {
            assert!(*time <= SECOND * 60 && *time <= SECOND * (1 << failed), "{slept:?}");
        }
        slept
    };
    for seed in 0..8 {
        let all = slept(seed, SECOND * 1_000).await;
        assert_eq!(all, slept(seed, SECOND * 1_000).await);
        assert_eq!(all.len(), 11);
        let fewer = slept(seed, SECOND * 20).await;
        assert!(fewer.len() < 11 && all.starts_with(&fewer), "{fewer:?}");
    }
}

#[tokio::test]
async fn nothing_that_was_paid_for_is_lost() {
    let billed = json!({"error": {"code": 503}, "usageMetadata": {"promptTokenCount": 20}});
    let replies = || vec![Reply::json(200, billed.clone()), Reply::json(200, billed.clone())];
    let (_emulator, builder, _) = scene(replies()).await;
    let client = builder.with_retry(retry().attempts(2)).build().unwrap();
    let error = client.extract::<u8>("prompt").await.expect_err("busy");
    assert_eq!(error.usage().map(|usage| usage.prompt_tokens), Some(40));
    assert_eq!(error.earlier()[0].usage().map(|usage| usage.prompt_tokens), Some(20));

    let answer = json!({"candidates": [{"content": {"parts": [{"text": "7"}]}}],
                        "usageMetadata": {"promptTokenCount": 20, "candidatesTokenCount": 1}});
    let mut replies = replies();
    replies.push(Reply::json(200, answer));
    let (_emulator, builder, _) = scene(replies).await;
    let extraction = builder.build().unwrap().extract::<u8>("prompt").detailed().await.unwrap();
    assert_eq!((extraction.attempts, extraction.usage.prompt_tokens), (3, 60));
}

#[tokio::test]
async fn a_quota_per_day_says_when_it_is_reset() {
    let reply = Reply::error(429, "RESOURCE_EXHAUSTED", "quota").details([quota("APerDayB")]);
    let (_emulator, builder, _) = scene(vec![reply]).await;
    let error = builder.build().unwrap().extract::<u8>("prompt").await.expect_err("no quota");
    assert!(error.to_string().contains("reset at midnight Pacific time"), "{error}");
    assert!(error.is_daily_quota() && !error.is_retryable());
}

#[tokio::test]
async fn the_call_s_policy_wins_over_the_client_s() {
    let busy = || Reply::error(503, "UNAVAILABLE", "busy");
    let (emulator, builder, _) = scene(vec![busy(), busy(), busy()]).await;
    let client = builder.with_retry(Retry::never()).build().unwrap();
    let attempts = async |set: fn(Extract<u8>) -> Extract<u8>| {
        set(client.extract("prompt")).await.expect_err("busy").attempts()
    };
    assert_eq!(attempts(|call| call).await, 1);
    assert_eq!(attempts(|call| call.with_retry(Retry::default().attempts(2))).await, 2);
    assert_eq!(emulator.requests().len(), 3);
}

#[tokio::test]
async fn a_retry_fits_into_the_time_of_the_call() {
    let busy = || Reply::error(503, "UNAVAILABLE", "busy");
    for (limit, attempts) in [(1, 1), (2, 2), (3, 2), (4, 3), (7, 3), (8, 4)] {
        let (_emulator, builder, _) = scene(vec![busy(); 4]).await;
        let client = builder.with_timeout(SECOND * limit).build().unwrap();
        let error = client.extract::<u8>("prompt").await.expect_err("busy");
        let found = (error.kind(), error.attempts());
        assert_eq!(found, (ErrorKind::Unavailable, attempts), "{limit}");
    }
}

#[tokio::test]
async fn other_models_are_turned_to_in_their_order() {
    let paths = |emulator: &Emulator| {
        let requests = emulator.requests();
        let models = requests.iter().map(|request| {
            let (_, rest) = request.path.split_once("models/").expect("a model");
            rest.split(':').next().unwrap_or_default().to_owned()
        });
        models.collect::<Vec<_>>()
    };
    let daily = Reply::error(429, "RESOURCE_EXHAUSTED", "q").details([quota("APerDayB")]);
    let busy = || Reply::error(503, "UNAVAILABLE", "busy");
    let replies = vec![daily, busy(), busy(), Reply::text("7")];
    let (emulator, builder, clock) = scene(replies).await;
    let retry = retry().attempts(2).fallback("second").fallback("models/third");
    let client = builder.model("first").with_retry(retry).build().unwrap();
    assert_eq!(client.extract::<u8>("prompt").await.unwrap(), 7);
    assert_eq!(paths(&emulator), ["first", "second", "second", "third"]);
    assert_eq!(clock.slept(), [SECOND], "the next model isn't waited for");
}

#[tokio::test]
async fn a_bad_policy_is_told_before_anything_is_sent() {
    let (emulator, builder, _) = scene(vec![]).await;
    let bad = Retry::default().attempts(0).fallback("../other");
    let error = builder.clone().with_retry(bad.clone()).build().expect_err("no client");
    assert_eq!((error.kind(), error.problems().count()), (ErrorKind::Configuration, 2));
    let client = builder.build().unwrap();
    let error = client.extract::<u8>("prompt").with_retry(bad).await.expect_err("a bad policy");
    assert_eq!((error.kind(), error.problems().count()), (ErrorKind::Request, 2));
    assert!(emulator.requests().is_empty());
}

#[tokio::test]
async fn a_storm_of_retries_is_stopped_for_all_clones() {
    let busy = || Reply::error(503, "UNAVAILABLE", "busy");
    let (emulator, builder, _) = scene(vec![busy(); 20]).await;
    let client = builder.with_retry_budget(5).build().unwrap();
    let mut attempts = Vec::new();
    for _ in 0..4 {
        let error = client.clone().extract::<u8>("prompt").await.expect_err("busy");
        attempts.push(error.attempts());
        let is_told = error.to_string().contains("budget");
        assert_eq!(is_told, attempts.len() == 2, "{error}");
    }
    assert_eq!(attempts, [4, 3, 1, 1]);
    assert_eq!(emulator.requests().len(), 9);

    let told = || Reply::error(429, "RESOURCE_EXHAUSTED", "q").details([retry_in("1s")]);
    let (_emulator, builder, _) = scene(vec![told(), told(), told(), Reply::text("7")]).await;
    let client = builder.with_retry_budget(0).build().unwrap();
    assert_eq!(client.extract::<u8>("prompt").await.unwrap(), 7, "times that are told are free");
}

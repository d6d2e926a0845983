//! How batches end.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_core::Stream;
use gemini_emulator::{Emulator, Reply};
use gemini_extract::batch::{End, ErrorBudget};
use gemini_extract::{Client, ErrorKind, Limits};

use crate::scene::{Sentiment, all, batch, builder, client, held, in_flight, start};

fn name(end: &End) -> &str {
    match end {
        End::Failed { kind, .. } => kind,
        _ => "",
    }
}

#[tokio::test]
async fn failures_never_end_a_batch_by_themselves() {
    let emulator = start().await;
    let records = (0..90).map(|n| format!("{n} {}", ["down", "unsafe", "good"][n % 3]));
    let mut run = batch(&emulator, records).start();
    assert_eq!(all(&mut run).await.len(), 90);
    let report = run.report().await;
    assert!(report.end.is_complete());
    assert_eq!((report.progress.answered, report.progress.failed), (30, 60));
    assert_eq!((report.progress.errors["Unavailable"], report.progress.errors["Safety"]), (30, 30));
}

#[tokio::test]
async fn a_budget_of_errors_ends_it() {
    let emulator = start().await;
    let records = (0..).map(|n| format!("down {n}"));
    let budget = ErrorBudget::count(10);
    let run = batch(&emulator, records).concurrency(2).error_budget(budget).start();
    let report = run.report().await;
    assert_eq!(report.end, End::ErrorBudget);
    assert!((11..=13).contains(&report.progress.failed), "{report:?}");
    let records = (0..1_000).map(|n| format!("{n} {}", if n % 4 == 0 { "down" } else { "good" }));
    let budget = ErrorBudget::share(0.2, 100);
    let report = batch(&emulator, records).error_budget(budget).start().report().await;
    assert_eq!(report.end, End::ErrorBudget);
    assert!((100..200).contains(&report.progress.finished), "{report:?}");
}

#[tokio::test]
async fn what_no_record_can_escape_ends_it() {
    let emulator = start().await;
    let records = (0..).map(|n| format!("bad key {n}"));
    let mut run = batch(&emulator, records).concurrency(4).start();
    let outcomes = all(&mut run).await;
    assert!((1..=8).contains(&outcomes.len()));
    assert!(outcomes.iter().all(|o| o.result.is_err()));
    let report = run.report().await;
    assert_eq!(name(&report.end), "PermissionDenied");
    assert!(report.end.to_string().contains("(the key is bad)"), "{}", report.end);
    assert_eq!(report.progress.read, report.progress.failed + report.progress.not_asked);
}

#[tokio::test]
async fn a_refused_key_is_shown_no_second_time() {
    let (emulator, scratch) = (start().await, crate::journals::Scratch::new("refused"));
    let records = (0..).map(|n| format!("bad key {n}"));
    let run = batch(&emulator, records).concurrency(4).journal(scratch.run()).start();
    assert_eq!(name(&run.report().await.end), "PermissionDenied");
    assert!((1..=4).contains(&emulator.request_count()), "{}", emulator.request_count());
}

#[tokio::test]
async fn a_quota_per_day_ends_it() {
    let limits = gemini_emulator::RateLimits::new().requests_per_day(10);
    let emulator = crate::scene::server().rate_limits(limits).start().await.unwrap();
    let run = batch(&emulator, (0..1_000).map(|n| n.to_string())).concurrency(3).start();
    let report = run.report().await;
    assert_eq!((report.progress.answered, name(&report.end)), (10, "ResourceExhausted"));
    assert!(report.to_string().contains("per day"), "{report}");
}

#[tokio::test]
async fn a_request_that_is_malformed_for_all_ends_it() {
    let emulator = start().await;
    let records = (0..).map(|n| format!("malformed {n}"));
    let report = batch(&emulator, records).concurrency(2).start().report().await;
    assert_eq!(name(&report.end), "InvalidArgument");
    assert!(report.progress.requests < 25, "{report:?}");
    let records = (0..100).map(|n| if n == 0 { "good".into() } else { format!("malformed {n}") });
    let report = batch(&emulator, records).concurrency(1).start().report().await;
    assert!(report.end.is_complete(), "the first one was answered: {report:?}");
}

#[tokio::test]
async fn it_stops_when_it_is_told_to() {
    let (emulator, clock) = held().await;
    let mut run = batch(&emulator, (0..).map(|n| n.to_string())).concurrency(4).start();
    in_flight(&emulator, &clock, 4).await;
    run.handle().stop();
    clock.advance(Duration::from_secs(1));
    let outcomes = all(&mut run).await;
    assert_eq!(outcomes.iter().filter(|o| o.result.is_ok()).count(), 4);
    let report = run.report().await;
    assert_eq!((&report.end, emulator.requests().len()), (&End::Stopped, 4));
    assert_eq!(report.progress.read, 4);
}

#[tokio::test]
async fn dropping_it_gives_up_what_is_on_its_way() {
    let (emulator, clock) = held().await;
    let run = batch(&emulator, (0..).map(|n| n.to_string())).concurrency(4).start();
    in_flight(&emulator, &clock, 4).await;
    drop(run);
    while emulator.in_flight() > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(emulator.requests().len(), 4);
}

#[tokio::test]
async fn what_is_wrong_before_the_start_is_the_first_outcome() {
    let emulator = start().await;
    let records = || (0..100).map(|n| (format!("r{n}"), "good"));
    let mut run = batch(&emulator, records())
        .concurrency(0)
        .temperature(9.0)
        .max_cost(f64::NAN)
        .error_budget(ErrorBudget::share(2.0, 1))
        .limits(Limits::default().concurrency(0))
        .start();
    let outcomes = all(&mut run).await;
    assert_eq!((outcomes.len(), &*outcomes[0].key), (1, "r0"));
    let error = outcomes[0].result.as_ref().unwrap_err();
    assert_eq!((error.kind(), error.problems().count()), (ErrorKind::Request, 4), "{error:?}");
    assert_eq!(name(&run.report().await.end), "Request");
    let outcomes = all(&mut batch(&emulator, records()).temperature(9.0).start()).await;
    assert_eq!((outcomes.len(), emulator.requests().len()), (1, 0));
}

/// Records that never come.
struct Never;

impl Stream for Never {
    type Item = String;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<String>> {
        Poll::Pending
    }
}

#[tokio::test]
async fn a_start_that_fails_can_be_stopped_before_the_first_record() {
    let emulator = start().await;
    let client = client(&emulator);
    for yields in 0..4 {
        let mut run = client.batch_stream::<Sentiment, _>(Never).concurrency(0).start();
        for _ in 0..yields {
            tokio::task::yield_now().await;
        }
        run.stop();
        let ended = tokio::time::timeout(Duration::from_secs(10), run.next()).await;
        assert!(ended.is_ok_and(|outcome| outcome.is_none()), "{yields}");
    }
}

#[test]
fn without_a_runtime_nothing_is_asked() {
    let client = Client::builder().api_key("key").base_url("http://127.0.0.1:9").build().unwrap();
    let mut run = client.batch::<Sentiment, _>([("a", "good")]).start();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let outcomes = runtime.block_on(all(&mut run));
    assert_eq!(outcomes[0].result.as_ref().unwrap_err().kind(), ErrorKind::Configuration);
}

#[tokio::test]
async fn a_panic_of_the_source_comes_through() {
    let emulator = start().await;
    let records = (0..100).map(|n| if n == 50 { panic!("no record") } else { n.to_string() });
    let mut run = batch(&emulator, records).ordered().start();
    let ended = tokio::spawn(async move { all(&mut run).await.len() }).await;
    assert!(ended.unwrap_err().is_panic());
}

#[tokio::test]
async fn http_429_slows_it_down_and_it_recovers() {
    let emulator = Emulator::builder()
        .respond(|request| {
            let is_first = crate::scene::prompt(request).contains("limited");
            let delay = |reply: Reply| reply.header("Retry-After", "0");
            Some(match is_first {
                true => delay(Reply::error(429, "RESOURCE_EXHAUSTED", "slow")),
                false => Reply::text("Positive"),
            })
        })
        .start()
        .await
        .unwrap();
    let records = (0..600).map(|n| format!("{} {n}", if n < 8 { "limited" } else { "good" }));
    let mut run = batch(&emulator, records).concurrency(10).start();
    let mut least = 10;
    while run.next().await.is_some() {
        least = least.min(run.progress().concurrency);
    }
    assert!(least < 10, "{least}");
    assert_eq!(run.report().await.progress.concurrency, 10);
}

#[tokio::test]
async fn limits_of_the_batch_hold_beside_those_of_the_client() {
    let (emulator, clock) = held().await;
    let client = builder(&emulator).with_limits(Limits::default().concurrency(9)).build().unwrap();
    let records = (0..6).map(|n| n.to_string());
    let batch = client.batch::<Sentiment, _>(records);
    let run = batch.limits(Limits::default().concurrency(2)).start();
    for _ in 0..3 {
        in_flight(&emulator, &clock, 2).await;
        clock.advance(Duration::from_secs(1));
    }
    assert!(run.report().await.end.is_complete());
    assert_eq!(emulator.peak_in_flight(), 2);
}

#[tokio::test]
async fn a_closed_client_begins_no_batch() {
    let emulator = start().await;
    let client = client(&emulator);
    client.close().await;
    let report = client.batch::<Sentiment, _>(["good"]).start().report().await;
    assert_eq!(name(&report.end), "Closed");
}

#[tokio::test]
async fn reports_are_text_and_json() {
    let emulator = start().await;
    let records = ["good", "bad", "unsafe", "good"];
    let report = batch(&emulator, records).start().report().await;
    let text = report.to_string();
    for part in ["complete", "3 answered, 1 failed", "Positive 2", "Safety 1", "p99"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!((&json["end"], &json["labels"]["Positive"]), (&"complete".into(), &2.into()));
}

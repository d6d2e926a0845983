//! Records by way of the Batch API.

use std::time::Duration;

use gemini_emulator::{BatchRules, Emulator, Rate, RecordedRequest, Reply};
use gemini_extract::batch::{Batch, BatchApi, End, Outcome, Source};
use gemini_extract::{Carrier, ErrorKind, ExponentialBackoff, Price, Prices, Repair};

use crate::scene::{KEY, Sentiment, all, batch, builder, by_key, client, server};

/// Batches that wait for nothing.
pub(crate) fn quick() -> BatchApi {
    let polling = ExponentialBackoff::default().first(Duration::from_millis(1));
    let polling = polling.longest(Duration::from_millis(4)).without_jitter();
    BatchApi::new().linger(Duration::from_millis(30)).polling(polling)
}

/// A server whose batches go like this.
pub(crate) async fn serving(rules: BatchRules) -> Emulator {
    server().batches(rules).start().await.expect("a port is free")
}

pub(crate) fn records(count: usize) -> impl Iterator<Item = (String, String)> + Send + 'static {
    (0..count).map(|n| (format!("k{n}"), format!("{} {n}", if n % 2 == 0 { "good" } else { "x" })))
}

pub(crate) fn by_api(emulator: &Emulator, count: usize, api: BatchApi) -> Batch<Sentiment> {
    batch(emulator, records(count)).via(api)
}

/// Whether each record has its own label.
pub(crate) fn is_right(key: &str, outcome: &Outcome<Sentiment>) -> bool {
    let number: usize = key[1..].parse().unwrap();
    let right = if number.is_multiple_of(2) { Sentiment::Positive } else { Sentiment::Negative };
    outcome.result.as_ref().is_ok_and(|label| *label == right)
}

/// How many requests had this method and path.
pub(crate) fn asked(requests: &[RecordedRequest], method: &str, path: &str) -> usize {
    let is_it =
        |request: &&RecordedRequest| request.method == method && request.path.contains(path);
    requests.iter().filter(is_it).count()
}

fn kind<T>(outcome: &Outcome<T>) -> Option<ErrorKind> {
    outcome.result.as_ref().err().map(gemini_extract::Error::kind)
}

#[tokio::test]
async fn records_come_back_with_their_own_answers() {
    for (rules, inline) in [
        (BatchRules::new(), usize::MAX),
        (BatchRules::new().job_states(), usize::MAX),
        (BatchRules::new(), 0),
        (BatchRules::new().job_states(), 0),
    ] {
        let emulator = serving(rules).await;
        let mut run = by_api(&emulator, 50, quick().inline(inline)).start();
        let outcomes = by_key(&mut run).await;
        assert_eq!(outcomes.len(), 50);
        for (key, outcome) in &outcomes {
            assert!(is_right(key, outcome), "{key}: {:?}", outcome.result);
            assert_eq!((outcome.source, outcome.attempts), (Source::Asked, 1));
            assert!(outcome.usage.total_tokens > 0);
        }
        let report = run.report().await;
        assert_eq!((report.end, report.progress.requests), (End::Complete, 50));
        let requests = emulator.requests();
        assert_eq!(asked(&requests, "POST", ":batchGenerateContent"), 1);
        assert_eq!(asked(&requests, "POST", "/upload/"), if inline == 0 { 2 } else { 0 });
        assert_eq!(asked(&requests, "GET", "/download/"), usize::from(inline == 0));
        assert_eq!(asked(&requests, "DELETE", "/files/"), usize::from(inline == 0));
        assert_eq!(asked(&requests, "POST", ":generateContent"), 0);
        assert!(requests.iter().all(|request| !request.path.contains(KEY)));
    }
}

#[tokio::test]
async fn several_batches_are_open_within_the_cap() {
    let rules = BatchRules::new().running(Duration::from_millis(5)).max_unfinished(3);
    let emulator = serving(rules).await;
    let outcomes = by_key(&mut by_api(&emulator, 64, quick().rows(5).open(3)).start()).await;
    assert!(outcomes.iter().all(|(key, outcome)| is_right(key, outcome)));
    let batches = emulator.batches();
    assert_eq!(batches.len(), 13);
    assert!(batches.iter().all(|batch| batch.keys.len() <= 5));
    let refused = emulator.requests().iter().filter(|it| it.status == Some(429)).count();
    assert_eq!(refused, 0, "the cap is kept");
}

#[tokio::test]
async fn a_batch_costs_half() {
    let emulator = serving(BatchRules::new()).await;
    let prices = |price: Price| Prices::default().model("priced", price);
    let cost = async |price, api: Option<BatchApi>| {
        let client = builder(&emulator).with_prices(prices(price)).build().unwrap();
        let batch = client.batch::<Sentiment, _>(records(20)).model("priced");
        let batch = if let Some(api) = api { batch.via(api) } else { batch };
        batch.start().report().await.progress.cost.unwrap()
    };
    let price = || Price::per_million(1e6, 2e6);
    let whole = cost(price(), None).await;
    assert!(whole > 20.0);
    assert!((cost(price(), Some(quick())).await - whole / 2.0).abs() < 1e-6);
    assert!((cost(price().batch(0.25), Some(quick())).await - whole / 4.0).abs() < 1e-6);
}

#[tokio::test]
async fn the_most_that_it_may_cost_holds_for_batches() {
    let emulator = serving(BatchRules::new()).await;
    let prices = Prices::default().model("priced", Price::per_million(1e6, 1e6));
    let client = builder(&emulator).with_prices(prices).build().unwrap();
    let batch = client.batch::<Sentiment, _>((0..).map(|n| format!("good {n}"))).model("priced");
    let batch = batch.max_output_tokens(10).max_cost(5_000.0).via(quick().rows(8).open(4));
    let report = batch.start().report().await;
    assert_eq!(report.end, End::MaxCost, "{report}");
    let cost = report.progress.cost.unwrap();
    // What is left is less than a row at its dearest.
    assert!(cost <= 5_000.0 && cost > 4_500.0, "{cost}");
    assert_eq!(report.progress.failed, 0);
    let sent: usize = emulator.batches().iter().map(|batch| batch.keys.len()).sum();
    assert_eq!(u64::try_from(sent).unwrap(), report.progress.answered);
}

#[tokio::test]
async fn equal_records_are_one_row_and_others_each_have_one() {
    let emulator = serving(BatchRules::new()).await;
    let same = || (0..20).map(|n| (format!("k{n}"), ["good", "x"][n % 2]));
    let report = batch(&emulator, same()).via(quick()).start().report().await;
    assert_eq!((report.progress.answered, report.progress.duplicates), (20, 18));
    assert_eq!(emulator.batches()[0].keys.len(), 2);
    let each = batch(&emulator, same()).dedupe(gemini_extract::batch::Dedupe::Off).via(quick());
    assert_eq!(each.start().report().await.progress.answered, 20);
    assert_eq!(emulator.batches()[1].keys.len(), 20);
}

#[tokio::test]
async fn rows_that_fail_are_listed_or_asked_at_once() {
    let rules = || {
        let failing = BatchRules::new().row_fault(Reply::internal(), Rate::every(5));
        failing.expired_rows(Rate::every(7))
    };
    let emulator = serving(rules()).await;
    let outcomes = by_key(&mut by_api(&emulator, 70, quick()).start()).await;
    let failed: Vec<_> = outcomes.values().filter_map(kind).collect();
    let count = |kind| failed.iter().filter(|failed| **failed == kind).count();
    assert_eq!((count(ErrorKind::Internal), count(ErrorKind::DeadlineExceeded)), (14, 8));
    assert_eq!(failed.len(), 22);

    let emulator = serving(rules()).await;
    let batch = by_api(&emulator, 70, quick().interactive_fallback());
    let outcomes = by_key(&mut batch.start()).await;
    assert!(outcomes.iter().all(|(key, outcome)| is_right(key, outcome)));
    assert_eq!(asked(&emulator.requests(), "POST", ":generateContent"), 22);
    assert_eq!(outcomes.values().filter(|outcome| outcome.attempts == 2).count(), 22);
}

#[tokio::test]
async fn refusals_are_not_asked_again_at_once() {
    let emulator = serving(BatchRules::new()).await;
    let records = ["unsafe", "good"];
    let api = quick().interactive_fallback();
    let outcomes = all(&mut batch(&emulator, records).via(api).start()).await;
    assert_eq!(outcomes.iter().filter_map(kind).collect::<Vec<_>>(), [ErrorKind::Safety]);
    assert_eq!(asked(&emulator.requests(), "POST", ":generateContent"), 0);
}

#[tokio::test]
async fn bad_answers_are_errors_or_asked_at_once() {
    let rules = || BatchRules::new().row_fault(Reply::text("Sideways"), Rate::every(2));
    let emulator = serving(rules()).await;
    let outcomes = all(&mut by_api(&emulator, 10, quick()).start()).await;
    let bad: Vec<_> = outcomes.iter().filter(|outcome| outcome.result.is_err()).collect();
    assert_eq!(bad.len(), 5);
    for outcome in bad {
        assert_eq!(kind(outcome), Some(ErrorKind::Violations));
        assert!(outcome.usage.total_tokens > 0, "it was billed all the same");
    }
    let emulator = serving(rules()).await;
    let api = quick().interactive_fallback();
    let outcomes = by_key(&mut by_api(&emulator, 10, api).start()).await;
    assert!(outcomes.iter().all(|(key, outcome)| is_right(key, outcome)));
}

#[tokio::test]
async fn batches_that_come_to_nothing_say_why() {
    let first = Rate::first(1);
    let always = Rate::every(1);
    for (rules, expected) in [
        (BatchRules::new().failing(first), ErrorKind::Internal),
        (BatchRules::new().expiring(always), ErrorKind::DeadlineExceeded),
    ] {
        let clock = gemini_emulator::ManualClock::new();
        let emulator = server().batches(rules).clock(clock.clone()).start().await.unwrap();
        let mut run = by_api(&emulator, 4, quick()).start();
        while emulator.batches().is_empty() {
            tokio::task::yield_now().await;
        }
        clock.advance(Duration::from_secs(49 * 60 * 60));
        let outcomes = all(&mut run).await;
        assert_eq!(outcomes.iter().filter_map(kind).collect::<Vec<_>>(), [expected; 4]);
    }
}

#[tokio::test]
async fn a_batch_that_is_too_much_waits_or_is_made_smaller() {
    let rules = BatchRules::new().max_enqueued_tokens(200);
    let emulator = serving(rules).await;
    let outcomes = by_key(&mut by_api(&emulator, 40, quick()).start()).await;
    assert!(outcomes.iter().all(|(key, outcome)| is_right(key, outcome)));
    let refused = emulator.requests().iter().filter(|it| it.status == Some(429)).count();
    assert!(refused > 0 && emulator.batches().len() > 1);
}

#[tokio::test]
async fn what_does_not_go_with_batches_is_refused() {
    let emulator = serving(BatchRules::new()).await;
    let refused = async |batch: Batch<Sentiment>| {
        let outcomes = all(&mut batch.start()).await;
        assert_eq!(outcomes.iter().filter_map(kind).collect::<Vec<_>>(), [ErrorKind::Request]);
        outcomes[0].result.as_ref().unwrap_err().to_string()
    };
    let batch = || by_api(&emulator, 2, quick());
    let error = refused(batch().with_carrier(Carrier::ResponseJsonSchema)).await;
    assert!(error.contains("responseSchema only"), "{error}");
    for batch in [
        batch().with_timeout(Duration::from_secs(1)),
        batch().with_attempt_timeout(Duration::from_secs(1)),
        batch().with_repair(Repair::never()),
        batch().limits(gemini_extract::Limits::default().requests_per_minute(1)),
    ] {
        assert!(refused(batch).await.contains("interactive_fallback"));
    }
    assert!(refused(batch().pack(2)).await.contains("in packs"));
    assert!(refused(batch().via(quick().rows(0))).await.contains("room for a row"));
    for open in [0, 101] {
        assert!(refused(batch().via(quick().open(open))).await.contains("from 1 to 100"));
    }
    let vertex = gemini_extract::Client::builder().api_key(KEY).base_url(emulator.url());
    let vertex = vertex.vertex_express().build().unwrap();
    let error = refused(vertex.batch::<Sentiment, _>(records(2)).via(quick())).await;
    assert!(error.contains("Developer API"), "{error}");
    assert_eq!(emulator.request_count(), 0);
    let fine = batch().with_carrier(Carrier::ResponseSchema).with_repair(Repair::never());
    let fine = fine.via(quick().interactive_fallback());
    assert_eq!(fine.start().report().await.progress.answered, 2);
    assert_eq!(
        client(&emulator)
            .batch::<Sentiment, _>(Vec::<String>::new())
            .via(quick())
            .start()
            .report()
            .await
            .end,
        End::Complete
    );
}

//! Equal records are asked once.

use std::time::Duration;

use gemini_extract::ErrorKind;
use gemini_extract::batch::{Dedupe, Source};

use crate::scene::{all, batch, by_key, held, in_flight, start};

#[tokio::test]
async fn equal_inputs_are_asked_once() {
    let emulator = start().await;
    let records = (0..60).map(|n| (n, if n % 3 == 0 { "good" } else { "bad" }));
    let mut run = batch(&emulator, records).start();
    let outcomes = all(&mut run).await;
    assert_eq!((outcomes.len(), emulator.requests().len()), (60, 2));
    let asked = outcomes.iter().filter(|outcome| outcome.source == Source::Asked);
    assert_eq!(asked.count(), 2);
    let copies = outcomes.iter().filter(|outcome| outcome.source == Source::Duplicate);
    assert!(copies.clone().all(|o| o.result.is_ok() && o.attempts == 0));
    assert!(copies.clone().all(|o| o.usage.total_tokens == 0), "they cost nothing");
    let report = run.report().await;
    assert_eq!(report.progress.labels["Positive"], 20);
    assert_eq!((report.progress.duplicates, report.progress.requests), (58, 2));
}

#[tokio::test]
async fn those_that_come_while_it_is_on_its_way_wait_for_it() {
    let (emulator, clock) = held().await;
    let mut run = batch(&emulator, ["good"; 10]).start();
    in_flight(&emulator, &clock, 1).await;
    while run.progress().read < 10 {
        tokio::task::yield_now().await;
    }
    assert_eq!(emulator.in_flight(), 1);
    clock.advance(Duration::from_secs(1));
    assert_eq!(all(&mut run).await.len(), 10);
    assert_eq!(emulator.requests().len(), 1);
}

#[tokio::test]
async fn a_failure_is_of_its_record_alone_and_the_next_one_is_asked() {
    let (emulator, clock) = held().await;
    emulator.enqueue(gemini_emulator::Reply::unavailable());
    let mut run = batch(&emulator, ["good"; 5]).start();
    while run.progress().read < 5 {
        tokio::task::yield_now().await;
    }
    in_flight(&emulator, &clock, 1).await;
    clock.advance(Duration::from_secs(1));
    while emulator.request_count() < 2 {
        tokio::task::yield_now().await;
    }
    in_flight(&emulator, &clock, 1).await;
    clock.advance(Duration::from_secs(1));
    let outcomes = by_key(&mut run).await;
    assert_eq!(outcomes["0"].result.as_ref().unwrap_err().kind(), ErrorKind::Unavailable);
    assert!(outcomes.values().skip(1).all(|outcome| outcome.result.is_ok()));
    assert_eq!((emulator.requests().len(), outcomes["1"].source), (2, Source::Asked));
}

#[tokio::test]
async fn a_refusal_is_the_same_for_all() {
    let emulator = start().await;
    let outcomes = all(&mut batch(&emulator, ["unsafe"; 5]).start()).await;
    assert_eq!((outcomes.len(), emulator.requests().len()), (5, 1));
    for outcome in outcomes {
        let error = outcome.result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Safety);
        assert_eq!(error.to_string(), "the answer was stopped by a policy: SAFETY");
    }
}

#[tokio::test]
async fn equal_inputs_can_be_asked_each() {
    let emulator = start().await;
    let run = batch(&emulator, ["good"; 5]).dedupe(Dedupe::Off).start();
    assert_eq!(run.report().await.progress.requests, 5);
    assert_eq!(emulator.requests().len(), 5);
}

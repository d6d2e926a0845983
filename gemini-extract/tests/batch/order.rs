//! Keys, positions, the order of outcomes, and how many records are in memory.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_core::Stream;
use gemini_emulator::{Emulator, Reply};
use gemini_extract::batch::{Record, Source};
use gemini_extract::{ErrorKind, Prompt};

use crate::scene::{Sentiment, all, batch, by_key, client, held, in_flight, prompt, start};

#[tokio::test]
async fn the_example_of_the_documentation() {
    let emulator = start().await;
    let reviews = vec!["a good one".to_owned(), "a bad one".to_owned()];
    let client = client(&emulator);
    let mut labels =
        client.batch::<Sentiment, _>(reviews).instruction("Classify the review.").start();
    let outcomes = by_key(&mut labels).await;
    assert_eq!(*outcomes["0"].result.as_ref().unwrap(), Sentiment::Positive);
    assert_eq!(*outcomes["1"].result.as_ref().unwrap(), Sentiment::Negative);
    let report = labels.report().await;
    assert!(report.end.is_complete());
    assert_eq!(report.progress.labels.get("Positive"), Some(&1));
    assert_eq!((report.progress.finished, report.progress.remaining), (2, Some(0)));
    let request = &emulator.requests()[0];
    let system = &request.body["systemInstruction"]["parts"][0]["text"];
    assert_eq!(system, "Classify the review.");
    assert_eq!(request.body["generationConfig"]["responseMimeType"], "text/x.enum");
}

#[tokio::test]
async fn a_record_is_sent_as_a_single_call_is() {
    let emulator = start().await;
    let client = client(&emulator);
    let single = client
        .extract::<Sentiment>("good")
        .system("Classify.")
        .example("nice", &Sentiment::Positive)
        .temperature(0.5)
        .to_request()
        .unwrap();
    let batch = client
        .batch::<Sentiment, _>(["good"])
        .instruction("Classify.")
        .example("nice", &Sentiment::Positive)
        .temperature(0.5);
    assert!(batch.start().report().await.end.is_complete());
    let expected: serde_json::Value = serde_json::from_str(single.body()).unwrap();
    assert_eq!(emulator.requests()[0].body, expected);
}

#[tokio::test]
async fn records_have_keys_of_their_own() {
    let emulator = start().await;
    let records = [
        Record::new("a", "good 1"),
        (7, "bad").into(),
        ("c".to_owned(), Prompt::from("good 2")).into(),
    ];
    let outcomes = by_key(&mut batch(&emulator, records).start()).await;
    let positions: Vec<_> = outcomes.iter().map(|(key, o)| (&**key, o.position)).collect();
    assert_eq!(positions, [("7", 1), ("a", 0), ("c", 2)]);
    assert!(outcomes.values().all(|o| o.source == Source::Asked && o.attempts == 1));
    assert!(outcomes.values().all(|o| o.usage.total_tokens > 0));
}

#[tokio::test]
async fn equal_keys_are_an_error_that_names_both_places() {
    let emulator = start().await;
    let records = [("a", "good"), ("b", "bad"), ("a", "other")];
    let outcomes = all(&mut batch(&emulator, records).start()).await;
    assert_eq!(outcomes.len(), 3);
    let refused = outcomes.iter().find(|outcome| outcome.position == 2).unwrap();
    let error = refused.result.as_ref().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Request);
    assert!(error.to_string().contains("record at 2") && error.to_string().contains("record at 0"));
    assert_eq!(emulator.requests().len(), 2);
}

#[tokio::test]
async fn an_empty_record_is_its_own_trouble() {
    let emulator = start().await;
    let outcomes = by_key(&mut batch(&emulator, ["good", " ", "bad"]).start()).await;
    assert_eq!(outcomes["1"].result.as_ref().unwrap_err().kind(), ErrorKind::Request);
    assert!(outcomes["0"].result.is_ok() && outcomes["2"].result.is_ok());
}

/// A server whose answers to "slow" are held, and nothing else is.
async fn slow() -> (Emulator, gemini_emulator::ManualClock) {
    let clock = gemini_emulator::ManualClock::new();
    let builder = Emulator::builder().clock(clock.clone()).respond(|request| {
        let reply = Reply::text("Positive");
        let is_slow = prompt(request).contains("slow");
        Some(if is_slow { reply.delay(Duration::from_secs(1)) } else { reply })
    });
    (builder.start().await.unwrap(), clock)
}

#[tokio::test]
async fn a_slow_record_holds_nobody_up() {
    let (emulator, clock) = slow().await;
    let records = (0..100).map(|n| if n == 0 { "slow".to_owned() } else { format!("{n}") });
    let mut run = batch(&emulator, records).concurrency(4).start();
    for _ in 0..99 {
        assert_ne!(run.next().await.unwrap().position, 0);
    }
    in_flight(&emulator, &clock, 1).await;
    clock.advance(Duration::from_secs(1));
    assert_eq!(run.next().await.unwrap().position, 0);
    assert!(run.next().await.is_none());
}

#[tokio::test]
async fn ordered_outcomes_wait_for_earlier_ones() {
    let (emulator, clock) = slow().await;
    let records = (0..50).map(|n| if n == 0 { "slow".to_owned() } else { format!("{n}") });
    let mut run = batch(&emulator, records).concurrency(4).ordered().start();
    while emulator.request_count() < 50 {
        tokio::task::yield_now().await;
    }
    in_flight(&emulator, &clock, 1).await;
    clock.advance(Duration::from_secs(1));
    let positions: Vec<u64> = all(&mut run).await.iter().map(|o| o.position).collect();
    assert_eq!(positions, (0..50).collect::<Vec<_>>());
}

#[tokio::test]
async fn no_more_is_read_than_there_is_room_for() {
    let emulator = start().await;
    let read = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&read);
    let records = (0..1_000).map(move |n| {
        counter.fetch_add(1, Ordering::Relaxed);
        format!("good {n}")
    });
    let mut run = batch(&emulator, records).buffer(10).ordered().start();
    for taken in 1..=30 {
        run.next().await.unwrap();
        assert!(read.load(Ordering::Relaxed) <= taken + 10);
    }
    while read.load(Ordering::Relaxed) < 40 {
        tokio::task::yield_now().await;
    }
    run.stop();
    let report = run.report().await;
    assert_eq!(report.progress.remaining, Some(1_000 - report.progress.read));
}

#[tokio::test]
async fn concurrency_is_kept_and_used() {
    let (emulator, clock) = held().await;
    let run = batch(&emulator, (0..20).map(|n| n.to_string())).concurrency(5).start();
    for _ in 0..4 {
        in_flight(&emulator, &clock, 5).await;
        clock.advance(Duration::from_secs(1));
    }
    assert!(run.report().await.end.is_complete());
    assert_eq!(emulator.peak_in_flight(), 5);
}

/// Numbers as records, with a pause in front of each.
struct Trickle(u32);

impl Stream for Trickle {
    type Item = String;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<String>> {
        self.0 += 1;
        if self.0 % 2 == 1 {
            context.waker().wake_by_ref();
            return std::task::Poll::Pending;
        }
        std::task::Poll::Ready((self.0 <= 20).then(|| format!("good {}", self.0)))
    }
}

#[tokio::test]
async fn records_come_from_a_stream() {
    let emulator = start().await;
    let run = client(&emulator).batch_stream::<Sentiment, _>(Trickle(0)).start();
    let report = run.report().await;
    assert_eq!((report.progress.answered, report.progress.remaining), (10, None));
}

#[tokio::test]
async fn schemas_of_the_run_time_give_json() {
    let emulator = start().await;
    let labels = gemini_extract::Schema::enumeration(["Positive", "Negative"]);
    let mut run = client(&emulator).batch_of(labels, ["good", "bad"]).start();
    let outcomes = by_key(&mut run).await;
    assert_eq!(*outcomes["0"].result.as_ref().unwrap(), "Positive");
    assert_eq!(*outcomes["1"].result.as_ref().unwrap(), "Negative");
    assert_eq!(run.report().await.progress.labels.len(), 2);
}

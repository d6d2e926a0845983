//! Records that are asked several times.

use std::time::Duration;

use gemini_emulator::{Emulator, Reply};
use gemini_extract::batch::{
    Agreement, Batch, BatchApi, End, ErrorBudget, JournalReader, Source, Votes,
};
use gemini_extract::{ErrorKind, GeminiSchema, Price, Prices};
use serde::Deserialize;

use crate::journals::Scratch;
use crate::scene::{Sentiment, all, batch, builder, by_key, client, held, in_flight, start};

/// A server that says these one after the other; `down` is a failure.
async fn saying(answers: &[&str]) -> Emulator {
    let emulator = start().await;
    for answer in answers {
        emulator.enqueue(match *answer {
            "down" => Reply::unavailable(),
            "unsafe" => Reply::text("x").finish_reason("SAFETY"),
            text => Reply::text(text),
        });
    }
    emulator
}

/// A batch of one record, whose repeats are asked one after the other.
fn one(emulator: &Emulator, repeats: u32) -> Batch<Sentiment> {
    batch(emulator, ["it rained"]).concurrency(1).votes(repeats)
}

fn shares(votes: Option<&Votes>) -> Vec<(&str, u32)> {
    let shares = &votes.expect("it was voted on").shares;
    shares.iter().map(|share| (share.answer.as_str(), share.votes)).collect()
}

#[tokio::test]
async fn most_repeats_decide() {
    let emulator = saying(&["Positive", "Negative", " Negative\n"]).await;
    let mut run = one(&emulator, 3).start();
    let outcome = all(&mut run).await.remove(0);
    assert_eq!(outcome.result.as_ref().unwrap(), &Sentiment::Negative);
    assert_eq!(shares(outcome.votes.as_ref()), [("Negative", 2), ("Positive", 1)]);
    assert_eq!((outcome.attempts, emulator.request_count()), (3, 3));
    let report = run.report().await;
    assert_eq!(report.progress.requests, 3);
    assert_eq!(report.progress.tokens.total, outcome.usage.total_tokens, "all repeats are paid");
    let shown = report.to_string();
    assert!(
        shown.contains("votes     66.7 % for the winners; 0 of 1 unanimous, 0 tied"),
        "{shown}"
    );
}

#[tokio::test]
async fn no_more_are_asked_than_decide() {
    let emulator = start().await;
    let records = (0..20).map(|n| format!("good {n}"));
    let report = batch(&emulator, records).votes(5).start().report().await;
    assert_eq!((report.progress.answered, emulator.request_count()), (20, 60));
    let Agreement { records, unanimous, votes, agreeing, .. } = report.progress.agreement;
    assert_eq!([records, unanimous, votes, agreeing], [20, 20, 60, 60]);
    assert_eq!(report.progress.labels["Positive"], 20, "records are counted, not votes");
}

#[tokio::test]
async fn of_those_with_as_many_votes_the_first_wins() {
    let emulator = saying(&["Negative", "Positive"]).await;
    let mut run = one(&emulator, 2).start();
    let outcome = all(&mut run).await.remove(0);
    assert_eq!(outcome.result.unwrap(), Sentiment::Negative);
    assert!(outcome.votes.unwrap().is_tied());
    assert_eq!(run.report().await.progress.agreement.tied, 1);
}

#[tokio::test]
async fn failed_repeats_are_counted_apart() {
    let emulator = saying(&["down", "Negative", "Negative"]).await;
    let outcome = all(&mut one(&emulator, 3).start()).await.remove(0);
    assert_eq!(outcome.result.unwrap(), Sentiment::Negative);
    assert_eq!((outcome.votes.unwrap().failed, emulator.request_count()), (1, 3));

    let emulator = saying(&["down", "unsafe", "Negative"]).await;
    let mut run = one(&emulator, 3).error_budget(ErrorBudget::count(5)).start();
    let outcome = all(&mut run).await.remove(0);
    assert_eq!(outcome.result.unwrap_err().kind(), ErrorKind::Unavailable, "the first one");
    assert_eq!((outcome.votes.unwrap().failed, outcome.attempts), (2, 2));
    let report = run.report().await;
    assert_eq!((report.progress.failed, report.progress.requests), (1, 2));
    assert_eq!((report.end, report.progress.agreement.failed), (End::Complete, 2));

    let emulator = start().await;
    emulator.enqueue(Reply::error(403, "PERMISSION_DENIED", "no"));
    let report = one(&emulator, 9).start().report().await;
    assert!(matches!(report.end, End::Failed { .. }), "a bad key ends all of it: {report}");
}

#[tokio::test]
async fn an_abstention_is_a_vote() {
    #[derive(Debug, PartialEq, Deserialize, GeminiSchema)]
    enum Weather {
        Dry,
        Wet,
        /// It cannot be told.
        #[serde(other)]
        Unclear,
    }
    let emulator = saying(&["Wet", "Unclear", "nobody knows"]).await;
    let records = || ["it rained"];
    let mut run = client(&emulator).batch::<Weather, _>(records()).concurrency(1).votes(3).start();
    let outcome = all(&mut run).await.remove(0);
    assert_eq!(outcome.result.unwrap(), Weather::Unclear);
    assert_eq!(shares(outcome.votes.as_ref()), [("Unclear", 2), ("Wet", 1)]);
    assert_eq!(run.report().await.progress.abstained, 1);

    let emulator = saying(&["null", "\"Wet\"", "null"]).await;
    let batch = client(&emulator).batch::<Option<Weather>, _>(records());
    let mut run = batch.concurrency(1).votes(3).start();
    let outcome = all(&mut run).await.remove(0);
    assert_eq!(outcome.result.unwrap(), None);
    assert_eq!(shares(outcome.votes.as_ref()), [("null", 2), ("Wet", 1)]);
    let sent = &emulator.requests()[0].body["generationConfig"]["responseSchema"];
    assert_eq!((&sent["nullable"], sent["enum"].as_array().unwrap().len()), (&true.into(), 3));
    let report = run.report().await;
    assert_eq!(report.progress.abstained, 1);
    assert!(report.to_string().contains("abstained 1"), "{report}");
}

#[tokio::test]
async fn equal_values_are_equal_votes() {
    #[derive(Debug, PartialEq, Deserialize, GeminiSchema)]
    struct Town {
        name: String,
        people: u32,
    }
    let lyon = r#"{"name":"Lyon","people":522250}"#;
    let answers =
        [r#"{"name":"Lille","people":1}"#, lyon, "{\"people\": 522250.0, \"name\": \"Lyon\"}"];
    let emulator = saying(&answers).await;
    let batch = client(&emulator).batch::<Town, _>(["Where?"]);
    let outcome = all(&mut batch.concurrency(1).votes(3).start()).await.remove(0);
    assert_eq!(outcome.result.unwrap().name, "Lyon");
    assert_eq!(shares(outcome.votes.as_ref())[0], (lyon, 2));
}

#[tokio::test]
async fn a_journal_keeps_a_record_with_its_votes() {
    let (emulator, scratch) =
        (saying(&["Positive", "Negative", "Positive"]).await, Scratch::new("votes"));
    let records = || [("a", "it rained"), ("b", "it rained")];
    let batch = || batch(&emulator, records()).concurrency(1).journal(scratch.run());
    let first = by_key(&mut batch().votes(3).start()).await;
    assert_eq!((first["a"].source, first["b"].source), (Source::Asked, Source::Duplicate));
    let second = by_key(&mut batch().votes(3).start()).await;
    assert_eq!(emulator.request_count(), 3, "a duplicate has the votes of the other one");
    for outcome in first.values().chain(second.values()) {
        assert_eq!(shares(outcome.votes.as_ref()), [("Positive", 2), ("Negative", 1)]);
    }
    assert_eq!(second["a"].source, Source::Journal);
    let entries = JournalReader::open(scratch.run()).unwrap().entries().unwrap();
    assert_eq!(entries.len(), 2);
    assert!(entries.iter().all(|entry| shares(entry.votes.as_ref())[0] == ("Positive", 2)));
    assert_eq!((entries[0].attempts, entries[1].attempts), (3, 0));

    for changed in [batch(), batch().votes(5)] {
        let error = all(&mut changed.start()).await.remove(0).result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Journal);
        assert!(error.to_string().contains("times and was 3"), "{error}");
    }
    let report = batch().votes(5).restart_changed().start().report().await;
    assert_eq!(report.progress.requests, 3, "all agree");
}

#[tokio::test]
async fn what_is_begun_is_voted_to_its_end() {
    let (emulator, clock) = held().await;
    let mut run = batch(&emulator, ["good", "bad"]).concurrency(1).votes(3).start();
    in_flight(&emulator, &clock, 1).await;
    run.stop();
    clock.advance(Duration::from_secs(1));
    while emulator.request_count() < 2 {
        tokio::task::yield_now().await;
    }
    in_flight(&emulator, &clock, 1).await;
    clock.advance(Duration::from_secs(1));
    let outcomes = by_key(&mut run).await;
    assert_eq!(shares(outcomes["0"].votes.as_ref()), [("Positive", 2)]);
    assert_eq!((outcomes.len(), emulator.request_count()), (1, 2));
}

#[tokio::test]
async fn a_limit_of_costs_counts_every_repeat() {
    let emulator = start().await;
    let prices = Prices::default().model("priced", Price::per_million(1e6, 1e6));
    let client = builder(&emulator).with_prices(prices).build().unwrap();
    let records = (0..).map(|n| format!("good {n}"));
    let batch = client.batch::<Sentiment, _>(records).model("priced").max_output_tokens(10);
    let mut run = batch.votes(3).max_cost(5_000.0).start();
    let costs = all(&mut run).await.into_iter().filter_map(|outcome| outcome.cost);
    let (sum, report) = (costs.sum::<f64>(), run.report().await);
    assert_eq!(report.end, End::MaxCost);
    let cost = report.progress.cost.unwrap();
    assert!(cost <= 5_000.0 && cost > 4_000.0, "{cost}");
    assert!((cost - sum).abs() < 1e-6, "{cost} is what the outcomes cost, {sum}");
    assert!(emulator.request_count() as u64 >= 2 * report.progress.answered);
}

#[tokio::test]
async fn repeats_that_would_be_the_same_are_refused() {
    let emulator = start().await;
    let batch = || batch(&emulator, ["good"]).votes(3);
    for (batch, words) in [
        (batch().temperature(0.0), "temperature above 0"),
        (batch().top_p(0.0), "top_p above 0"),
        (batch().top_k(1), "top_k above 1"),
        (batch().seed(7), "can't have a seed"),
        (batch().pack(2), "packs exclude each other"),
        (batch().via(BatchApi::new()), "or the Batch API"),
        (batch().votes(0), "from 1 to 100"),
        (batch().votes(101), "from 1 to 100"),
    ] {
        let error = all(&mut batch.start()).await.remove(0).result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Request);
        assert!(error.to_string().contains(words), "{error}");
    }
    assert_eq!(emulator.request_count(), 0);
    let outcome = all(&mut batch().votes(1).seed(7).start()).await.remove(0);
    assert!(outcome.votes.is_none() && outcome.result.is_ok());
}

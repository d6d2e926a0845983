//! The most that a batch may cost.

use std::time::Duration;

use gemini_emulator::Emulator;
use gemini_extract::batch::{Batch, End};
use gemini_extract::{Price, Prices};

use crate::scene::{Sentiment, builder, held, in_flight, start};

const OUTPUT: u32 = 10;

/// A batch without end, at a price of 1 for each token.
fn costly(emulator: &Emulator) -> Batch<Sentiment> {
    let prices = Prices::default().model("priced", Price::per_million(1e6, 1e6));
    let client = builder(emulator).with_prices(prices).build().unwrap();
    let records = (0..).map(|n| format!("good {n}"));
    client.batch::<Sentiment, _>(records).model("priced").max_output_tokens(OUTPUT)
}

#[tokio::test]
async fn the_most_that_it_may_cost_is_never_exceeded() {
    let emulator = start().await;
    let report = costly(&emulator).max_cost(5_000.0).start().report().await;
    assert_eq!(report.end, End::MaxCost);
    let cost = report.progress.cost.unwrap();
    // What is left is less than a request at its dearest.
    assert!(cost <= 5_000.0 && cost > 4_000.0, "{cost}");
    assert!(report.progress.answered > 10);
    assert_eq!(report.progress.failed, 0);
}

#[tokio::test]
async fn what_is_on_its_way_counts() {
    let (emulator, clock) = held().await;
    let run = costly(&emulator).concurrency(64).max_cost(1_000.0).start();
    in_flight(&emulator, &clock, 1).await;
    while run.progress().read < 64 {
        tokio::task::yield_now().await;
    }
    let sent = emulator.requests();
    let dearest: usize = sent.iter().map(|request| request.body.to_string().len()).sum();
    assert!(dearest <= 1_000 && sent.len() < 8, "{} for {dearest}", sent.len());
    run.stop();
    clock.advance(Duration::from_secs(1));
    drop(run);
}

#[tokio::test]
async fn nothing_is_sent_for_an_unknown_price_or_none() {
    let emulator = start().await;
    let report = costly(&emulator).model("unpriced").max_cost(5_000.0).start().report().await;
    assert!(report.end.to_string().contains("with_prices"), "{report}");
    let report = costly(&emulator).max_cost(0.0).start().report().await;
    assert_eq!((report.end, report.progress.requests), (End::MaxCost, 0));
    assert_eq!(emulator.requests().len(), 0);
}

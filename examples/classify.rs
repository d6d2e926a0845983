//! Many records: each review gets a label, through a journal that survives being killed.
//!
//!     cargo run --example classify
//!
//! Kill it and run it again: what was answered isn't asked again. Without a key the labels are the
//! emulator's, which makes them up.

use std::error::Error;

use gemini_examples::Connection;
use gemini_extract::GeminiSchema;
use gemini_extract::batch::Source;
use serde::{Deserialize, Serialize};

#[derive(Debug, Serialize, Deserialize, GeminiSchema)]
enum Sentiment {
    Positive,
    /// Neither, or both in equal parts.
    Neutral,
    Negative,
}

const REVIEWS: &str = include_str!("inputs/reviews.txt");

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let connection = Connection::open().await?;
    let folder = std::env::temp_dir().join("gemini-extract-classify.run");

    let reviews = REVIEWS.lines().enumerate().map(|(line, review)| (line + 1, review));
    let mut labels = connection
        .client
        .batch::<Sentiment, _>(reviews)
        .instruction("Classify the review.")
        .example("Arrived on time and does what it says.", &Sentiment::Positive)
        .journal(&folder)
        .ordered()
        .start();
    while let Some(outcome) = labels.next().await {
        let from = if outcome.source == Source::Journal { " (asked before)" } else { "" };
        match outcome.result {
            Ok(sentiment) => println!("line {}: {sentiment:?}{from}", outcome.key),
            Err(error) => println!("line {}: {error}{from}", outcome.key),
        }
    }

    println!("\n{}", labels.report().await);
    println!("\nthe journal is in {}", folder.display());
    if connection.is_emulated() {
        println!("these labels are emulated: no model has read the reviews");
    }
    Ok(())
}

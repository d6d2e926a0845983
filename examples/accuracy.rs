//! How often labels are right: a batch over real definitions whose categories are known.
//!
//!     cargo run --example accuracy
//!
//! The first 200 of `examples/data/definitions.csv` are asked; a number as the argument asks more or
//! fewer. Without a key the labels are the emulator's, which knows nothing of what they mean.

use std::collections::{BTreeMap, HashMap};
use std::error::Error;

use gemini_examples::Connection;
use gemini_extract::GeminiSchema;
use serde::{Deserialize, Serialize};

/// What a noun denotes.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, GeminiSchema,
)]
#[serde(rename_all = "lowercase")]
enum Category {
    Animal,
    /// Things that people have made.
    Artifact,
    /// Parts of bodies.
    Body,
    /// What is said or written, and how it is made known.
    Communication,
    /// What happens in nature or in the world.
    Event,
    /// Feelings and emotions.
    Feeling,
    /// Foods and drinks.
    Food,
    /// Places and positions in space.
    Location,
    /// Plants and fungi.
    Plant,
    /// What is owned or transferred, money among it.
    Possession,
    /// Substances and materials.
    Substance,
    /// Times and spans of time.
    Time,
}

#[derive(Deserialize)]
struct Entry {
    synset: String,
    definition: String,
    category: Category,
}

const DEFINITIONS: &str = include_str!("data/definitions.csv");

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let connection = Connection::open().await?;
    let most = std::env::args().nth(1).map_or(Ok(200), |count| count.parse())?;
    let entries = csv::Reader::from_reader(DEFINITIONS.as_bytes())
        .into_deserialize()
        .take(most)
        .collect::<Result<Vec<Entry>, _>>()?;
    let truth: HashMap<_, _> =
        entries.iter().map(|entry| (entry.synset.clone(), entry.category)).collect();

    let records = entries.into_iter().map(|entry| (entry.synset, entry.definition));
    let mut labels = connection
        .client
        .batch::<Category, _>(records)
        .instruction("This is the definition of a noun. What does the noun denote?")
        .start();
    let (mut right, mut asked) = (0_u32, 0_u32);
    let mut confusions = BTreeMap::<(Category, Category), u32>::new();
    while let Some(outcome) = labels.next().await {
        let Some(known) = truth.get(&outcome.key) else { continue };
        asked += 1;
        match outcome.result {
            Ok(label) if label == *known => right += 1,
            Ok(label) => *confusions.entry((*known, label)).or_default() += 1,
            Err(error) => println!("{}: {error}", outcome.key),
        }
    }

    println!("{}\n", labels.report().await);
    println!(
        "accuracy  {right} of {asked} ({:.1} %)",
        100.0 * f64::from(right) / f64::from(asked.max(1))
    );
    let mut confusions: Vec<_> = confusions.into_iter().collect();
    confusions.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    for ((known, label), count) in confusions.into_iter().take(5) {
        println!("          {known:?} was taken for {label:?} {count} times");
    }
    if connection.is_emulated() {
        println!(
            "\nthe labels are emulated: no model has read the definitions, and the accuracy is chance"
        );
    }
    Ok(())
}

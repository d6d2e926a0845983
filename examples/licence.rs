//! A real document as input: the terms of this repository's own LICENSE-APACHE, as nested types.
//!
//!     cargo run --example licence

use std::error::Error;

use gemini_examples::Connection;
use gemini_extract::GeminiSchema;
use serde::Deserialize;

const DOCUMENT: &str = include_str!("../LICENSE-APACHE");

/// A software licence.
#[derive(Debug, Deserialize, GeminiSchema)]
struct Licence {
    title: String,
    version: String,
    /// The day or month of publication, as the document writes it.
    date: Option<String>,
    url: Option<String>,
    /// The terms that the document defines, in its order.
    definitions: Vec<Definition>,
    grants: Vec<Grant>,
    conditions: Vec<Condition>,
    /// Whether the document disclaims every warranty.
    disclaims_warranty: bool,
}

#[derive(Debug, Deserialize, GeminiSchema)]
struct Definition {
    term: String,
    /// In one sentence.
    meaning: String,
}

#[derive(Debug, Deserialize, GeminiSchema)]
struct Grant {
    kind: Right,
    /// The number of its section.
    #[gemini(minimum = 1)]
    section: u8,
    /// What ends it early, if anything does.
    ends_if: Option<String>,
}

#[derive(Debug, Deserialize, GeminiSchema)]
enum Right {
    Copyright,
    Patent,
    Trademark,
}

#[derive(Debug, Deserialize, GeminiSchema)]
struct Condition {
    /// What one who redistributes the work has to do.
    duty: String,
    section: Option<u8>,
    only_for_derivative_works: bool,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let Connection { client, .. } = &Connection::open().await?;

    let licence: Licence = client
        .extract(DOCUMENT)
        .system("Read the licence and note its terms. Leave out what it does not say.")
        .await?;

    println!("{} {}", licence.title, licence.version);
    println!("  published: {}", licence.date.as_deref().unwrap_or("no date given"));
    println!("  found at: {}", licence.url.as_deref().unwrap_or("no address given"));
    println!("  warranty: {}", if licence.disclaims_warranty { "none" } else { "some" });
    println!("definitions:");
    for definition in &licence.definitions {
        println!("  {}: {}", definition.term, definition.meaning);
    }
    println!("grants:");
    for grant in &licence.grants {
        let end = grant.ends_if.as_deref().unwrap_or("nothing");
        println!("  {:?} (section {}), ended by: {end}", grant.kind, grant.section);
    }
    println!("conditions:");
    for condition in &licence.conditions {
        let scope =
            if condition.only_for_derivative_works { "derivative works" } else { "all copies" };
        let section =
            condition.section.map_or(String::new(), |number| format!(", section {number}"));
        println!("  {} ({scope}{section})", condition.duty);
    }
    Ok(())
}

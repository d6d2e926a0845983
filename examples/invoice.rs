//! Constraints and examples: what the service and this crate hold an answer to, and what you see
//! when an answer breaks them.
//!
//!     cargo run --example invoice

use std::error::Error;

use gemini_examples::Connection;
use gemini_extract::{DecodeError, Dialect, GeminiSchema, Lowered};
use serde::{Deserialize, Serialize};

const INVOICE: &str = include_str!("inputs/invoice.txt");

/// An invoice, its amounts in the currency given.
#[derive(Debug, Serialize, Deserialize, GeminiSchema)]
struct Invoice {
    #[gemini(pattern = "^[A-Z]{2}-[0-9]{5}$", example = "AB-12345")]
    number: String,
    #[gemini(format = "date")]
    issued: String,
    /// ISO 4217.
    #[gemini(min_length = 3, max_length = 3, example = "EUR")]
    currency: String,
    #[gemini(min_items = 1, max_items = 50)]
    lines: Vec<Line>,
    #[gemini(minimum = 0)]
    total: f64,
}

#[derive(Debug, Serialize, Deserialize, GeminiSchema)]
struct Line {
    article: String,
    #[gemini(pattern = "^[A-Z]{2}-[0-9]{4}$", example = "AB-1234")]
    sku: String,
    #[gemini(minimum = 1, maximum = 10_000)]
    quantity: u32,
    #[gemini(minimum = 0)]
    price: f64,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let Connection { client, .. } = &Connection::open().await?;
    let line = Line { article: "Envelope".into(), sku: "EN-0004".into(), quantity: 3, price: 0.5 };
    let example = Invoice {
        number: "XY-00001".into(),
        issued: "2026-01-31".into(),
        currency: "EUR".into(),
        lines: vec![line],
        total: 1.5,
    };

    let answer = client
        .extract::<Invoice>(INVOICE)
        .system("Copy the invoice into the structure.")
        .example("Invoice XY-00001, 31 January 2026: 3 envelopes (EN-0004) at EUR 0.50", &example)
        .detailed()
        .await;

    match answer {
        Ok(answer) => {
            let invoice = &answer.value;
            println!(
                "{} of {}: {} {}",
                invoice.number, invoice.issued, invoice.total, invoice.currency
            );
            for line in &invoice.lines {
                println!("  {} x {} ({}) at {}", line.quantity, line.article, line.sku, line.price);
            }
        }
        // The format of `issued` is only described to the model, so that an answer can break it.
        Err(error) => {
            println!("the answer was refused: {error}");
            for violation in error.violations() {
                println!("  {violation}");
            }
        }
    }

    println!("\nan answer that breaks the constraints:");
    let broken = r#"{"number": "20417", "issued": "3 October", "currency": "EUR",
        "lines": [{"article": "Twine", "sku": "CT-3200", "quantity": 0, "price": 9.75}], "total": -1}"#;
    let refusal = Lowered::of::<Invoice>(Dialect::Gemini)?.decode::<Invoice>(broken).err();
    for violation in refusal.iter().flat_map(DecodeError::violations) {
        println!("  {violation}");
    }
    Ok(())
}

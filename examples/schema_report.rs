//! How large the schemas of a few types are, on each carrier, and what the service may refuse.
//!
//!     cargo run --example schema_report

use std::collections::BTreeMap;
use std::error::Error;

use gemini_extract::{Dialect, GeminiSchema, Schema};

/// A recipe for cookies.
#[derive(GeminiSchema)]
#[allow(dead_code, reason = "only the schema is looked at")]
struct Recipe {
    recipe_name: String,
    #[gemini(min_items = 1, max_items = 30)]
    ingredients: Vec<Ingredient>,
    tags: BTreeMap<String, String>,
}

#[derive(GeminiSchema)]
#[allow(dead_code, reason = "only the schema is looked at")]
struct Ingredient {
    name: String,
    #[gemini(minimum = 0)]
    grams: f32,
}

/// A comment with the answers to it.
#[derive(GeminiSchema)]
#[allow(dead_code, reason = "only the schema is looked at")]
struct Comment {
    text: String,
    #[serde(default)]
    answers: Vec<Comment>,
}

/// A concordance: every word with its places.
#[derive(GeminiSchema)]
#[allow(dead_code, reason = "only the schema is looked at")]
struct Concordance {
    #[gemini(max_items = 2000)]
    words: Vec<Word>,
}

#[derive(GeminiSchema)]
#[allow(dead_code, reason = "only the schema is looked at")]
struct Word {
    word: String,
    #[gemini(max_items = 50)]
    pages: Vec<u16>,
}

const CARRIERS: [Dialect; 4] =
    [Dialect::Gemini, Dialect::Vertex, Dialect::GeminiJson, Dialect::OpenAi];

fn main() -> Result<(), Box<dyn Error>> {
    println!(
        "{:<12} {:<11} {:>5} {:>10} {:>10} {:>12} {:>8} {:>6} {:>7}",
        "type",
        "dialect",
        "depth",
        "properties",
        "name bytes",
        "enum members",
        "maxItems",
        "anyOf",
        "tokens"
    );
    report("Vec<Recipe>", &Schema::of::<Vec<Recipe>>())?;
    report("Comment", &Schema::of::<Comment>())?;
    report("Concordance", &Schema::of::<Concordance>())
}

/// A line for each carrier, then what is to be known about it.
fn report(name: &str, schema: &Schema) -> Result<(), Box<dyn Error>> {
    let mut remarks = Vec::new();
    for dialect in CARRIERS {
        let lowered = schema.lower(dialect)?;
        let metrics = lowered.metrics();
        let dialect = format!("{dialect:?}");
        println!(
            "{name:<12} {dialect:<11} {:>5} {:>10} {:>10} {:>12} {:>8} {:>6} {:>7}",
            metrics.depth,
            metrics.properties,
            metrics.name_bytes,
            metrics.enum_members,
            metrics.max_items,
            metrics.alternatives,
            metrics.estimated_tokens
        );
        remarks.extend(lowered.warnings().iter().map(|warning| format!("{dialect}: {warning}")));
        remarks.extend(lowered.notes().iter().map(|note| format!("{dialect}: note {note}")));
    }
    for remark in remarks {
        println!("  {remark}");
    }
    Ok(())
}

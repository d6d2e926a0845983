//! The schema alone, for any HTTP client: what each carrier would send.
//!
//!     cargo run --example schema_only

use std::error::Error;

use gemini_extract::{Dialect, GeminiSchema, Schema};

/// A recipe for cookies.
#[derive(GeminiSchema)]
#[allow(dead_code, reason = "only the schema is looked at")]
struct Recipe {
    recipe_name: String,
    #[gemini(min_items = 1)]
    ingredients: Vec<Ingredient>,
    /// From the first bowl to the cooled sheet.
    minutes: Option<u16>,
    #[serde(flatten)]
    difficulty: Difficulty,
}

#[derive(GeminiSchema)]
#[allow(dead_code, reason = "only the schema is looked at")]
struct Ingredient {
    name: String,
    #[gemini(minimum = 0)]
    grams: f32,
}

#[derive(GeminiSchema)]
#[serde(tag = "difficulty", rename_all = "snake_case")]
#[allow(dead_code, reason = "only the schema is looked at")]
enum Difficulty {
    /// A child can do it.
    Easy,
    /// Needs what few kitchens have.
    Hard { equipment: Vec<String> },
}

fn main() -> Result<(), Box<dyn Error>> {
    let schema = Schema::of::<Vec<Recipe>>();
    for dialect in [Dialect::Gemini, Dialect::GeminiJson] {
        let lowered = schema.lower(dialect)?;
        println!("{}:", dialect.carrier().unwrap_or("no carrier"));
        println!("{}\n", serde_json::to_string_pretty(lowered.schema())?);
    }
    Ok(())
}

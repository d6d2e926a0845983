//! A crate that forgives nothing.
#![deny(warnings, missing_docs, unused, unreachable_pub, unused_qualifications)]
#![deny(future_incompatible, nonstandard_style, rust_2018_idioms)]
#![forbid(unsafe_code)]

/// A recipe.
#[derive(Default, serde::Serialize, gemini_schema::GeminiSchema)]
#[gemini(title = "recipe", example = Recipe::default())]
pub struct Recipe {
    #[gemini(nullable, min_items = 1, example = [("a", (1 + 2))])]
    steps: Option<Vec<(String, u8)>>,
}

fn main() {}

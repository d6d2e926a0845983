//! A crate that forgives nothing.
#![deny(warnings, missing_docs, unused, unreachable_pub, unused_qualifications)]
#![deny(clippy::all, clippy::pedantic, future_incompatible, nonstandard_style)]
#![forbid(unsafe_code)]

use gemini_schema::GeminiSchema;
use serde::{Deserialize, Serialize};

/// An old type.
#[deprecated = "too old"]
#[derive(Serialize, Deserialize, GeminiSchema)]
pub(crate) struct Old {
    #[deprecated = "too long"]
    pub(crate) name: String,
}

/// Everything that serde and Gemini know.
#[derive(Serialize, Deserialize, GeminiSchema)]
#[serde(rename_all = "camelCase", default, bound = "", expecting = "a recipe")]
#[gemini(title = "recipe", example = Recipe::default())]
#[derive(Default)]
pub(crate) struct Recipe {
    #[serde(alias = "title", skip_serializing_if = "String::is_empty")]
    recipe_name: String,
    #[gemini(nullable, optional, min_items = 1, example = [("a", (1 + 2))])]
    steps: Option<Vec<(String, u8)>>,
    #[serde(flatten)]
    source: Source,
}

/// Where it is from.
#[derive(Serialize, Deserialize, GeminiSchema, Default)]
#[serde(tag = "type")]
pub(crate) enum Source {
    /// A book.
    Book { page: u16 },
    #[default]
    Unknown,
}

fn main() {
    #[allow(deprecated)]
    let _ = Old { name: String::new() }.name;
    let _ = gemini_schema::Schema::of::<Recipe>();
}

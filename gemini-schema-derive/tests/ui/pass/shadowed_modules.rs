#![deny(warnings)]
#![allow(dead_code)]

use gemini_schema::GeminiSchema;

mod core {}
mod std {}
struct Schema;
struct Generator;
#[derive(GeminiSchema)]
#[serde(tag = "kind")]
struct Recipe {
    name: String,
}
fn main() {}

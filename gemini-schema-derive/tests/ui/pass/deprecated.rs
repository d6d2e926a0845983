#![deny(warnings)]
#![allow(dead_code)]

use gemini_schema::GeminiSchema;

#[deprecated = "too old"]
#[derive(GeminiSchema)]
struct Recipe {
    #[deprecated = "too long"]
    name: String,
}

fn main() {}

#![deny(warnings)]
#![allow(dead_code, non_upper_case_globals)]

use gemini_schema::GeminiSchema;

const generator: u8 = 1;
const value: u8 = generator;

#[derive(GeminiSchema)]
struct Recipe {
    #[gemini(example = value)]
    name: u8,
}

fn main() {}

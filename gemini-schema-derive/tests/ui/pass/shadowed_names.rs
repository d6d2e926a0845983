#![deny(warnings)]
#![allow(dead_code, non_camel_case_types, missing_docs)]

use gemini_schema::GeminiSchema;

mod core {}
mod std {}

#[derive(GeminiSchema)]
struct Option {
    text: str,
}
#[derive(GeminiSchema)]
struct Vec(u8);
#[derive(GeminiSchema)]
struct Result;
#[derive(GeminiSchema)]
struct Some;
#[derive(GeminiSchema)]
struct String(bool);
#[derive(GeminiSchema)]
struct str;
#[derive(GeminiSchema)]
struct Schema;
#[derive(GeminiSchema)]
struct Generator;
#[derive(GeminiSchema)]
#[serde(tag = "tag")]
struct All {
    option: Option,
    vec: Vec,
    result: Result,
    some: Some,
    string: String,
    schema: Schema,
    generator: Generator,
}

fn main() {
    let _ = gemini_schema::Schema::of::<All>();
}

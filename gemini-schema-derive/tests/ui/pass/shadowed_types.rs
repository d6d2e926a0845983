#![deny(warnings)]
#![allow(dead_code)]

use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
struct Option(u8);
#[derive(GeminiSchema)]
struct Some;
#[derive(GeminiSchema)]
struct String(bool);
#[derive(GeminiSchema)]
struct Recipe(Option, Some, String);

fn main() {}

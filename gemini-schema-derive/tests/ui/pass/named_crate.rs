#![deny(warnings)]
#![allow(dead_code)]

mod facade {
    pub use gemini_schema::*;
}

#[derive(facade::GeminiSchema)]
#[gemini(crate = "facade")]
struct Recipe(String);

#[derive(facade::GeminiSchema)]
#[gemini(crate = "crate::facade")]
struct Sku(String);
fn main() {}

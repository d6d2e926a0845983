#![no_implicit_prelude]
#![deny(warnings, missing_docs, unused_qualifications)]
#![allow(dead_code)]
//! Nothing is in scope but what the code names.

#[derive(::gemini_schema::GeminiSchema)]
enum Choice {
    First,
    Second(::std::string::String),
    Third { inner: ::std::option::Option<u8> },
}

/// Attributes of every kind.
#[derive(::gemini_schema::GeminiSchema)]
pub struct Whole {
    #[gemini(example = "a", min_length = 1, optional)]
    text: ::std::option::Option<::std::string::String>,
    #[gemini(minimum = -3, maximum = 2.5, example = -1.0)]
    number: f64,
    choice: Choice,
}

fn main() {}

#![no_implicit_prelude]
#![deny(warnings, unused_qualifications)]
#![allow(dead_code)]

#[derive(::gemini_schema::GeminiSchema)]
struct Recipe {
    #[gemini(example = "a", min_length = 1, optional)]
    name: ::std::option::Option<::std::string::String>,
    #[gemini(minimum = -3, maximum = 2.5, example = -1.0)]
    rating: f64,
}

fn main() {}

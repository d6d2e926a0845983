#![no_implicit_prelude]
#![deny(warnings, unused_qualifications)]
#![allow(dead_code)]

#[derive(::gemini_schema::GeminiSchema)]
#[serde(tag = "kind")]
enum Choice {
    First,
    Third { inner: ::std::option::Option<u8> },
}

fn main() {}

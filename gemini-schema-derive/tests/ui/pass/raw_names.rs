#![deny(warnings)]
#![allow(dead_code, non_camel_case_types)]

use gemini_schema::{Dialect, GeminiSchema, Schema};

#[derive(GeminiSchema)]
struct r#type {
    r#in: u8,
    r#struct: r#enum,
}

#[derive(GeminiSchema)]
enum r#enum {
    r#match,
    r#fn(u8),
}

fn main() {
    let lowered = Schema::of::<r#type>().lower(Dialect::Gemini).unwrap();
    assert!(!lowered.as_str().contains("r#"));
}

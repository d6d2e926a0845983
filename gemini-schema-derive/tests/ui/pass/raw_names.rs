#![deny(warnings)]
#![allow(dead_code, non_camel_case_types)]

#[derive(gemini_schema::GeminiSchema)]
struct r#type {
    r#in: u8,
    r#struct: r#enum,
}
#[derive(gemini_schema::GeminiSchema)]
enum r#enum {
    r#match,
    r#fn(u8),
}
fn main() {}

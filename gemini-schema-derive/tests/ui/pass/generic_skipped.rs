#![deny(warnings)]
#![allow(dead_code)]

use gemini_schema::{GeminiSchema, Schema};

struct NoSchema;
#[derive(GeminiSchema)]
struct Marked<T> {
    #[serde(skip)]
    marker: std::marker::PhantomData<T>,
    value: u8,
}
fn main() {
    let _ = Schema::of::<Marked<NoSchema>>();
}

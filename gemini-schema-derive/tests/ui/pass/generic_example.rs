#![deny(warnings)]
#![allow(dead_code)]

use gemini_schema::{GeminiSchema, Schema};

#[derive(GeminiSchema)]
struct Shown<T: Default + serde::Serialize> {
    #[gemini(example = Vec::<T>::from([T::default()]), min_items = 1)]
    values: Vec<T>,
}

fn main() {
    let _ = Schema::of::<Shown<u8>>();
}

#![deny(warnings)]
#![allow(dead_code)]

use gemini_schema::{GeminiSchema, Schema};
use std::borrow::Cow;

#[derive(GeminiSchema)]
struct Borrowed<'a, 'b: 'a>(&'a str, Cow<'b, str>);

fn main() {
    let _ = Schema::of::<Borrowed<'_, '_>>();
}

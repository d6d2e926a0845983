#![deny(warnings)]
#![allow(dead_code)]

use gemini_schema::GeminiSchema;

#[derive(GeminiSchema)]
struct Page<'a, T: std::fmt::Debug = String, const N: usize = 2>
where
    T: Clone,
{
    items: [T; N],
    title: std::borrow::Cow<'a, str>,
    next: Option<Box<Self>>,
}
fn main() {}

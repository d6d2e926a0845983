#![deny(warnings)]
#![allow(dead_code)]

use gemini_schema::{GeminiSchema, Schema};

#[derive(GeminiSchema)]
struct Items<I: Iterator>(Vec<I::Item>);
#[derive(GeminiSchema)]
enum Either<L, R: ?Sized> {
    Left(L),
    Right { right: Box<R> },
}
fn main() {
    let _ = Schema::of::<Either<Items<std::vec::IntoIter<u8>>, str>>();
}

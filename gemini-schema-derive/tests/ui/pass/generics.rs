#![deny(warnings)]
#![allow(dead_code)]

use gemini_schema::{GeminiSchema, Schema};
use std::borrow::Cow;
use std::fmt::Debug;
use std::marker::PhantomData;

struct NoSchema;

#[derive(GeminiSchema)]
struct Page<'a, T: Debug = String, const N: usize = 2>
where
    T: Clone,
{
    items: [T; N],
    #[serde(borrow)]
    title: Cow<'a, str>,
    next: Option<Box<Self>>,
}

#[derive(GeminiSchema)]
struct Marked<T, U> {
    value: U,
    #[serde(skip)]
    marker: PhantomData<T>,
}

#[derive(GeminiSchema)]
struct Items<I: Iterator>(Vec<I::Item>);

#[derive(GeminiSchema)]
enum Either<L, R: ?Sized>
where
    L: 'static,
{
    Left(L),
    Right { right: Box<R> },
}

#[derive(GeminiSchema)]
struct Borrowed<'a, 'b: 'a>(&'a str, Cow<'b, str>);

#[derive(GeminiSchema)]
struct Shown<T: Default + serde::Serialize> {
    #[gemini(example = T::default())]
    value: T,
}

fn main() {
    let _ = Schema::of::<Page<'_>>();
    let _ = Schema::of::<Marked<NoSchema, u8>>();
    let _ = Schema::of::<Items<std::vec::IntoIter<u8>>>();
    let _ = Schema::of::<Either<u8, str>>();
    let _ = Schema::of::<Borrowed<'_, '_>>();
    let _ = Schema::of::<Shown<u8>>();
}

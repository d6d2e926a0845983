//! Generic types.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::marker::PhantomData;

use gemini_schema::GeminiSchema;
use gemini_tests::zoo::{borrowing, zoo};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Page<T> {
    items: Vec<T>,
    next: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Both<A, B> {
    left: A,
    right: B,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
enum Either<L, R> {
    Left(L),
    Right { right: R },
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Matrix<const N: usize>([[i8; 2]; N])
where
    [[i8; 2]; N]: Serialize + DeserializeOwned;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Tagged<T> {
    id: u32,
    #[serde(skip)]
    of: PhantomData<T>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Quote<'a, T> {
    #[serde(borrow)]
    words: Cow<'a, str>,
    by: T,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Defaulted<T = u8> {
    #[serde(default)]
    value: Option<T>,
}

#[test]
fn one_argument() {
    let page = Page { items: vec![1_u8, 255], next: None };
    zoo::<Page<u8>>().value(page).everywhere();
    let page = Page { items: vec![Some("a".to_owned()), None], next: Some(String::new()) };
    zoo::<Page<Option<String>>>().value(page).everywhere();
    let inner = Page { items: vec![true], next: None };
    let page = Page { items: vec![inner], next: None };
    zoo::<Page<Page<bool>>>().value(page).everywhere();
}

#[test]
fn several_arguments() {
    let both = Both { left: 1_i64, right: [0.5_f32] };
    zoo::<Both<i64, [f32; 1]>>().value(both.clone()).everywhere();
    let nested = Both { left: both.clone(), right: Some(both) };
    zoo::<Both<Both<i64, [f32; 1]>, Option<Both<i64, [f32; 1]>>>>().value(nested).everywhere();
    zoo::<Either<u8, String>>()
        .values([Either::Left(1), Either::Right { right: "r".into() }])
        .everywhere();
}

#[test]
fn maps_as_arguments() {
    let both = Both { left: BTreeMap::from([("k".to_owned(), 1_u8)]), right: false };
    zoo::<Both<BTreeMap<String, u8>, bool>>().value(both).everywhere();
}

#[test]
fn constant_arguments() {
    zoo::<Matrix<1>>().value(Matrix([[1, 2]])).everywhere();
    zoo::<Matrix<3>>().value(Matrix([[1, 2], [-128, 127], [0, 0]])).everywhere();
}

#[test]
fn arguments_without_a_schema() {
    let tagged = Tagged::<NoSchemaValue> { id: 1, of: PhantomData };
    zoo::<Tagged<NoSchemaValue>>().value(tagged).everywhere();
}

#[derive(Debug, Clone, PartialEq)]
struct NoSchemaValue;

#[test]
fn lifetimes() {
    let quote = |words| Quote { words: Cow::Borrowed(words), by: 7_u16 };
    borrowing::<Quote<'static, u16>>().values([quote(""), quote("\"é\"\n")]).everywhere();
}

#[test]
fn arguments_with_a_default() {
    zoo::<Defaulted>()
        .values([Defaulted { value: None }, Defaulted { value: Some(1) }])
        .everywhere();
}

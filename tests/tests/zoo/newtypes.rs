//! Newtypes and transparent types: their contents stand alone.

use std::marker::PhantomData;

use gemini_schema::GeminiSchema;
use gemini_tests::zoo::zoo;
use serde::{Deserialize, Serialize};

/// An identifier, as the shop prints it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Sku(String);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Grams(u16);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Skus(Vec<Sku>);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Perhaps(Option<Grams>);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(transparent)]
struct Named {
    inner: Sku,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(transparent)]
struct Marked<T> {
    inner: Vec<T>,
    #[serde(skip)]
    marker: PhantomData<T>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Holder {
    sku: Sku,
    weight: Grams,
    perhaps: Perhaps,
    named: Named,
}

#[test]
fn newtypes() {
    zoo::<Sku>().value(Sku("AB-12".into())).everywhere();
    zoo::<Grams>().values([Grams(0), Grams(u16::MAX)]).everywhere();
    zoo::<Skus>().values([Skus(vec![]), Skus(vec![Sku(String::new())])]).everywhere();
    zoo::<Perhaps>().values([Perhaps(None), Perhaps(Some(Grams(1)))]).everywhere();
}

#[test]
fn transparent_structs() {
    let inner = Sku("é".into());
    zoo::<Named>().value(Named { inner }).everywhere();
    let marked = Marked { inner: vec![1_i32, -1], marker: PhantomData };
    zoo::<Marked<i32>>().value(marked).everywhere();
}

#[test]
fn newtypes_inside_structs() {
    let holder = Holder {
        sku: Sku("a".into()),
        weight: Grams(1),
        perhaps: Perhaps(None),
        named: Named { inner: Sku("b".into()) },
    };
    zoo::<Holder>().value(holder).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct OfTuple((u8, u8));

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(transparent)]
struct OfNewtype(OfTuple);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[gemini(min_length = 2)]
struct PerhapsName(Option<Box<str>>);

#[test]
fn newtypes_of_other_things() {
    zoo::<OfNewtype>().value(OfNewtype(OfTuple((0, 255)))).everywhere();
    zoo::<PerhapsName>()
        .values([PerhapsName(None), PerhapsName(Some("ab".into()))])
        .refuses("\"a\"", "", "minLength")
        .notes(&[""])
        .everywhere();
}

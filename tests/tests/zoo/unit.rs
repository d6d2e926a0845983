//! Types without content.

use std::marker::PhantomData;

use gemini_schema::GeminiSchema;
use gemini_tests::zoo::zoo;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Unit;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Empty {}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(deny_unknown_fields)]
struct Closed {}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct AllSkipped {
    #[serde(skip)]
    secret: u8,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Box0 {
    unit: Unit,
    empty: Empty,
    after: u8,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Marked<T> {
    value: u8,
    marker: PhantomData<T>,
}

#[test]
fn units() {
    zoo::<()>().value(()).everywhere();
    zoo::<Unit>().value(Unit).everywhere();
    zoo::<PhantomData<String>>().value(PhantomData).everywhere();
    zoo::<Option<()>>().value(None).everywhere();
}

#[test]
fn objects_without_properties() {
    zoo::<Empty>().value(Empty {}).everywhere();
    zoo::<Closed>().value(Closed {}).everywhere();
    zoo::<AllSkipped>().value(AllSkipped { secret: 0 }).everywhere();
}

#[test]
fn nothing_inside_something() {
    let unit = Box0 { unit: Unit, empty: Empty {}, after: 1 };
    zoo::<Box0>().value(unit).everywhere();
    let marked = Marked { value: 1, marker: PhantomData };
    zoo::<Marked<String>>().value(marked).everywhere();
}

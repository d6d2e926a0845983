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
    zoo::<()>().value(()).both();
    zoo::<Unit>().value(Unit).both();
    zoo::<PhantomData<String>>().value(PhantomData).both();
    zoo::<Option<()>>().value(None).both();
}

#[test]
fn objects_without_properties() {
    zoo::<Empty>().value(Empty {}).only_json(&[""]);
    zoo::<Closed>().value(Closed {}).only_json(&[""]);
    zoo::<AllSkipped>().value(AllSkipped { secret: 0 }).only_json(&[""]);
}

#[test]
fn nothing_inside_something() {
    let unit = Box0 { unit: Unit, empty: Empty {}, after: 1 };
    zoo::<Box0>().value(unit).only_json(&["/properties/empty"]);
    let marked = Marked { value: 1, marker: PhantomData };
    zoo::<Marked<String>>().value(marked).both();
}

//! What the tests of serde's attributes share.

use std::fmt::Debug;

use gemini_schema::{Dialect, GeminiSchema, Lowered, Schema};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub(crate) const ALL: [Dialect; 5] =
    [Dialect::Gemini, Dialect::Vertex, Dialect::GeminiJson, Dialect::OpenAi, Dialect::Draft202012];

pub(crate) trait Typed:
    GeminiSchema + Serialize + DeserializeOwned + PartialEq + Debug
{
}

impl<T: GeminiSchema + Serialize + DeserializeOwned + PartialEq + Debug> Typed for T {}

/// What is sent for a value is read back as that value, in every dialect.
#[track_caller]
pub(crate) fn round<T: Typed>(value: &T) {
    returns(value, value);
}

/// What is sent for a value is read back as this one, in every dialect.
#[track_caller]
pub(crate) fn returns<T: Typed>(value: &T, expected: &T) {
    for dialect in ALL {
        let lowered = Lowered::of::<T>(dialect).unwrap();
        let text = lowered.encode(value).unwrap_or_else(|error| panic!("{dialect:?}: {error}"));
        let back = lowered.decode::<T>(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(back, *expected, "{dialect:?} by {text}");
        if matches!(dialect, Dialect::Draft202012 | Dialect::GeminiJson | Dialect::OpenAi) {
            let schema = serde_json::to_value(lowered.schema()).unwrap();
            let document: Value = serde_json::from_str(&text).unwrap();
            assert!(jsonschema::is_valid(&schema, &document), "{document} by {schema}");
        }
    }
}

/// Schema and serde agree on a document.
#[track_caller]
pub(crate) fn agree<T: Typed>(is_good: bool, documents: impl IntoIterator<Item = Value>) {
    let schema = Schema::of::<T>();
    for document in documents {
        let violations = schema.check(&document);
        assert_eq!(violations.is_empty(), is_good, "{document}: {violations:?}");
        let read = serde_json::from_value::<T>(document.clone());
        assert_eq!(read.is_ok(), is_good, "{document}: {read:?}");
    }
}

#[track_caller]
pub(crate) fn sends<T: GeminiSchema>(dialect: Dialect, words: &str) {
    let lowered = Lowered::of::<T>(dialect).unwrap();
    assert!(lowered.as_str().contains(words), "{words} in {lowered}");
}

#[track_caller]
pub(crate) fn refuses<T: GeminiSchema>(words: &str) {
    let error = Lowered::of::<T>(Dialect::Gemini).unwrap_err();
    assert!(error.to_string().contains(words), "{error}");
}

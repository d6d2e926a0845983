//! Types of std and of other crates: what serde writes conforms, and what conforms is read.

#[cfg(feature = "chrono04")]
#[path = "foreign/chrono04.rs"]
mod chrono04;
#[path = "foreign/collections.rs"]
mod collections;
#[path = "foreign/hostile.rs"]
mod hostile;
#[cfg(feature = "jiff02")]
#[path = "foreign/jiff02.rs"]
mod jiff02;
#[path = "foreign/standard.rs"]
mod standard;
#[path = "foreign/texts.rs"]
mod texts;
#[cfg(feature = "time03")]
#[path = "foreign/time03.rs"]
mod time03;

use std::marker::PhantomData;

use gemini_schema::{DecodeErrorKind, Dialect, GeminiSchema, Lowered, Schema};
use jsonschema::Validator;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

const ALL: [Dialect; 5] =
    [Dialect::Gemini, Dialect::Vertex, Dialect::GeminiJson, Dialect::OpenAi, Dialect::Draft202012];

/// What is known about a type. Every claim is checked, that there is a difference too.
struct Foreign<T> {
    values: Vec<Value>,
    documents: Vec<Value>,
    reads_more: bool,
    refuses_more: bool,
    kind: PhantomData<T>,
}

/// Begins to say something about a type.
fn foreign<T: GeminiSchema + Serialize + DeserializeOwned>() -> Foreign<T> {
    Foreign {
        values: Vec::new(),
        documents: Vec::new(),
        reads_more: false,
        refuses_more: false,
        kind: PhantomData,
    }
}

impl<T: GeminiSchema + Serialize + DeserializeOwned> Foreign<T> {
    /// A value of the type: it goes by every dialect, and its neighbours are tried.
    #[track_caller]
    fn value(mut self, value: &T) -> Self {
        let written = serde_json::to_value(value).unwrap();
        for dialect in ALL {
            let lowered = Lowered::of::<T>(dialect).unwrap();
            let text = lowered.encode(value).unwrap_or_else(|error| panic!("{written}: {error}"));
            let read: T = lowered.decode(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(serde_json::to_value(read).unwrap(), written, "{dialect:?} by {text}");
        }
        assert!(judge::<T>().is_valid(&written), "the judge refuses {written}");
        self.values.push(written);
        self
    }

    /// A document that is no value, or is one by chance.
    fn document(mut self, document: Value) -> Self {
        self.documents.push(document);
        self
    }

    /// Text that is tried like a document.
    fn texts(self, texts: &[&str]) -> Self {
        texts.iter().fold(self, |foreign, text| foreign.document(json!(text)))
    }

    /// The type reads texts that its schema does not allow.
    fn reads_more(mut self) -> Self {
        self.reads_more = true;
        self
    }

    /// The type refuses texts that its schema allows, and a note says so.
    fn refuses_more(mut self) -> Self {
        self.refuses_more = true;
        self
    }

    /// Tries the documents, and those near the values: what conforms is read, and what does not
    /// is a violation.
    #[track_caller]
    fn prove(self) {
        let schema = Schema::of::<T>();
        let lowered = schema.lower(Dialect::Draft202012).unwrap();
        let judge = judge::<T>();
        let near = self.values.iter().flat_map(hostile::near);
        let (mut more, mut less) = (0, 0);
        for document in self.documents.iter().cloned().chain(near) {
            let violations = schema.check(&document);
            let conforms = violations.is_empty();
            // In the day of a date the judge takes a sign for a digit.
            let is_format = violations.iter().any(|violation| violation.keyword() == "format");
            let agrees = judge.is_valid(&document) == conforms || is_format;
            assert!(agrees, "the judge on {document}");
            match lowered.decode::<T>(&document.to_string()) {
                Ok(_) => more += usize::from(!conforms),
                Err(error) => {
                    assert_eq!(error.kind(), DecodeErrorKind::Violations, "{document}");
                    assert!(!error.violations().is_empty(), "{document}");
                    if conforms {
                        assert!(self.refuses_more, "{document} conforms: {error:?}");
                        assert_eq!(error.violations()[0].keyword(), "serde");
                        less += 1;
                    }
                }
            }
        }
        assert_eq!(more > 0, self.reads_more, "reads {more} documents that do not conform");
        assert_eq!(less > 0, self.refuses_more, "refuses {less} documents that conform");
        let has_caveat = |dialect| {
            let lowered = Lowered::of::<T>(dialect).unwrap();
            lowered.notes().iter().any(|note| note.text().starts_with("only the type refuses"))
        };
        assert!(ALL.into_iter().all(|dialect| has_caveat(dialect) == self.refuses_more));
    }
}

fn judge<T: GeminiSchema>() -> Validator {
    let lowered = Lowered::of::<T>(Dialect::Draft202012).unwrap();
    let schema = serde_json::from_str(lowered.as_str()).unwrap();
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
}

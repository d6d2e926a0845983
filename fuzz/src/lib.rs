//! The types that hostile texts are read into, and what has to hold for every text.

mod document;
mod hostile;
mod types;

use std::fmt::Debug;

use gemini_schema::{Dialect, GeminiSchema, Lowered};
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use document::{Document, written};
pub use hostile::{KEY, pieces, planted, show};
pub use types::{Anything, Counted, Kind, Limited, Node, Odd, Plain, Tagged};

/// Every dialect.
pub const DIALECTS: [Dialect; 5] =
    [Dialect::Gemini, Dialect::Vertex, Dialect::GeminiJson, Dialect::OpenAi, Dialect::Draft202012];

/// Whatever is read from a text is written in a way that is read as the same value.
///
/// # Panics
///
/// If it is not.
pub fn read<T>(dialect: Dialect, text: &str) -> Option<T>
where
    T: GeminiSchema + Serialize + DeserializeOwned + PartialEq + Debug,
{
    let lowered = Lowered::of::<T>(dialect).expect("every dialect can say the types");
    let value: T = match lowered.decode(text) {
        Ok(value) => value,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return None;
        }
    };
    match lowered.encode(&value) {
        Ok(written) => {
            let again: T = lowered.decode(&written).expect("what was written is read");
            assert_eq!(value, again, "{dialect:?}: {written}");
        }
        Err(error) => panic!("{dialect:?}: {value:?}: {error}"),
    }
    Some(value)
}

/// The same for every type here, in every dialect.
pub fn read_all(text: &str) {
    for dialect in DIALECTS {
        read::<Plain>(dialect, text);
        read::<Limited>(dialect, text);
        read::<Odd>(dialect, text);
        read::<Vec<Kind>>(dialect, text);
        read::<Node>(dialect, text);
        read::<Counted>(dialect, text);
        read::<Anything>(dialect, text);
    }
}

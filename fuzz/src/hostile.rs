//! Bodies that hold the key, and what may be shown of them.

use std::error::Error as _;

use gemini_extract::Error;
use serde_json::{Value, json};

/// The key of the client; found by its text alone.
pub const KEY: &str = "AIzaPlantedCanary";

/// The body with the key in some of its places.
#[must_use]
pub fn planted(body: &[u8], places: &[u8]) -> Vec<u8> {
    let mut planted = body.to_vec();
    for place in places.iter().take(4) {
        let at = usize::from(*place).min(planted.len());
        planted.splice(at..at, KEY.bytes());
    }
    planted
}

/// The parts of an answer with this text, a thought between each two.
#[must_use]
pub fn pieces(text: &str, cuts: &[u8]) -> Vec<Value> {
    let mut rest = text;
    let mut parts = Vec::new();
    for cut in cuts {
        let (piece, others) = rest.split_at(rest.floor_char_boundary(usize::from(*cut)));
        parts.push(json!({"text": piece}));
        parts.push(json!({"text": "[", "thought": true}));
        rest = others;
    }
    parts.push(json!({"text": rest}));
    parts
}

/// Asks an error for everything, and looks for the key in it.
///
/// # Panics
///
/// If the key is there, or an error is not one line.
pub fn show(error: &Error) {
    let line = error.to_string();
    assert!(!line.is_empty() && !line.contains(char::is_control), "{line:?}");
    assert!(!error.help().is_empty());
    let told = format!(
        "{line} {error:?} {error:#?} {:?} {:?} {:?} {:?} {:?} {:?}",
        (error.service_status(), error.service_message(), error.service_reason()),
        (error.quota_violations(), error.field_violations(), error.retry_after()),
        (error.usage(), error.finish_reason(), error.block_reason(), error.safety_ratings()),
        (error.model_version(), error.response_id()),
        error.kind(),
        error.source().filter(|_| error.raw_text().is_none()),
    );
    assert!(!told.contains(KEY), "{told}");
    let values = error.partial::<u8>();
    assert!(values.len() <= error.raw_text().map_or(0, str::len));
}

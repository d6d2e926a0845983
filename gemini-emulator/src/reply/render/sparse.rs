//! Events that hold next to nothing.

use serde_json::{Value, json};

/// A thought signature; nobody reads it.
const SIGNATURE: &str = "c3BhcnNl";

/// Adds usage alone at the start, an empty list of parts after the first event, and an empty text
/// with a signature before the last one.
pub(super) fn add(chunks: &mut Vec<Value>) {
    let usage = chunks.first().and_then(|first| first.get("usageMetadata")).cloned();
    let last = chunks.len().saturating_sub(1);
    chunks.insert(last, with_parts(&json!([{"text": "", "thoughtSignature": SIGNATURE}])));
    chunks.insert(1, with_parts(&json!([])));
    chunks.insert(0, json!({"usageMetadata": usage}));
}

fn with_parts(parts: &Value) -> Value {
    json!({"candidates": [{"content": {"parts": parts, "role": "model"}, "index": 0}]})
}

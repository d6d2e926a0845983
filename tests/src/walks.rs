//! Documents by a constrained decoder that was written by others: `llguidance` says which byte may
//! come next, and chance takes one.

use std::sync::{Arc, LazyLock};

use llguidance::api::TopLevelGrammar;
use llguidance::toktrie::{ApproximateTokEnv, TokEnv};
use llguidance::{Matcher, ParserFactory};
use serde_json::{Value, json};

use crate::seed::Seed;

/// After so many bytes, a walk takes whatever closes something.
const LONG: usize = 200;
/// A walk that has not come to an end by now is given up.
const LONGEST: usize = 2_000;
/// Bytes that lead to an end.
const CLOSING: &[u8] = b"\"]},";

static FACTORY: LazyLock<Result<ParserFactory, String>> = LazyLock::new(|| {
    let bytes: TokEnv = Arc::new(ApproximateTokEnv::single_byte());
    let mut factory = ParserFactory::new_simple(&bytes).map_err(|error| error.to_string())?;
    factory.quiet();
    Ok(factory)
});

/// Documents that the decoder can write under a JSON Schema.
///
/// # Errors
///
/// Why the decoder does not take the schema.
pub fn walks(schema: &str, seed: &str, count: usize) -> Result<Vec<String>, String> {
    let factory = FACTORY.as_ref().map_err(Clone::clone)?;
    let mut schema: Value = serde_json::from_str(schema).map_err(|error| error.to_string())?;
    narrow(&mut schema);
    if let Some(schema) = schema.as_object_mut() {
        let compact = json!({"whitespace_flexible": false});
        schema.insert("x-guidance".to_owned(), compact);
    }
    let grammar = TopLevelGrammar::from_json_schema(schema);
    let mut start = Matcher::new(factory.create_parser(grammar));
    start.compute_mask_or_eos().map_err(|error| error.to_string())?;
    let mut seed = Seed::of(seed);
    let walks = (0..count).filter_map(|_| walk(start.deep_clone(), &mut seed).transpose());
    walks.collect()
}

/// Replaces bounds for which the decoder has no rules, the least integer and floats beyond 64 bits of
/// integers, by nearer ones: what it writes then is written under the schema all the same.
fn narrow(schema: &mut Value) {
    const FAR: f64 = 1e18;
    match schema {
        Value::Object(members) => {
            for (keyword, value) in members {
                let number = value.as_f64().filter(|_| is_bound(keyword));
                match number {
                    Some(number) if value.is_f64() && number.abs() > FAR => {
                        *value = json!(FAR.copysign(number));
                    }
                    Some(_) if value.as_i64() == Some(i64::MIN) => *value = json!(i64::MIN / 2),
                    _ => narrow(value),
                }
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(narrow),
        _ => {}
    }
}

fn is_bound(keyword: &str) -> bool {
    matches!(keyword, "minimum" | "maximum")
}

/// One document; nothing if it becomes too long.
fn walk(mut matcher: Matcher, seed: &mut Seed) -> Result<Option<String>, String> {
    let mut bytes = Vec::new();
    while bytes.len() < LONGEST && !matcher.is_stopped() {
        let mask = matcher.compute_mask_or_eos().map_err(|error| error.to_string())?;
        let can_end = matcher.is_accepting().map_err(|error| error.to_string())?;
        let allowed: Vec<u8> =
            (0..=u8::MAX).filter(|byte| mask.is_allowed(u32::from(*byte))).collect();
        if can_end && (allowed.is_empty() || bytes.len() > LONG || seed.below(2) == 0) {
            return String::from_utf8(bytes).map(Some).map_err(|error| error.to_string());
        }
        let Some(byte) = choose(&allowed, bytes.len() > LONG, seed) else {
            return Err(format!("nothing may follow {}", String::from_utf8_lossy(&bytes)));
        };
        matcher.consume_token(u32::from(byte)).map_err(|error| error.to_string())?;
        bytes.push(byte);
    }
    let text = String::from_utf8(bytes).map_err(|error| error.to_string())?;
    Ok(matcher.is_stopped().then_some(text))
}

fn choose(allowed: &[u8], is_long: bool, seed: &mut Seed) -> Option<u8> {
    let closing: Vec<u8> = allowed.iter().copied().filter(|byte| CLOSING.contains(byte)).collect();
    let ascii: Vec<u8> = allowed.iter().copied().filter(u8::is_ascii).collect();
    let some = match seed.below(6) {
        _ if is_long && !closing.is_empty() => &closing,
        0 | 1 if !closing.is_empty() => &closing,
        2..=4 if !ascii.is_empty() => &ascii,
        _ => allowed,
    };
    some.get(seed.below(some.len())).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walks_keep_to_the_schema_and_differ() {
        let schema = r#"{"type":"object","properties":{"a":{"type":"array","items":
            {"enum":["x","é"]}},"b":{"type":"integer","minimum":-5,"maximum":300}},
            "required":["a","b"],"additionalProperties":false}"#;
        let found = walks(schema, "seed", 40).expect("a schema");
        let judge = jsonschema::validator_for(&serde_json::from_str(schema).expect("JSON"));
        let judge = judge.expect("a schema");
        for text in &found {
            let value = serde_json::from_str(text).expect("JSON");
            assert!(judge.is_valid(&value), "{text}");
        }
        let different: std::collections::HashSet<_> = found.iter().collect();
        assert!(different.len() > 20, "{found:?}");
    }

    #[test]
    fn what_the_decoder_does_not_know_is_an_error() {
        let error = walks(r#"{"type":"string","contentEncoding":"x","not":{}}"#, "seed", 1);
        assert!(error.is_err(), "{error:?}");
    }
}

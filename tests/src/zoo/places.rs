//! Places in a schema, and the places in a document that they stand for.

use crate::json::Json;

/// Whether the schema at one JSON Pointer judges the value at another, which has been turned back
/// from the shape that was sent.
pub(super) fn judges(schema: &str, document: &str) -> bool {
    let words: Vec<&str> = schema.split('/').skip(1).collect();
    let found: Vec<&str> = document.split('/').skip(1).collect();
    match words.split_first() {
        // A value that was wrapped to be an object.
        Some((&"properties", ["value", rest @ ..])) if leads(rest, &found) => true,
        _ => leads(&words, &found),
    }
}

fn leads(words: &[&str], found: &[&str]) -> bool {
    let step = |rest: &[&str], is_this: &dyn Fn(&str) -> bool| {
        found.split_first().is_some_and(|(first, found)| is_this(first) && leads(rest, found))
    };
    match words {
        [] => found.is_empty(),
        ["items", "properties", "key" | "value", rest @ ..] if step(rest, &|_| true) => true,
        ["properties", name, rest @ ..] => {
            let place = name.strip_prefix('_');
            step(rest, &|found| found == *name || place == Some(found))
        }
        ["prefixItems", index, rest @ ..] => step(rest, &|found| found == *index),
        ["items" | "additionalProperties" | "propertyNames", rest @ ..] => step(rest, &|_| true),
        ["anyOf", _, rest @ ..] => leads(rest, found),
        ["$defs" | "defs", _, rest @ ..] => {
            (0..=found.len()).any(|start| leads(rest, &found[start..]))
        }
        _ => false,
    }
}

/// Whether some list of entries has a key twice, which no schema can forbid.
pub(super) fn repeats_a_key(document: &Json) -> bool {
    let elements = document.elements().unwrap_or_default();
    let mut keys: Vec<String> =
        elements.iter().filter_map(|entry| key(entry.get("key")?)).collect();
    let count = keys.len();
    keys.sort_unstable();
    keys.dedup();
    keys.len() < count
        || elements.iter().any(repeats_a_key)
        || document.members().iter().any(|(_, value)| repeats_a_key(value))
}

/// A key, whatever its spelling; roughly that number.
fn key(json: &Json) -> Option<String> {
    match json {
        Json::Number(text) => Some((text.parse::<f64>().ok()? + 0.0).to_string()),
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::{judges, repeats_a_key};
    use crate::json::Json;

    #[test]
    fn a_place_is_found_through_every_keyword() {
        assert!(judges("", ""));
        assert!(judges("/properties/items/items/anyOf/1/properties/a~1b", "/items/7/a~1b"));
        assert!(judges("/prefixItems/1/additionalProperties", "/1/any"));
        assert!(judges("/$defs/Tree/properties/name", "/children/0/name"));
        assert!(judges("/defs/Tree/properties/name", "/children/0/name"));
    }

    #[test]
    fn a_place_is_found_behind_another_shape() {
        assert!(judges("/properties/value", ""));
        assert!(judges("/properties/value/items", "/3"));
        assert!(judges("/properties/stock/items/properties/value/properties/a", "/stock/any/a"));
        assert!(judges("/items/properties/_1", "/7/1"));
    }

    #[test]
    fn another_place_is_another() {
        assert!(!judges("/properties/a", "/b"));
        assert!(!judges("/properties/a", "/a/b"));
        assert!(!judges("/properties/a", ""));
        assert!(!judges("/items/properties/a", "/0/b"));
        assert!(!judges("/items/properties/_1", "/0/0"));
        assert!(!judges("/$defs/Tree/properties/name", "/children/0/size"));
    }

    #[test]
    fn a_repeated_key_is_seen_at_every_depth() {
        let repeats = |text: &str| repeats_a_key(&Json::parse(text).unwrap());
        assert!(repeats(r#"[{"a":[{"key":1},{"key":2},{"key":1}]}]"#));
        assert!(repeats(r#"[{"key":0},{"key":-0.0e1}]"#));
        assert!(!repeats(r#"[{"key":1},{"key":"1"},[{"key":1}]]"#));
    }
}

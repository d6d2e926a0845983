//! What can still be had from an answer that was cut off.

use std::iter;

use gemini_schema::{Dialect, GeminiSchema, Lowered};
use serde::de::DeserializeOwned;

/// The values at the beginning of a list, up to the first one that is cut off or doesn't fit.
pub(super) fn values<T>(text: &str, dialect: Dialect) -> Vec<T>
where
    T: GeminiSchema + DeserializeOwned,
{
    let Ok(lowered) = Lowered::of::<T>(dialect) else { return Vec::new() };
    elements(text).map_while(|element| lowered.decode(element).ok()).collect()
}

/// The texts of the whole elements of a list, whether it ends or not. A fence before it is passed
/// over.
fn elements(text: &str) -> impl Iterator<Item = &str> {
    let is_before =
        |c: char| c.is_whitespace() || c.is_alphanumeric() || c == '`' || c == '\u{feff}';
    let mut rest = text.trim_start_matches(is_before).strip_prefix('[').unwrap_or_default();
    iter::from_fn(move || {
        let length = element(rest)?;
        let (element, after) = rest.split_at(length);
        rest = after.strip_prefix(',').unwrap_or_default();
        Some(element.trim()).filter(|element| !element.is_empty())
    })
}

/// The length of the first element, which a comma or the end of the list must follow.
fn element(text: &str) -> Option<usize> {
    let (mut depth, mut is_string, mut is_escaped) = (0_usize, false, false);
    for (index, byte) in text.bytes().enumerate() {
        if is_string {
            is_string = is_escaped || byte != b'"';
            is_escaped = !is_escaped && byte == b'\\';
            continue;
        }
        match byte {
            b'"' => is_string = true,
            b'{' | b'[' => depth = depth.saturating_add(1),
            b',' | b']' if depth == 0 => return Some(index),
            b'}' | b']' => depth = depth.checked_sub(1)?,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Dialect, elements, values};

    #[test]
    fn whole_elements_are_found() {
        let found = |text| elements(text).collect::<Vec<_>>();
        assert_eq!(found("[1, 23, 4"), ["1", "23"]);
        assert_eq!(found("[1, 23]"), ["1", "23"]);
        assert_eq!(found("```json\n[ \"a,]\\\"\" , [1,2],{\"b\":[3"), ["\"a,]\\\"\"", "[1,2]"]);
        assert_eq!(found("[{\"a\":\"\u{e9}\"},{\"a\":\"\u{e9}"), ["{\"a\":\"\u{e9}\"}"]);
        for nothing in ["", "[", "[]", "[1", "{\"a\":[1,2", "nothing", "1,2", "[}", "[,1]"] {
            assert_eq!(found(nothing), [""; 0], "{nothing}");
        }
    }

    #[test]
    fn values_end_at_the_first_that_does_not_fit() {
        assert_eq!(values::<u8>("[1,2,300,4", Dialect::Gemini), [1, 2]);
        assert_eq!(values::<String>("[\"a\",\"b", Dialect::GeminiJson), ["a"]);
        let entries = r#"[[{"key":"a","value":1}],[{"key":"b","value"#;
        let maps = values::<BTreeMap<String, u8>>(entries, Dialect::Gemini);
        assert_eq!(maps, [BTreeMap::from([("a".to_owned(), 1)])], "in the shape that was sent");
    }
}

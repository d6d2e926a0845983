//! What can still be had from an answer that was cut off.

use std::iter;

use gemini_schema::{Dialect, GeminiSchema, Lowered};
use serde::de::DeserializeOwned;

use crate::stream::ElementReader;

/// The values at the beginning of a list, up to the first one that is cut off or doesn't fit.
pub(super) fn values<T>(text: &str, dialect: Dialect) -> Vec<T>
where
    T: GeminiSchema + DeserializeOwned,
{
    let lowered = Lowered::of::<Vec<T>>(dialect);
    let reader = lowered.ok().and_then(|lowered| ElementReader::new(lowered, text.len()));
    let Some(mut reader) = reader else { return Vec::new() };
    reader.push(text);
    iter::from_fn(|| reader.next_element()).map_while(Result::ok).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::Value;

    use super::{Dialect, values};

    #[test]
    fn whole_elements_are_found() {
        let found = |text| {
            let values = values::<Value>(text, Dialect::GeminiJson);
            values.iter().map(Value::to_string).collect::<Vec<_>>()
        };
        assert_eq!(found("[1, 23, 4"), ["1", "23"]);
        assert_eq!(found("[1, 23]"), ["1", "23"]);
        assert_eq!(found("[\"a\""), ["\"a\""]);
        assert_eq!(found("```json\n[ \"a,]\\\"\" , [1,2],{\"b\":[3"), ["\"a,]\\\"\"", "[1,2]"]);
        assert_eq!(found("So:\n[{\"a\":\"\u{e9}\"},{\"a\":\"\u{e9}"), ["{\"a\":\"\u{e9}\"}"]);
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

//! The answer to a pack, taken apart without changing a letter of its values.

use std::collections::BTreeMap;

use serde::de::IgnoredAny;

use super::{ID, VALUE};
use crate::response::json;

/// The values that an answer has for the records of a pack.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::batch) struct Elements {
    /// The JSON of each record's value, in their order; `None` where there isn't exactly one.
    pub(in crate::batch) values: Vec<Option<String>>,
    /// Records without a value.
    pub(in crate::batch) missing: u64,
    /// Records with more than one.
    pub(in crate::batch) doubled: u64,
    /// Elements that belong to no record.
    pub(in crate::batch) invented: u64,
    pub(in crate::batch) end: End,
}

/// How a list ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::batch) enum End {
    /// With its last element.
    Whole,
    /// At the limit of tokens: what is missing was never reached.
    Cut,
}

impl Elements {
    /// Reads the answer to the records with these ids; `None` where it isn't a list in JSON.
    pub(super) fn read(text: &str, ids: &[u32]) -> Option<Self> {
        let text = json(text)?;
        Some(Self::of(&parts(inside(&text, '[', ']')?), ids, End::Whole))
    }

    /// Reads as much as there is of an answer that was cut off; `None` where no element is whole.
    pub(super) fn read_cut(text: &str, ids: &[u32]) -> Option<Self> {
        let (_, list) = text.split_once('[')?;
        let is_whole = |part: &&str| serde_json::from_str::<IgnoredAny>(part).is_ok();
        let whole: Vec<&str> = parts(list).into_iter().take_while(is_whole).collect();
        (!whole.is_empty()).then(|| Self::of(&whole, ids, End::Cut))
    }

    fn of(parts: &[&str], ids: &[u32], end: End) -> Self {
        let mut found: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
        let mut invented = 0;
        for element in parts {
            let id = member(element, ID).and_then(number);
            match id.filter(|id| ids.contains(id)) {
                Some(id) => found.entry(id).or_default().extend(member(element, VALUE)),
                None => invented += 1,
            }
        }
        let (mut missing, mut doubled) = (0, 0);
        let mut value = |id| match found.get(id).map(Vec::as_slice) {
            Some([value]) => Some((*value).to_owned()),
            Some([_, _, ..]) => {
                doubled += 1;
                None
            }
            Some([]) | None => {
                missing += 1;
                None
            }
        };
        let values = ids.iter().map(&mut value).collect();
        Self { values, missing, doubled, invented, end }
    }
}

/// An id, also one in quotes.
fn number(json: &str) -> Option<u32> {
    let quoted = || serde_json::from_str::<String>(json).ok()?.trim().parse().ok();
    json.parse().ok().or_else(quoted)
}

/// The text of an object's member.
fn member<'a>(object: &'a str, name: &str) -> Option<&'a str> {
    parts(inside(object, '{', '}')?).into_iter().find_map(|member| {
        let (key, value) = member.split_at(end_of_string(member)?);
        let is_it = serde_json::from_str::<String>(key).is_ok_and(|key| key == name);
        is_it.then(|| value.trim_start().strip_prefix(':').map(str::trim))?
    })
}

/// What stands between the brackets of a document.
fn inside(json: &str, open: char, close: char) -> Option<&str> {
    json.trim().strip_prefix(open)?.strip_suffix(close)
}

/// The parts between the commas of a list or an object, which is valid JSON.
fn parts(inside: &str) -> Vec<&str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0_usize);
    let (mut is_string, mut is_escaped) = (false, false);
    for (index, byte) in inside.bytes().enumerate() {
        match byte {
            _ if is_string => {
                is_string = is_escaped || byte != b'"';
                is_escaped = !is_escaped && byte == b'\\';
            }
            b'"' => is_string = true,
            b'{' | b'[' => depth = depth.saturating_add(1),
            b'}' | b']' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => {
                parts.extend(inside.get(start..index));
                start = index.saturating_add(1);
            }
            _ => {}
        }
    }
    parts.extend(inside.get(start..).filter(|last| !last.trim().is_empty()));
    parts.into_iter().map(str::trim).collect()
}

/// Where the string ends that a text begins with.
fn end_of_string(text: &str) -> Option<usize> {
    let mut is_escaped = false;
    let mut bytes = text.bytes().enumerate();
    bytes.next().filter(|(_, first)| *first == b'"')?;
    for (index, byte) in bytes {
        if byte == b'"' && !is_escaped {
            return Some(index.saturating_add(1));
        }
        is_escaped = !is_escaped && byte == b'\\';
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::{Elements, End};

    fn values(text: &str, ids: &[u32]) -> Vec<Option<String>> {
        Elements::read(text, ids).expect("it is a list").values
    }

    #[test]
    fn values_keep_every_letter() {
        let text = r#"[ {"value": {"a\"},": [1.10, 12345678901234567890123]} , "id": 2},
            {"\u0069d":"1","value":"]},{\\"}]"#;
        let found = values(text, &[1, 2]);
        assert_eq!(found[0].as_deref(), Some(r#""]},{\\""#));
        assert_eq!(found[1].as_deref(), Some(r#"{"a\"},": [1.10, 12345678901234567890123]}"#));
    }

    #[test]
    fn ids_are_counted() {
        let text = r#"[{"id":1,"value":1},{"id":1,"value":1},{"id":2},{"id":0,"value":1},
            {"id":5,"value":1},7,{"value":1},{"id":4,"value":null}]"#;
        let elements = Elements::read(text, &[1, 2, 3, 4]).expect("it is a list");
        assert_eq!(elements.values, [None, None, None, Some("null".to_owned())]);
        assert_eq!((elements.missing, elements.doubled, elements.invented), (2, 1, 4));
        assert_eq!(values("[]", &[1]), [None]);
        let fenced = "```json\n[{\"id\":1,\"value\":2}]\n```";
        assert_eq!(values(fenced, &[1]), [Some("2".to_owned())]);
    }

    #[test]
    fn what_is_no_list_is_none() {
        for text in ["", "{}", "7", "[{\"id\":1,\"value\":1}", "[1,]x"] {
            assert_eq!(Elements::read(text, &[1]), None, "{text}");
        }
    }

    #[test]
    fn what_stands_before_a_cut_is_read() {
        let whole = r#"[{"id":1,"value":"a]"},{"id":2,"value":"b"},{"id":3,"value":"c"}"#;
        let second = whole.find("},{").expect("the first one ends") + 1;
        for end in 0..=whole.len() {
            let cut = Elements::read_cut(&whole[..end], &[1, 2, 3]);
            let Some(cut) = cut else {
                assert!(end < second, "{end}");
                continue;
            };
            assert_eq!(cut.end, End::Cut);
            assert_eq!(cut.values[0].as_deref(), Some(r#""a]""#));
            assert_eq!(cut.values[2].is_some(), end == whole.len());
        }
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<i32>().prop_map(|n| Value::from(f64::from(n) / 16.0)),
            "[a-z\\\\\"{}\\[\\]:, é]{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 12, 4, |inner| {
            let members = prop::collection::btree_map("id|value|[\"},]{0,3}", inner.clone(), 0..3);
            prop_oneof![
                prop::collection::vec(inner, 0..3).prop_map(Value::from),
                members.prop_map(|members| members.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn each_value_finds_its_record(
            records in prop::collection::btree_map(100..1000_u32, any_value(), 1..8)
        ) {
            let ids: Vec<u32> = records.keys().copied().collect();
            let list = records.iter().rev().map(|(id, value)| json!({"value": value, "id": id}));
            let text = format!(" {:#}\n", Value::from(list.collect::<Vec<_>>()));
            let elements = Elements::read(&text, &ids).expect("it is a list");
            for (found, value) in elements.values.iter().zip(records.values()) {
                let found = found.as_deref().map(serde_json::from_str::<Value>);
                prop_assert_eq!(found.expect("it is there").expect("it is JSON"), value.clone());
            }
            prop_assert_eq!((elements.missing, elements.doubled, elements.invented), (0, 0, 0));
        }

        #[test]
        fn nothing_panics(text in "[\\[\\]{}:,\"\\\\ 1id]{0,24}|\\PC{0,24}") {
            for elements in [Elements::read(&text, &[1, 11]), Elements::read_cut(&text, &[1, 11])] {
                prop_assert!(elements.is_none_or(|elements| elements.values.len() == 2));
            }
        }
    }
}

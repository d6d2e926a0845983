//! Rows of a batch as they are sent.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::batch::entry::hex;
use crate::request::Template;

const DIGITS: usize = 32;
/// More than what a row has beside its request.
pub(super) const FRAME: usize = 80;

/// What a row is known by: a hash of what it asks, the same at every start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct RowKey(#[serde(with = "hex")] pub(super) u128);

/// A row.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) key: RowKey,
    /// The prompt in JSON.
    pub(super) prompt: String,
}

impl RowKey {
    pub(super) fn read(text: &str) -> Option<Self> {
        let is_key = text.len() == DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        u128::from_str_radix(text, 16).ok().filter(|_| is_key).map(Self)
    }
}

impl fmt::Display for RowKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// The rows as the lines of a file.
pub(super) fn lines(rows: &[Row], template: &Template) -> Vec<u8> {
    let mut lines = Vec::new();
    for Row { key, prompt } in rows {
        lines.extend_from_slice(format!(r#"{{"key":"{key}","request":"#).as_bytes());
        template.write(prompt, &mut lines);
        lines.extend_from_slice(b"}\n");
    }
    lines
}

/// The rows as they stand in the request itself.
pub(super) fn inline(rows: &[Row], template: &Template) -> Vec<u8> {
    let mut list = br#"{"requests":{"requests":["#.to_vec();
    for (index, Row { key, prompt }) in rows.iter().enumerate() {
        if index > 0 {
            list.push(b',');
        }
        list.extend_from_slice(br#"{"request":"#);
        template.write(prompt, &mut list);
        list.extend_from_slice(format!(r#","metadata":{{"key":"{key}"}}}}"#).as_bytes());
    }
    list.extend_from_slice(b"]}}");
    list
}

/// A file as the input of a batch.
pub(super) fn file(name: &str) -> Vec<u8> {
    serde_json::json!({ "fileName": name }).to_string().into_bytes()
}

/// What makes a batch of an input.
pub(super) fn order(display_name: &str, input: &[u8]) -> Vec<u8> {
    let name = serde_json::Value::from(display_name);
    let head = format!(r#"{{"batch":{{"displayName":{name},"inputConfig":"#);
    [head.as_bytes(), input, b"}}"].concat()
}

#[cfg(test)]
mod tests {
    use super::RowKey;

    #[test]
    fn keys_are_read_as_they_are_written() {
        for key in [RowKey(0), RowKey(0x2a), RowKey(u128::MAX)] {
            assert_eq!(RowKey::read(&key.to_string()), Some(key));
        }
        for text in ["", "2a", "+0000000000000000000000000000002a", "é"] {
            assert_eq!(RowKey::read(text), None, "{text}");
        }
        let thirty_three = "0".repeat(33);
        assert_eq!(RowKey::read(&thirty_three), None);
        assert_eq!(RowKey::read("+000000000000000000000000000002a"), None);
    }
}

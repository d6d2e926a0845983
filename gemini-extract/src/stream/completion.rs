//! The begin of a JSON text, completed to a whole one.

use memchr::memchr2;

/// Knows at every moment how far a text can be taken and what has to be put behind it.
///
/// Strings are taken as far as they have come, without a half escape; numbers, names and keys
/// only as a whole: `12` could become `123`.
#[derive(Debug, Default)]
pub(super) struct Completion {
    /// The brackets that are open, as their opposites.
    closers: Vec<u8>,
    place: Place,
    /// How many bytes have come.
    length: usize,
    /// How many of them can be taken.
    cut: usize,
    /// Whether what can be taken ends with half of a surrogate pair, and is to be cut before it.
    is_half: bool,
    /// Where a list last began, or something in brackets last ended, and how many brackets were
    /// open there; they still are, as nothing has ended since.
    settled: (usize, usize),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    /// Before a value.
    #[default]
    Value,
    /// Before a key or the end of an object.
    Key,
    KeyText,
    KeyEscape,
    /// Between a key and its value.
    Colon,
    Text,
    Escape,
    /// In an escape of so many hexadecimal digits, with what they say so far.
    Unicode(u8, u16),
    /// In a number or a name.
    Scalar,
    /// Behind a value.
    After,
}

impl Completion {
    pub(super) fn push(&mut self, piece: &[u8]) {
        let begin = self.length;
        let mut at = 0;
        while let Some(rest) = piece.get(at..).filter(|rest| !rest.is_empty()) {
            let is_text = matches!(self.place, Place::Text | Place::KeyText);
            let plain = if is_text { memchr2(b'"', b'\\', rest).unwrap_or(rest.len()) } else { 0 };
            if plain > 0 {
                at += plain;
                self.take(begin + at);
                continue;
            }
            if let Some(byte) = rest.first() {
                self.step(*byte, begin + at);
            }
            at += 1;
        }
        self.length = begin + piece.len();
    }

    /// Whether what came last stands in a string.
    pub(super) fn is_in_text(&self) -> bool {
        self.is_in_value_text() || matches!(self.place, Place::KeyText | Place::KeyEscape)
    }

    /// The text as far as it can be taken, with all that is open closed; `None` if nothing can be
    /// taken yet.
    pub(super) fn complete(&self, text: &str) -> Option<String> {
        let taken = text.get(..self.cut).filter(|taken| !taken.is_empty())?;
        let mut whole = String::with_capacity(taken.len() + self.closers.len() + 1);
        whole.push_str(taken);
        if self.is_in_value_text() {
            whole.push('"');
        }
        whole.extend(self.closers.iter().rev().map(|closer| char::from(*closer)));
        Some(whole)
    }

    /// The same without an object that is open, if there is one in a list.
    pub(super) fn complete_settled(&self, text: &str) -> Option<String> {
        let (cut, open) = self.settled;
        let taken = text.get(..cut).filter(|taken| !taken.is_empty())?;
        let closers = self.closers.get(..open)?.iter().rev().map(|closer| char::from(*closer));
        Some(taken.chars().chain(closers).collect())
    }

    /// A byte at this position, outside the plain run of a string.
    fn step(&mut self, byte: u8, at: usize) {
        match (self.place, byte) {
            (Place::Text, b'"') => self.end_value(at + 1),
            (Place::Text, _) => self.place = Place::Escape,
            (Place::Escape, b'u') => self.place = Place::Unicode(0, 0),
            (Place::Escape, _) => self.end_escape(0, at + 1),
            (Place::Unicode(digits, code), _) => {
                let digit =
                    char::from(byte).to_digit(16).and_then(|digit| u16::try_from(digit).ok());
                let code = (code << 4) | digit.unwrap_or_default();
                match digits {
                    3 => self.end_escape(code, at + 1),
                    _ => self.place = Place::Unicode(digits + 1, code),
                }
            }
            (Place::KeyText, b'"') => self.place = Place::Colon,
            (Place::KeyText, _) => self.place = Place::KeyEscape,
            (Place::KeyEscape, _) => self.place = Place::KeyText,
            (Place::Scalar, b',' | b']' | b'}' | b' ' | b'\t' | b'\n' | b'\r') => {
                self.end_value(at);
                self.between(byte, at);
            }
            (Place::Scalar, _) => {}
            _ => self.between(byte, at),
        }
    }

    /// A byte outside strings, numbers and names.
    fn between(&mut self, byte: u8, at: usize) {
        match (self.place, byte) {
            (_, b' ' | b'\t' | b'\n' | b'\r') => {}
            (Place::Value, b'{') => self.open(b'}', Place::Key, at),
            (Place::Value, b'[') => {
                self.open(b']', Place::Value, at);
                self.settled = (at + 1, self.closers.len());
            }
            (Place::Value, b'"') => {
                self.place = Place::Text;
                self.take(at + 1);
            }
            (Place::Key, b'"') => self.place = Place::KeyText,
            (Place::Colon, b':') => self.place = Place::Value,
            (Place::After, b',') => {
                let is_object = self.closers.last() == Some(&b'}');
                self.place = if is_object { Place::Key } else { Place::Value };
            }
            (_, b'}' | b']') => {
                self.closers.pop();
                self.end_value(at + 1);
                self.settled = (at + 1, self.closers.len());
            }
            (Place::Value, _) => self.place = Place::Scalar,
            _ => {}
        }
    }

    fn open(&mut self, closer: u8, place: Place, at: usize) {
        self.closers.push(closer);
        self.place = place;
        self.take(at + 1);
    }

    fn end_value(&mut self, end: usize) {
        self.place = Place::After;
        self.is_half = false;
        self.take(end);
    }

    fn end_escape(&mut self, code: u16, end: usize) {
        self.place = Place::Text;
        self.is_half = (0xd800..0xdc00).contains(&code);
        self.take(end);
    }

    fn take(&mut self, end: usize) {
        if !self.is_half && !matches!(self.place, Place::KeyText) {
            self.cut = end;
        }
    }

    fn is_in_value_text(&self) -> bool {
        matches!(self.place, Place::Text | Place::Escape | Place::Unicode(..))
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use proptest::prelude::*;
    use serde_json::Value;

    use super::Completion;

    /// What is shown of each beginning of a text, without repetitions.
    fn growth(text: &str) -> Vec<String> {
        let mut completion = Completion::default();
        let mut shown = Vec::new();
        for (at, character) in text.char_indices() {
            completion.push(character.to_string().as_bytes());
            let end = at + character.len_utf8();
            if let Some(whole) = completion.complete(&text[..end])
                && shown.last() != Some(&whole)
            {
                let value = serde_json::from_str::<Value>(&whole);
                assert!(value.is_ok(), "{:?} became {whole:?}", &text[..end]);
                shown.push(whole);
            }
        }
        shown
    }

    #[test]
    fn values_grow_and_never_change_their_meaning() {
        assert_eq!(
            growth(r#"{"a": 12, "bc": [true, "x"]}"#),
            [
                "{}",
                r#"{"a": 12}"#,
                r#"{"a": 12, "bc": []}"#,
                r#"{"a": 12, "bc": [true]}"#,
                r#"{"a": 12, "bc": [true, ""]}"#,
                r#"{"a": 12, "bc": [true, "x"]}"#,
            ],
        );
        assert_eq!(growth(r#"["#), ["[]"]);
        assert_eq!(growth("12"), [""; 0], "more digits can follow");
        assert_eq!(growth(r#"{"a\"":[{}]}"#).last().map(String::as_str), Some(r#"{"a\"":[{}]}"#));
    }

    fn documents() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            "\\PC{0,6}|[\"\\\\\n\u{1}]{0,4}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            let members = proptest::collection::btree_map("[a-c\"\\\\]{0,3}", inner.clone(), 0..4);
            prop_oneof![
                proptest::collection::vec(inner, 0..4).prop_map(Value::from),
                members.prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    /// Whether one value is a beginning of another.
    fn is_beginning(part: &Value, whole: &Value) -> bool {
        match (part, whole) {
            (Value::String(part), Value::String(whole)) => whole.starts_with(part.as_str()),
            (Value::Array(part), Value::Array(whole)) => {
                let (Some((last, before)), true) = (part.split_last(), part.len() <= whole.len())
                else {
                    return part.is_empty();
                };
                before == &whole[..before.len()] && is_beginning(last, &whole[before.len()])
            }
            (Value::Object(part), Value::Object(whole)) => part.iter().all(|(name, value)| {
                whole.get(name).is_some_and(|whole| is_beginning(value, whole))
            }),
            _ => part == whole,
        }
    }

    proptest! {
        #[test]
        fn every_beginning_of_a_document_is_a_beginning_of_its_value(
            document in documents(),
            is_pretty in any::<bool>(),
            is_ascii in any::<bool>(),
        ) {
            let text = if is_pretty { format!("{document:#}") } else { document.to_string() };
            let escaped = |c: char| {
                let units = c.encode_utf16(&mut [0; 2]).to_vec();
                units.iter().map(|unit| format!("\\u{unit:04x}")).collect::<String>()
            };
            let text = if is_ascii {
                text.chars().map(|c| if c.is_ascii() { c.to_string() } else { escaped(c) }).collect()
            } else {
                text
            };
            let mut last = None;
            for shown in growth(&text) {
                let value: Value = serde_json::from_str(&shown).expect("JSON");
                prop_assert!(is_beginning(&value, &document), "{shown} of {text}");
                last = Some(value);
            }
            if !matches!(document, Value::Number(_) | Value::Bool(_) | Value::Null) {
                prop_assert_eq!(last, Some(document));
            }
        }
    }

    #[test]
    fn an_open_object_can_be_left_out() {
        let settled = |text: &str| {
            let mut completion = Completion::default();
            completion.push(text.as_bytes());
            completion.complete_settled(text)
        };
        let text = r#"{"a":[{"key":"b","value":1},{"key":"c","#;
        assert_eq!(settled(text).as_deref(), Some(r#"{"a":[{"key":"b","value":1}]}"#));
        assert_eq!(settled(r#"{"a":[{"key"#).as_deref(), Some(r#"{"a":[]}"#));
        assert_eq!(settled(r#"{"a":1"#), None);
    }

    #[test]
    fn depth_costs_nothing_twice() {
        let text = "[".repeat(1_000_000);
        let (mut completion, begin) = (Completion::default(), Instant::now());
        for piece in text.as_bytes().chunks(100) {
            completion.push(piece);
        }
        assert!(completion.complete_settled(&text).is_some_and(|whole| whole.len() == 2_000_000));
        // With the square of the depth it would be a minute.
        assert!(begin.elapsed() < Duration::from_secs(5));
    }

    #[test]
    fn escapes_are_taken_as_a_whole() {
        assert_eq!(growth(r#""a\n""#), [r#""""#, r#""a""#, r#""a\n""#]);
        assert_eq!(growth(r#""\u00e9\\""#), [r#""""#, r#""\u00e9""#, r#""\u00e9\\""#]);
        assert_eq!(
            growth(r#""\ud83d\ude00!""#),
            [r#""""#, r#""\ud83d\ude00""#, r#""\ud83d\ude00!""#]
        );
        assert_eq!(growth("\"é😀\""), ["\"\"", "\"é\"", "\"é😀\""]);
    }
}

//! Numbers and texts at their bounds.

use super::choices::{Choices, Site};
use super::pattern;
use crate::json::quoted;
use crate::model::Text;
use crate::whole::Whole;

/// Values for a node that says nothing.
pub(super) const ANYTHING: [&str; 12] = [
    "null",
    "true",
    "0",
    "-1.5e-3",
    "18446744073709551615",
    "-9223372036854775808",
    "\"\"",
    "\"text \\ud834\\udd1e\"",
    "[]",
    "[1,\"a\",[null],{}]",
    "{}",
    "{\"\":1,\"b\":{\"c\":[{}]}}",
];

/// Names that a map has to bear.
pub(super) const NAMES: [&str; 10] =
    ["a", "", " ", "two words", "é", "\u{1d11e}", "\"\\/\n\u{0}", "$ref", "0", "type"];

/// Characters of one kind: as they stand in JSON, one by one.
const ALPHABETS: [&[&str]; 6] = [
    &["a", "b", "c", "d", "e", "f", "g"],
    &["é", "ß", "漢", "Ω"],
    &["\u{1d11e}", "\u{1f600}"],
    &["\\ud834\\udd1e", "\\u00e9", "\\u0000"],
    &["\\\"", "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t"],
    &["e\u{301}", " ", "\u{2028}"],
];

const DATES: [&str; 4] = ["2026-11-20", "2024-02-29", "0001-01-01", "9999-12-31"];
const TIMES: [&str; 6] = [
    "08:30:00Z",
    "00:00:00+00:00",
    "23:59:59.999999999-23:59",
    "12:00:00.5z",
    "23:59:60Z",
    "01:02:03+14:00",
];

/// Whole numbers, and another way of writing each.
const SPELLINGS: [(&str, &str); 11] = [
    ("7", "7.0"),
    ("0", "-0"),
    ("0", "0.0e5"),
    ("0", "-0.00E-7"),
    ("10", "1E+1"),
    ("-3", "-3.000"),
    ("1", "1000e-3"),
    ("123", "1.23e2"),
    ("9007199254740992", "9007199254740992.0"),
    ("1000000000000000000", "1e18"),
    ("100000000000000000000", "1E20"),
];

/// Whole numbers between two bounds: the bounds, their neighbours, and well-known edges.
pub(super) fn integers(
    minimum: Option<Whole>,
    maximum: Option<Whole>,
    has_spellings: bool,
) -> Vec<String> {
    let fits = |number: &Whole| {
        minimum.is_none_or(|least| least <= *number) && maximum.is_none_or(|most| *number <= most)
    };
    let edges = [7, 0, 1, -1, 42, i64::from(i32::MAX) + 1, (1 << 53) + 1, i64::MAX, i64::MIN];
    let bounds = [
        minimum,
        minimum.and_then(Whole::next),
        maximum,
        maximum.and_then(Whole::previous),
        Whole::parse("18446744073709551615"),
        Whole::parse("18446744073709551616"),
        Whole::parse("-9223372036854775809"),
    ];
    let all = edges.map(Whole::new).into_iter().chain(bounds.into_iter().flatten());
    let mut numbers = Vec::new();
    for number in all.filter(fits).map(|number| number.to_string()) {
        if !numbers.contains(&number) {
            numbers.push(number);
        }
    }
    if maximum.is_none() {
        numbers.push(format!("1{}", "0".repeat(40)));
    }
    if has_spellings {
        let fitting = SPELLINGS
            .iter()
            .filter(|(value, _)| Whole::parse(value).is_some_and(|value| fits(&value)));
        numbers.extend(fitting.map(|(_, text)| (*text).to_owned()));
    }
    numbers
}

/// Numbers between two bounds, in several spellings.
pub(super) fn numbers(minimum: Option<f64>, maximum: Option<f64>) -> Vec<String> {
    let edges = [
        "1.5",
        "0",
        "-0.0",
        "1",
        "-1",
        "0.1",
        "1E+2",
        "-2.5e-3",
        "1e-7",
        "5e-324",
        "3.4028235e38",
        "3.5e38",
        "1.7976931348623157e308",
        "-1.7976931348623157e308",
        "18446744073709551616",
        "0.3333333333333333333333333333333333",
        "1e400",
        "-1e400",
        "1e-400",
    ];
    let bounds = [minimum, maximum].into_iter().flatten().map(|bound| bound.to_string());
    let fits = |text: &String| {
        let value: f64 = text.parse().unwrap_or(f64::NAN);
        minimum.is_none_or(|least| least <= value) && maximum.is_none_or(|most| value <= most)
    };
    let mut numbers: Vec<String> =
        edges.iter().map(|text| (*text).to_owned()).filter(fits).collect();
    numbers.extend(bounds.filter(fits));
    numbers
}

/// Writes a text that keeps the rules.
pub(super) fn text(rules: &Text, choices: &mut Choices, output: &mut String) {
    if let Some(pattern) = &rules.pattern {
        let fits = |text: &str| rules.takes(text.chars().count());
        output.push_str(&quoted(&pattern::matching(pattern, choices, &fits)));
        return;
    }
    let mut texts = Vec::new();
    match rules.format.as_deref() {
        Some(format) => texts.extend(of_format(format).iter().map(|text| quoted(text))),
        None => {
            texts.extend(rules.lengths().into_iter().map(|length| spelled(length, ALPHABETS[0])))
        }
    }
    if rules.format.is_none() {
        let length = rules.clamp(3);
        texts.extend(ALPHABETS[1..].iter().map(|alphabet| spelled(length, alphabet)));
        texts.extend(rules.takes(7).then(|| "\"nothing\"".to_owned()));
        texts.extend(rules.takes(4).then(|| "\"null\"".to_owned()));
    }
    output.push_str(&texts[choices.pick(Site::new(rules, "text"), texts.len())]);
}

impl Text {
    fn takes(&self, length: usize) -> bool {
        self.min_length <= length && self.max_length.is_none_or(|most| length <= most)
    }

    fn clamp(&self, length: usize) -> usize {
        length.max(self.min_length).min(self.max_length.unwrap_or(usize::MAX))
    }

    /// Lengths at and near the bounds; the first is an ordinary one.
    fn lengths(&self) -> Vec<usize> {
        let least = self.min_length;
        let most = self.max_length.unwrap_or(24).min(300 + least);
        let mut lengths = vec![self.clamp(5)];
        for length in [least, least + 1, most.saturating_sub(1), most, 0, 1, 3] {
            if self.takes(length) && !lengths.contains(&length) {
                lengths.push(length);
            }
        }
        lengths
    }
}

/// So many characters of an alphabet; a spelling of two counts as two.
fn spelled(length: usize, alphabet: &[&str]) -> String {
    let mut text = String::from('"');
    let mut left = length;
    for character in alphabet.iter().cycle() {
        let size = if character.starts_with('\\') { 1 } else { character.chars().count() };
        if left == 0 {
            break;
        }
        if size <= left {
            text.push_str(character);
            left -= size;
        }
    }
    text.push('"');
    text
}

fn of_format(format: &str) -> Vec<String> {
    let list = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    match format {
        "date" => list(&DATES),
        "time" => list(&TIMES),
        "date-time" => {
            let days = DATES.iter().cycle();
            TIMES.iter().zip(days).map(|(time, day)| format!("{day}T{time}")).collect()
        }
        "email" => list(&["ada@example.org", "a.b+c@sub.example.com", "x@y.zz"]),
        "ipv4" => list(&["192.0.2.1", "0.0.0.0", "255.255.255.255"]),
        "ipv6" => list(&["::", "2001:db8::1", "::ffff:192.0.2.1"]),
        "uri" => list(&["https://example.org/a?b=%20#c", "urn:isbn:0451450523", "mailto:a@b.org"]),
        "uuid" => list(&[
            "123e4567-e89b-12d3-a456-426614174000",
            "00000000-0000-0000-0000-000000000000",
            "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
        ]),
        _ => list(&["unknown format"]),
    }
}

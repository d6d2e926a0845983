//! Texts that match a regular expression.
//!
//! The texts are of printable ASCII characters where the pattern allows it. Look-around and
//! back-references have no texts here.

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, Hir, HirKind, Repetition};

use super::Random;
use crate::schema::compile;

const ATTEMPTS: usize = 40;
const PRINTABLE: std::ops::RangeInclusive<char> = ' '..='~';
const NEST_LIMIT: u32 = 60;

/// What the text must keep beside the pattern.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    /// In characters.
    pub(super) min_length: usize,
    /// In characters.
    pub(super) max_length: Option<usize>,
    /// Bytes that are too many in any case.
    pub(super) most: usize,
}

/// A text in which the pattern is found, with a length that is wanted. None if the pattern is not
/// understood or no text was found.
pub(super) fn matching(pattern: &str, wanted: &Wanted, random: &mut Random) -> Option<String> {
    let syntax = ParserBuilder::new().nest_limit(NEST_LIMIT).build().parse(pattern).ok()?;
    let compiled = compile(pattern)?;
    let most = wanted.max_length.unwrap_or(wanted.min_length.saturating_add(40));
    for attempt in 0..ATTEMPTS {
        let target = match attempt {
            0 => wanted.min_length,
            1 => most,
            _ => random.between(wanted.min_length, most.min(wanted.min_length.saturating_add(40))),
        };
        let mut writer = Writer { text: String::new(), extra: 0, most: wanted.most, random };
        let least = syntax.properties().minimum_len().unwrap_or_default();
        writer.extra = if attempt == 0 { 3 } else { 0 }.max(target.saturating_sub(least));
        if writer.write(&syntax).is_none() {
            continue;
        }
        for text in [pad(&writer.text, wanted.min_length), writer.text] {
            let length = text.chars().count();
            let length_fits =
                length >= wanted.min_length && wanted.max_length.is_none_or(|most| length <= most);
            if length_fits && compiled.is_match(&text) {
                return Some(text);
            }
        }
    }
    None
}

/// The text made as long as it must be, for patterns that are not anchored at the end.
fn pad(text: &str, length: usize) -> String {
    let missing = length.saturating_sub(text.chars().count());
    text.to_owned() + &"a".repeat(missing)
}

struct Writer<'a> {
    text: String,
    /// How many bytes more than the shortest text repetitions may still add.
    extra: usize,
    most: usize,
    random: &'a mut Random,
}

impl Writer<'_> {
    /// Writes a text for an expression; none if there is none, or it is too long.
    fn write(&mut self, expression: &Hir) -> Option<()> {
        if self.text.len() > self.most {
            return None;
        }
        match expression.kind() {
            HirKind::Empty | HirKind::Look(_) => Some(()),
            HirKind::Literal(literal) => {
                self.text.push_str(std::str::from_utf8(&literal.0).ok()?);
                Some(())
            }
            HirKind::Class(class) => {
                let character = self.character(class)?;
                self.text.push(character);
                Some(())
            }
            HirKind::Repetition(repetition) => self.repeat(repetition),
            HirKind::Capture(capture) => self.write(&capture.sub),
            HirKind::Concat(parts) => parts.iter().try_for_each(|part| self.write(part)),
            HirKind::Alternation(branches) => {
                let branch = self.random.pick(branches)?;
                self.write(branch)
            }
        }
    }

    fn repeat(&mut self, repetition: &Repetition) -> Option<()> {
        for _ in 0..repetition.min {
            self.write(&repetition.sub)?;
        }
        let cost = repetition.sub.properties().minimum_len().unwrap_or_default().max(1);
        let mut more = repetition.max.map_or(u32::MAX, |most| most.saturating_sub(repetition.min));
        while more > 0 && self.extra >= cost {
            self.extra -= cost;
            more -= 1;
            self.write(&repetition.sub)?;
        }
        Some(())
    }

    /// A character of a class: a printable ASCII one if there is one, else the first.
    fn character(&mut self, class: &Class) -> Option<char> {
        let ranges: Vec<(char, char)> = match class {
            Class::Unicode(class) => {
                class.iter().map(|range| (range.start(), range.end())).collect()
            }
            Class::Bytes(class) => {
                let range = |range: &regex_syntax::hir::ClassBytesRange| {
                    (char::from(range.start()), char::from(range.end()))
                };
                class.iter().map(range).collect()
            }
        };
        let holds =
            |character: &char| ranges.iter().any(|&(low, high)| (low..=high).contains(character));
        let printable: Vec<char> = PRINTABLE.filter(holds).collect();
        // Letters and digits read better than punctuation, where both are allowed.
        let plain: Vec<char> =
            printable.iter().copied().filter(char::is_ascii_alphanumeric).collect();
        let choice = if plain.is_empty() { &printable } else { &plain };
        self.random.pick(choice).copied().or_else(|| ranges.first().map(|&(low, _)| low))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(pattern: &str, min_length: usize, max_length: Option<usize>) -> Option<String> {
        let wanted = Wanted { min_length, max_length, most: 100_000 };
        matching(pattern, &wanted, &mut Random::new(5))
    }

    #[test]
    fn ordinary_patterns_have_texts() {
        let patterns = [
            "^[A-Z]{3}[0-9]+$",
            r"^\d{4}-\d{2}-\d{2}$",
            "^(red|green|blue)$",
            r"^\+?[0-9 ()-]{7,20}$",
            r"^[\w.+-]+@[\w-]+\.[\w.]+$",
            "^$",
            "a",
            "",
            ".",
            r"^\s*$",
            r"^[^a-z]+$",
            r"^#(?:[0-9a-fA-F]{3}){1,2}$",
            r"^\p{Lu}\p{Ll}+$",
            r"\bword\b",
            "^[äöü]+$",
            "^(([a-z]+-)*[a-z]+){2}$",
        ];
        for pattern in patterns {
            let text = find(pattern, 0, None).unwrap_or_else(|| panic!("no text for {pattern}"));
            assert!(compile(pattern).unwrap().is_match(&text), "{text} against {pattern}");
        }
    }

    #[test]
    fn lengths_are_kept() {
        let cases = [("^[a-z]+$", 20, Some(20)), ("x", 9, Some(9)), ("^a{2,}$", 5, Some(7))];
        for (pattern, min_length, max_length) in cases {
            let text = find(pattern, min_length, max_length).unwrap();
            assert!(text.len() >= min_length && Some(text.len()) <= max_length, "{text}");
            assert!(compile(pattern).unwrap().is_match(&text));
        }
        assert_eq!(find("^[a-z]{3}$", 4, None), None);
        assert_eq!(find("^[a-z]{3}$", 0, Some(2)), None);
    }

    #[test]
    fn hostile_patterns_have_none() {
        let patterns = ["(", "(?=a)b", r"(a)\1", "[^\\s\\S]", "((a{1000}){1000}){1000}"];
        for pattern in patterns {
            assert_eq!(find(pattern, 0, None), None, "{pattern}");
        }
        assert_eq!(find(&"(".repeat(100_000), 0, None), None);
    }
}

//! Notices a model that is caught in a loop.

use memchr::memmem;

/// How often it is looked, in bytes of text.
const STEP: usize = 4 * 1024;
/// How much of the text is looked at.
const WINDOW: usize = 16 * 1024;
/// The longest run of white space, or of the characters of one number.
const LONGEST_RUN: usize = 4 * 1024;
/// The longest text that is found to be repeated: 32 times and more in the window.
const LONGEST_UNIT: usize = 512;
/// A shorter text that is repeated outside a string may be equal elements of a list.
const SHORTEST_UNIT_OUTSIDE: usize = 256;
/// How much of the end is searched for before it.
const PROBE: usize = 32;
/// How many places where it stands are tried.
const MOST_PLACES: usize = 64;

/// Looks at the end of a text as it grows.
///
/// Three things count as a loop:
/// - 4 KiB of nothing but white space, or of one number, outside a string;
/// - 16 KiB in one string that repeat one text of up to 512 bytes;
/// - 16 KiB that repeat one text of 256 to 512 bytes, such as an element of a list, with strings
///   in it.
///
/// Shorter elements may be equal as often as they like: a list of labels is one.
#[derive(Debug, Default)]
pub(super) struct Guard {
    window: Vec<u8>,
    /// How much came since it was looked last.
    fresh: usize,
}

impl Guard {
    /// Takes a piece of text; `is_in_string` says whether it ends inside a string. True if it is
    /// a loop.
    pub(super) fn push(&mut self, piece: &[u8], is_in_string: bool) -> bool {
        let kept = piece.get(piece.len().saturating_sub(WINDOW)..).unwrap_or_default();
        if self.window.len() + kept.len() > 2 * WINDOW {
            let surplus = (self.window.len() + kept.len()).saturating_sub(WINDOW);
            self.window.drain(..surplus.min(self.window.len()));
        }
        self.window.extend_from_slice(kept);
        self.fresh = self.fresh.saturating_add(piece.len());
        if self.fresh < STEP {
            return false;
        }
        self.fresh = 0;
        (!is_in_string && self.is_endless_run()) || self.is_repetition(is_in_string)
    }

    fn is_endless_run(&self) -> bool {
        let Some(end) = last(&self.window, LONGEST_RUN) else { return false };
        end.iter().all(u8::is_ascii_whitespace) || end.iter().all(|byte| is_of_number(*byte))
    }

    fn is_repetition(&self, is_in_string: bool) -> bool {
        let Some(window) = last(&self.window, WINDOW) else { return false };
        let Some(unit) = unit(window) else { return false };
        match has_quote(unit) {
            false => is_in_string,
            true => unit.len() >= SHORTEST_UNIT_OUTSIDE,
        }
    }
}

/// The text that the whole window repeats.
fn unit(window: &[u8]) -> Option<&[u8]> {
    let end = last(window, LONGEST_UNIT + PROBE)?;
    let (before, _) = end.split_at(end.len().saturating_sub(1));
    let probe = last(window, PROBE)?;
    // From the nearest place on: where the text does repeat, the shortest unit is found first.
    let places = memmem::FinderRev::new(probe);
    places.rfind_iter(before).take(MOST_PLACES).find_map(|at| {
        let length = (end.len() - PROBE).saturating_sub(at);
        let is_repeated = window.get(length..) == window.get(..window.len() - length);
        is_repeated.then(|| last(window, length)).flatten()
    })
}

/// Whether a string begins or ends in the text.
fn has_quote(text: &[u8]) -> bool {
    let mut is_escaped = false;
    text.iter().any(|byte| {
        let is_quote = *byte == b'"' && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        is_quote
    })
}

fn is_of_number(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E')
}

fn last(text: &[u8], length: usize) -> Option<&[u8]> {
    text.get(text.len().checked_sub(length)?..)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// After how many bytes a text is found to be a loop, in pieces of this size.
    fn cut(text: &str, is_in_string: bool, size: usize) -> Option<usize> {
        let mut guard = Guard::default();
        let mut length = 0;
        text.as_bytes().chunks(size).find_map(|piece| {
            length += piece.len();
            guard.push(piece, is_in_string).then_some(length)
        })
    }

    fn is_cut(text: &str, is_in_string: bool) -> bool {
        let found = [1, 100, 5_000, 1_000_000].map(|size| cut(text, is_in_string, size).is_some());
        assert!(found.iter().all(|is_cut| *is_cut == found[0]), "by any split: {found:?}");
        found[0]
    }

    #[test]
    fn endless_numbers_and_white_space_are_cut() {
        assert!(is_cut(&format!("[1.{}", "3".repeat(9_000)), false));
        assert!(is_cut(&format!("[1{}", " ".repeat(9_000)), false));
        assert!(is_cut(&format!("[1{}", "\n\t ".repeat(3_000)), false));
        assert!(!is_cut(&format!("[1.{}", "3".repeat(3_000)), false));
        assert!(!is_cut(&format!("[\"{}", "3".repeat(9_000)), true), "a string may hold digits");
    }

    #[test]
    fn the_same_text_in_one_string_is_cut() {
        for unit in ["a", "\\n", "very ", "and so it goes on, \\\"as they say\\\", "] {
            let text = format!("{{\"a\":\"{}", unit.repeat(40_000 / unit.len()));
            assert!(is_cut(&text, true), "{unit}");
        }
        let paragraph: String = (0..60).map(|word| format!("word{word} ")).collect();
        assert!(is_cut(&format!("[\"{}", paragraph.repeat(100)), true));
        assert!(!is_cut(&format!("[\"{}", "-".repeat(12_000)), true), "a line may be long");
    }

    #[test]
    fn long_elements_without_end_are_cut_and_short_ones_are_not() {
        let long = format!("{{\"name\":\"{}\",\"n\":1}},", "abcdefgh".repeat(40));
        assert!(is_cut(&format!("[{}", long.repeat(100)), false));
        assert!(!is_cut(&format!("[{}", long.repeat(20)), false));
        for element in ["\"positive\",", "0,", "{\"label\":\"positive\",\"sure\":true},", "[1,2],"]
        {
            let text = format!("[{}", element.repeat(200_000 / element.len()));
            assert!(!is_cut(&text, false), "{element}");
        }
    }

    #[test]
    fn text_that_only_looks_alike_is_not_cut() {
        let rows: String = (0..9_000).map(|row| format!("{{\"id\":{row},\"a\":\"x\"}},")).collect();
        assert!(!is_cut(&format!("[{rows}"), false));
        let words: String = (0..9_000).map(|word| format!("very number {word} ")).collect();
        assert!(!is_cut(&format!("[\"{words}"), true));
    }

    #[test]
    fn a_loop_is_noticed_soon_and_late_in_a_text() {
        let begin: String = (0..9_000).map(|row| format!("{row},")).collect();
        let text = format!("[{begin}\"{}", "again ".repeat(10_000));
        let found = cut(&text, true, 64).expect("a loop");
        assert!(found < begin.len() + WINDOW + 2 * STEP, "{found}");
    }
}

//! Reading a document that has something around it, or a comma too many. Nothing is guessed: what
//! could mean two things is left as it is.

use std::borrow::Cow;

/// What a scan of a document finds.
struct Scan {
    /// Where it ends.
    end: usize,
    /// Where commas stand that nothing follows.
    commas: Vec<usize>,
}

/// The one object or list in a text, without commas at the end of its objects and lists; `None`
/// where there is none, where it isn't alone, or where that changes nothing.
///
/// Words may stand on lines of their own before and after it, and before a colon or a backtick on
/// its first line.
pub(super) fn document(text: &str) -> Option<Cow<'_, str>> {
    let start = text.find(['{', '['])?;
    let (before, rest) = text.split_at(start);
    let scan = scan(rest)?;
    let (document, after) = rest.split_at(scan.end);
    let is_end_of_line =
        |text: &str| text.trim_start_matches([' ', '\t', '\r', ';', '.']).is_empty();
    let opens = before.trim_end_matches([' ', '\t']);
    let is_apart = (opens.is_empty() || opens.ends_with(['\n', ':', '`', '\u{feff}']))
        && after.split(['\n', '`']).next().is_some_and(is_end_of_line);
    let is_alone = !after.contains(['{', '}', '[', ']']) && !before.contains(['}', ']']);
    if !is_apart || !is_alone {
        return None;
    }
    let document = without(document, &scan.commas);
    (document.len() < text.len()).then_some(document)
}

/// Goes through a document up to its end; `None` where it has none.
fn scan(text: &str) -> Option<Scan> {
    let (mut depth, mut comma, mut before_comma) = (0_usize, None, b'[');
    let (mut is_string, mut is_escaped) = (false, false);
    let mut commas = Vec::new();
    let mut last = b'[';
    for (index, byte) in text.bytes().enumerate() {
        if is_string {
            is_string = is_escaped || byte != b'"';
            is_escaped = !is_escaped && byte == b'\\';
            continue;
        }
        match byte {
            b'"' => is_string = true,
            b'{' | b'[' => depth = depth.saturating_add(1),
            b'}' | b']' => {
                if last == b',' && !matches!(before_comma, b'{' | b'[' | b',' | b':') {
                    commas.extend(comma);
                }
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(Scan { end: index.saturating_add(1), commas });
                }
            }
            b',' => (comma, before_comma) = (Some(index), last),
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            last = byte;
        }
    }
    None
}

/// The text without the bytes at these places.
fn without<'a>(text: &'a str, places: &[usize]) -> Cow<'a, str> {
    if places.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut kept = String::with_capacity(text.len());
    let mut from = 0;
    for &place in places {
        kept.push_str(text.get(from..place).unwrap_or_default());
        from = place.saturating_add(1);
    }
    kept.push_str(text.get(from..).unwrap_or_default());
    Cow::Owned(kept)
}

#[cfg(test)]
mod tests {
    use super::document;

    #[test]
    fn words_around_a_document_are_left_out() {
        for text in [
            "Here is the list:\n[1, 2]",
            "Here is the list: [1, 2]",
            "Sure!\n\n```json\n[1, 2]\n```\nI hope that it helps.",
            "`[1, 2]`",
            "[1, 2]\n\nThat's all.",
            "[1, 2];",
        ] {
            assert_eq!(document(text).as_deref(), Some("[1, 2]"), "{text}");
        }
    }

    #[test]
    fn commas_at_the_end_are_left_out() {
        for (text, expected) in [
            ("[1, 2,]", "[1, 2]"),
            ("{\"a\": [1, 2 , \n], \"b\": {\"c\": 1,},}", "{\"a\": [1, 2  \n], \"b\": {\"c\": 1}}"),
            ("[\",]\", \"\\\",}\",]", "[\",]\", \"\\\",}\"]"),
            ("[[],]", "[[]]"),
            ("So:\n[\"\u{e9},\",]\n", "[\"\u{e9},\"]"),
        ] {
            assert_eq!(document(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_could_mean_something_else_is_left_alone() {
        for text in [
            "",
            "[1]",
            "{\"a\":\"[,]\"}",
            "nothing",
            "[1] or [2]",
            "[1]\n[2]",
            "See [1] for the list.",
            "The list [1]",
            "The list: [1] and more",
            "[1, 2",
            "[1, \"2]",
            "a] [1]",
            "{\"a\":1}}",
        ] {
            assert_eq!(document(text), None, "{text}");
        }
        for text in ["[,]", "[1,,]", "{\"a\":,}"] {
            assert_eq!(document(text), None, "{text} is no list with a comma too many");
        }
    }
}

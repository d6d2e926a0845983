//! Where the values of a JSON text begin and end, while the text comes in pieces.

/// Cuts a list into its elements, or one value out of a text.
///
/// It looks at brackets and quotes only; whether an element is JSON is for its reader to say.
#[derive(Debug)]
pub(crate) struct Scanner {
    place: Place,
    is_list: bool,
    /// How many brackets are open in the element.
    depth: usize,
    /// The element as far as it has come.
    current: Vec<u8>,
    is_emitted: bool,
    /// The most bytes that an element may have.
    limit: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Before the bracket that opens the list.
    Before,
    /// Before an element.
    Between,
    /// In an element, outside texts.
    Inside,
    Text,
    Escape,
    /// Behind an element.
    After,
    /// Behind the whole.
    End,
}

/// Why the scanner cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ScanError {
    /// It isn't a list, or isn't JSON.
    Syntax,
    /// An element has more bytes than this.
    TooLarge(usize),
}

impl Scanner {
    /// For the elements of a list.
    pub(crate) fn list(limit: usize) -> Self {
        Self::new(true, limit)
    }

    /// For a single value.
    pub(crate) fn value(limit: usize) -> Self {
        Self::new(false, limit)
    }

    fn new(is_list: bool, limit: usize) -> Self {
        let place = if is_list { Place::Before } else { Place::Between };
        Self { place, is_list, depth: 0, current: Vec::new(), is_emitted: false, limit }
    }

    /// Takes bytes from the front of the input until an element closes or there are no more.
    /// Behind the end nothing is taken.
    pub(crate) fn advance(&mut self, input: &mut &[u8]) -> Result<Option<&[u8]>, ScanError> {
        if std::mem::take(&mut self.is_emitted) {
            self.current.clear();
        }
        while let Some((first, rest)) = input.split_first() {
            match self.place {
                Place::End => return Ok(None),
                Place::Before | Place::Between | Place::After if is_space(*first) => *input = rest,
                Place::Before | Place::After => {
                    self.place = self.step(*first)?;
                    *input = rest;
                }
                Place::Between if self.is_list && *first == b']' => {
                    self.place = Place::End;
                    *input = rest;
                }
                Place::Between if *first == b',' => return Err(ScanError::Syntax),
                Place::Between => self.place = Place::Inside,
                Place::Inside | Place::Text | Place::Escape => {
                    let (taken, is_closed) = self.inside(input);
                    let (element, rest) = input.split_at(taken.min(input.len()));
                    if self.current.len().saturating_add(element.len()) > self.limit {
                        return Err(ScanError::TooLarge(self.limit));
                    }
                    self.current.extend_from_slice(element);
                    *input = rest;
                    if is_closed {
                        self.place = if self.is_list { Place::After } else { Place::End };
                        self.is_emitted = true;
                        return Ok(Some(&self.current));
                    }
                }
            }
        }
        Ok(None)
    }

    /// Whether the whole has come.
    pub(crate) fn is_at_end(&self) -> bool {
        self.place == Place::End
    }

    /// Whether what came last stands in a text.
    pub(crate) fn is_in_text(&self) -> bool {
        matches!(self.place, Place::Text | Place::Escape)
    }

    fn step(&self, byte: u8) -> Result<Place, ScanError> {
        match (self.place, byte) {
            (Place::Before, b'[') | (Place::After, b',') => Ok(Place::Between),
            (Place::After, b']') => Ok(Place::End),
            _ => Err(ScanError::Syntax),
        }
    }

    /// How many bytes belong to the element, and whether it ends with them.
    fn inside(&mut self, input: &[u8]) -> (usize, bool) {
        let mut at = 0;
        while let Some(rest) = input.get(at..).filter(|rest| !rest.is_empty()) {
            at += match self.place {
                Place::Escape => {
                    self.place = Place::Text;
                    1
                }
                Place::Text => {
                    let Some(found) = end_of_plain(rest) else {
                        return (input.len(), false);
                    };
                    let is_escape = rest.get(found) == Some(&b'\\');
                    self.place = if is_escape { Place::Escape } else { Place::Inside };
                    if !is_escape && self.depth == 0 {
                        return (at + found + 1, true);
                    }
                    found + 1
                }
                _ => match self.outside(rest) {
                    (taken, true) => return (at + taken, true),
                    (taken, false) => taken,
                },
            };
        }
        (at, false)
    }

    /// The same outside texts, up to where a text begins.
    fn outside(&mut self, input: &[u8]) -> (usize, bool) {
        for (at, byte) in input.iter().enumerate() {
            match byte {
                b'"' => {
                    self.place = Place::Text;
                    return (at + 1, false);
                }
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' if self.depth > 1 => self.depth -= 1,
                b'}' | b']' if self.depth == 1 => {
                    self.depth = 0;
                    return (at + 1, true);
                }
                // Only a number or a name ends by what stands behind it.
                b',' | b']' | b'}' if self.depth == 0 => return (at, true),
                _ => {}
            }
        }
        (input.len(), false)
    }
}

/// Where the plain run of a text ends: at a quote or an escape. Most runs are short, too short for
/// a search that has to look first which instructions there are.
pub(super) fn end_of_plain(text: &[u8]) -> Option<usize> {
    let is_end = |byte: &u8| matches!(byte, b'"' | b'\\');
    let (words, rest) = text.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let bytes = u64::from_le_bytes(*word);
        let found =
            zeros(bytes ^ (ONES * u64::from(b'"'))) | zeros(bytes ^ (ONES * u64::from(b'\\')));
        if found != 0 {
            return Some(index * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    rest.iter().position(is_end).map(|found| words.len() * 8 + found)
}

/// One in each byte.
const ONES: u64 = 0x0101_0101_0101_0101;

/// The highest bit of the first byte that is zero; of later ones more may be set.
fn zeros(bytes: u64) -> u64 {
    bytes.wrapping_sub(ONES) & !bytes & (ONES << 7)
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn elements(pieces: &[&str]) -> Result<(Vec<String>, bool), ScanError> {
        let mut scanner = Scanner::list(32);
        let mut found = Vec::new();
        for piece in pieces {
            let mut input = piece.as_bytes();
            while let Some(element) = scanner.advance(&mut input)? {
                found.push(String::from_utf8(element.to_vec()).expect("text"));
            }
        }
        Ok((found, scanner.is_at_end()))
    }

    #[test]
    fn elements_close_with_their_brackets_quotes_or_what_follows() {
        let text = r#" [ {"a":[1,"]"]} , "x\"]\\" ,12 , null,[[]],{}] "#;
        let expected = [r#"{"a":[1,"]"]}"#, r#""x\"]\\""#, "12 ", "null", "[[]]", "{}"];
        assert_eq!(elements(&[text]).expect("a list"), (expected.map(Into::into).into(), true));
        let bytes: Vec<String> = text.chars().map(String::from).collect();
        let bytes: Vec<&str> = bytes.iter().map(String::as_str).collect();
        assert_eq!(elements(&bytes).expect("a list"), (expected.map(Into::into).into(), true));
    }

    #[test]
    fn an_element_comes_as_soon_as_it_closes() {
        assert_eq!(elements(&["[{}"]), Ok((vec!["{}".to_owned()], false)));
        assert_eq!(elements(&["[\"a\""]), Ok((vec!["\"a\"".to_owned()], false)));
        assert_eq!(elements(&["[1"]), Ok((vec![], false)), "more digits can follow");
    }

    #[test]
    fn what_is_no_list_is_refused() {
        for text in ["{}", "1", "[,1]", "[1,,2]", "[{} {}]", "[\"a\"1]"] {
            assert_eq!(elements(&[text]), Err(ScanError::Syntax), "{text}");
        }
        assert_eq!(elements(&["[]"]), Ok((vec![], true)));
        assert_eq!(elements(&["[1,]"]).map(|(found, _)| found.len()), Ok(1), "as models write");
    }

    #[test]
    fn a_plain_run_ends_at_the_first_quote_or_escape() {
        let text: Vec<u8> = (0..=255).filter(|byte| !b"\"\\".contains(byte)).collect();
        for length in 0..40 {
            let run = &text[200..200 + length];
            assert_eq!(end_of_plain(run), None);
            for end in [&b"\""[..], b"\\", b"\"\\", b"\\\"!"] {
                let found = end_of_plain(&[run, end, &text].concat());
                assert_eq!(found, Some(length));
            }
        }
        assert_eq!(end_of_plain(&text), None);
    }

    #[test]
    fn an_element_has_its_bounds() {
        let long = format!("[\"{}\"]", "x".repeat(40));
        assert_eq!(elements(&[&long]), Err(ScanError::TooLarge(32)));
    }

    #[test]
    fn a_single_value_ends_with_its_bracket() {
        let mut scanner = Scanner::value(100);
        let mut input = &b"{\n \"error\": {\"a\": [1]}}\ndata: x"[..];
        let value = scanner.advance(&mut input).expect("fine").map(<[u8]>::to_vec);
        assert_eq!(value.as_deref(), Some(&b"{\n \"error\": {\"a\": [1]}}"[..]));
        assert!(scanner.is_at_end());
        assert_eq!(input, b"\ndata: x");
    }
}

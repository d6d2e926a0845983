//! Where a body is cut into the pieces that go out one by one.

use hyper::body::Bytes;

use crate::generate::Random;

const LONGEST_RANDOM_PIECE: usize = 16;

/// How the bytes of a body are cut into pieces, for [`Reply::split`](crate::Reply::split).
///
/// Each piece is an HTTP chunk of its own, whatever stands in it: half a character, half a line end.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "a split does nothing until it is part of a reply"]
pub struct Split(Cut);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Cut {
    Every(usize),
    At(Vec<usize>),
    InsideCharacters,
    InsideLineEnds,
    Random(u64),
}

impl Split {
    /// Pieces of this many bytes, at least 1; the last one may be shorter.
    pub fn every(bytes: usize) -> Self {
        Split(Cut::Every(bytes.max(1)))
    }

    /// A cut at each of these offsets.
    pub fn at(offsets: impl IntoIterator<Item = usize>) -> Self {
        Split(Cut::At(offsets.into_iter().collect()))
    }

    /// A cut inside every character that is longer than one byte.
    pub fn inside_characters() -> Self {
        Split(Cut::InsideCharacters)
    }

    /// A cut between any two bytes of line ends: inside `\r\n`, and before the empty line.
    pub fn inside_line_ends() -> Self {
        Split(Cut::InsideLineEnds)
    }

    /// Pieces of 1 to 16 bytes. Equal seeds cut equally.
    pub fn random(seed: u64) -> Self {
        Split(Cut::Random(seed))
    }

    /// The pieces, in order; none is empty.
    pub(super) fn pieces(&self, mut body: Bytes) -> Vec<Bytes> {
        let mut pieces = Vec::new();
        let mut done = 0;
        for offset in self.offsets(&body) {
            let length = offset.saturating_sub(done);
            if (1..body.len()).contains(&length) {
                pieces.push(body.split_to(length));
                done = offset;
            }
        }
        if !body.is_empty() {
            pieces.push(body);
        }
        pieces
    }

    fn offsets(&self, body: &[u8]) -> Vec<usize> {
        let after = |matches: fn(&[u8]) -> bool| {
            let pairs = body.windows(2).enumerate().filter(move |(_, pair)| matches(pair));
            pairs.map(|(index, _)| index + 1).collect()
        };
        match &self.0 {
            Cut::Every(bytes) => (*bytes..body.len()).step_by(*bytes).collect(),
            Cut::At(offsets) => {
                let mut offsets = offsets.clone();
                offsets.sort_unstable();
                offsets
            }
            Cut::InsideCharacters => after(|pair| matches!(pair, [0xc0..=0xff, 0x80..=0xbf])),
            Cut::InsideLineEnds => after(|pair| matches!(pair, [b'\r' | b'\n', b'\r' | b'\n'])),
            Cut::Random(seed) => random_offsets(*seed, body.len()),
        }
    }
}

fn random_offsets(seed: u64, length: usize) -> Vec<usize> {
    let mut random = Random::new(seed);
    let mut offsets = Vec::new();
    let mut offset = 0;
    while offset < length {
        offset += random.between(1, LONGEST_RANDOM_PIECE);
        offsets.push(offset);
    }
    offsets
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(split: &Split, text: &str) -> Vec<String> {
        let pieces = split.pieces(Bytes::copy_from_slice(text.as_bytes()));
        assert_eq!(pieces.concat(), text.as_bytes());
        pieces.iter().map(|piece| String::from_utf8_lossy(piece).into_owned()).collect()
    }

    #[test]
    fn cuts_where_it_says() {
        assert_eq!(cut(&Split::every(2), "abcde"), ["ab", "cd", "e"]);
        assert_eq!(cut(&Split::every(0), "ab"), ["a", "b"]);
        assert_eq!(cut(&Split::at([4, 1, 9, 1]), "abcde"), ["a", "bcd", "e"]);
        assert_eq!(cut(&Split::inside_line_ends(), "a\r\n\r\nb"), ["a\r", "\n", "\r", "\nb"]);
        let pieces = Split::inside_characters().pieces(Bytes::from("aäb"));
        assert_eq!(pieces, [&b"a\xc3"[..], b"\xa4b"]);
        assert_eq!(cut(&Split::every(3), ""), [""; 0]);
    }

    #[test]
    fn random_cuts_are_repeatable() {
        let text = "x".repeat(500);
        let pieces = cut(&Split::random(3), &text);
        assert_eq!(pieces, cut(&Split::random(3), &text));
        assert_ne!(pieces, cut(&Split::random(4), &text));
        assert!(pieces.iter().all(|piece| (1..=LONGEST_RANDOM_PIECE).contains(&piece.len())));
    }
}

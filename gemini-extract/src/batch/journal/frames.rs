//! The entries of a file, read piece by piece.

use std::io::{self, Read};

use super::frame::{self, HEADER};

/// What is read at a time.
const PIECE: usize = 256 * 1024;

/// The entries of a file, read piece by piece. What is in memory is a piece, or an entry that is
/// longer, or all that follows damage.
pub(super) struct Frames<R> {
    reader: R,
    piece: usize,
    /// What was read and not given yet.
    bytes: Vec<u8>,
    /// Where these begin in the file, and how much of them was given.
    start: usize,
    given: usize,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Begins,
    Goes,
    /// All is read.
    Ended,
    /// It isn't such a file.
    Foreign,
}

impl<R: Read> Frames<R> {
    pub(super) fn new(reader: R) -> Self {
        Self::with_piece(reader, PIECE)
    }

    fn with_piece(reader: R, piece: usize) -> Self {
        Self { reader, piece, bytes: Vec::new(), start: 0, given: 0, state: State::Begins }
    }

    /// The next entry and its offset; `None` behind the last good one of an unbroken row.
    pub(super) fn next(&mut self) -> io::Result<Option<(usize, &[u8])>> {
        if self.state == State::Begins {
            self.begin()?;
        }
        if self.state == State::Foreign {
            return Ok(None);
        }
        let range = loop {
            if let Some(range) = frame::at(&self.bytes, self.given) {
                break range;
            }
            if self.state == State::Ended {
                return Ok(None);
            }
            self.read()?;
        };
        let offset = self.good();
        self.given = range.end;
        Ok(Some((offset, self.bytes.get(range).unwrap_or_default())))
    }

    /// Where the last good entry of an unbroken row ends, as far as it was read.
    pub(super) fn good(&self) -> usize {
        self.start + self.given
    }

    /// After the last entry: where it goes wrong, although good entries follow.
    pub(super) fn damage(&self) -> Option<usize> {
        frame::resume(&self.bytes, self.given).map(|_| self.good())
    }

    fn begin(&mut self) -> io::Result<()> {
        self.state = State::Goes;
        while self.bytes.len() < HEADER.len() && self.state == State::Goes {
            self.read()?;
        }
        if self.bytes.starts_with(HEADER) {
            self.given = HEADER.len();
            return Ok(());
        }
        while self.state == State::Goes {
            self.read()?;
        }
        self.state = State::Foreign;
        Ok(())
    }

    /// Reads another piece in place of what was given.
    fn read(&mut self) -> io::Result<()> {
        self.bytes.drain(..self.given);
        self.start += self.given;
        self.given = 0;
        let most = u64::try_from(self.piece).unwrap_or(u64::MAX);
        if self.reader.by_ref().take(most).read_to_end(&mut self.bytes)? == 0 {
            self.state = State::Ended;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Frames;
    use crate::batch::journal::frame::{HEADER, push};

    fn file(entries: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = HEADER.to_vec();
        assert!(entries.iter().all(|entry| push(&mut bytes, entry)));
        bytes
    }

    /// The entries of a file, where they end, and where it is damaged.
    fn entries(bytes: &[u8], piece: usize) -> (Vec<Vec<u8>>, usize, Option<usize>) {
        let mut frames = Frames::with_piece(bytes, piece);
        let mut found = Vec::new();
        while let Some((offset, entry)) = frames.next().expect("it is in memory") {
            let mut framed = Vec::new();
            push(&mut framed, entry);
            assert!(bytes[offset..].starts_with(&framed));
            found.push(entry.to_vec());
        }
        (found, frames.good(), frames.damage())
    }

    proptest! {
        #[test]
        fn a_file_cut_anywhere_holds_its_whole_entries(
            written in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 1..8),
            piece in 1_usize..80,
        ) {
            let bytes = file(&written);
            for cut in 0..=bytes.len() {
                let (found, good, damage) = entries(&bytes[..cut], piece);
                prop_assert_eq!(damage, None);
                prop_assert_eq!(&found[..], &written[..found.len()]);
                let whole = (0..=written.len()).rev().find(|n| file(&written[..*n]).len() <= cut);
                prop_assert_eq!(found.len(), whole.unwrap_or(0));
                prop_assert_eq!(good, whole.map_or(0, |n| file(&written[..n]).len()));
            }
        }

        #[test]
        fn a_byte_that_changes_is_found(
            written in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 2..8),
            place: prop::sample::Index,
            change in 1_u8..,
            piece in 1_usize..80,
        ) {
            let mut bytes = file(&written);
            let last = file(&written[..written.len() - 1]).len();
            let place = place.index(bytes.len());
            bytes[place] ^= change;
            let (found, _, damage) = entries(&bytes, piece);
            prop_assert!(found.len() < written.len());
            prop_assert_eq!(damage.is_some(), place < last);
        }
    }

    #[test]
    fn zeros_at_the_end_are_nothing() {
        let mut bytes = file(&[b"a".to_vec()]);
        let good = bytes.len();
        bytes.resize(good + 4_096, 0);
        assert_eq!(entries(&bytes, 100), (vec![b"a".to_vec()], good, None));
    }
}

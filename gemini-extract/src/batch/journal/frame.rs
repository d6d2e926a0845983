//! How entries lie in a file: a mark, the length, a checksum, and the entry.

use std::ops::Range;

/// What a file begins with.
pub(super) const HEADER: &[u8; 8] = b"GEMJNL1\n";
const MARK: [u8; 4] = [0xF7, b'E', b'N', 0xA4];
const LENGTH_AT: usize = MARK.len();
const CHECKSUM_AT: usize = LENGTH_AT + 4;
const ENTRY_AT: usize = CHECKSUM_AT + 4;

/// What was found in a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Scanned {
    /// Where the last good entry of an unbroken row ends.
    pub(super) good: usize,
    /// Where it goes wrong, although good entries follow.
    pub(super) corrupt: Option<usize>,
}

/// Adds an entry with what stands before it; `false` where it is too large.
pub(super) fn push(bytes: &mut Vec<u8>, entry: &[u8]) -> bool {
    let Ok(length) = u32::try_from(entry.len()) else { return false };
    bytes.extend_from_slice(&MARK);
    bytes.extend_from_slice(&length.to_le_bytes());
    bytes.extend_from_slice(&checksum(length, entry).to_le_bytes());
    bytes.extend_from_slice(entry);
    true
}

/// The entry that begins here.
pub(super) fn at(bytes: &[u8], offset: usize) -> Option<Range<usize>> {
    let head = bytes.get(offset..offset.checked_add(ENTRY_AT)?)?;
    if !head.starts_with(&MARK) {
        return None;
    }
    let number = |at: usize| {
        head.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map(u32::from_le_bytes)
    };
    let (length, expected) = (number(LENGTH_AT)?, number(CHECKSUM_AT)?);
    let start = offset + ENTRY_AT;
    let range = start..start.checked_add(usize::try_from(length).ok()?)?;
    let entry = bytes.get(range.clone())?;
    (checksum(length, entry) == expected).then_some(range)
}

/// Where the first good entry from here on begins.
pub(super) fn resume(bytes: &[u8], from: usize) -> Option<usize> {
    let marks = memchr::memmem::find_iter(bytes.get(from..)?, &MARK);
    marks.map(|offset| from + offset).find(|offset| at(bytes, *offset).is_some())
}

/// Goes through the entries of a file, with the offset of each.
pub(super) fn scan<'a>(bytes: &'a [u8], mut each: impl FnMut(usize, &'a [u8])) -> Scanned {
    if !bytes.starts_with(HEADER) {
        return Scanned { good: 0, corrupt: resume(bytes, 0).map(|_| 0) };
    }
    let mut offset = HEADER.len();
    while let Some(range) = at(bytes, offset) {
        let end = range.end;
        each(offset, bytes.get(range).unwrap_or_default());
        offset = end;
    }
    let corrupt = resume(bytes, offset).map(|_| offset);
    Scanned { good: offset, corrupt }
}

fn checksum(length: u32, entry: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&length.to_le_bytes());
    hasher.update(entry);
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{HEADER, Scanned, push, scan};

    fn file(entries: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = HEADER.to_vec();
        assert!(entries.iter().all(|entry| push(&mut bytes, entry)));
        bytes
    }

    fn entries(bytes: &[u8]) -> (Vec<Vec<u8>>, Scanned) {
        let mut found = Vec::new();
        let scanned = scan(bytes, |_, entry| found.push(entry.to_vec()));
        (found, scanned)
    }

    proptest! {
        #[test]
        fn a_file_cut_anywhere_holds_its_whole_entries(
            written in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 1..8),
        ) {
            let bytes = file(&written);
            for cut in 0..=bytes.len() {
                let (found, scanned) = entries(&bytes[..cut]);
                prop_assert_eq!(scanned.corrupt, None);
                prop_assert_eq!(&found[..], &written[..found.len()]);
                let whole = (0..=written.len()).rev().find(|n| file(&written[..*n]).len() <= cut);
                prop_assert_eq!(found.len(), whole.unwrap_or(0));
            }
        }

        #[test]
        fn a_byte_that_changes_is_found(
            written in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 2..8),
            place: prop::sample::Index,
            change in 1_u8..,
        ) {
            let mut bytes = file(&written);
            let last = file(&written[..written.len() - 1]).len();
            let place = HEADER.len() + place.index(bytes.len() - HEADER.len());
            bytes[place] ^= change;
            let (found, scanned) = entries(&bytes);
            prop_assert!(found.len() < written.len());
            prop_assert_eq!(scanned.corrupt.is_some(), place < last);
        }
    }

    #[test]
    fn zeros_at_the_end_are_nothing() {
        let mut bytes = file(&[b"a".to_vec()]);
        let good = bytes.len();
        bytes.resize(good + 4_096, 0);
        let (found, scanned) = entries(&bytes);
        assert_eq!((found.len(), scanned), (1, Scanned { good, corrupt: None }));
    }
}

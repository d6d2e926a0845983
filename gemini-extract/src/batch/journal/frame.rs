//! How entries lie in a file: a mark, the length, a checksum, and the entry.

use std::ops::Range;

use super::disk::Disk;

/// What a file begins with.
pub(super) const HEADER: &[u8; 8] = b"GEMJNL1\n";
const MARK: [u8; 4] = [0xF7, b'E', b'N', 0xA4];
const LENGTH_AT: usize = MARK.len();
const CHECKSUM_AT: usize = LENGTH_AT + 4;
const ENTRY_AT: usize = CHECKSUM_AT + 4;
/// What is read at first; most entries aren't longer.
const HEAD: usize = 4_096;

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

/// The entry that begins here in a file of this length.
pub(super) fn read(disk: &mut dyn Disk, offset: u64, length: u64) -> Option<Vec<u8>> {
    let left = usize::try_from(length.checked_sub(offset)?).ok()?;
    for most in [HEAD, usize::MAX] {
        let mut bytes = vec![0; left.min(most)];
        disk.read(offset, &mut bytes).ok()?;
        if let Some(Range { start, end }) = at(&bytes, 0) {
            bytes.truncate(end);
            bytes.drain(..start);
            return Some(bytes);
        }
    }
    None
}

/// Where the first good entry from here on begins.
pub(super) fn resume(bytes: &[u8], from: usize) -> Option<usize> {
    let marks = memchr::memmem::find_iter(bytes.get(from..)?, &MARK);
    marks.map(|offset| from + offset).find(|offset| at(bytes, *offset).is_some())
}

fn checksum(length: u32, entry: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&length.to_le_bytes());
    hasher.update(entry);
    hasher.finalize()
}

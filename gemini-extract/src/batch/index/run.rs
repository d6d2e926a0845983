//! Entries in a file, in the order of their hashes.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use super::filter::Filter;

/// How many entries are read to find one.
const PAGE: usize = 170;
const HASH: usize = size_of::<u128>();
const ENTRY: usize = HASH + size_of::<u64>();
const BUFFER: usize = 64 * 1024;

type Entry = (u128, u64);

/// Entries in a file, in the order of their hashes. For each it has 8 bits of a filter in memory, and
/// for each page of them the first hash.
#[derive(Debug)]
pub(super) struct Run {
    /// For looking entries up.
    pages: File,
    /// For reading all of them, with a place of its own.
    whole: File,
    len: usize,
    filter: Filter,
    firsts: Vec<u128>,
}

/// Where files are made.
#[derive(Clone, Debug)]
pub(super) struct Spill {
    folder: PathBuf,
}

impl Run {
    /// Writes entries that come in order, at most so many.
    pub(super) fn write(
        spill: &Spill,
        most: usize,
        entries: impl Iterator<Item = io::Result<Entry>>,
    ) -> io::Result<Self> {
        let (whole, pages) = spill.create()?;
        let mut out = BufWriter::with_capacity(BUFFER, &whole);
        let mut filter = Filter::new(most);
        let mut firsts = Vec::with_capacity(most.div_ceil(PAGE));
        let mut len = 0;
        for entry in entries {
            let (hash, value) = entry?;
            if len % PAGE == 0 {
                firsts.push(hash);
            }
            filter.add(hash);
            out.write_all(&hash.to_be_bytes())?;
            out.write_all(&value.to_be_bytes())?;
            len += 1;
        }
        out.flush()?;
        drop(out);
        Ok(Self { pages, whole, len, filter, firsts })
    }

    /// Makes one of two; what both have is taken from the newer one.
    pub(super) fn merge(spill: &Spill, older: &Self, newer: &Self) -> io::Result<Self> {
        let (mut old, mut new) = (older.entries()?.peekable(), newer.entries()?.peekable());
        let merged = std::iter::from_fn(|| match (old.peek(), new.peek()) {
            (Some(Ok((first, _))), Some(Ok((second, _)))) if first == second => {
                old.next();
                new.next()
            }
            (Some(Ok((first, _))), Some(Ok((second, _)))) if first < second => old.next(),
            (Some(Err(_)), _) | (Some(_), None) => old.next(),
            _ => new.next(),
        });
        Self::write(spill, older.len + newer.len, merged)
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The number of a hash.
    pub(super) fn get(&self, hash: u128) -> io::Result<Option<u64>> {
        let page = self.firsts.partition_point(|first| *first <= hash);
        if page == 0 || !self.filter.may_have(hash) {
            return Ok(None);
        }
        let start = (page - 1) * PAGE;
        let count = PAGE.min(self.len - start);
        let mut bytes = [0; PAGE * ENTRY];
        let Some(bytes) = bytes.get_mut(..count * ENTRY) else { return Ok(None) };
        let mut file = &self.pages;
        file.seek(SeekFrom::Start((start * ENTRY).try_into().unwrap_or(u64::MAX)))?;
        file.read_exact(bytes)?;
        let (entries, _) = bytes.as_chunks::<ENTRY>();
        let found = entries.binary_search_by_key(&hash, |bytes| entry(bytes).0);
        Ok(found.ok().and_then(|at| entries.get(at)).map(|bytes| entry(bytes).1))
    }

    /// All entries, in their order.
    fn entries(&self) -> io::Result<impl Iterator<Item = io::Result<Entry>>> {
        let mut file = &self.whole;
        file.seek(SeekFrom::Start(0))?;
        let mut reader = BufReader::with_capacity(BUFFER, file);
        Ok((0..self.len).map(move |_| {
            let mut bytes = [0; ENTRY];
            reader.read_exact(&mut bytes)?;
            Ok(entry(&bytes))
        }))
    }
}

#[cfg(test)]
impl Run {
    /// Cuts the file off.
    pub(super) fn damage(&self) {
        self.whole.set_len(0).expect("it is open for writing");
    }
}

impl Spill {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Makes a file without a name, open twice.
    fn create(&self) -> io::Result<(File, File)> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = self.folder.join(format!(".gemini-index-{}-{number}", std::process::id()));
        // A process with the same number may have been killed before it took the name away.
        let _ = fs::remove_file(&path);
        let first = File::create_new(&path)?;
        let second = File::open(&path);
        fs::remove_file(&path)?;
        Ok((first, second?))
    }
}

fn entry(bytes: &[u8; ENTRY]) -> Entry {
    let (hash, value) = bytes.split_at(HASH);
    let hash = hash.try_into().map_or(0, u128::from_be_bytes);
    (hash, value.try_into().map_or(0, u64::from_be_bytes))
}

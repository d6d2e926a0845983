//! The entries of a journal, one by one.

use std::fmt;
use std::fs::File;
use std::io::{self, Take};
use std::path::PathBuf;
use std::vec;

use super::folder::{all_numbers, corrupt, file_path, frames, parts, place, problem};
use super::frame;
use super::frames::Frames;
use super::reader::JournalEntry;
use crate::Result;
use crate::batch::content;
use crate::batch::entry::Entry;
use crate::batch::index::Index;

/// The outcomes in a journal, read one by one; made by
/// [`JournalReader::outcomes`](super::JournalReader::outcomes).
///
/// Little of it is in memory at a time.
#[must_use = "nothing is read before it is asked for"]
pub struct JournalEntries {
    folder: PathBuf,
    numbers: vec::IntoIter<u64>,
    /// The file that is being read.
    file: Option<(u64, Frames<Take<File>>)>,
    /// Where the outcome for each content is, for the records that share it.
    known: Index,
    /// The file that such an outcome was in.
    original: Option<(u64, File)>,
    /// Where the last entry of each key is, where others are passed over.
    last: Option<Index>,
}

impl JournalEntries {
    /// All entries, in the order in which they were written.
    pub(super) fn all(folder: PathBuf) -> Result<Self> {
        let numbers = all_numbers(&folder)?;
        Ok(Self {
            folder,
            numbers: numbers.into_iter(),
            file: None,
            known: Index::default(),
            original: None,
            last: None,
        })
    }

    /// The last entry of each record.
    pub(super) fn last(folder: PathBuf) -> Result<Self> {
        let (mut all, mut last) = (Self::all(folder.clone())?, Index::default());
        while let Some((place, entry)) = all.read()? {
            last.insert(content::key(&entry.key), place);
        }
        Ok(Self { last: Some(last), ..Self::all(folder)? })
    }

    fn step(&mut self) -> Result<Option<JournalEntry>> {
        while let Some((place, entry)) = self.read()? {
            let is_duplicate = entry.answer.is_none() && entry.error.is_none();
            if !is_duplicate {
                self.known.insert(entry.content, place);
            }
            if let Some(last) = &self.last
                && self.found(last.get(content::key(&entry.key)))? != Some(place)
            {
                continue;
            }
            let original = if is_duplicate { self.original(entry.content)? } else { None };
            return Ok(Some(JournalEntry::new(entry, original, is_duplicate)));
        }
        Ok(None)
    }

    /// The next entry as it was written, and its place.
    fn read(&mut self) -> Result<Option<(u64, Entry)>> {
        let failed = |error: io::Error| problem(&self.folder, &error.to_string());
        loop {
            let Some((number, frames)) = &mut self.file else {
                let Some(number) = self.numbers.next() else { return Ok(None) };
                self.file = Some((number, frames(&self.folder, number).map_err(failed)?.0));
                continue;
            };
            if let Some((offset, entry)) = frames.next().map_err(failed)? {
                if let Ok(entry) = serde_json::from_slice(entry) {
                    return Ok(Some((place(*number, offset), entry)));
                }
                continue;
            }
            let damage = frames.damage().map(|offset| corrupt(&self.folder, *number, offset));
            self.file = None;
            if let Some(damage) = damage {
                // Nothing is read behind it.
                self.numbers = Vec::new().into_iter();
                return Err(damage);
            }
        }
    }

    /// The outcome for a content.
    fn original(&mut self, content: u128) -> Result<Option<Entry>> {
        let Some(place) = self.found(self.known.get(content))? else { return Ok(None) };
        Ok(self.at(place).and_then(|entry| serde_json::from_slice(&entry).ok()))
    }

    /// The entry at a place.
    fn at(&mut self, place: u64) -> Option<Vec<u8>> {
        let (number, offset) = parts(place);
        if self.original.as_ref().is_none_or(|(open, _)| *open != number) {
            let file = File::open(file_path(&self.folder, number)).ok()?;
            self.original = Some((number, file));
        }
        let (_, file) = self.original.as_mut()?;
        let length = file.metadata().ok()?.len();
        frame::read(file, offset, length)
    }

    fn found(&self, place: io::Result<Option<u64>>) -> Result<Option<u64>> {
        place.map_err(|error| problem(&self.folder, &error.to_string()))
    }
}

impl Iterator for JournalEntries {
    type Item = Result<JournalEntry>;

    fn next(&mut self) -> Option<Self::Item> {
        self.step().transpose()
    }
}

impl fmt::Debug for JournalEntries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JournalEntries").field("folder", &self.folder).finish_non_exhaustive()
    }
}

//! Journals to look at: also while another process writes them.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Serialize;

use super::entries::JournalEntries;
use super::folder::{file_path, numbers, problem, read};
use super::frame::{self, HEADER};
use super::manifest::{Manifest, sync_folder};
use crate::batch::api::{Notes, OpenBatch};
use crate::batch::entry::{Bill, Entry, Told};
use crate::batch::votes::Votes;
use crate::{Result, Usage};

/// The journal of a run, to be looked at.
///
/// It sees what has been written at the moment of reading; another process may go on writing.
///
/// # Examples
///
/// ```no_run
/// # fn main() -> gemini_extract::Result<()> {
/// use gemini_extract::batch::JournalReader;
///
/// let journal = JournalReader::open("reviews.run")?;
/// for entry in journal.outcomes()? {
///     let entry = entry?;
///     println!("{}\t{}", entry.key, entry.answer.as_deref().unwrap_or("-"));
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct JournalReader {
    folder: PathBuf,
    manifest: Manifest,
}

/// An outcome in a journal.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct JournalEntry {
    /// The record's key.
    pub key: String,
    /// The record's position among the records.
    pub position: u64,
    /// The answer as the model wrote it; absent where there is an error.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// Why there is no value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The name of the error's [`ErrorKind`](crate::ErrorKind).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_kind: Option<String>,
    /// Whether it is the outcome of another record with the same content.
    pub is_duplicate: bool,
    /// Tokens that were paid for, prompt and answer together.
    pub total_tokens: u64,
    /// What they cost, where prices were known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<f64>,
    /// How many requests were sent.
    pub attempts: u64,
    /// How many of these were sent for several records together, and are counted with another one
    /// of them.
    pub shared_attempts: u64,
    /// How long they took, in milliseconds.
    pub latency_ms: u64,
    /// What the record's repeats said, where it was asked several times.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub votes: Option<Votes>,
    #[serde(skip)]
    bill: Bill,
}

/// What a repair did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Repaired {
    /// Entries that are whole, and were copied.
    pub kept: u64,
    /// Bytes that belong to no whole entry, and were left out.
    pub lost_bytes: u64,
}

impl JournalReader {
    /// Opens the journal of a run.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Journal`](crate::ErrorKind::Journal) where the folder holds none, or one of
    /// another version.
    pub fn open(folder: impl AsRef<Path>) -> Result<Self> {
        let folder = folder.as_ref();
        let manifest = Manifest::read(folder).map_err(|text| problem(folder, &text))?;
        let missing = || problem(folder, "there is no manifest.json, so it is no run");
        Ok(Self { folder: folder.to_owned(), manifest: manifest.ok_or_else(missing)? })
    }

    /// The job of the run in JSON: model, schema, instruction, examples and parameters.
    #[must_use]
    pub fn job(&self) -> String {
        self.manifest.job.text()
    }

    /// The batches that the run has open at the service by [`BatchApi`](crate::batch::BatchApi),
    /// the oldest first; those are among them whose answers weren't all taken yet.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Journal`](crate::ErrorKind::Journal) where a note of them cannot be read.
    pub fn open_batches(&self) -> Result<Vec<OpenBatch>> {
        Notes::of_run(&self.folder).open_batches()
    }

    /// The last outcome of each record, in the order in which these were written.
    ///
    /// The journal is read twice, and never as a whole in memory: once now, for where the last ones
    /// are, and once as they are asked for.
    ///
    /// # Errors
    ///
    /// As [`for_each`](Self::for_each).
    pub fn outcomes(&self) -> Result<JournalEntries> {
        JournalEntries::last(self.folder.clone())
    }

    /// The last outcome of each record, in a list; [`outcomes`](Self::outcomes) needs less memory.
    ///
    /// # Errors
    ///
    /// As [`for_each`](Self::for_each).
    pub fn entries(&self) -> Result<Vec<JournalEntry>> {
        self.outcomes()?.collect()
    }

    /// Gives every entry, in the order in which they were written. A record that was asked
    /// several times has several; the last one counts.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Journal`](crate::ErrorKind::Journal) where a file cannot be read or is damaged
    /// in its middle. An entry that is being written is left out.
    pub fn for_each(&self, mut each: impl FnMut(JournalEntry)) -> Result<()> {
        for entry in JournalEntries::all(self.folder.clone())? {
            each(entry?);
        }
        Ok(())
    }

    /// Copies the run into a new folder, with the entries that are whole, wherever the files are
    /// damaged. The records that were lost are asked again when the batch is started there.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Journal`](crate::ErrorKind::Journal) where a file cannot be read or written, or
    /// the new folder exists.
    pub fn repair(&self, into: impl AsRef<Path>) -> Result<Repaired> {
        let into = into.as_ref();
        self.copy(into).map_err(|error| problem(into, &error.to_string()))
    }

    fn copy(&self, into: &Path) -> io::Result<Repaired> {
        fs::create_dir(into)?;
        let mut repaired = Repaired::default();
        // The copies follow one another, also where a file is missing.
        for (copy, number) in (1..).zip(numbers(&self.folder)?) {
            let bytes = read(&self.folder, number)?;
            let mut whole = HEADER.to_vec();
            let mut offset = if bytes.starts_with(HEADER) { HEADER.len() } else { 0 };
            while let Some(start) = frame::resume(&bytes, offset) {
                let Some(range) = frame::at(&bytes, start) else { break };
                repaired.lost_bytes += u64::try_from(start - offset).unwrap_or(u64::MAX);
                repaired.kept += 1;
                offset = range.end;
                whole.extend_from_slice(bytes.get(start..range.end).unwrap_or_default());
            }
            repaired.lost_bytes += u64::try_from(bytes.len() - offset).unwrap_or(u64::MAX);
            let mut file = File::create_new(file_path(into, copy))?;
            file.write_all(&whole)?;
            file.sync_all()?;
        }
        Notes::of_run(&self.folder).copy_to(&Notes::of_run(into))?;
        self.manifest.write(into)?;
        sync_folder(into)?;
        Ok(repaired)
    }
}

impl JournalEntry {
    pub(super) fn new(entry: Entry, original: Option<Entry>, is_duplicate: bool) -> Self {
        let Entry { key, position, bill, .. } = entry;
        let (answer, error, votes) = original
            .map_or((entry.answer, entry.error, entry.votes), |it| (it.answer, it.error, it.votes));
        let (error, error_kind) = error.map(|Told { kind, message, .. }| (message, kind)).unzip();
        Self {
            key,
            position,
            answer,
            error,
            error_kind,
            is_duplicate,
            total_tokens: bill.total_tokens,
            cost: bill.cost,
            attempts: bill.attempts,
            shared_attempts: bill.shared_attempts,
            latency_ms: bill.latency_ms,
            votes,
            bill,
        }
    }

    /// What was paid for in tokens.
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.bill.usage()
    }

    /// How long the requests took.
    #[must_use]
    pub fn latency(&self) -> Duration {
        self.bill.latency()
    }
}

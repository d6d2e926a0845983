//! Notes of open batches in the folder of a run, each a file of its own: written whole or not at
//! all, before a batch is made and after, and gone when all its outcomes are in the journal.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::row::RowKey;
use crate::batch::book::Book;
use crate::batch::journal::sync_folder;
use crate::{Error, Result};

/// The folder of the notes in that of the run.
pub(in crate::batch) const FOLDER: &str = "batches";
const ENDING: &str = "json";
/// That of a note that is being written.
const PART: &str = "new";
const FORMAT: u32 = 1;

/// What is noted of a batch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Note {
    format: u32,
    /// By this the batch is found where its name wasn't noted any more.
    pub(super) display_name: String,
    /// The service's name of it; absent until it is known to be made.
    #[serde(default)]
    pub(super) batch: Option<String>,
    /// When it was noted, in seconds since 1970.
    pub(super) noted: u64,
    /// What it can cost at most, where there is a limit of costs.
    #[serde(default)]
    pub(super) dearest: f64,
    /// The rows in it.
    pub(super) rows: Vec<RowKey>,
}

/// A batch that a run has open at the service, by its notes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct OpenBatch {
    /// The service's name, such as `batches/..`; absent where the run was killed while it was being
    /// made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// By this the service lists it.
    pub display_name: String,
    /// How many records are in it.
    pub records: usize,
    /// When it was made, in seconds since 1970.
    pub made: u64,
}

/// The notes of a run.
#[derive(Clone, Debug)]
pub(in crate::batch) struct Notes {
    folder: PathBuf,
}

impl Note {
    pub(super) fn new(display_name: &str, rows: Vec<RowKey>, dearest: f64) -> Self {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        Self {
            format: FORMAT,
            display_name: display_name.to_owned(),
            batch: None,
            noted: now.map_or(0, |now| now.as_secs()),
            dearest,
            rows,
        }
    }
}

impl Notes {
    /// Those in the folder of a run.
    pub(in crate::batch) fn of_run(run: &Path) -> Self {
        Self { folder: run.join(FOLDER) }
    }

    /// All notes that there are, the oldest first.
    pub(super) fn read(&self) -> Result<Vec<Note>> {
        let failed = |error: io::Error| self.problem(&error.to_string());
        let files = match fs::read_dir(&self.folder) {
            Ok(files) => files,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(failed(error)),
        };
        let mut notes = Vec::new();
        for file in files {
            let path = file.map_err(failed)?.path();
            if path.extension().is_none_or(|ending| ending != ENDING) {
                continue;
            }
            let text = fs::read_to_string(&path).map_err(failed)?;
            let note = serde_json::from_str(&text).ok();
            let is_own = |note: &Note| path.file_stem() == Some(note.display_name.as_ref());
            let damaged = || self.problem(&format!("{} is damaged", path.display()));
            let note = note.filter(is_own).ok_or_else(damaged)?;
            if note.format != FORMAT {
                let format = note.format;
                let problem =
                    format!("a note has the format {format}, and this version reads {FORMAT} only");
                return Err(self.problem(&problem));
            }
            notes.push(note);
        }
        notes.sort_by(|a, b| (a.noted, &a.display_name).cmp(&(b.noted, &b.display_name)));
        Ok(notes)
    }

    /// The notes of rows that have no answer in the journal; those without such rows are taken away.
    pub(super) fn recall(&self, book: &Book) -> Result<Vec<Note>> {
        self.clear();
        let mut notes = self.read()?;
        for note in &mut notes {
            note.rows.retain(|row| !book.is_answered(row.0));
        }
        let (open, done): (Vec<_>, Vec<_>) =
            notes.into_iter().partition(|note| !note.rows.is_empty());
        for note in done {
            self.remove(&note.display_name);
        }
        Ok(open)
    }

    /// The open batches that are noted.
    pub(in crate::batch) fn open_batches(&self) -> Result<Vec<OpenBatch>> {
        let open = self.read()?.into_iter().map(|note| OpenBatch {
            name: note.batch,
            display_name: note.display_name,
            records: note.rows.len(),
            made: note.noted,
        });
        Ok(open.collect())
    }

    /// Copies all notes to another run.
    pub(in crate::batch) fn copy_to(&self, other: &Self) -> io::Result<()> {
        for note in self.read().map_err(io::Error::other)? {
            other.write_file(&other.path(&note.display_name), &serde_json::to_vec(&note)?)?;
        }
        Ok(())
    }

    /// Writes a note, in place of an earlier one of the same batch.
    pub(super) async fn write(&self, note: &Note) -> Result<()> {
        let (notes, path) = (self.clone(), self.path(&note.display_name));
        let text = serde_json::to_vec(note);
        let text = text.map_err(|error| self.problem(&error.to_string()))?;
        let written = tokio::task::spawn_blocking(move || notes.write_file(&path, &text));
        let written = written.await.unwrap_or_else(|_| Err(io::Error::other("it was given up")));
        written.map_err(|error| self.problem(&error.to_string()))
    }

    /// Takes the note of a batch away. Where that fails, its answers are taken again at the next
    /// start, which does no harm.
    pub(super) fn remove(&self, display_name: &str) {
        if let Err(error) = fs::remove_file(self.path(display_name)) {
            tracing::debug!(%error, "the note of a batch stays");
        }
    }

    /// Takes away what was being written when the process was killed.
    fn clear(&self) {
        for file in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            if file.path().extension().is_some_and(|ending| ending == PART) {
                // It is of no use, and of no harm.
                let _ = fs::remove_file(file.path());
            }
        }
    }

    fn path(&self, display_name: &str) -> PathBuf {
        self.folder.join(display_name).with_extension(ENDING)
    }

    fn write_file(&self, path: &Path, text: &[u8]) -> io::Result<()> {
        if !self.folder.exists() {
            fs::create_dir_all(&self.folder)?;
            self.folder.parent().map_or(Ok(()), sync_folder)?;
        }
        let new = path.with_extension(PART);
        let mut file = File::create(&new)?;
        file.write_all(text)?;
        file.sync_all()?;
        fs::rename(&new, path)?;
        sync_folder(&self.folder)
    }

    fn problem(&self, problem: &str) -> Error {
        Error::journal(vec![format!("{}: {problem}", self.folder.display())])
    }
}

#[cfg(test)]
mod tests {
    use super::{Note, Notes, RowKey};

    #[tokio::test]
    async fn notes_are_kept_until_they_are_taken_away() {
        let name = format!("gemini-extract-notes-{}", std::process::id());
        let run = std::env::temp_dir().join(name);
        let notes = Notes::of_run(&run);
        assert_eq!(notes.read().expect("no folder is no note"), []);
        let first = Note::new("first", vec![RowKey(1), RowKey(u128::MAX)], 0.5);
        let second = Note { noted: first.noted + 1, ..Note::new("second", vec![], 0.0) };
        for note in [&second, &first] {
            notes.write(note).await.expect("it is written");
        }
        let named = Note { batch: Some("batches/x".to_owned()), ..first.clone() };
        notes.write(&named).await.expect("it is written");
        assert_eq!(notes.read().expect("notes"), [named, second.clone()]);
        notes.remove("first");
        notes.remove("first");
        assert_eq!(notes.read().expect("notes"), [second]);
        std::fs::write(notes.path("third"), "{}").expect("it is written");
        assert!(notes.read().is_err());
        std::fs::remove_dir_all(run).expect("it is there");
    }
}

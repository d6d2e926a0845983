//! What is left on the disk of a cache, for the case that the process is killed.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

const NAME: &str = "context.json";

/// What stands in `context.json`, in the folder of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(in crate::batch) struct Note {
    /// The job that has paid for it, as a hash.
    #[serde(default)]
    job: String,
    /// What making and keeping caches has cost the job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cost: Option<f64>,
    /// The cache that may still be there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) cache: Option<Kept>,
}

/// A cache that was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::batch) struct Kept {
    pub(super) name: String,
    /// The hash of the model and of what is in it.
    pub(super) content: String,
    pub(super) tokens: u64,
}

/// The place of the note, and what stands there.
#[derive(Debug)]
pub(in crate::batch) struct Notebook {
    path: PathBuf,
    note: Note,
}

impl Notebook {
    /// Reads the note of a run; what another job has paid isn't this one's.
    pub(in crate::batch) fn open(folder: &Path, job: &str) -> Self {
        let path = folder.join(NAME);
        let mut note = read(&path);
        if note.job != job {
            note = Note { job: job.to_owned(), cost: None, cache: note.cache };
        }
        Self { path, note }
    }

    /// What caches have cost at earlier starts.
    pub(in crate::batch) fn cost(&self) -> Option<f64> {
        self.note.cost
    }

    /// The cache that an earlier start has left.
    pub(in crate::batch) fn cache(&self) -> Option<&Kept> {
        self.note.cache.as_ref()
    }

    /// Notes which cache there is now, and what was spent since the last time.
    pub(super) async fn write(&mut self, cache: Option<Kept>, spent: f64) {
        let was = std::mem::replace(&mut self.note.cache, cache);
        if spent != 0.0 {
            *self.note.cost.get_or_insert(0.0) += spent;
        }
        let (path, mut note) = (self.path.clone(), self.note.clone());
        let written = tokio::task::spawn_blocking(move || {
            // A later start of the same run may have a cache already while this one ends.
            let found = read(&path);
            if found.job == note.job && found.cache != was {
                note = found;
            }
            write(&path, &note)
        });
        if !matches!(written.await, Ok(Ok(()))) {
            tracing::warn!("the note of a cache cannot be written; it expires by itself");
        }
    }
}

/// What stands in the file; nothing where there is none, or none that can be read.
fn read(path: &Path) -> Note {
    let text = fs::read_to_string(path).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_default()
}

/// Writes the note, whole or not at all.
fn write(path: &Path, note: &Note) -> std::io::Result<()> {
    let new = path.with_extension("json.new");
    let mut file = File::create(&new)?;
    file.write_all(serde_json::to_string_pretty(note)?.as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()?;
    fs::rename(&new, path)
}

#[cfg(test)]
mod tests {
    use super::{Kept, Notebook};

    fn kept(name: &str) -> Option<Kept> {
        let (name, content) = (name.to_owned(), "0".to_owned());
        Some(Kept { name, content, tokens: 1 })
    }

    #[tokio::test]
    async fn a_later_start_is_not_written_over() {
        let folder =
            std::env::temp_dir().join(format!("gemini-extract-note-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let mut earlier = Notebook::open(&folder, "job");
        earlier.write(kept("a"), 1.0).await;
        let mut later = Notebook::open(&folder, "job");
        assert_eq!((later.cache(), later.cost()), (kept("a").as_ref(), Some(1.0)));
        later.write(kept("b"), 2.0).await;
        earlier.write(None, -0.5).await;
        let last = Notebook::open(&folder, "job");
        assert_eq!((last.cache(), last.cost()), (kept("b").as_ref(), Some(3.0)));
        let other = Notebook::open(&folder, "another");
        assert_eq!((other.cache(), other.cost()), (kept("b").as_ref(), None));
        std::fs::remove_dir_all(&folder).expect("it is there");
    }
}

//! A table from hashes of 128 bits to numbers, for any number of them: the latest in memory, the
//! others in files.

mod filter;
mod run;

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use run::{Run, Spill};

/// The most entries in memory.
const MOST: usize = 50_000;

/// A table from hashes to numbers; of equal hashes the latest number counts.
///
/// When there are many entries in memory they are written to a file, in order, and of each file a
/// filter stays in memory, of [some 9 bits](run::Run) for an entry. A thread makes one file of two
/// that are about as long, so that there are few of them. The files have no names, and are gone with
/// the table or its process.
pub(super) struct Index {
    recent: HashMap<u128, u64>,
    /// Where they are put in order; kept, so that the heap has no holes of its size.
    sorted: Vec<(u128, u64)>,
    /// So many entries in memory are written to a file.
    most: usize,
    /// When that is tried next; later than usual after it failed.
    next: usize,
    /// The oldest first.
    runs: Vec<Arc<Run>>,
    merge: Option<Merge>,
    spill: Spill,
}

/// Two files that become one.
struct Merge {
    /// Where the older one is; the newer one is behind it.
    at: usize,
    thread: JoinHandle<io::Result<Run>>,
}

impl Default for Index {
    /// One with its files in the system's folder for temporary ones.
    fn default() -> Self {
        Self::new(std::env::temp_dir())
    }
}

impl Index {
    /// One with its files in this folder, once there are any.
    pub(super) fn new(folder: PathBuf) -> Self {
        Self::with_most(folder, MOST)
    }

    fn with_most(folder: PathBuf, most: usize) -> Self {
        Self {
            recent: HashMap::new(),
            sorted: Vec::new(),
            most,
            next: most,
            runs: Vec::new(),
            merge: None,
            spill: Spill::new(folder),
        }
    }

    /// The number of a hash.
    ///
    /// # Errors
    ///
    /// If a file cannot be read.
    pub(super) fn get(&self, hash: u128) -> io::Result<Option<u64>> {
        if let Some(value) = self.recent.get(&hash) {
            return Ok(Some(*value));
        }
        for run in self.runs.iter().rev() {
            if let Some(value) = run.get(hash)? {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }

    /// Sets the number of a hash.
    pub(super) fn insert(&mut self, hash: u128, value: u64) {
        self.recent.insert(hash, value);
        if self.recent.len() >= self.next {
            self.write();
            self.take_merged();
            self.begin_merge();
        }
    }

    /// Puts what is in memory into a file; it stays there where that fails.
    fn write(&mut self) {
        self.sorted.clear();
        self.sorted.extend(self.recent.iter().map(|(hash, value)| (*hash, *value)));
        self.sorted.sort_unstable();
        let entries = self.sorted.iter().copied().map(Ok);
        match Run::write(&self.spill, self.sorted.len(), entries) {
            Ok(run) => {
                self.runs.push(Arc::new(run));
                self.recent.clear();
                self.recent.shrink_to(self.most);
                self.sorted.shrink_to(self.most);
                self.next = self.most;
            }
            Err(error) => {
                tracing::warn!(%error, "what is known of records stays in memory");
                self.next = self.recent.len().saturating_mul(2);
            }
        }
    }

    /// Takes the file that two have become, once it is done; they stay where it failed.
    fn take_merged(&mut self) {
        let Some(Merge { at, thread }) = self.merge.take_if(|it| it.thread.is_finished()) else {
            return;
        };
        if let Ok(Ok(run)) = thread.join() {
            self.runs.splice(at..at + 2, [Arc::new(run)]);
        }
    }

    /// Begins to make one file of the latest two that are about as long.
    fn begin_merge(&mut self) {
        if self.merge.is_some() {
            return;
        }
        let pairs = self.runs.windows(2).enumerate().rev();
        let mut pairs = pairs.filter_map(|(at, pair)| match pair {
            [older, newer] if older.len() < 2 * newer.len() => Some((at, older, newer)),
            _ => None,
        });
        let Some((at, older, newer)) = pairs.next() else { return };
        let (older, newer, spill) = (Arc::clone(older), Arc::clone(newer), self.spill.clone());
        let thread = thread::Builder::new().name("gemini-index".to_owned());
        let thread = thread.spawn(move || Run::merge(&spill, &older, &newer));
        // Without a thread there are more files, until there is one.
        self.merge = thread.ok().map(|thread| Merge { at, thread });
    }
}

#[cfg(test)]
impl Index {
    /// Puts what is in memory into a file, and damages that.
    pub(super) fn damage(&mut self) {
        self.write();
        self.runs.iter().for_each(|run| run.damage());
    }
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lengths: Vec<usize> = self.runs.iter().map(|run| run.len()).collect();
        f.debug_struct("Index")
            .field("recent", &self.recent.len())
            .field("runs", &lengths)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;

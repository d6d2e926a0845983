//! Where outcomes are kept: on disk, or for a batch without a journal in memory.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::entry::Entry;
use super::journal::Journal;
use crate::Result;

/// How many bytes of outcomes are kept in memory.
const MOST_IN_MEMORY: usize = 64 * 1024 * 1024;

/// Where outcomes are kept.
#[derive(Debug)]
pub(super) enum Store {
    /// Nowhere: nobody asks for them again.
    None,
    Memory(Memory),
    Journal(Journal),
}

/// What follows when an outcome is kept: at which place, if it is kept at all.
pub(super) type Then = Box<dyn FnOnce(Result<Option<u64>>) + Send>;

/// Outcomes in memory, up to a limit.
#[derive(Debug, Default)]
pub(super) struct Memory(Mutex<Vec<u8>>);

impl Store {
    /// An outcome as it is kept.
    pub(super) fn encode(&self, entry: &Entry) -> Vec<u8> {
        match self {
            Self::None => Vec::new(),
            _ => serde_json::to_vec(entry).unwrap_or_default(),
        }
    }

    /// Keeps an outcome, and goes on with `then` when it is safe.
    pub(super) fn keep(&self, entry: Vec<u8>, then: Then) {
        match self {
            Self::None => then(Ok(None)),
            Self::Memory(memory) => then(Ok(memory.keep(&entry))),
            Self::Journal(journal) => journal.append(entry, then),
        }
    }

    /// The outcome at a place; `None` where there is none that can be read.
    pub(super) async fn read(&self, place: u64) -> Option<Entry> {
        match self {
            Self::None => None,
            Self::Memory(memory) => memory.read(place),
            Self::Journal(journal) => journal.read(place).await,
        }
    }
}

impl Store {
    /// Whether the outcome at this place is that of an earlier start.
    pub(super) fn is_earlier(&self, place: u64) -> bool {
        matches!(self, Self::Journal(journal) if place < journal.start)
    }

    pub(super) fn is_journal(&self) -> bool {
        matches!(self, Self::Journal(_))
    }
}

impl Memory {
    fn keep(&self, text: &[u8]) -> Option<u64> {
        let mut kept = self.kept();
        let place = kept.len();
        if place + text.len() > MOST_IN_MEMORY {
            return None;
        }
        kept.extend_from_slice(text);
        kept.push(b'\n');
        u64::try_from(place).ok()
    }

    fn read(&self, place: u64) -> Option<Entry> {
        let kept = self.kept();
        let rest = kept.get(usize::try_from(place).ok()?..)?;
        let end = memchr::memchr(b'\n', rest)?;
        serde_json::from_slice(rest.get(..end)?).ok()
    }

    fn kept(&self) -> MutexGuard<'_, Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

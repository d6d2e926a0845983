//! The journal of a run: what was paid for, safe on disk.
//!
//! A run is a folder. `manifest.json` says which job it belongs to, `lock` is held by the process
//! that writes, and outcomes lie in files `000001.journal`, `000002.journal`, ..., one after the
//! other, each with its length and a checksum. They are only ever added.

mod disk;
mod entries;
mod folder;
mod frame;
mod frames;
mod manifest;
mod reader;
mod writer;

use std::sync::mpsc::Sender;

use tokio::sync::oneshot;

pub use entries::JournalEntries;
pub(super) use folder::Folder;
pub(super) use manifest::{Fingerprint, sync_folder};
pub use reader::{JournalEntry, JournalReader, Repaired};
use writer::Command;
pub(super) use writer::Writer;

use super::entry::Entry;
use super::store::Then;
use crate::Error;

/// A journal that is being written, by a thread of its own.
#[derive(Debug)]
pub(super) struct Journal {
    commands: Sender<Command>,
    /// Where the entries of this start begin.
    pub(super) start: u64,
}

impl Journal {
    fn new(commands: Sender<Command>, start: u64) -> Self {
        Self { commands, start }
    }

    /// Adds an entry, and goes on with `then` when it is safe.
    pub(super) fn append(&self, entry: Vec<u8>, then: Then) {
        let sent = self.commands.send(Command::Append(entry, then));
        if let Err(std::sync::mpsc::SendError(Command::Append(_, then))) = sent {
            then(Err(Error::journal(vec!["its writer has ended".to_owned()])));
        }
    }

    /// The entry at a place.
    pub(super) async fn read(&self, place: u64) -> Option<Entry> {
        let (reply, entry) = oneshot::channel();
        self.commands.send(Command::Read(place, reply)).ok()?;
        entry.await.ok().flatten()
    }
}

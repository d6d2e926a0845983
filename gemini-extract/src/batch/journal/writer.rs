//! The thread that writes a journal: entries that come at the same time reach the disk together.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;

use super::disk::Disk;
use super::folder::{Folder, Opened, file_path, parts, place, problem};
use super::{Journal, frame};
use crate::Result;
use crate::batch::entry::Entry;
use crate::batch::store::Then;

/// How long entries are waited for that can be written together.
const LINGER: Duration = Duration::from_millis(4);
/// In how many parts, so that questions between them are answered soon.
const PAUSES: u32 = 4;
/// The most entries and questions that are taken at a time.
const MOST: usize = 1_024;
/// A file that has reached this length is followed by another one.
const FULL: u64 = 16 * 1024 * 1024;
/// The most files that are open to be read from.
const MOST_OPEN: usize = 16;

/// What the thread is to do.
pub(in crate::batch) enum Command {
    Append(Vec<u8>, Then),
    Read(u64, oneshot::Sender<Option<Entry>>),
}

/// An entry to be written, and what follows.
type Kept = (Vec<u8>, Then);

/// The thread's own things.
pub(in crate::batch) struct Writer {
    folder: Folder,
    number: u64,
    disk: Box<dyn Disk>,
    length: u64,
    commands: Receiver<Command>,
    /// Files that are read from.
    files: HashMap<u64, File>,
    /// Why nothing can be written any more.
    broken: Option<String>,
}

impl Writer {
    /// Begins to write behind what is there.
    pub(in crate::batch) fn start(opened: Opened) -> Result<Journal> {
        let (commands, receiver) = channel();
        let (writer, journal) = Self::new(opened, (commands, receiver));
        let path = writer.folder.path.clone();
        let thread = thread::Builder::new().name("gemini-journal".to_owned());
        thread.spawn(move || writer.run()).map_err(|error| problem(&path, &error.to_string()))?;
        Ok(journal)
    }

    fn new(opened: Opened, channel: (Sender<Command>, Receiver<Command>)) -> (Self, Journal) {
        let Opened { folder, file: (number, disk, length) } = opened;
        let start = place(number, usize::try_from(length).unwrap_or(usize::MAX));
        let (files, broken) = (HashMap::new(), None);
        let writer = Self { folder, number, disk, length, commands: channel.1, files, broken };
        (writer, Journal::new(channel.0, start))
    }

    fn run(mut self) {
        while let Ok(first) = self.commands.recv() {
            let mut group = Vec::new();
            self.take(first, &mut group);
            if !group.is_empty() && self.broken.is_none() {
                for _ in 0..PAUSES {
                    thread::sleep(LINGER / PAUSES);
                    self.take_more(&mut group);
                }
            }
            self.take_more(&mut group);
            if !group.is_empty() {
                self.keep(group);
            }
        }
    }

    fn take_more(&mut self, group: &mut Vec<Kept>) {
        // Entries don't wait for a row of questions that never ends.
        for _ in 0..MOST {
            let Ok(command) = self.commands.try_recv() else { return };
            self.take(command, group);
        }
    }

    /// Answers a question at once; an entry joins the group.
    fn take(&mut self, command: Command, group: &mut Vec<Kept>) {
        match command {
            Command::Append(entry, then) => group.push((entry, then)),
            // Nobody may wait for it any more.
            Command::Read(place, reply) => drop(reply.send(self.read(place))),
        }
    }

    /// Writes entries together, and goes on with what follows them.
    fn keep(&mut self, group: Vec<Kept>) {
        let (entries, thens): (Vec<_>, Vec<_>) = group.into_iter().unzip();
        let places = self.write(&entries);
        for (index, then) in thens.into_iter().enumerate() {
            match &places {
                Ok(places) => then(Ok(places.get(index).copied())),
                Err(text) => then(Err(problem(&self.folder.path, text))),
            }
        }
    }

    /// Writes entries, and gives the place of each; why nothing was written, from the first
    /// failure on.
    fn write(&mut self, entries: &[Vec<u8>]) -> Result<Vec<u64>, String> {
        if let Some(broken) = &self.broken {
            return Err(broken.clone());
        }
        let result = self.try_write(entries);
        result.map_err(|error| {
            // What was written of it is cut off now, or at the next start.
            let _ = self.disk.cut(self.length);
            let text = format!("it cannot be written: {error}; start again when there is room");
            self.broken.insert(text).clone()
        })
    }

    fn try_write(&mut self, entries: &[Vec<u8>]) -> io::Result<Vec<u64>> {
        if self.length >= FULL {
            (self.number, self.disk, self.length) = self.folder.begin(self.number + 1)?;
        }
        let start = usize::try_from(self.length).unwrap_or(usize::MAX);
        let mut places = Vec::with_capacity(entries.len());
        let mut bytes = Vec::new();
        for entry in entries {
            places.push(place(self.number, start + bytes.len()));
            if !frame::push(&mut bytes, entry) {
                return Err(io::Error::other("an entry has more than 4 GiB"));
            }
        }
        self.disk.append(&bytes)?;
        self.disk.sync()?;
        self.length += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        Ok(places)
    }

    /// The entry at a place.
    fn read(&mut self, place: u64) -> Option<Entry> {
        let (number, offset) = parts(place);
        let length = if number == self.number {
            self.length
        } else {
            std::fs::metadata(file_path(&self.folder.path, number)).ok()?.len()
        };
        let disk: &mut dyn Disk = if number == self.number {
            &mut *self.disk
        } else {
            if !self.files.contains_key(&number) {
                let file = File::open(file_path(&self.folder.path, number)).ok()?;
                if self.files.len() >= MOST_OPEN {
                    self.files.clear();
                }
                self.files.insert(number, file);
            }
            self.files.get_mut(&number)?
        };
        serde_json::from_slice(&frame::read(disk, offset, length)?).ok()
    }
}

#[cfg(test)]
mod tests;

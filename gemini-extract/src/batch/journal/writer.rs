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
/// The most entries that are written together.
const MOST: usize = 4_096;
/// A file that has reached this length is followed by another one.
const FULL: u64 = 64 * 1024 * 1024;
/// What is read at first; most entries aren't longer.
const HEAD: usize = 4_096;

/// What the thread is to do.
pub(in crate::batch) enum Command {
    Append(Vec<u8>, Then),
    Read(u64, oneshot::Sender<Option<Entry>>),
}

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
            if matches!(first, Command::Append(..)) && self.broken.is_none() {
                thread::sleep(LINGER);
            }
            let mut group = vec![first];
            group.extend(self.commands.try_iter().take(MOST));
            self.work(group);
        }
    }

    fn work(&mut self, group: Vec<Command>) {
        let (mut entries, mut thens) = (Vec::new(), Vec::new());
        let mut reads = Vec::new();
        for command in group {
            match command {
                Command::Append(entry, then) => {
                    entries.push(entry);
                    thens.push(then);
                }
                Command::Read(place, reply) => reads.push((place, reply)),
            }
        }
        if !entries.is_empty() {
            let places = self.write(&entries);
            for (index, then) in thens.into_iter().enumerate() {
                match &places {
                    Ok(places) => then(Ok(places.get(index).copied())),
                    Err(text) => then(Err(problem(&self.folder.path, text))),
                }
            }
        }
        for (place, reply) in reads {
            // Nobody may wait for it any more.
            let _ = reply.send(self.read(place));
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
                self.files.insert(number, file);
            }
            self.files.get_mut(&number)?
        };
        let left = usize::try_from(length.checked_sub(offset)?).ok()?;
        for most in [HEAD, usize::MAX] {
            let mut bytes = vec![0; left.min(most)];
            disk.read(offset, &mut bytes).ok()?;
            if let Some(range) = frame::at(&bytes, 0) {
                return serde_json::from_slice(bytes.get(range)?).ok();
            }
        }
        None
    }
}

#[cfg(test)]
mod tests;

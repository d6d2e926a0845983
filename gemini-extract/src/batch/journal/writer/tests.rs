//! The writer on disks that fail.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, mpsc};

use super::super::disk::Disk;
use super::super::folder::Folder;
use super::super::frame;
use super::super::frames::Frames;
use super::super::manifest::Fingerprint;
use super::Writer;
use crate::batch::journal::Journal;
use crate::{Client, ErrorKind};

/// A disk in memory with room for so many bytes.
#[derive(Clone, Default)]
struct Small {
    bytes: Arc<Mutex<Vec<u8>>>,
    room: usize,
    /// Whether a write that doesn't fit leaves what does, and cannot be cut off.
    is_torn: bool,
}

impl Disk for Small {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut written = self.bytes.lock().expect("not poisoned");
        let room = self.room - written.len();
        if bytes.len() <= room {
            written.extend_from_slice(bytes);
            return Ok(());
        }
        written.extend_from_slice(&bytes[..room]);
        Err(io::ErrorKind::StorageFull.into())
    }

    fn sync(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        if self.is_torn {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.bytes.lock().expect("not poisoned").truncate(usize::try_from(length).expect("small"));
        Ok(())
    }

    fn read(&mut self, offset: u64, bytes: &mut [u8]) -> io::Result<()> {
        let written = self.bytes.lock().expect("not poisoned");
        let start = usize::try_from(offset).expect("small");
        bytes.copy_from_slice(&written[start..start + bytes.len()]);
        Ok(())
    }
}

/// A folder of its own, gone with this.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let name = format!("gemini-extract-{name}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let _ = std::fs::remove_dir_all(&path);
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn job() -> Fingerprint {
    let client = Client::builder().api_key("key").base_url("http://127.0.0.1:9");
    let client = client.build().expect("a client");
    let lower = crate::carrier::Contract::Type(gemini_schema::Lowered::of::<bool>);
    let call = crate::call::Call::new(crate::Prompt::from(""), lower);
    Fingerprint::new(&call, &call.template(&client).expect("a template"))
}

/// A writer on this disk.
fn writer(folder: &Path, disk: Small) -> (Writer, Journal) {
    let mut opened = Folder::open(folder, job(), false, |_, _| {}).expect("it opens");
    disk.bytes.lock().expect("not poisoned").extend_from_slice(frame::HEADER);
    opened.file = (1, Box::new(disk), 8);
    Writer::new(opened, mpsc::channel())
}

/// What came of appending this many bytes.
fn append(writer: &mut Writer, bytes: usize) -> Result<u64, ErrorKind> {
    let (sender, outcome) = mpsc::channel();
    let then = move |place: crate::Result<Option<u64>>| {
        let place = place.map(|place| place.expect("a place")).map_err(|error| error.kind());
        sender.send(place).expect("it is waited for");
    };
    writer.keep(vec![(vec![b'x'; bytes], Box::new(then))]);
    outcome.recv().expect("it is called")
}

#[test]
fn nothing_counts_as_kept_that_is_not_on_the_disk() {
    for is_torn in [false, true] {
        let scratch = Scratch::new(&format!("small-disk-{is_torn}"));
        let disk = Small { room: 100, is_torn, ..Small::default() };
        let (mut writer, _journal) = writer(&scratch.0, disk.clone());
        assert!(append(&mut writer, 40).is_ok());
        assert_eq!(append(&mut writer, 60), Err(ErrorKind::Journal));
        assert_eq!(append(&mut writer, 1), Err(ErrorKind::Journal), "it stays broken");
        let bytes = disk.bytes.lock().expect("not poisoned").clone();
        let mut frames = Frames::new(&bytes[..]);
        assert!(frames.next().expect("it is in memory").is_some(), "the next start finds this");
        assert!(frames.next().expect("it is in memory").is_none());
        assert_eq!(frames.damage(), None);
    }
}

#[test]
fn entries_that_come_together_have_places_of_their_own() {
    let scratch = Scratch::new("places");
    let (mut writer, _journal) = writer(&scratch.0, Small { room: 1_000, ..Small::default() });
    let places: Vec<_> = (1..5).map(|bytes| append(&mut writer, bytes).expect("room")).collect();
    assert!(places.is_sorted() && places.iter().all(|place| writer.read(*place).is_none()));
    writer.length = super::FULL;
    let next = append(&mut writer, 3).expect("room in the next file");
    assert_eq!(super::parts(next), (2, 8));
}

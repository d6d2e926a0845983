//! The folder of a run, opened for writing.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Take};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::disk::Disk;
use super::frame::HEADER;
use super::frames::Frames;
use super::manifest::{Fingerprint, Manifest, sync_folder};
use crate::batch::api;
use crate::{Error, Result};

/// Places hold the number of the file above, and the offset in it in so many bits.
const OFFSET_BITS: u32 = 40;
/// How long the end of an earlier start in the same process is waited for.
const PATIENCE: Duration = Duration::from_secs(1);
const PAUSE: Duration = Duration::from_millis(10);
const ENDING: &str = "journal";
const REPAIR: &str = "`JournalReader::repair` (in the shell `gemini-extract repair`) copies what is \
     whole into another folder, and the records that were lost are asked again there";

/// The folder of a run that this process writes.
#[derive(Debug)]
pub(in crate::batch) struct Folder {
    pub(super) path: PathBuf,
    /// Locked until this is dropped.
    _lock: File,
}

/// What was found, and what is written from now on.
pub(in crate::batch) struct Opened {
    pub(in crate::batch) folder: Folder,
    /// The file that is added to, with its number and length.
    pub(super) file: (u64, Box<dyn Disk>, u64),
}

impl Folder {
    /// Opens the folder of a job, or begins it; `each` is given every entry with its place.
    pub(in crate::batch) fn open(
        path: &Path,
        job: Fingerprint,
        restarts: bool,
        each: impl FnMut(u64, &[u8]),
    ) -> Result<Opened> {
        let failed = |error: io::Error| problem(path, &error.to_string());
        fs::create_dir_all(path).map_err(failed)?;
        let folder = Self { path: path.to_owned(), _lock: lock(path)? };
        let manifest = Manifest::read(path).map_err(|text| problem(path, &text))?;
        let has_files = !numbers(path).map_err(failed)?.is_empty();
        let changes = match &manifest {
            Some(manifest) => job.changes(&manifest.job),
            None if has_files => vec!["manifest.json is missing".to_owned()],
            None => Vec::new(),
        };
        if !changes.is_empty() {
            if !restarts {
                return Err(changed(path, changes));
            }
            folder.set_aside(manifest.is_some()).map_err(failed)?;
        }
        if manifest.is_none() || !changes.is_empty() {
            Manifest::new(job).write(path).map_err(failed)?;
        }
        let file = folder.load(each)?;
        Ok(Opened { folder, file })
    }

    /// Reads all files, and opens the last one.
    fn load(&self, mut each: impl FnMut(u64, &[u8])) -> Result<(u64, Box<dyn Disk>, u64)> {
        let failed = |error: io::Error| problem(&self.path, &error.to_string());
        let numbers = all_numbers(&self.path)?;
        let last = numbers.last().copied();
        for number in numbers {
            let (mut frames, length) = frames(&self.path, number).map_err(failed)?;
            while let Some((offset, entry)) = frames.next().map_err(failed)? {
                each(place(number, offset), entry);
            }
            let good = u64::try_from(frames.good()).unwrap_or(u64::MAX);
            let is_short = good < length && Some(number) != last;
            if let Some(offset) = frames.damage().or(is_short.then_some(frames.good())) {
                return Err(corrupt(&self.path, number, offset));
            }
            if Some(number) == last {
                let mut file = open(&self.path, number).map_err(failed)?;
                if good < length {
                    file.cut(good).map_err(failed)?;
                }
                return if good == 0 {
                    self.begin(number).map_err(failed)
                } else {
                    Ok((number, Box::new(file), good))
                };
            }
        }
        self.begin(1).map_err(failed)
    }

    /// Begins a file.
    pub(super) fn begin(&self, number: u64) -> io::Result<(u64, Box<dyn Disk>, u64)> {
        let mut file = open(&self.path, number)?;
        file.append(HEADER)?;
        file.sync()?;
        sync_folder(&self.path)?;
        Ok((number, Box::new(file), HEADER.len().try_into().unwrap_or(u64::MAX)))
    }

    /// Puts what another job has written into a folder of its own.
    fn set_aside(&self, has_manifest: bool) -> io::Result<()> {
        let names = (1_u64..).map(|number| self.path.join(format!("replaced-{number}")));
        let mut free = names.filter(|name| !name.exists());
        let Some(aside) = free.next() else { return Ok(()) };
        fs::create_dir(&aside)?;
        for number in numbers(&self.path)? {
            fs::rename(file_path(&self.path, number), file_path(&aside, number))?;
        }
        let notes = self.path.join(api::FOLDER);
        if notes.exists() {
            fs::rename(notes, aside.join(api::FOLDER))?;
        }
        if has_manifest {
            Manifest::move_to(&self.path, &aside)?;
        }
        sync_folder(&self.path)
    }
}

/// The numbers of the files in a folder, in their order.
pub(super) fn numbers(folder: &Path) -> io::Result<Vec<u64>> {
    let mut numbers = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == ENDING) {
            let stem = path.file_stem().and_then(|stem| stem.to_str());
            numbers.extend(stem.and_then(|stem| stem.parse::<u64>().ok()));
        }
    }
    numbers.sort_unstable();
    Ok(numbers)
}

/// The same, of a journal without gaps: one file follows the other, from 1 on.
pub(super) fn all_numbers(folder: &Path) -> Result<Vec<u64>> {
    let numbers = numbers(folder).map_err(|error| problem(folder, &error.to_string()))?;
    let gap = (1..).zip(&numbers).find(|(expected, number)| expected != *number);
    match gap {
        None => Ok(numbers),
        Some((missing, _)) => Err(problem(
            &file_path(folder, missing),
            &format!("it is missing, and others follow; {REPAIR}"),
        )),
    }
}

pub(super) fn file_path(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("{number:06}.{ENDING}"))
}

/// The entries that a file holds at this moment, and its length.
pub(super) fn frames(folder: &Path, number: u64) -> io::Result<(Frames<Take<File>>, u64)> {
    let file = File::open(file_path(folder, number))?;
    let length = file.metadata()?.len();
    Ok((Frames::new(file.take(length)), length))
}

/// What a file holds at this moment.
pub(super) fn read(folder: &Path, number: u64) -> io::Result<Vec<u8>> {
    let file = File::open(file_path(folder, number))?;
    let length = file.metadata()?.len();
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
    file.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The file for a number, for reading and adding.
pub(super) fn open(folder: &Path, number: u64) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false).open(file_path(folder, number))
}

/// The place of an entry.
pub(super) fn place(number: u64, offset: usize) -> u64 {
    (number << OFFSET_BITS) + u64::try_from(offset).unwrap_or(u64::MAX)
}

/// The number of a file and the offset in it.
pub(super) fn parts(place: u64) -> (u64, u64) {
    (place >> OFFSET_BITS, place & ((1 << OFFSET_BITS) - 1))
}

/// What is wrong with the journal in this folder.
pub(super) fn problem(folder: &Path, problem: &str) -> Error {
    Error::journal(vec![format!("{}: {problem}", folder.display())])
}

/// A file that is damaged in its middle.
pub(super) fn corrupt(folder: &Path, number: u64, offset: usize) -> Error {
    problem(
        &file_path(folder, number),
        &format!("it is damaged at byte {offset}, and entries follow; {REPAIR}"),
    )
}

fn changed(folder: &Path, mut changes: Vec<String>) -> Error {
    let advice = "use another folder, or `restart_changed`, in the shell `--overwrite`, to ask everything again";
    changes.insert(0, format!("{} belongs to another job ({advice})", folder.display()));
    Error::journal(changes)
}

/// Takes the lock of a folder.
fn lock(folder: &Path) -> Result<File> {
    let failed = |error: io::Error| problem(folder, &error.to_string());
    let mut options = OpenOptions::new();
    let options = options.write(true).create(true).truncate(false);
    let file = options.open(folder.join("lock")).map_err(failed)?;
    let start = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            // An earlier start that was dropped is still writing.
            Err(TryLockError::WouldBlock) if start.elapsed() < PATIENCE => thread::sleep(PAUSE),
            Err(TryLockError::WouldBlock) => {
                return Err(problem(folder, "another process is writing it"));
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
    }
}

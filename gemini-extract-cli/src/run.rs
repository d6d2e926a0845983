//! The folder of a run: its journal, what was to be done, and the report.

mod commands;

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub(crate) use commands::{Repair, ReportCommand, Resume, Status};

use crate::failure::{Failure, Result};
use crate::job::Job;
use crate::report::{Facts, save};

/// Beside the lock of the journal.
const LOCK: &str = "program.lock";
const JOB: &str = "job.json";
const REPORT: &str = "report.json";
const PAGE: &str = "report.html";

/// The folder of a run.
#[derive(Clone, Debug)]
pub(crate) struct RunFolder {
    path: PathBuf,
}

/// What stands in the folder beside the journal.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Begun {
    pub(crate) job: Job,
    /// How many rows can be read, where that is known.
    pub(crate) rows: Option<u64>,
}

impl RunFolder {
    pub(crate) fn new(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        Self { path: std::path::absolute(&path).unwrap_or(path) }
    }

    /// The folder that a job has where none is named: beside the file that it writes.
    pub(crate) fn beside(output: &Path) -> Self {
        let mut name = output.as_os_str().to_owned();
        name.push(".run");
        Self::new(PathBuf::from(name))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether a job was begun here.
    pub(crate) fn is_begun(&self) -> bool {
        self.path.join(JOB).exists()
    }

    /// Keeps other processes out of the run as long as the file is held.
    pub(crate) fn lock(&self) -> Result<File> {
        let open = || {
            fs::create_dir_all(&self.path)?;
            File::options().create(true).truncate(false).write(true).open(self.path.join(LOCK))
        };
        let file = open().map_err(|error| self.failed(&error))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => {
                let name = self.path.display();
                Err(Failure::new(format!("{name} is in use: another process is at work on it")))
            }
            Err(TryLockError::Error(error)) => Err(self.failed(&error)),
        }
    }

    /// Writes down what is to be done.
    pub(crate) fn begin(&self, begun: &Begun) -> Result<()> {
        let text = serde_json::to_string_pretty(begun);
        let text = text.map_err(|error| self.failed(&error))?;
        // Whole or not at all: a process can be killed at any moment.
        let part = self.path.join("job.json.part");
        fs::write(&part, text)
            .and_then(|()| fs::rename(&part, self.path.join(JOB)))
            .map_err(|error| self.failed(&error))
    }

    /// What was to be done.
    pub(crate) fn begun(&self) -> Result<Begun> {
        let name = self.path.display();
        let text = fs::read_to_string(self.path.join(JOB)).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Failure::usage(format!(
                "{name} is no run: it has no {JOB}; a run is the folder beside the output, or that \
                 of --run"
            )),
            _ => self.failed(&error),
        })?;
        serde_json::from_str(&text)
            .map_err(|error| Failure::of(format!("{name}: {JOB} is damaged"), &error))
    }

    /// Keeps the report.
    pub(crate) fn report(&self, facts: &Facts) -> Result<()> {
        save(facts, &self.path.join(REPORT))?;
        save(facts, &self.path.join(PAGE))
    }

    /// The report of the last start that came to an end.
    pub(crate) fn facts(&self) -> Result<Facts> {
        let name = self.path.display();
        let text = fs::read_to_string(self.path.join(REPORT)).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Failure::new(format!(
                "{name} has no report: no start of it has come to an end; `status` says how it stands"
            )),
            _ => self.failed(&error),
        })?;
        serde_json::from_str(&text)
            .map_err(|error| Failure::of(format!("{name}: {REPORT} is damaged"), &error))
    }

    fn failed(&self, error: &dyn std::error::Error) -> Failure {
        Failure::of(format!("{} cannot be used", self.path.display()), error)
    }
}

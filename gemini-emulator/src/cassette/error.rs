//! Why a cassette can't be used.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why a cassette can't be used: a file that can't be read, or a text that is no cassette.
///
/// The message names the file and the place in it.
#[derive(Debug)]
pub struct CassetteError {
    path: Option<PathBuf>,
    reason: Reason,
}

#[derive(Debug)]
enum Reason {
    Io(io::Error),
    Format(String),
}

impl CassetteError {
    /// The file that is to blame, unless the cassette came from a string.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    pub(crate) fn io(path: &Path, error: io::Error) -> Self {
        CassetteError { path: Some(path.to_owned()), reason: Reason::Io(error) }
    }

    pub(crate) fn format(reason: impl Into<String>) -> Self {
        CassetteError { path: None, reason: Reason::Format(reason.into()) }
    }

    pub(super) fn at(self, path: &Path) -> Self {
        CassetteError { path: Some(path.to_owned()), ..self }
    }
}

impl fmt::Display for CassetteError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.path {
            Some(path) => write!(formatter, "cannot use the cassette {}", path.display())?,
            None => formatter.write_str("cannot use the cassette")?,
        }
        match &self.reason {
            Reason::Io(_) => Ok(()),
            Reason::Format(reason) => write!(formatter, ": {reason}"),
        }
    }
}

impl Error for CassetteError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.reason {
            Reason::Io(error) => Some(error),
            Reason::Format(_) => None,
        }
    }
}

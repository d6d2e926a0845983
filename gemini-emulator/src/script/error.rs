//! Why a script can't be used.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why a script, or a part of one, can't be used.
#[derive(Debug)]
pub struct ScriptError {
    path: Option<PathBuf>,
    reason: Reason,
}

#[derive(Debug)]
enum Reason {
    Io(io::Error),
    Text(String),
}

impl ScriptError {
    /// The file that is to blame, unless the script came from a string.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    pub(super) fn io(path: &Path, error: io::Error) -> Self {
        ScriptError { path: Some(path.to_owned()), reason: Reason::Io(error) }
    }

    pub(super) fn json(error: &serde_json::Error) -> Self {
        ScriptError::reason(format!("not a script: {error}"))
    }

    pub(super) fn reason(reason: impl Into<String>) -> Self {
        ScriptError { path: None, reason: Reason::Text(reason.into()) }
    }

    pub(super) fn at(self, path: &Path) -> Self {
        ScriptError { path: Some(path.to_owned()), ..self }
    }
}

impl fmt::Display for ScriptError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.path {
            Some(path) => write!(formatter, "cannot use the script {}", path.display())?,
            None => formatter.write_str("cannot use the script")?,
        }
        match &self.reason {
            Reason::Io(_) => Ok(()),
            Reason::Text(reason) => write!(formatter, ": {reason}"),
        }
    }
}

impl Error for ScriptError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.reason {
            Reason::Io(error) => Some(error),
            Reason::Text(_) => None,
        }
    }
}

//! What stops a command, and the exit codes.

use std::error::Error;
use std::fmt::{self, Display};
use std::process::ExitCode;

/// Why a command could not do its work, in lines that say what to do.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    end: End,
}

/// How a command ends; the numbers are the exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Everything was done.
    Done = 0,
    /// Something stood in the way: a file, the journal, the service.
    Failed = 1,
    /// The command line or the input isn't as it has to be.
    Usage = 2,
    /// It came to its end, but something is left without a value.
    Incomplete = 3,
    /// A limit stopped it; it can be resumed.
    Limit = 4,
    /// Ctrl-C stopped it; it can be resumed.
    Interrupted = 130,
}

/// The exit codes, for `--help`.
pub(crate) const EXIT_CODES: &str = "\
Exit codes:
    0    every record has a value
    1    a file, the journal or the service stood in the way
    2    the command line or the input is not as it has to be
    3    the job is done, and some records have no value
    4    --max-cost or --error-budget stopped the job; `resume` goes on
  130    Ctrl-C stopped the job; `resume` goes on";

/// The outcome of whatever can stop a command.
pub(crate) type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    /// The command line or the input isn't as it has to be.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { message: message.into(), end: End::Usage }
    }

    /// Something stood in the way.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), end: End::Failed }
    }

    /// What could not be done, and why.
    pub(crate) fn of(what: impl Display, error: &dyn Error) -> Self {
        Self::new(format!("{what}: {}", chain(error)))
    }

    pub(crate) fn end(&self) -> End {
        self.end
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<End> for ExitCode {
    fn from(end: End) -> Self {
        // The numbers are all small.
        Self::from(u8::try_from(end as i32).unwrap_or(1))
    }
}

/// The error and what caused it, in one line.
pub(crate) fn chain(error: &dyn Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {}", chain(source)),
        None => error.to_string(),
    }
}

//! What the service says of a request that it could read but won't take.

use super::path::{Mark, Path};
use crate::error::Refusal;

/// Complaints past this number are left out; nobody reads on.
const MOST_LINES: usize = 100;

/// Collects complaints, one per field, as the service does.
#[derive(Debug)]
pub(crate) struct Complaints {
    path: Path,
    lines: Vec<String>,
}

impl Complaints {
    /// Complaints about the message of this name.
    pub(crate) fn about(message: &str) -> Self {
        Complaints { path: Path::new(message), lines: Vec::new() }
    }

    /// Adds what is wrong with the field `field` of the current place.
    pub(crate) fn add(&mut self, field: &str, text: &str) {
        if self.lines.len() < MOST_LINES {
            self.lines.push(format!("* {}.{field}: {text}\n", self.path.as_str()));
        }
    }

    pub(crate) fn enter_field(&mut self, name: &str) -> Mark {
        self.path.push_field(name)
    }

    pub(crate) fn enter_index(&mut self, index: usize) -> Mark {
        self.path.push_index(index)
    }

    pub(crate) fn enter_key(&mut self, name: &str) -> Mark {
        self.path.push_key(name)
    }

    pub(crate) fn leave(&mut self, mark: Mark) {
        self.path.truncate(mark);
    }

    /// A refusal with every complaint in its message, if there are any.
    pub(crate) fn into_result(self) -> Result<(), Refusal> {
        if self.lines.is_empty() {
            return Ok(());
        }
        Err(Refusal::invalid_argument(self.lines.concat()))
    }
}

//! The place of a field in a request, in the spelling of the protocol.

use std::fmt::Write as _;

/// `contents[0].parts[1].text`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Path(String);

/// The length of a path, to go back to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark(usize);

impl Path {
    pub(crate) fn new(root: &str) -> Self {
        Path(root.to_owned())
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn push_field(&mut self, name: &str) -> Mark {
        let mark = Mark(self.0.len());
        if !self.0.is_empty() {
            self.0.push('.');
        }
        self.0.push_str(name);
        mark
    }

    pub(crate) fn push_index(&mut self, index: usize) -> Mark {
        let mark = Mark(self.0.len());
        // Writing to a string never fails.
        let _ = write!(self.0, "[{index}]");
        mark
    }

    /// `properties[name]`: how messages name an entry of a map after the request was read.
    pub(crate) fn push_key(&mut self, name: &str) -> Mark {
        let mark = Mark(self.0.len());
        let _ = write!(self.0, "[{}]", name.chars().take(100).collect::<String>());
        mark
    }

    pub(crate) fn truncate(&mut self, mark: Mark) {
        self.0.truncate(mark.0);
    }
}

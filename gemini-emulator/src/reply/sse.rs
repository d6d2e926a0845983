//! Events as text.

use serde_json::Value;

/// How server-sent events are spelled.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Spelling {
    pub(super) has_line_feeds: bool,
    pub(super) has_no_space: bool,
}

impl Spelling {
    /// `data: `, the value on one line, and an empty line.
    pub(super) fn event(self, value: &Value) -> Vec<u8> {
        let space = if self.has_no_space { "" } else { " " };
        let end = if self.has_line_feeds { "\n\n" } else { "\r\n\r\n" };
        format!("data:{space}{value}{end}").into_bytes()
    }
}

//! JSON Pointers that grow and shrink while a tree is walked.

use std::borrow::Cow;
use std::fmt::Display;

/// The place where a walk is.
#[derive(Debug, Default)]
pub(crate) struct Path(String);

impl Path {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Runs `visit` one step further down.
    pub(crate) fn step<R>(&mut self, step: impl Display, visit: impl FnOnce(&mut Path) -> R) -> R {
        let length = self.0.len();
        self.push(step);
        let result = visit(self);
        self.0.truncate(length);
        result
    }

    /// Goes one step further down.
    pub(crate) fn push(&mut self, step: impl Display) {
        self.0.push('/');
        self.0.push_str(&step.to_string().replace('~', "~0").replace('/', "~1"));
    }

    /// Goes to a place that is known as text.
    pub(crate) fn set(&mut self, place: &str) {
        place.clone_into(&mut self.0);
    }
}

/// A text for a message of one line: names and patterns can hold line breaks.
pub(crate) fn one_line(text: &str) -> Cow<'_, str> {
    if text.contains(char::is_control) {
        Cow::Owned(text.replace(char::is_control, " "))
    } else {
        Cow::Borrowed(text)
    }
}

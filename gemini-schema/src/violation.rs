//! What is wrong with a value.

use std::fmt;

use crate::path::one_line;

/// One way in which a value breaks its schema.
///
/// It never holds the value itself, so it can be logged: [`path`](Violation::path) says where to
/// look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    path: String,
    keyword: &'static str,
    expected: String,
}

impl Violation {
    pub(crate) fn new(path: &str, keyword: &'static str, expected: impl Into<String>) -> Violation {
        Violation { path: path.to_owned(), keyword, expected: expected.into() }
    }

    /// Where, as a JSON Pointer into the document (`""` is the root).
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The JSON Schema keyword that is broken, such as `minItems` or `required`; `serde` where
    /// the type refused what its schema allows.
    #[must_use]
    pub fn keyword(&self) -> &'static str {
        self.keyword
    }

    /// What was expected there.
    #[must_use]
    pub fn expected(&self) -> &str {
        &self.expected
    }

    /// Whether a value that deserialized can still have this violation.
    pub(crate) fn is_limit(&self) -> bool {
        !matches!(self.keyword, "type" | "required" | "additionalProperties" | "anyOf")
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() { "the root" } else { &self.path };
        let expected = one_line(&self.expected);
        write!(formatter, "at {}: expected {expected} ({})", one_line(path), self.keyword)
    }
}

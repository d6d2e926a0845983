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
    /// Whether a type that agrees with the schema refuses such a value by itself.
    is_structural: bool,
    /// Whether limits could not be looked at because of it.
    hides_limits: bool,
}

impl Violation {
    pub(crate) fn new(path: &str, keyword: &'static str, expected: impl Into<String>) -> Violation {
        let (path, expected) = (path.to_owned(), expected.into());
        let is_structural = keyword != "additionalProperties";
        Violation { path, keyword, expected, is_structural, hides_limits: false }
    }

    /// The same, known to be none that a type finds by itself.
    pub(crate) fn only_a_limit(self) -> Violation {
        Violation { is_structural: false, ..self }
    }

    /// The same, at a value with limits that could not be looked at.
    pub(crate) fn hiding_limits(self) -> Violation {
        Violation { hides_limits: true, ..self }
    }

    /// Where, as a JSON Pointer into the document (`""` is the root).
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The JSON Schema keyword that is broken, such as `minItems` or `required`; `serde` where
    /// the type refused what its schema allows, or the value has too many levels to be read, and
    /// `garde` where that crate did.
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
        self.hides_limits
            || !matches!(self.keyword, "type" | "required" | "additionalProperties" | "anyOf")
    }

    pub(crate) fn is_unknown_property(&self) -> bool {
        self.keyword == "additionalProperties"
    }

    /// Whether a type that agrees with the schema refuses a value with this violation.
    pub(crate) fn is_structural(&self) -> bool {
        self.is_structural
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() { "the root" } else { &self.path };
        let expected = one_line(&self.expected);
        write!(formatter, "at {}: expected {expected} ({})", one_line(path), self.keyword)
    }
}

//! What cannot be expressed, and what to write instead.

use std::fmt;
use std::sync::Arc;

use crate::path::one_line;

/// A part of a type that has no sound schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    path: String,
    reason: String,
    remedy: String,
}

/// A type that a dialect cannot express, or a JSON Schema that no [`Schema`](crate::Schema) can:
/// every part of it that is in the way.
///
/// # Examples
///
/// ```
/// use std::collections::HashMap;
/// use gemini_schema::{Dialect, Schema};
///
/// let schema = Schema::of::<HashMap<Vec<u8>, u8>>();
/// let error = schema.lower(Dialect::Gemini).unwrap_err();
/// assert_eq!(error.problems()[0].path(), "");
/// assert!(error.problems()[0].remedy().contains("use a string"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaError {
    problems: Arc<[Problem]>,
    is_unread: bool,
}

impl Problem {
    /// A problem with its reason and what to write instead.
    ///
    /// Its path is where it stands in the schema; lowering fills it in.
    #[must_use]
    pub fn new(reason: impl Into<String>, remedy: impl Into<String>) -> Problem {
        Problem { path: String::new(), reason: reason.into(), remedy: remedy.into() }
    }

    /// Where in the schema, or in the JSON Schema that was read, as a JSON Pointer into it (`""`
    /// is the root).
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What cannot be expressed.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// What to write instead.
    #[must_use]
    pub fn remedy(&self) -> &str {
        &self.remedy
    }

    pub(crate) fn at(self, path: &str) -> Problem {
        Problem { path: path.to_owned(), ..self }
    }

    pub(crate) fn map_keys(kind: &str) -> Problem {
        Problem::new(
            format!("the keys of a map are {kind}, and JSON keys are strings"),
            "use a string, a number or an enum of unit variants as the key, or a Vec of structs with a key and a value",
        )
    }
}

impl SchemaError {
    pub(crate) fn new(problems: Vec<Problem>) -> SchemaError {
        SchemaError { problems: problems.into(), is_unread: false }
    }

    /// A JSON Schema that cannot be read.
    pub(crate) fn unread(problems: Vec<Problem>) -> SchemaError {
        SchemaError { problems: problems.into(), is_unread: true }
    }

    /// The problems, in the order of the schema; at least one.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() { "the root" } else { &self.path };
        let (path, reason) = (one_line(path), one_line(&self.reason));
        write!(formatter, "at {path}: {reason}; {}", self.remedy)
    }
}

impl fmt::Display for SchemaError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.is_unread {
            "the JSON Schema cannot be read without loss: "
        } else {
            "the type has no sound schema in this dialect: "
        })?;
        for (index, problem) in self.problems.iter().enumerate() {
            let separator = if index == 0 { "" } else { " | " };
            write!(formatter, "{separator}{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for SchemaError {}

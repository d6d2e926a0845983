//! What is asked, record by record.

use std::borrow::Cow;
use std::fmt::{self, Display};

use crate::Prompt;

/// One record of a batch: what is said to the model, and the key by which its outcome is known.
///
/// Texts and [`Prompt`]s convert into it, and pairs of a key and a text. A record without a key
/// has its position among the records for one, counted from 0. `Debug` shows no text.
///
/// # Examples
///
/// ```
/// use gemini_extract::batch::Record;
///
/// let record = Record::from(("review-17", "Never again."));
/// assert_eq!(record.key(), Some("review-17"));
/// assert_eq!(Record::from("Never again.").key(), None);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Record {
    key: Option<String>,
    input: Prompt,
}

impl Record {
    /// A record with a key. Two records of a batch can't have the same one.
    pub fn new(key: impl Into<String>, input: impl Into<Prompt>) -> Self {
        Self { key: Some(key.into()), input: input.into() }
    }

    /// The key, where it isn't the position.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        self.key.as_deref()
    }

    /// What is said to the model.
    #[must_use]
    pub fn input(&self) -> &Prompt {
        &self.input
    }

    pub(super) fn into_parts(self) -> (Option<String>, Prompt) {
        (self.key, self.input)
    }
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record").field("key", &self.key).field("input", &self.input).finish()
    }
}

impl From<Prompt> for Record {
    fn from(input: Prompt) -> Self {
        Self { key: None, input }
    }
}

impl From<String> for Record {
    fn from(input: String) -> Self {
        Prompt::from(input).into()
    }
}

impl From<&String> for Record {
    fn from(input: &String) -> Self {
        Prompt::from(input).into()
    }
}

impl From<&str> for Record {
    fn from(input: &str) -> Self {
        Prompt::from(input).into()
    }
}

impl From<Cow<'_, str>> for Record {
    fn from(input: Cow<'_, str>) -> Self {
        Prompt::from(input).into()
    }
}

impl From<Box<str>> for Record {
    fn from(input: Box<str>) -> Self {
        Prompt::from(input).into()
    }
}

impl<K: Display, I: Into<Prompt>> From<(K, I)> for Record {
    fn from((key, input): (K, I)) -> Self {
        Self::new(key.to_string(), input)
    }
}

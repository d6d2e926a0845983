//! What is said to the model.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;

/// What is said to the model in one turn.
///
/// `&str`, `String` and other texts convert into it. `Debug` doesn't show the text.
///
/// # Examples
///
/// ```
/// use gemini_extract::Prompt;
///
/// let prompt = Prompt::from("List a few popular cookie recipes.");
/// let same = Prompt::from(String::from("List a few popular cookie recipes."));
/// assert_eq!(prompt, same);
/// ```
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Prompt {
    parts: Vec<Part>,
}

/// A part of a turn, as it is on the wire.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
enum Part {
    Text(String),
}

impl Prompt {
    /// What is wrong with it as the prompt of a call.
    pub(crate) fn problem(&self) -> Option<String> {
        self.is_blank().then(|| "the prompt is empty".to_owned())
    }

    /// All of it in one text.
    #[cfg(feature = "batch")]
    pub(crate) fn text(&self) -> String {
        let texts: Vec<&str> = self.parts.iter().map(|Part::Text(text)| text.as_str()).collect();
        texts.join("\n")
    }

    /// This, and a further part.
    #[cfg(feature = "batch")]
    pub(crate) fn and(mut self, text: &str) -> Self {
        self.parts.push(Part::Text(text.to_owned()));
        self
    }

    /// Whether nothing is said.
    pub(crate) fn is_blank(&self) -> bool {
        self.parts.iter().all(|Part::Text(text)| text.trim().is_empty())
    }
}

impl fmt::Debug for Prompt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes: usize = self.parts.iter().map(|Part::Text(text)| text.len()).sum();
        write!(f, "Prompt({bytes} bytes)")
    }
}

impl From<String> for Prompt {
    fn from(text: String) -> Self {
        Self { parts: vec![Part::Text(text)] }
    }
}

impl From<&String> for Prompt {
    fn from(text: &String) -> Self {
        text.clone().into()
    }
}

impl From<&str> for Prompt {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<Cow<'_, str>> for Prompt {
    fn from(text: Cow<'_, str>) -> Self {
        text.into_owned().into()
    }
}

impl From<Box<str>> for Prompt {
    fn from(text: Box<str>) -> Self {
        text.into_string().into()
    }
}

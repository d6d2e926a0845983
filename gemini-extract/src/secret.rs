//! A text that travels in one header and is shown nowhere.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use http::HeaderValue;

const CENSORED: &str = "***";
/// A shorter text is no secret of the service, and would be found in ordinary words.
const SHORTEST_MASKED: usize = 6;

/// A key or a token.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(Arc<str>);

impl Secret {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into().into())
    }

    pub(crate) fn starts_with(&self, prefix: &str) -> bool {
        self.0.starts_with(prefix)
    }

    /// What is wrong with the text, after the name of the secret.
    pub(crate) fn problem(&self) -> Option<&'static str> {
        let text = &*self.0;
        if text.is_empty() {
            Some("is empty")
        } else if text.trim().is_empty() {
            Some("is blank")
        } else if !text.is_ascii() {
            Some("has characters outside ASCII; copy it again from where it was made")
        } else if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Some("has spaces, line breaks or control characters in it; trim it")
        } else {
            None
        }
    }

    /// The header value that carries the secret behind this text, marked sensitive.
    pub(crate) fn header(&self, scheme: &str) -> Option<HeaderValue> {
        let mut value = HeaderValue::from_str(&format!("{scheme}{}", self.0)).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    /// Censors the secret where it occurs in a text that came from outside.
    pub(crate) fn mask<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.0.len() < SHORTEST_MASKED || !text.contains(&*self.0) {
            Cow::Borrowed(text)
        } else {
            Cow::Owned(text.replace(&*self.0, CENSORED))
        }
    }

    /// The same for a text that may be kept as it is.
    pub(crate) fn masked(&self, text: String) -> String {
        match self.mask(&text) {
            Cow::Borrowed(_) => text,
            Cow::Owned(masked) => masked,
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(CENSORED)
    }
}

#[cfg(test)]
mod tests {
    use super::Secret;

    #[test]
    fn the_header_is_sensitive_and_debug_is_censored() {
        let secret = Secret::new("AIzaSy");
        let header = secret.header("Bearer ").expect("a header");
        assert!(header.is_sensitive());
        assert_eq!(header.to_str().ok(), Some("Bearer AIzaSy"));
        assert!(!format!("{secret:?} {header:?}").contains("AIza"));
    }

    #[test]
    fn a_secret_is_masked_in_foreign_text() {
        let secret = Secret::new("AIzaSy");
        assert_eq!(secret.mask("key AIzaSy is bad: AIzaSy"), "key *** is bad: ***");
        assert_eq!(Secret::new("").mask("text"), "text");
        assert_eq!(Secret::new("any").mask("many"), "many");
    }
}

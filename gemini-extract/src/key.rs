//! The API key: it travels in one header and is shown nowhere.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use http::HeaderValue;

const CENSORED: &str = "***";
/// A shorter text is no key of the service, and would be found in ordinary words.
const SHORTEST_MASKED: usize = 6;
const LIVE_TOKEN_PREFIX: &str = "auth_tokens/";

/// A Gemini API key.
///
/// The text cannot be read back: `Debug` is censored, there is no `Display`, and the header that
/// carries the key is marked sensitive. Whether the text can be a key at all is checked by
/// [`ClientBuilder::build`](crate::ClientBuilder::build).
///
/// # Examples
///
/// ```
/// let key = gemini_extract::ApiKey::new("AIza-not-a-real-key");
/// assert_eq!(format!("{key:?}"), "ApiKey(***)");
/// ```
#[derive(Clone)]
pub struct ApiKey(Arc<str>);

impl ApiKey {
    /// Takes the text of a key.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into().into())
    }

    /// What is wrong with the key, without showing it.
    pub(crate) fn problem(&self) -> Option<&'static str> {
        let text = &*self.0;
        if text.is_empty() {
            Some("the API key is empty")
        } else if text.trim().is_empty() {
            Some("the API key is blank")
        } else if !text.is_ascii() {
            Some("the API key has characters outside ASCII; copy it again from where it was made")
        } else if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Some("the API key has spaces, line breaks or control characters in it; trim it")
        } else if text.starts_with(LIVE_TOKEN_PREFIX) {
            Some("the API key is an ephemeral token of the Live API; use an API key")
        } else {
            None
        }
    }

    /// The header value that carries the key, marked sensitive.
    pub(crate) fn header(&self) -> Option<HeaderValue> {
        let mut value = HeaderValue::from_str(&self.0).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    /// Censors the key where it occurs in a text that came from outside.
    pub(crate) fn mask<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.0.len() < SHORTEST_MASKED || !text.contains(&*self.0) {
            Cow::Borrowed(text)
        } else {
            Cow::Owned(text.replace(&*self.0, CENSORED))
        }
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ApiKey({CENSORED})")
    }
}

impl From<&str> for ApiKey {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for ApiKey {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

#[cfg(test)]
mod tests {
    use super::ApiKey;

    #[test]
    fn texts_that_cannot_be_keys_are_refused_without_showing_them() {
        for text in ["", "  ", "cl\u{e9}", "two words", "key\n", "a\u{7f}b", "auth_tokens/x"] {
            let problem = ApiKey::new(text).problem().expect(text);
            assert!(text.trim().is_empty() || !problem.contains(text), "{problem}");
        }
        assert_eq!(ApiKey::new("AIzaSy-0_9").problem(), None);
    }

    #[test]
    fn the_header_is_sensitive_and_debug_is_censored() {
        let key = ApiKey::new("AIzaSy");
        let header = key.header().expect("a header");
        assert!(header.is_sensitive());
        assert_eq!(header.to_str().ok(), Some("AIzaSy"));
        assert!(!format!("{key:?} {header:?}").contains("AIza"));
    }

    #[test]
    fn the_key_is_masked_in_foreign_text() {
        let key = ApiKey::new("AIzaSy");
        assert_eq!(key.mask("key AIzaSy is bad: AIzaSy"), "key *** is bad: ***");
        assert_eq!(ApiKey::new("").mask("text"), "text");
        assert_eq!(ApiKey::new("any").mask("many"), "many");
    }
}

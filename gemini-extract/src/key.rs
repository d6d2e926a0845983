//! The API key: it travels in one header and is shown nowhere.

use crate::secret::Secret;

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
#[derive(Clone, Debug)]
pub struct ApiKey(Secret);

impl ApiKey {
    /// Takes the text of a key.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(Secret::new(text))
    }

    /// What is wrong with the key, without showing it.
    pub(crate) fn problem(&self) -> Option<String> {
        if self.0.starts_with(LIVE_TOKEN_PREFIX) {
            return Some(
                "the API key is an ephemeral token of the Live API; use an API key".to_owned(),
            );
        }
        self.0.problem().map(|problem| format!("the API key {problem}"))
    }

    pub(crate) fn secret(&self) -> &Secret {
        &self.0
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
}

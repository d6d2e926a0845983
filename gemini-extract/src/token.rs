//! Access tokens of Google Cloud, and where they come from.

use std::error::Error as StdError;
use std::fmt;
use std::future::{Future, ready};
use std::pin::Pin;

use crate::secret::Secret;

/// An OAuth 2 access token of Google Cloud.
///
/// Like that of an [`ApiKey`](crate::ApiKey) its text cannot be read back: it travels in the
/// header `Authorization`, which is marked sensitive, and is shown nowhere.
///
/// A token is a [`TokenProvider`] too, which gives this one token as long as the client lives. A
/// token of Google Cloud is valid for an hour, so that this is for short programs.
///
/// # Examples
///
/// ```
/// # fn main() -> gemini_extract::Result<()> {
/// use gemini_extract::{AccessToken, Client};
///
/// // As `gcloud auth print-access-token` prints it.
/// let token = AccessToken::new("ya29.not-a-real-token");
/// assert!(!format!("{token:?}").contains("ya29"));
///
/// let client = Client::builder()
///     .vertex("my-project", "global")
///     .token_provider(token)
/// #   .base_url("http://127.0.0.1:8080")
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessToken {
    secret: Secret,
    quota_project: Option<String>,
}

impl AccessToken {
    /// Takes the text of a token, without `Bearer`.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self { secret: Secret::new(text), quota_project: None }
    }

    /// Bills this project and counts against its quotas (`x-goog-user-project`), instead of the
    /// one that the token belongs to.
    #[must_use]
    pub fn with_quota_project(mut self, project: impl Into<String>) -> Self {
        self.quota_project = Some(project.into());
        self
    }

    pub(crate) fn secret(&self) -> &Secret {
        &self.secret
    }

    pub(crate) fn quota_project(&self) -> Option<&str> {
        self.quota_project.as_deref()
    }
}

impl From<&str> for AccessToken {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for AccessToken {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

/// The future of a token.
pub type TokenFuture<'a> =
    Pin<Box<dyn Future<Output = Result<AccessToken, TokenError>> + Send + 'a>>;

/// Gives the access tokens that requests to Vertex AI carry.
///
/// The client asks before every attempt and keeps nothing, so that a provider keeps its token
/// until shortly before it expires. The time that a token takes belongs to the attempt.
///
/// # Examples
///
/// A provider whose tokens come from somewhere else, each kept until it is refused:
///
/// ```
/// use std::sync::Mutex;
///
/// use gemini_extract::{AccessToken, TokenError, TokenFuture, TokenProvider};
///
/// #[derive(Default)]
/// struct Vault(Mutex<Option<AccessToken>>);
///
/// # async fn fetch() -> Result<String, std::io::Error> { Ok(String::new()) }
/// impl TokenProvider for Vault {
///     fn token(&self) -> TokenFuture<'_> {
///         Box::pin(async {
///             if let Some(token) = self.0.lock().unwrap().clone() {
///                 return Ok(token);
///             }
///             let text = fetch().await.map_err(TokenError::transient)?;
///             Ok(self.0.lock().unwrap().insert(AccessToken::new(text)).clone())
///         })
///     }
///
///     fn refused(&self, token: &AccessToken) -> bool {
///         self.0.lock().unwrap().take_if(|kept| kept == token);
///         true
///     }
/// }
/// ```
pub trait TokenProvider: Send + Sync {
    /// A token that is valid now.
    fn token(&self) -> TokenFuture<'_>;

    /// The service refused this token (HTTP 401): it is not to be given again. Says whether
    /// asking for another one is of use; then the client does that, once for each request.
    fn refused(&self, token: &AccessToken) -> bool {
        let _ = token;
        true
    }
}

impl TokenProvider for AccessToken {
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(ready(Ok(self.clone())))
    }

    fn refused(&self, _: &AccessToken) -> bool {
        false
    }
}

/// Why a provider has no token to give.
///
/// The reason becomes the [`source`](StdError::source) of the call's
/// [`Error`](crate::Error), whose kind is
/// [`Credentials`](crate::ErrorKind::Credentials). It must not hold a secret.
///
/// # Examples
///
/// ```
/// use gemini_extract::TokenError;
///
/// assert!(TokenError::transient("the metadata server is not there yet").is_transient());
/// assert!(!TokenError::new("the key file is not readable").is_transient());
/// ```
#[derive(Debug)]
pub struct TokenError {
    is_transient: bool,
    reason: Box<dyn StdError + Send + Sync>,
}

impl TokenError {
    /// A failure that stays until somebody mends its reason.
    pub fn new(reason: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { is_transient: false, reason: reason.into() }
    }

    /// A failure that may be gone soon: it is tried again like a broken connection.
    pub fn transient(reason: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { is_transient: true, reason: reason.into() }
    }

    /// Whether the failure may be gone soon.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.is_transient
    }

    pub(crate) fn into_reason(self) -> Box<dyn StdError + Send + Sync> {
        self.reason
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_transient {
            "no access token can be had at the moment"
        } else {
            "no access token can be had"
        })
    }
}

impl StdError for TokenError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.reason)
    }
}

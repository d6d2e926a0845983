//! Tokens from Google's own credentials crate.

use std::sync::{Mutex, MutexGuard, PoisonError};

use google_cloud_auth::credentials::{Builder, CacheableResource, Credentials};
use google_cloud_auth::errors::CredentialsError;
use http::header::AUTHORIZATION;
use http::{Extensions, HeaderMap};
use tokio::runtime::{Handle, Id};
use tokio::task::JoinSet;

use crate::{AccessToken, TokenError, TokenFuture, TokenProvider};

const BEARER: &str = "Bearer ";
const QUOTA_PROJECT: &str = "x-goog-user-project";
/// So many credentials are kept; a program that starts runtimes all the time doesn't gather more.
const MOST_KNOWN: usize = 16;

/// Tokens from Google's credentials crate, `google-cloud-auth`.
///
/// [`application_default`](Self::application_default) is what a client of a
/// [`vertex`](crate::ClientBuilder::vertex) project uses where no other
/// [`token_provider`](crate::ClientBuilder::token_provider) is given. Other credentials of that
/// crate, such as those that impersonate an account, become a provider by `From`.
///
/// Needs the feature `google_cloud_auth1`.
///
/// # Examples
///
/// ```no_run
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// use gemini_extract::{Client, GoogleCredentials};
/// use google_cloud_auth::credentials::mds;
///
/// let machine = mds::Builder::default().with_quota_project_id("my-project").build()?;
/// let client = Client::builder()
///     .vertex("my-project", "global")
///     .token_provider(GoogleCredentials::from(machine))
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Default)]
pub struct GoogleCredentials {
    /// Absent where they are made when they are needed.
    given: Option<Credentials>,
    known: Mutex<Vec<Known>>,
}

/// Application Default Credentials as they were found. A task of their runtime keeps their token
/// fresh, so that each runtime needs its own.
#[derive(Debug)]
struct Known {
    runtime: Id,
    credentials: Credentials,
    /// What they gave last.
    token: Option<AccessToken>,
}

impl GoogleCredentials {
    /// Application Default Credentials: the file that `GOOGLE_APPLICATION_CREDENTIALS` names, or
    /// else the one that `gcloud auth application-default login` writes, or else the metadata
    /// server of a machine of Google Cloud.
    ///
    /// They are looked for when the first token is needed, and again after a failure and after a
    /// refused token.
    #[must_use]
    pub fn application_default() -> Self {
        Self::default()
    }

    /// The credentials for a runtime.
    fn credentials(&self, runtime: Id) -> Result<Credentials, TokenError> {
        if let Some(given) = &self.given {
            return Ok(given.clone());
        }
        let mut known = self.known();
        if let Some(found) = known.iter().find(|known| known.runtime == runtime) {
            return Ok(found.credentials.clone());
        }
        let credentials = Builder::default().build().map_err(TokenError::new)?;
        if known.len() == MOST_KNOWN {
            known.remove(0);
        }
        known.push(Known { runtime, credentials: credentials.clone(), token: None });
        Ok(credentials)
    }

    /// Keeps what the credentials of a runtime gave; without a token they are forgotten.
    fn note(&self, runtime: Id, token: Option<&AccessToken>) {
        match token {
            Some(token) => {
                let mut known = self.known();
                let known = known.iter_mut().filter(|known| known.runtime == runtime);
                known.for_each(|known| known.token = Some(token.clone()));
            }
            None => self.known().retain(|known| known.runtime != runtime),
        }
    }

    async fn ask(&self) -> Result<AccessToken, TokenError> {
        let runtime = Handle::try_current().map_err(TokenError::new)?.id();
        let credentials = self.credentials(runtime)?;
        // The crate panics where its own task is gone, so it has a task that may.
        let mut task = JoinSet::new();
        task.spawn(async move { credentials.headers(Extensions::new()).await });
        let asked = task.join_next().await;
        let token = match asked {
            Some(Ok(Ok(CacheableResource::New { data, .. }))) => read(&data),
            Some(Ok(Ok(CacheableResource::NotModified))) | None => {
                Err(TokenError::transient("the credentials gave no headers"))
            }
            Some(Ok(Err(error))) => Err(failure(error)),
            Some(Err(error)) => Err(TokenError::transient(error)),
        };
        self.note(runtime, token.as_ref().ok());
        token
    }

    fn known(&self) -> MutexGuard<'_, Vec<Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl From<Credentials> for GoogleCredentials {
    fn from(credentials: Credentials) -> Self {
        Self { given: Some(credentials), known: Mutex::default() }
    }
}

impl TokenProvider for GoogleCredentials {
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(self.ask())
    }

    fn refused(&self, token: &AccessToken) -> bool {
        self.known().retain(|known| known.token.as_ref() != Some(token));
        self.given.is_none()
    }
}

fn failure(error: CredentialsError) -> TokenError {
    if error.is_transient() { TokenError::transient(error) } else { TokenError::new(error) }
}

/// The token in the headers that the crate makes for requests.
fn read(headers: &HeaderMap) -> Result<AccessToken, TokenError> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let token = text(AUTHORIZATION.as_str()).and_then(|value| value.strip_prefix(BEARER));
    let token = token.ok_or_else(|| TokenError::new("the credentials are no bearer token"))?;
    let token = AccessToken::new(token);
    Ok(match text(QUOTA_PROJECT) {
        Some(project) => token.with_quota_project(project),
        None => token,
    })
}

//! What requests are authorized with: the client's key, or tokens that are asked for.

use std::fmt;
use std::sync::Arc;

use http::header::{AUTHORIZATION, HeaderName, HeaderValue};

use crate::error::Fault;
use crate::secret::Secret;
use crate::{AccessToken, ApiKey, Error, Result, TokenProvider};

const API_KEY: HeaderName = HeaderName::from_static("x-goog-api-key");
const QUOTA_PROJECT: HeaderName = HeaderName::from_static("x-goog-user-project");
const BEARER: &str = "Bearer ";

/// Where credentials come from.
#[derive(Clone, Debug)]
pub(crate) enum Credentials {
    Key(Credential),
    Tokens(Tokens),
}

/// A provider, which is never shown: its own `Debug` may show tokens.
#[derive(Clone)]
pub(crate) struct Tokens(Arc<dyn TokenProvider>);

/// What one request is authorized with.
#[derive(Clone, Debug)]
pub(crate) struct Credential {
    secret: Secret,
    header: (HeaderName, HeaderValue),
    quota_project: Option<HeaderValue>,
    /// Absent for a key.
    token: Option<AccessToken>,
}

impl Credentials {
    /// Those of a key, or what is wrong with it.
    pub(crate) fn of_key(key: &ApiKey) -> Result<Self, String> {
        let secret = key.secret().clone();
        match (key.problem(), secret.header("")) {
            (None, Some(value)) => {
                let header = (API_KEY, value);
                Ok(Self::Key(Credential { secret, header, quota_project: None, token: None }))
            }
            (problem, _) => Err(problem.unwrap_or_else(|| "the API key is no text".to_owned())),
        }
    }

    /// What the next request is authorized with.
    pub(crate) async fn get(&self) -> Result<Credential> {
        let provider = match self {
            Self::Key(credential) => return Ok(credential.clone()),
            Self::Tokens(Tokens(provider)) => provider,
        };
        let token = provider.token().await.map_err(|error| {
            let fault = if error.is_transient() { Fault::NoTokenYet } else { Fault::NoToken };
            Error::fault(fault, error.into_reason())
        })?;
        Credential::of_token(token).map_err(|problem| Error::fault(Fault::BadToken(problem), None))
    }

    /// Tells where a token came from that the service refused it, and says whether another one can
    /// be had; not for a key.
    pub(crate) fn refused(&self, token: Option<&AccessToken>) -> bool {
        match (self, token) {
            (Self::Tokens(Tokens(provider)), Some(token)) => provider.refused(token),
            _ => false,
        }
    }
}

impl Tokens {
    pub(crate) fn new(provider: impl TokenProvider + 'static) -> Self {
        Self(Arc::new(provider))
    }
}

impl Credential {
    fn of_token(token: AccessToken) -> Result<Self, &'static str> {
        let secret = token.secret().clone();
        if let Some(problem) = secret.problem() {
            return Err(problem);
        }
        let value = secret.header(BEARER).ok_or("is no text")?;
        let quota_project = token.quota_project().map(HeaderValue::from_str).transpose();
        let quota_project = quota_project.map_err(|_| "has a quota project that is no name")?;
        Ok(Self { secret, header: (AUTHORIZATION, value), quota_project, token: Some(token) })
    }

    pub(crate) fn token(&self) -> Option<&AccessToken> {
        self.token.as_ref()
    }

    /// What must not be shown.
    pub(crate) fn secret(&self) -> &Secret {
        &self.secret
    }

    /// The headers that carry it.
    pub(crate) fn into_headers(self) -> impl Iterator<Item = (HeaderName, HeaderValue)> {
        let quota_project = self.quota_project.map(|project| (QUOTA_PROJECT, project));
        [self.header].into_iter().chain(quota_project)
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokens(***)")
    }
}

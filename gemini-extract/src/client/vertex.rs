//! The settings for Vertex AI.

use super::ClientBuilder;
use crate::TokenProvider;
use crate::credentials::Tokens;
use crate::request::Service;

/// Vertex AI instead of the Gemini Developer API.
impl ClientBuilder {
    /// Asks Vertex AI in this project, by its ID or number, and in this location, such as
    /// `global`, `us` or `europe-west4`.
    ///
    /// Requests carry access tokens: those of a [`token_provider`](Self::token_provider), or with
    /// the feature `google_cloud_auth1` those of Application Default Credentials. Where Vertex AI
    /// is follows from the location, unless a [`base_url`](Self::base_url) is given; the API
    /// version is `v1beta1` by default. Models are named as ever, or as `endpoints/..` for those
    /// that you tuned, or in full (`projects/../locations/../endpoints/..`).
    ///
    /// # Examples
    ///
    /// ```
    /// # fn main() -> gemini_extract::Result<()> {
    /// use gemini_extract::{AccessToken, Client};
    ///
    /// let client = Client::builder()
    ///     .vertex("my-project", "europe-west4")
    ///     .token_provider(AccessToken::new("ya29.not-a-real-token"))
    /// #   .base_url("http://127.0.0.1:8080")
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn vertex(mut self, project: impl Into<String>, location: impl Into<String>) -> Self {
        self.service = Some(Service::vertex(project, location));
        self
    }

    /// Asks Vertex AI in express mode: with an [`api_key`](Self::api_key) of Vertex AI, and no
    /// project.
    pub fn vertex_express(mut self) -> Self {
        self.service = Some(Service::VertexExpress);
        self
    }

    /// What gives the access tokens for [`vertex`](Self::vertex).
    pub fn token_provider(mut self, provider: impl TokenProvider + 'static) -> Self {
        self.tokens = Some(Tokens::new(provider));
        self
    }
}

//! The settings of a client.

use std::sync::Arc;
use std::time::Duration;

use crate::credentials::Tokens;
use crate::environment::Environment;
use crate::hook::Hooks;
use crate::policies::Policies;
use crate::request::Service;
use crate::transport::Connections;
use crate::{ApiKey, AttemptReport, Clock, Limits, Prices, Repair, Retry};

/// Makes a [`Client`](crate::Client). All settings but the key, or the project of Vertex AI, have
/// defaults.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct ClientBuilder {
    pub(super) api_key: Option<ApiKey>,
    pub(super) base_url: Option<String>,
    pub(super) api_version: Option<String>,
    pub(super) model: Option<String>,
    pub(super) policies: Policies,
    pub(super) retry_budget: Option<u32>,
    pub(super) limits: Option<Limits>,
    pub(super) model_limits: Vec<(String, Limits)>,
    pub(super) prices: Option<Prices>,
    pub(super) hooks: Hooks,
    pub(super) is_content_traced: bool,
    pub(super) clock: Option<Arc<dyn Clock>>,
    pub(super) connections: Connections,
    /// The Gemini Developer API, unless the environment asks for another one.
    pub(super) service: Option<Service>,
    pub(super) tokens: Option<Tokens>,
    /// What holds where nothing was set.
    pub(super) environment: Environment,
}

impl ClientBuilder {
    /// Begins with the environment, as [`Client::from_env`](crate::Client::from_env) does; what is set
    /// afterwards wins.
    pub fn from_env() -> Self {
        Self::from_environment(Environment::of_process())
    }

    /// Begins with variables from a look-up instead of the process's environment, for a
    /// configuration file or a test.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn main() -> gemini_extract::Result<()> {
    /// use gemini_extract::ClientBuilder;
    ///
    /// let lookup = |name: &str| (name == "GEMINI_API_KEY").then(|| "my-key".to_owned());
    /// let client = ClientBuilder::from_lookup(lookup).model("gemini-3.8-flash").build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Self {
        Self::from_environment(Environment::read(lookup))
    }

    /// The API key.
    pub fn api_key(mut self, key: impl Into<ApiKey>) -> Self {
        self.api_key = Some(key.into());
        self
    }

    /// Where the service is; `https://generativelanguage.googleapis.com` by default, and on Vertex
    /// AI the host of the location. The API version isn't part of it. A server on this machine is
    /// reached without a proxy.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// The model for calls that don't name one: `gemini-3.8-flash`, `models/..` or
    /// `tunedModels/..`; for Vertex AI see [`vertex`](Self::vertex). The default is
    /// `gemini-flash-latest`.
    pub fn model(mut self, model: impl Into<String>) -> Self {
        self.model = Some(model.into());
        self
    }

    /// The API version in the path, `v1beta` by default, and `v1beta1` on Vertex AI.
    pub fn api_version(mut self, version: impl Into<String>) -> Self {
        self.api_version = Some(version.into());
        self
    }

    /// How long a whole call may take, with all its attempts and the times between them; 10
    /// minutes by default. A time that is set here is told to the service too.
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.policies.timeout = Some(timeout);
        self
    }

    /// How long one attempt may take; by default as long as the whole call. What takes longer is
    /// given up and tried again. A time that is set here is told to the service too.
    pub fn with_attempt_timeout(mut self, timeout: Duration) -> Self {
        self.policies.attempt_timeout = Some(timeout);
        self
    }

    /// When failed attempts are made again; 4 attempts with an exponential back-off by default.
    pub fn with_retry(mut self, retry: Retry) -> Self {
        self.policies.retry = Some(retry);
        self
    }

    /// When bad answers are asked for again; once by default.
    pub fn with_repair(mut self, repair: Repair) -> Self {
        self.policies.repair = Some(repair);
        self
    }

    /// How many retries the client and its clones may make beyond their successes, 100 by
    /// default: each retry takes one, each success gives one back. When the service fails for
    /// everybody, calls fail at their first attempt then instead of all trying again. A retry
    /// whose time the service names takes none.
    pub fn with_retry_budget(mut self, retries: u32) -> Self {
        self.retry_budget = Some(retries);
        self
    }

    /// How much may be sent to each model; as much as is asked for by default.
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = Some(limits);
        self
    }

    /// How much may be sent to this model, instead of [`with_limits`](Self::with_limits).
    pub fn with_model_limits(mut self, model: impl Into<String>, limits: Limits) -> Self {
        self.model_limits.push((model.into(), limits));
        self
    }

    /// The prices by which the client tells what calls cost.
    pub fn with_prices(mut self, prices: Prices) -> Self {
        self.prices = Some(prices);
        self
    }

    /// Calls this after every attempt, for metrics. Can be given several times. It is called on
    /// the task of the call, so it should be quick. It isn't called for an attempt or a stream that
    /// is dropped on its way.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicU64, Ordering};
    ///
    /// use gemini_extract::Client;
    ///
    /// let failures = Arc::new(AtomicU64::new(0));
    /// let counter = Arc::clone(&failures);
    /// let builder = Client::builder().with_attempt_hook(move |attempt| {
    ///     if attempt.error.is_some() {
    ///         counter.fetch_add(1, Ordering::Relaxed);
    ///     }
    /// });
    /// ```
    pub fn with_attempt_hook(
        mut self,
        hook: impl Fn(&AttemptReport<'_>) + Send + Sync + 'static,
    ) -> Self {
        self.hooks.push(hook);
        self
    }

    /// Puts prompts and answers into the spans of calls, as `gen_ai.system_instructions`,
    /// `gen_ai.input.messages` and `gen_ai.output.messages`. They are left out otherwise. Of a
    /// stream only the prompt is there, as its answer is yours piece by piece.
    pub fn with_traced_content(mut self) -> Self {
        self.is_content_traced = true;
        self
    }

    /// The clock that retries and limits go by, for tests.
    pub fn with_clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    fn from_environment(environment: Environment) -> Self {
        Self { environment, ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::ClientBuilder;
    use crate::{Client, ErrorKind};

    fn local() -> ClientBuilder {
        Client::builder().api_key("AIzaSy").base_url("http://127.0.0.1:9")
    }

    #[test]
    fn defaults_make_a_client() {
        let client = local().build().expect("a client");
        let shown = format!("{client:?}");
        assert!(shown.contains("models/gemini-flash-latest") && shown.contains("v1beta"));
        assert!(!shown.contains("AIza"), "{shown}");
    }

    #[test]
    fn all_problems_are_told_at_once() {
        let error = Client::builder()
            .base_url("ftp://user:secret@host?key=secret")
            .api_version("v1/..")
            .with_timeout(Duration::ZERO)
            .with_connect_timeout(Duration::ZERO)
            .with_response_limit(0)
            .build()
            .expect_err("no client");
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert_eq!(error.problems().count(), 8, "{error:?}");
        assert!(!format!("{error} {error:?}").contains("secret"));
    }

    #[test]
    fn a_bad_model_is_told() {
        let error = local().model("../other").build().expect_err("no client");
        assert!(error.to_string().contains("model"), "{error}");
    }

    #[test]
    fn settings_win_over_the_environment() {
        let lookup = |name: &str| match name {
            "GOOGLE_API_KEY" => Some("not\na key".to_owned()),
            "GOOGLE_GEMINI_BASE_URL" => Some("http://127.0.0.1:1".to_owned()),
            _ => None,
        };
        let builder = ClientBuilder::from_lookup(lookup);
        assert!(builder.clone().build().is_err());
        let client = builder.api_key("AIzaSy").build().expect("a client");
        assert!(format!("{client:?}").contains("127.0.0.1:1"));
    }
}

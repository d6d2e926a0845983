//! From settings to a client.

use std::sync::Arc;

use reqwest::Url;

use super::{Client, ClientBuilder, Inner};
use crate::clock::TokioClock;
use crate::limit::Limiters;
use crate::request::{Endpoint, base_url, resource_name, version_problem};
use crate::retry::RetryBudget;
use crate::transport::{Http, HttpSettings, Transport, is_loopback};
use crate::{ApiKey, Error, Limits, Result, Retry};

const BASE_URL: &str = "https://generativelanguage.googleapis.com";
const API_VERSION: &str = "v1beta";
const MODEL: &str = "gemini-flash-latest";

impl ClientBuilder {
    /// Checks all settings and makes the client. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) with all
    /// [`problems`](Error::problems): no key or one that can't be a key, a base URL that isn't
    /// plain `http` or `https`, a model or version that isn't a name, a time of zero; or, for
    /// `https`, a machine without root certificates.
    pub fn build(self) -> Result<Client> {
        self.build_on(|base, settings| Ok(Box::new(Http::new(base, settings)?)))
    }

    /// Makes a client on a transport that is made from the base URL and the settings.
    pub(crate) fn build_on(
        self,
        connect: impl FnOnce(&Url, HttpSettings) -> Result<Box<dyn Transport>>,
    ) -> Result<Client> {
        let mut problems = self.problems();
        let version = self.api_version.as_deref().unwrap_or(API_VERSION);
        let base = base_url(self.base_url.as_deref().unwrap_or(BASE_URL));
        let base = base.map_err(|found| problems.extend(found)).ok();
        let model = self.model.as_deref().unwrap_or(MODEL);
        let endpoint = base.as_ref().and_then(|base| {
            let endpoint = Endpoint::new(base, version, model);
            endpoint.map_err(|problem| problems.push(problem)).ok()
        });
        let limiters = self.limiters().map_err(|problem| problems.push(problem)).ok();
        let key = self.api_key.unwrap_or_else(|| ApiKey::new(""));
        let (Some(base), Some(endpoint), Some(limiters), Some(header), []) =
            (base, endpoint, limiters, key.header(), &*problems)
        else {
            return Err(Error::configuration(problems));
        };
        if base.scheme() == "http" && !is_loopback(&base) {
            tracing::warn!("the base URL is plain http: the API key travels unencrypted");
        }
        let response_limit = self.connections.response_limit();
        let settings = HttpSettings { key: header, connections: self.connections };
        let transport = connect(&base, settings)?;
        Ok(Client {
            inner: Arc::new(Inner {
                transport,
                key,
                base,
                version: version.to_owned(),
                endpoint,
                policies: self.policies,
                response_limit,
                budget: self.retry_budget.map_or_else(RetryBudget::default, RetryBudget::new),
                limiters,
                gate: Arc::default(),
                prices: self.prices,
                hooks: self.hooks,
                is_content_traced: self.is_content_traced,
                clock: self.clock.unwrap_or_else(|| Arc::new(TokioClock)),
            }),
        })
    }

    /// What is wrong with everything but the base URL and the model.
    fn problems(&self) -> Vec<String> {
        let missing = "no API key is given; set GOOGLE_API_KEY or GEMINI_API_KEY, or use `api_key`";
        let key = self.api_key.as_ref().map_or(Some(missing), ApiKey::problem);
        let vertex = self.vertex.map(|name| {
            format!("{name} asks for Vertex AI, which is not supported; unset it to use an API key")
        });
        let version = self.api_version.as_deref().and_then(version_problem);
        let fallbacks = self.policies.retry.as_ref().map_or(&[][..], Retry::fallbacks);
        let fallbacks = fallbacks.iter().filter_map(|model| {
            resource_name(model).err().map(|problem| format!("a fallback: {problem}"))
        });
        let problems = [
            key.map(str::to_owned),
            vertex,
            version,
            self.limits.as_ref().and_then(Limits::problem),
        ];
        let problems = problems.into_iter().flatten().chain(self.connections.problems());
        problems.chain(self.policies.problems()).chain(fallbacks).collect()
    }
    fn limiters(&self) -> Result<Limiters, String> {
        let own = self.model_limits.iter().map(|(model, limits)| match limits.problem() {
            Some(problem) => Err(problem),
            None => resource_name(model).map(|model| (model, limits.clone())),
        });
        Ok(Limiters::new(self.limits.clone(), own.collect::<Result<_, _>>()?))
    }
}

//! From settings to a client.

use std::sync::Arc;

use reqwest::Url;

use super::{Client, ClientBuilder, Delivery, Inner};
use crate::clock::TokioClock;
use crate::limit::Limiters;
use crate::request::{Endpoint, Site};
use crate::retry::RetryBudget;
use crate::transport::{Connections, Http, Transport, is_loopback};
use crate::{Error, Limits, Prices, Result};

const MODEL: &str = "gemini-flash-latest";

impl ClientBuilder {
    /// Checks all settings and makes the client. Nothing is sent.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) with all
    /// [`problems`](Error::problems): no key or one that can't be a key, a base URL that isn't
    /// plain `http` or `https`, a model or version that isn't a name, a time of zero, a price that
    /// is below it or no number; or, for `https`, a machine without root certificates.
    pub fn build(self) -> Result<Client> {
        self.build_on(|base, connections| Ok(Box::new(Http::new(base, connections)?)))
    }

    /// Makes a client on a transport that is made from the base URL and the settings.
    pub(crate) fn build_on(
        self,
        connect: impl FnOnce(&Url, Connections) -> Result<Box<dyn Transport>>,
    ) -> Result<Client> {
        let mut problems = self.problems();
        let settled = self.settle().map_err(|found| problems.extend(found)).ok();
        let models = settled.as_ref().and_then(|(site, _)| {
            let models = self.models(site);
            models.map_err(|found| problems.extend(found)).ok()
        });
        let delivery = match &settled {
            Some((site, _)) => Delivery::new(site, self.policies.clone()),
            None => Err(self.policies.problems()),
        };
        let delivery = delivery.map_err(|found| problems.extend(found)).ok();
        let (Some((site, credentials)), Some((endpoint, limiters)), Some(delivery), []) =
            (settled, models, delivery, &*problems)
        else {
            return Err(Error::configuration(problems));
        };
        if site.base.scheme() == "http" && !is_loopback(&site.base) {
            tracing::warn!("the base URL is plain http: keys and tokens travel unencrypted");
        }
        let response_limit = self.connections.response_limit();
        let transport = connect(&site.base, self.connections)?;
        Ok(Client {
            inner: Arc::new(Inner {
                transport,
                credentials,
                site,
                endpoint,
                delivery: Arc::new(delivery),
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

    /// What is wrong with everything but the service, the models and the policies.
    fn problems(&self) -> Vec<String> {
        let limits = self.limits.as_ref().and_then(Limits::problem);
        let own = self.model_limits.iter().filter_map(|(_, limits)| limits.problem());
        let prices = self.prices.as_ref().and_then(Prices::problem);
        let problems = limits.into_iter().chain(own).chain(prices);
        problems.chain(self.connections.problems()).collect()
    }

    /// The endpoint of the usual model, and the limits of all; or what is wrong with names.
    fn models(&self, site: &Site) -> Result<(Endpoint, Limiters), Vec<String>> {
        let mut problems = Vec::new();
        let endpoint = Endpoint::new(site, self.model.as_deref().unwrap_or(MODEL));
        let endpoint = endpoint.map_err(|problem| problems.push(problem)).ok();
        let limits = self.model_limits.iter().map(|(model, limits)| {
            site.service.model_path(model).map(|model| (model, limits.clone()))
        });
        let limits = limits.collect::<Result<_, _>>().map_err(|problem| problems.push(problem));
        match (endpoint, limits, &*problems) {
            (Some(endpoint), Ok(own), []) => {
                Ok((endpoint, Limiters::new(self.limits.clone(), own)))
            }
            _ => Err(problems),
        }
    }
}

//! One request until it is answered: attempts, the times between them, other models.

use std::time::Duration;

use super::Client;
use crate::error::Fault;
use crate::policies::Policies;
use crate::request::Endpoint;
use crate::retry::{Next, Progress, Retry};
use crate::trail::Trail;
use crate::transport::BoxFuture;
use crate::{Error, Result};

/// How a request is delivered.
#[derive(Debug)]
pub(crate) struct Delivery {
    policies: Policies,
    retry: Retry,
    /// The endpoints of the models to turn to.
    fallbacks: Vec<Endpoint>,
}

/// One attempt, as it is to be made.
pub(crate) struct Attempt {
    pub(crate) endpoint: Endpoint,
    /// How long it may take.
    pub(crate) time: Duration,
    /// Whether the service is told.
    pub(crate) is_time_told: bool,
}

impl Client {
    /// How a call with these policies is delivered, or what is wrong with them.
    pub(crate) fn delivery(&self, policies: &Policies) -> Result<Delivery, Vec<String>> {
        let mut problems = policies.problems();
        let policies = policies.or(&self.inner.policies);
        let retry = policies.retry.clone().unwrap_or_default();
        let fallbacks = retry.fallbacks().iter().filter_map(|model| {
            let endpoint = self.endpoint(Some(model));
            endpoint.map_err(|problem| problems.push(format!("a fallback: {problem}"))).ok()
        });
        let fallbacks = fallbacks.collect();
        if problems.is_empty() {
            Ok(Delivery { policies, retry, fallbacks })
        } else {
            Err(problems)
        }
    }

    /// The trail of a call that begins now.
    pub(crate) fn trail(&self, delivery: &Delivery) -> Trail {
        Trail::new(self.inner.clock.clone(), delivery.policies.timeout())
    }

    /// Makes attempts by `one` until one succeeds or the policies say that it is enough.
    pub(crate) async fn deliver<'a, R>(
        &'a self,
        endpoint: &Endpoint,
        delivery: &Delivery,
        trail: &mut Trail,
        one: impl Fn(Attempt) -> BoxFuture<'a, Result<R>>,
    ) -> Result<R> {
        let mut fallbacks = delivery.fallbacks.iter();
        let mut endpoint = endpoint.clone();
        let mut attempts: u32 = 0;
        loop {
            attempts = attempts.saturating_add(1);
            let error = match self.attempt(&endpoint, delivery, trail, &one).await {
                Ok(answer) => {
                    self.inner.budget.give_back();
                    return Ok(answer);
                }
                Err(error) => error,
            };
            let progress = Progress {
                attempts,
                elapsed: trail.elapsed(),
                left: trail.left(),
                has_fallback: fallbacks.len() > 0,
            };
            let next = delivery.retry.next(&error, progress);
            if next == Next::GiveUp {
                return Err(error);
            }
            // A time that the service names is no storm of ours.
            let is_told = error.retry_after().is_some_and(|time| !time.is_zero());
            let is_free = is_told && next != Next::OtherModel;
            if !is_free && !self.inner.budget.take() {
                trail.set_over_budget();
                return Err(error);
            }
            tracing::debug!(kind = ?error.kind(), ?next, "an attempt failed");
            trail.add_failure(error);
            match next {
                Next::Again(time) => self.inner.clock.sleep(time).await,
                _ => {
                    endpoint = fallbacks.next().cloned().unwrap_or(endpoint);
                    attempts = 0;
                }
            }
        }
    }

    async fn attempt<'a, R>(
        &'a self,
        endpoint: &Endpoint,
        delivery: &Delivery,
        trail: &mut Trail,
        one: &impl Fn(Attempt) -> BoxFuture<'a, Result<R>>,
    ) -> Result<R> {
        let (left, policies) = (trail.left(), &delivery.policies);
        let time = policies.attempt_time(left);
        trail.begin_attempt();
        let attempt =
            Attempt { endpoint: endpoint.clone(), time, is_time_told: policies.is_timeout_told() };
        let result = tokio::time::timeout(time, one(attempt)).await;
        result.unwrap_or_else(|_| {
            let fault = if time < left {
                Fault::AttemptTimeout(time)
            } else {
                Fault::CallTimeout(trail.timeout())
            };
            Err(Error::fault(fault, None))
        })
    }
}

//! One request until it is answered: attempts, the times between them, other models.

use std::time::Duration;

use super::{Client, Inner};
use crate::error::Fault;
use crate::limit::Permit;
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

/// A request to be delivered.
pub(crate) struct Parcel<'a> {
    pub(crate) endpoint: Endpoint,
    /// About how many input tokens it has.
    pub(crate) tokens: u64,
    pub(crate) delivery: &'a Delivery,
}

/// What came of it.
pub(crate) struct Delivered<R> {
    pub(crate) answer: R,
    /// Keeps a place among the requests in flight until it is dropped; absent where there are no
    /// limits.
    pub(crate) permit: Option<Permit>,
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
        parcel: Parcel<'_>,
        trail: &mut Trail,
        one: impl Fn(Attempt) -> BoxFuture<'a, Result<R>>,
    ) -> Result<Delivered<R>> {
        let Parcel { mut endpoint, tokens, delivery } = parcel;
        let mut fallbacks = delivery.fallbacks.iter();
        let mut attempts: u32 = 0;
        loop {
            let permit = self.admit(&endpoint, tokens, trail).await?;
            attempts = attempts.saturating_add(1);
            let attempt = delivery.attempt(&endpoint, trail);
            let error = match within(attempt.time, trail, one(attempt)).await {
                Ok(answer) => {
                    self.inner.budget.give_back();
                    return Ok(Delivered { answer, permit });
                }
                Err(error) => error,
            };
            self.account(permit, &error);
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

    /// Waits for a place within the limits of the model.
    async fn admit(
        &self,
        endpoint: &Endpoint,
        tokens: u64,
        trail: &Trail,
    ) -> Result<Option<Permit>> {
        let Inner { limiters, clock, .. } = &*self.inner;
        let permit = limiters.admit(endpoint.model(), tokens, &**clock, trail.left()).await;
        permit.map_err(|_| Error::fault(Fault::NoRoom(trail.timeout()), None))
    }

    /// Tells the limits how an attempt failed, and gives its place back.
    fn account(&self, permit: Option<Permit>, error: &Error) {
        let Some(permit) = permit else { return };
        if let Some(usage) = error.usage() {
            permit.settle(usage.input_tokens());
        }
        if error.is_quota() && !error.is_daily_quota() {
            permit.slow(self.inner.clock.now());
        }
    }
}

impl Delivery {
    fn attempt(&self, endpoint: &Endpoint, trail: &mut Trail) -> Attempt {
        trail.begin_attempt();
        Attempt {
            endpoint: endpoint.clone(),
            time: self.policies.attempt_time(trail.left()),
            is_time_told: self.policies.is_timeout_told(),
        }
    }
}

/// One attempt within its time.
async fn within<R>(
    time: Duration,
    trail: &Trail,
    attempt: impl Future<Output = Result<R>>,
) -> Result<R> {
    let left = trail.left();
    let result = tokio::time::timeout(time, attempt).await;
    result.unwrap_or_else(|_| {
        let fault = if time < left {
            Fault::AttemptTimeout(time)
        } else {
            Fault::CallTimeout(trail.timeout())
        };
        Err(Error::fault(fault, None))
    })
}

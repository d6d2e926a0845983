//! One request until it is answered: attempts, the times between them, other models.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;
use tracing::Instrument;

use super::Client;
use super::rules::{Leave, OUTPUT_TOKENS, Rules, Size};
use crate::credentials::Credential;
use crate::error::Fault;
use crate::hook::AttemptReport;
use crate::policies::Policies;
use crate::request::{Endpoint, Site};
use crate::response::Usage;
use crate::retry::{Next, Progress, Reserved, Retry};
use crate::trail::Trail;
use crate::{Error, ErrorKind, Repair, Result, trace};

/// How a request is delivered.
#[derive(Debug)]
pub(crate) struct Delivery {
    policies: Policies,
    retry: Retry,
    /// The endpoints of the models to turn to.
    fallbacks: Vec<Endpoint>,
    /// What the call keeps to together with others.
    rules: Option<Arc<Rules>>,
    /// The most output tokens that an answer can have, for limits of costs.
    output_tokens: u64,
    /// Whether nothing is sent again that may have been done.
    is_careful: bool,
}

/// A request to be delivered.
pub(crate) struct Parcel<'a> {
    pub(crate) endpoint: Endpoint,
    /// About how many input tokens it has.
    pub(crate) tokens: u64,
    /// How many bytes it has.
    pub(crate) bytes: usize,
    pub(crate) delivery: &'a Delivery,
}

/// What came of it.
pub(crate) struct Delivered<R> {
    pub(crate) answer: R,
    /// Of the model that answered.
    pub(crate) endpoint: Endpoint,
    /// How long it took to come.
    pub(crate) took: Duration,
    /// Keeps a place among the requests in flight until it is dropped.
    pub(crate) leave: Leave,
}

/// One attempt, as it is to be made.
pub(crate) struct Attempt {
    pub(crate) endpoint: Endpoint,
    /// How long it may take.
    pub(crate) time: Duration,
    /// Whether the service is told.
    pub(crate) is_time_told: bool,
}

/// Whether an access token that is refused makes room for another one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Renewal {
    /// None was refused yet.
    #[default]
    Possible,
    /// One was refused; another is to be tried.
    Due,
    /// No other one is tried.
    Over,
}

impl Client {
    /// How a call with these policies is delivered, or what is wrong with them.
    pub(crate) fn delivery(&self, policies: &Policies) -> Result<Arc<Delivery>, Vec<String>> {
        let usual = &self.inner.delivery;
        if policies.is_empty() {
            return Ok(Arc::clone(usual));
        }
        Delivery::new(&self.inner.site, policies.or(&usual.policies)).map(Arc::new)
    }

    /// The trail of a call that begins now.
    pub(crate) fn trail(&self, delivery: &Delivery) -> Trail {
        Trail::new(self.inner.clock.clone(), delivery.policies.timeout())
    }

    /// Makes attempts by `one` until one succeeds or the policies say that it is enough.
    pub(crate) async fn deliver<R, F: Future<Output = Result<R>> + Send>(
        &self,
        parcel: Parcel<'_>,
        trail: &mut Trail,
        one: impl Fn(Attempt, Credential) -> F + Sync,
    ) -> Result<Delivered<R>> {
        let Parcel { mut endpoint, tokens, bytes, delivery } = parcel;
        let rules = delivery.rules.as_deref();
        let mut fallbacks = delivery.fallbacks.iter();
        let (mut attempts, mut renewal): (u32, _) = (0, Renewal::default());
        loop {
            let size = Size { tokens, bytes, output_tokens: delivery.output_tokens };
            let leave = self.leave(&endpoint, size, rules, trail).await?;
            attempts = attempts.saturating_add(1);
            let begun = trail.begin_attempt();
            let left = trail.timeout().saturating_sub(begun);
            let attempt = delivery.attempt(&endpoint, left);
            let (time, span) = (attempt.time, trace::attempt_span(&endpoint, attempts));
            let sent = timeout(time, self.authorized(&one, attempt, &mut renewal));
            let answer = sent.instrument(span.clone()).await;
            let answer = answer.unwrap_or_else(|_| Err(too_late(time, left, trail)));
            let took = trail.elapsed().saturating_sub(begun);
            let error = match answer {
                Ok(answer) => {
                    self.inner.budget.give_back();
                    return Ok(Delivered { answer, endpoint, took, leave });
                }
                Err(error) => error,
            };
            trace::record_error(&span, &error);
            let has_fallback = fallbacks.len() > 0;
            let (elapsed, left) = (trail.elapsed(), trail.left());
            let progress = Progress { attempts, elapsed, left, has_fallback };
            let (next, reserved) = match renewal {
                Renewal::Due => (Next::Again(Duration::ZERO), Reserved::free()),
                _ if delivery.is_careful && error.may_be_done() => (Next::GiveUp, Reserved::free()),
                _ => self.next(&delivery.retry, &error, progress, trail),
            };
            self.failed((leave, rules), &endpoint, &error, trail);
            self.inner.hooks.call(&AttemptReport {
                model: endpoint.model(),
                number: trail.attempts(),
                repairs: trail.repairs(),
                took,
                error: Some(&error),
                usage: error.usage(),
                retry_in: next.wait(),
            });
            if next == Next::GiveUp {
                return Err(error);
            }
            trail.add_failure(error);
            match next {
                Next::Again(time) => self.inner.clock.sleep(time).await,
                _ => {
                    endpoint = fallbacks.next().cloned().unwrap_or(endpoint);
                    attempts = 0;
                }
            }
            reserved.spend();
        }
    }

    /// One attempt, with a key or an access token of its own.
    async fn authorized<R, F: Future<Output = Result<R>> + Send>(
        &self,
        one: &(impl Fn(Attempt, Credential) -> F + Sync),
        attempt: Attempt,
        renewal: &mut Renewal,
    ) -> Result<R> {
        if *renewal == Renewal::Due {
            *renewal = Renewal::Over;
        }
        let credentials = &self.inner.credentials;
        let credential = credentials.get().await?;
        let token = credential.token().cloned();
        let result = one(attempt, credential).await;
        let is_refused = |error: &Error| error.kind() == ErrorKind::Unauthenticated;
        let is_refused = result.as_ref().err().is_some_and(is_refused);
        // The provider is told in any case, for the calls that follow.
        if is_refused && credentials.refused(token.as_ref()) && *renewal == Renewal::Possible {
            *renewal = Renewal::Due;
        }
        result
    }

    /// Does the accounts of an answer, when all of it is there.
    pub(crate) fn answered<R>(
        &self,
        delivered: &mut Delivered<R>,
        (usage, version): (Option<&Usage>, Option<&str>),
        trail: &mut Trail,
    ) {
        let model = delivered.endpoint.model();
        self.settle(std::mem::take(&mut delivered.leave), (model, version), usage);
        trail.charge(self.inner.prices.as_ref(), (model, version), usage);
        self.inner.hooks.call(&AttemptReport {
            model,
            number: trail.attempts(),
            repairs: trail.repairs(),
            took: delivered.took,
            error: None,
            usage,
            retry_in: None,
        });
    }

    /// Does the accounts of an answer that broke off after its begin; it isn't asked for again.
    pub(crate) fn interrupted<R>(&self, delivered: Delivered<R>, error: &Error, trail: &mut Trail) {
        let Delivered { endpoint, took, leave, .. } = delivered;
        self.failed((leave, None), &endpoint, error, trail);
        self.inner.hooks.call(&AttemptReport {
            model: endpoint.model(),
            number: trail.attempts(),
            repairs: trail.repairs(),
            took,
            error: Some(error),
            usage: error.usage(),
            retry_in: None,
        });
    }

    /// What follows a failure, if the budget allows it, and what it takes from there.
    fn next(
        &self,
        retry: &Retry,
        error: &Error,
        progress: Progress,
        trail: &mut Trail,
    ) -> (Next, Reserved<'_>) {
        let next = retry.next(error, progress);
        // A time that the service names is no storm of ours.
        let is_told = error.retry_after().is_some_and(|time| !time.is_zero());
        let is_free = next == Next::GiveUp || is_told && next != Next::OtherModel;
        if is_free {
            return (next, Reserved::free());
        }
        if let Some(reserved) = self.inner.budget.take() {
            return (next, reserved);
        }
        trail.set_over_budget();
        (Next::GiveUp, Reserved::free())
    }

    /// Tells the limits and the bill how an attempt failed, and gives its place back.
    fn failed(
        &self,
        (leave, rules): (Leave, Option<&Rules>),
        endpoint: &Endpoint,
        error: &Error,
        trail: &mut Trail,
    ) {
        let model = (endpoint.model(), error.model_version());
        trail.charge(self.inner.prices.as_ref(), model, error.usage());
        self.settle_failure(leave, endpoint.model(), rules, error);
    }
}

impl Delivery {
    /// How calls to a service are delivered under these policies, or what is wrong with them.
    pub(super) fn new(site: &Site, policies: Policies) -> Result<Self, Vec<String>> {
        let mut problems = policies.problems();
        let retry = policies.retry.clone().unwrap_or_default();
        let fallbacks = retry.fallbacks().iter().filter_map(|model| {
            let endpoint = Endpoint::new(site, model);
            endpoint.map_err(|problem| problems.push(format!("a fallback: {problem}"))).ok()
        });
        let fallbacks = fallbacks.collect();
        if problems.is_empty() {
            let (rules, output_tokens) = (None, OUTPUT_TOKENS);
            Ok(Self { policies, retry, fallbacks, rules, output_tokens, is_careful: false })
        } else {
            Err(problems)
        }
    }

    pub(super) fn policies(&self) -> &Policies {
        &self.policies
    }

    /// Whether there are models to turn to.
    pub(crate) fn has_fallbacks(&self) -> bool {
        !self.fallbacks.is_empty()
    }

    pub(crate) fn repair(&self) -> Repair {
        self.policies.repair.clone().unwrap_or_default()
    }

    /// The same, together with the calls that keep to these rules, for answers of so many tokens at
    /// most.
    #[cfg(feature = "batch")]
    pub(crate) fn with_rules(&self, rules: Arc<Rules>, output_tokens: u64) -> Self {
        let (fallbacks, rules) = (self.fallbacks.clone(), Some(rules));
        Self { fallbacks, rules, output_tokens, ..self.without_fallbacks() }
    }

    /// The same for one model alone.
    pub(crate) fn without_fallbacks(&self) -> Self {
        let (policies, retry) = (self.policies.clone(), self.retry.clone());
        let rules = self.rules.clone();
        let (output_tokens, is_careful) = (self.output_tokens, self.is_careful);
        Self { policies, retry, fallbacks: Vec::new(), rules, output_tokens, is_careful }
    }

    /// The same, but nothing is sent again that the service may have done already.
    #[cfg(feature = "batch")]
    pub(super) fn careful(self) -> Self {
        Self { is_careful: true, ..self }
    }

    /// An attempt, where so much is left of the call's time.
    fn attempt(&self, endpoint: &Endpoint, left: Duration) -> Attempt {
        Attempt {
            endpoint: endpoint.clone(),
            time: self.policies.attempt_time(left),
            is_time_told: self.policies.is_timeout_told(),
        }
    }
}

/// An attempt took all of its time, of so much that was left for the call.
fn too_late(time: Duration, left: Duration, trail: &Trail) -> Error {
    let fault =
        if time < left { Fault::AttemptTimeout(time) } else { Fault::CallTimeout(trail.timeout()) };
    Error::fault(fault, None)
}

#[cfg(test)]
mod tests;

//! How calls are made: what the client sets for all calls, and a call for itself.

use std::time::Duration;

use crate::{Repair, Retry};

const TIMEOUT: Duration = Duration::from_secs(10 * 60);

/// What was set; what wasn't has its default.
#[derive(Clone, Debug, Default)]
pub(crate) struct Policies {
    /// How long a whole call may take.
    pub(crate) timeout: Option<Duration>,
    /// How long one attempt may take.
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) retry: Option<Retry>,
    pub(crate) repair: Option<Repair>,
}

impl Policies {
    /// These, and the others' where these say nothing.
    pub(crate) fn or(&self, others: &Self) -> Self {
        Self {
            timeout: self.timeout.or(others.timeout),
            attempt_timeout: self.attempt_timeout.or(others.attempt_timeout),
            retry: self.retry.as_ref().or(others.retry.as_ref()).cloned(),
            repair: self.repair.as_ref().or(others.repair.as_ref()).cloned(),
        }
    }

    /// Whether nothing is set.
    pub(crate) fn is_empty(&self) -> bool {
        let Self { timeout, attempt_timeout, retry, repair } = self;
        timeout.is_none() && attempt_timeout.is_none() && retry.is_none() && repair.is_none()
    }

    pub(crate) fn timeout(&self) -> Duration {
        self.timeout.unwrap_or(TIMEOUT)
    }

    /// How long an attempt may take of what is left of the call's time.
    pub(crate) fn attempt_time(&self, left: Duration) -> Duration {
        self.attempt_timeout.unwrap_or(Duration::MAX).min(left)
    }

    /// Whether a time was asked for, and so is told to the service.
    pub(crate) fn is_timeout_told(&self) -> bool {
        self.timeout.is_some() || self.attempt_timeout.is_some()
    }

    /// What is unusable.
    pub(crate) fn problems(&self) -> Vec<String> {
        let zero = |time: Option<Duration>, name: &str| {
            let is_zero = time.is_some_and(|time| time.is_zero());
            is_zero.then(|| format!("{name} must not be zero"))
        };
        let problems = [
            zero(self.timeout, "the timeout"),
            zero(self.attempt_timeout, "the timeout for an attempt"),
            self.retry.as_ref().and_then(Retry::problem),
        ];
        problems.into_iter().flatten().collect()
    }
}

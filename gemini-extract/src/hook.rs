//! Being told of every attempt.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::Error;
use crate::response::Usage;

/// An attempt that has ended, as hooks are told of it.
///
/// See [`with_attempt_hook`](crate::ClientBuilder::with_attempt_hook).
#[derive(Debug)]
#[non_exhaustive]
pub struct AttemptReport<'a> {
    /// The model that was asked, such as `models/gemini-3.8-flash`; or another resource, such as
    /// `files` or `batches/..`.
    pub model: &'a str,
    /// Which attempt of its call it was, counted from 1.
    pub number: u32,
    /// How many bad answers of the call had been asked for again before.
    pub repairs: u32,
    /// How long it took; that of a stream to its first response.
    pub took: Duration,
    /// Why it failed; `None` where the service answered. Whether a value can be read from the
    /// answer isn't known then.
    pub error: Option<&'a Error>,
    /// What it cost in tokens, where the service says so.
    pub usage: Option<&'a Usage>,
    /// How long is waited before the next attempt, where one follows by the policy of retrying.
    pub retry_in: Option<Duration>,
}

/// What is called after every attempt.
#[derive(Clone, Default)]
pub(crate) struct Hooks(Vec<Hook>);

type Hook = Arc<dyn Fn(&AttemptReport<'_>) + Send + Sync>;

impl Hooks {
    pub(crate) fn push(&mut self, hook: impl Fn(&AttemptReport<'_>) + Send + Sync + 'static) {
        self.0.push(Arc::new(hook));
    }

    pub(crate) fn call(&self, report: &AttemptReport<'_>) {
        for hook in &self.0 {
            hook(report);
        }
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hooks({})", self.0.len())
    }
}

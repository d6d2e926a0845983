//! How records are asked.

use std::sync::Arc;
use std::time::Duration;

use serde::de::DeserializeOwned;

use super::context::{Context, Tries};
use super::slots::Slots;
use crate::call::Call;
use crate::client::Delivery;
use crate::extract::{Asking, Validator};
use crate::request::Template;
use crate::transport::BoxFuture;
use crate::{Client, Error, ErrorKind, Prompt, Usage};

/// A way to ask records: each by a request of its own, or otherwise. The rest of a batch doesn't
/// know the difference.
pub(super) trait Way<T>: Send + Sync {
    /// Asks one record. Ways that put records together wait here for others; a way that stops in
    /// the meantime gives [`ErrorKind::NotAsked`].
    fn ask<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Asked<T>>;

    /// How many records are to be asked at the same time.
    fn width(&self) -> u32;
}

/// What a record asks.
pub(super) struct Question {
    pub(super) prompt: Prompt,
    /// The prompt in JSON, as it is sent.
    pub(super) json: String,
}

/// What came of asking a record.
pub(super) struct Asked<T> {
    /// The value, and the answer's text that it was read from.
    pub(super) result: Result<(T, String), Error>,
    /// What this record cost.
    pub(super) usage: Usage,
    pub(super) cost: Option<f64>,
    pub(super) attempts: u32,
    /// Attempts among them that are counted with another record of the same pack.
    pub(super) shared_attempts: u32,
    pub(super) latency: Duration,
}

/// What was spent on a record.
#[derive(Clone, Debug, Default)]
pub(super) struct Spent {
    pub(super) usage: Usage,
    pub(super) cost: Option<f64>,
    pub(super) attempts: u32,
    /// Attempts among them that are counted with another record of the same pack.
    pub(super) shared_attempts: u32,
    pub(super) latency: Duration,
}

/// Each record by a request of its own, at once.
pub(super) struct Interactive<T> {
    pub(super) client: Client,
    pub(super) call: Call,
    pub(super) template: Arc<Template>,
    pub(super) validators: Arc<Vec<Validator<T>>>,
    pub(super) delivery: Delivery,
    pub(super) slots: Arc<Slots>,
    pub(super) width: u32,
    /// The cache of what all records have in common.
    pub(super) context: Option<Context>,
}

impl<T: DeserializeOwned + Send> Way<T> for Interactive<T> {
    fn ask<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Asked<T>> {
        Box::pin(async move {
            let Some(_slot) = self.slots.take().await else {
                return Asked::failed(Error::plain(ErrorKind::NotAsked));
            };
            let mut tries = Tries::new(self.context.as_ref());
            let result = loop {
                let live = tries.next().await;
                let plain = (&self.call, &*self.template);
                let (call, template) =
                    live.as_ref().map_or(plain, |live| (&live.call, &live.template));
                let asking = Asking {
                    client: &self.client,
                    call,
                    prompt: &question.prompt,
                    validators: &self.validators,
                    delivery: &self.delivery,
                };
                let result = asking.run(template.request(&question.json)).await;
                if let Some(result) = tries.judge(result) {
                    break result;
                }
            };
            match result {
                Ok(extraction) => Asked {
                    result: Ok((extraction.value, extraction.raw_text)),
                    usage: extraction.usage,
                    cost: extraction.cost,
                    attempts: extraction.attempts,
                    shared_attempts: 0,
                    latency: extraction.elapsed,
                },
                Err(error) => Asked::failed(error),
            }
        })
    }

    fn width(&self) -> u32 {
        self.width
    }
}

impl Spent {
    /// Adds what was spent later.
    pub(super) fn add(&mut self, later: Self) {
        if self.attempts == 0 {
            *self = later;
            return;
        }
        if later.attempts == 0 {
            return;
        }
        self.cost = match (self.cost, later.cost) {
            (Some(before), Some(now)) => Some(before + now),
            (before, None) if later.usage.total_tokens == 0 => before,
            _ => None,
        };
        self.usage += &later.usage;
        self.attempts = self.attempts.saturating_add(later.attempts);
        self.shared_attempts = self.shared_attempts.saturating_add(later.shared_attempts);
        self.latency = self.latency.saturating_add(later.latency);
    }
}

impl<T> Asked<T> {
    pub(super) fn new(result: Result<(T, String), Error>, spent: Spent) -> Self {
        let Spent { usage, cost, attempts, shared_attempts, latency } = spent;
        Self { result, usage, cost, attempts, shared_attempts, latency }
    }

    /// The same, with what was spent before.
    pub(super) fn after(self, mut before: Spent) -> Self {
        let (result, spent) = self.into_parts();
        before.add(spent);
        Self::new(result, before)
    }

    pub(super) fn into_parts(self) -> (Result<(T, String), Error>, Spent) {
        let Self { result, usage, cost, attempts, shared_attempts, latency } = self;
        (result, Spent { usage, cost, attempts, shared_attempts, latency })
    }

    pub(super) fn failed(error: Error) -> Self {
        Self {
            usage: error.usage().cloned().unwrap_or_default(),
            cost: error.cost(),
            attempts: error.attempts(),
            shared_attempts: 0,
            latency: error.elapsed(),
            result: Err(error),
        }
    }
}

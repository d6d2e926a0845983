//! How records are asked.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::de::DeserializeOwned;

use super::context::{Context, Tries};
use super::slots::{Slot, Slots};
use super::votes::Votes;
use crate::call::Call;
use crate::client::Delivery;
use crate::extract::{Asking, Validator};
use crate::request::Template;
use crate::transport::BoxFuture;
use crate::{Client, Error, ErrorKind, Extraction, Prompt, Usage};

/// A way to ask records: each by a request of its own, or otherwise. The rest of a batch doesn't
/// know the difference.
pub(super) trait Way<T>: Send + Sync {
    /// Asks one record. Ways that put records together wait here for others; a way that stops in
    /// the meantime gives [`ErrorKind::NotAsked`].
    fn ask<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Asked<T>>;

    /// How many records are to be asked at the same time.
    fn width(&self) -> u32;

    /// Whether that is so many that each has a worker only while it is asked.
    fn is_wide(&self) -> bool {
        false
    }

    /// What works beside the workers. It ends when they do.
    fn beside(&self) -> Option<BoxFuture<'static, ()>> {
        None
    }

    /// All records have been read; those that are to be asked come now, if they haven't yet.
    fn read_all(&self) {}

    /// The outcome of the record with this identity is safe.
    fn kept(&self, _identity: u128) {}
}

/// What a record asks.
pub(super) struct Question {
    pub(super) prompt: Prompt,
    /// The prompt in JSON, as it is sent.
    pub(super) json: String,
    /// What tells the record from others that are on their way, the same at every start.
    pub(super) identity: u128,
    /// Whether a request was sent for it: what is begun comes to its end.
    is_begun: AtomicBool,
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
    /// What its repeats said, where it was asked several times.
    pub(super) votes: Option<Votes>,
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
            let Some(_slot) = question.slot(&self.slots).await else {
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
                    votes: None,
                },
                Err(error) => Asked::failed(error),
            }
        })
    }

    fn width(&self) -> u32 {
        self.width
    }
}

impl Question {
    pub(super) fn new(prompt: Prompt, json: String) -> Self {
        Self { prompt, json, identity: 0, is_begun: AtomicBool::new(false) }
    }

    /// Waits for a place to ask it; `None` after the end, unless it is begun.
    pub(super) async fn slot(&self, slots: &Arc<Slots>) -> Option<Slot> {
        let slot = match slots.take().await {
            None if self.is_begun.load(Ordering::Relaxed) => slots.beside(),
            slot => slot?,
        };
        self.is_begun.store(true, Ordering::Relaxed);
        Some(slot)
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

    pub(super) fn of_extraction<T>(extraction: &Extraction<T>) -> Self {
        let Extraction { usage, cost, attempts, elapsed, .. } = extraction;
        let (usage, cost, attempts) = (usage.clone(), *cost, *attempts);
        Self { usage, cost, attempts, shared_attempts: 0, latency: *elapsed }
    }
}

impl<T> Asked<T> {
    pub(super) fn new(result: Result<(T, String), Error>, spent: Spent) -> Self {
        let Spent { usage, cost, attempts, shared_attempts, latency } = spent;
        Self { result, usage, cost, attempts, shared_attempts, latency, votes: None }
    }

    /// The same, with what was spent before.
    pub(super) fn after(mut self, mut before: Spent) -> Self {
        let votes = self.votes.take();
        let (result, spent) = self.into_parts();
        before.add(spent);
        Self { votes, ..Self::new(result, before) }
    }

    pub(super) fn with_votes(self, votes: Votes) -> Self {
        Self { votes: Some(votes), ..self }
    }

    pub(super) fn into_parts(self) -> (Result<(T, String), Error>, Spent) {
        let Self { result, usage, cost, attempts, shared_attempts, latency, .. } = self;
        (result, Spent { usage, cost, attempts, shared_attempts, latency })
    }

    pub(super) fn failed(error: Error) -> Self {
        Self {
            votes: None,
            usage: error.usage().cloned().unwrap_or_default(),
            cost: error.cost(),
            attempts: error.attempts(),
            shared_attempts: 0,
            latency: error.elapsed(),
            result: Err(error),
        }
    }
}

//! What a cache was good for.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

const MILLION: f64 = 1e6;
const HOUR: f64 = 3600.0;

/// What a batch has made of its [`ContextCache`](super::ContextCache).
///
/// `Display` is empty where none was asked for, and otherwise some lines of text, each with its
/// end.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ContextUse {
    /// Why there is no cache, or none any more, where one was asked for.
    pub unused: Option<String>,
    /// The tokens of the instruction and the examples, as far as they were counted.
    pub tokens: Option<u64>,
    /// How many caches were made: one, where none was lost.
    pub created: u64,
    /// How many requests were sent with a cache.
    pub requests: u64,
    /// How many tokens these had out of it.
    pub cached_tokens: u64,
    /// For how long how many tokens are kept, in millions of tokens times hours. What is still
    /// kept counts until it expires.
    pub million_token_hours: f64,
    /// What making caches cost, by the client's [`Prices`](crate::Prices), where they are known.
    pub creation_cost: Option<f64>,
    /// What keeping them costs, where prices are known.
    pub storage_cost: Option<f64>,
    /// How much less the requests cost because of it, where prices are known. Making and keeping it
    /// isn't taken off.
    pub saved: Option<f64>,
}

impl ContextUse {
    /// What it has saved, with what making and keeping it cost taken off; `None` where prices
    /// aren't known.
    #[must_use]
    pub fn saved_after_costs(&self) -> Option<f64> {
        Some(self.saved? - self.creation_cost? - self.storage_cost?)
    }

    pub(super) fn used(&mut self, cached_tokens: u64, attempts: u32, saved: Option<f64>) {
        self.requests = self.requests.saturating_add(attempts.into());
        self.cached_tokens = self.cached_tokens.saturating_add(cached_tokens);
        add(&mut self.saved, saved);
    }

    /// One of an earlier start is still there.
    pub(super) fn found(&mut self, tokens: u64) {
        (self.tokens, self.unused) = (Some(tokens), None);
        self.creation_cost.get_or_insert(0.0);
    }

    pub(super) fn created(&mut self, tokens: u64, cost: Option<f64>) {
        (self.tokens, self.unused) = (Some(tokens), None);
        self.created += 1;
        add(&mut self.creation_cost, cost);
    }

    /// It is kept for so long more, or less.
    #[allow(clippy::cast_precision_loss, reason = "no cache has 2^53 tokens")]
    pub(super) fn stored(
        &mut self,
        tokens: u64,
        (more, less): (Duration, Duration),
        cost: Option<f64>,
    ) {
        let hours = (more.as_secs_f64() - less.as_secs_f64()) / HOUR;
        self.million_token_hours += tokens as f64 / MILLION * hours;
        add(&mut self.storage_cost, cost);
    }
}

impl fmt::Display for ContextUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { tokens, created, requests, cached_tokens, .. } = self;
        let mut title = "context";
        if *created > 0 || *requests > 0 {
            let tokens = tokens.unwrap_or_default();
            write!(f, "{title:<9} {requests} requests with a cache of {tokens} tokens: ")?;
            writeln!(f, "{cached_tokens} tokens out of it")?;
            title = "";
            if *created > 1 {
                writeln!(f, "{title:<9} {created} caches, one after the other")?;
            }
        }
        if let (Some(saved), Some(creation), Some(storage)) =
            (self.saved, self.creation_cost, self.storage_cost)
        {
            write!(f, "{title:<9} {saved:.4} saved, for {creation:.4} to make it ")?;
            writeln!(f, "and {storage:.4} to keep it")?;
        }
        match &self.unused {
            Some(reason) => writeln!(f, "{title:<9} no cache: {reason}"),
            None => Ok(()),
        }
    }
}

fn add(sum: &mut Option<f64>, more: Option<f64>) {
    if let Some(more) = more {
        *sum.get_or_insert(0.0) += more;
    }
}

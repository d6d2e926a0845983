//! What a cache costs, told to all who count it.

use std::sync::Arc;
use std::time::Duration;

use super::super::job::Shared;
use super::note::{Kept, Notebook};
use crate::client::Rules;
use crate::{Price, Usage};

/// Where the costs of caches go: the report, the limit of costs, the note.
pub(super) struct Account {
    pub(super) shared: Arc<Shared>,
    pub(super) rules: Arc<Rules>,
    pub(super) price: Option<Price>,
    pub(super) notebook: Option<Notebook>,
    /// What was spent and isn't noted yet.
    pub(super) unnoted: f64,
}

impl Account {
    /// What making a cache costs.
    pub(super) fn creation(&self, tokens: u64) -> Option<f64> {
        self.price.as_ref().map(|price| price.cost(&created(tokens)))
    }

    /// What keeping it costs.
    pub(super) fn storage(&self, tokens: u64, time: Duration) -> Option<f64> {
        self.price.as_ref().map(|price| price.storage_cost(tokens, time))
    }

    /// Sets an amount aside by the limit of costs; whether there is room for it.
    pub(super) fn take(&self, amount: f64) -> bool {
        self.rules.try_spend(amount)
    }

    pub(super) fn give_back(&self, amount: f64) {
        self.rules.give_back(amount);
    }

    /// A cache was made; its cost was taken before.
    pub(super) fn created(&mut self, tokens: u64) {
        let cost = self.creation(tokens);
        let mut tally = self.shared.tally();
        tally.made_context(&created(tokens), cost);
        tally.context().created(tokens, cost);
        self.unnoted += cost.unwrap_or_default();
    }

    /// A cache is kept for so long more; the cost was taken before.
    pub(super) fn stored(&mut self, tokens: u64, time: Duration) {
        let cost = self.storage(tokens, time);
        let mut tally = self.shared.tally();
        tally.kept_context(cost.unwrap_or_default());
        tally.context().stored(tokens, (time, Duration::ZERO), cost);
        self.unnoted += cost.unwrap_or_default();
    }

    /// It is kept for so long less than was said.
    pub(super) fn unstored(&mut self, tokens: u64, time: Duration) {
        let cost = self.storage(tokens, time);
        self.give_back(cost.unwrap_or_default());
        let mut tally = self.shared.tally();
        tally.kept_context(-cost.unwrap_or_default());
        tally.context().stored(tokens, (Duration::ZERO, time), cost.map(|cost| -cost));
        self.unnoted -= cost.unwrap_or_default();
    }

    /// Why there is no cache.
    pub(super) fn unused(&self, reason: String) {
        tracing::debug!(reason, "a batch goes without a cache");
        self.shared.tally().context().unused = Some(reason);
    }

    /// Notes which cache there is.
    pub(super) async fn note(&mut self, cache: Option<Kept>) {
        let spent = std::mem::take(&mut self.unnoted);
        if let Some(notebook) = &mut self.notebook {
            notebook.write(cache, spent).await;
        }
    }
}

/// What making a cache uses.
fn created(tokens: u64) -> Usage {
    Usage { prompt_tokens: tokens, total_tokens: tokens, ..Usage::default() }
}

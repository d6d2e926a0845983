//! What a cache of the service was good for.

use serde::{Deserialize, Serialize};

use super::grouped;

/// What the job made of a cache for what all rows have in common, as the library writes it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Context {
    /// Why there was none, or none any more.
    pub(crate) unused: Option<String>,
    pub(crate) tokens: Option<u64>,
    pub(crate) created: u64,
    pub(crate) requests: u64,
    pub(crate) cached_tokens: u64,
    pub(crate) million_token_hours: f64,
    pub(crate) creation_cost: Option<f64>,
    pub(crate) storage_cost: Option<f64>,
    pub(crate) saved: Option<f64>,
}

impl Context {
    /// What it was good for, what that cost, and why there was none; no lines where none was asked
    /// for.
    pub(crate) fn words(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if self.requests > 0 {
            let tokens = self.tokens.unwrap_or_default();
            let [requests, tokens, cached] =
                [self.requests, tokens, self.cached_tokens].map(grouped);
            lines.push(format!(
                "{requests} requests with a cache of {tokens} tokens: {cached} out of it"
            ));
        }
        if self.created > 1 {
            lines.push(format!("{} caches, one after the other", grouped(self.created)));
        }
        if let (Some(saved), Some(creation), Some(storage)) =
            (self.saved, self.creation_cost, self.storage_cost)
        {
            lines.push(format!(
                "{saved:.4} saved, for {creation:.4} to make it and {storage:.4} to keep it"
            ));
        }
        lines.extend(self.unused.as_ref().map(|reason| format!("no cache: {reason}")));
        lines
    }
}

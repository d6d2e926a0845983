//! What came of a record.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::votes::Votes;
use crate::{Result, Usage};

/// What came of one record of a batch.
///
/// `Debug` doesn't show the value.
#[non_exhaustive]
pub struct Outcome<T> {
    /// The record's key; its position where it has none of its own.
    pub key: String,
    /// The record's position among the records, counted from 0.
    pub position: u64,
    /// The value, or why there is none.
    pub result: Result<T>,
    /// What this batch paid for it in tokens, with all attempts: nothing for what wasn't asked now.
    pub usage: Usage,
    /// What that costs by the client's [`Prices`](crate::Prices), where they are known.
    pub cost: Option<f64>,
    /// How many requests were sent for it now.
    pub attempts: u32,
    /// How long asking took, with all attempts and the times between them; for an outcome out of
    /// the journal, how long it took then.
    pub latency: Duration,
    /// What its repeats said, where it was asked several times ([`Batch::votes`](super::Batch::votes));
    /// not known for an outcome out of a [cache](super::Batch::cache).
    pub votes: Option<Votes>,
    /// Where it comes from.
    pub source: Source,
}

/// Where an outcome comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Source {
    /// The model was asked for it now, or the record was refused before it was sent.
    Asked,
    /// An earlier start of the same run had it in its journal.
    Journal,
    /// Another record of this batch has the same content.
    Duplicate,
    /// Another batch asked the same, and shares its answers.
    Cache,
}

impl<T> fmt::Debug for Outcome<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outcome")
            .field("key", &self.key)
            .field("error", &self.result.as_ref().err())
            .field("usage", &self.usage)
            .field("attempts", &self.attempts)
            .field("latency", &self.latency)
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}

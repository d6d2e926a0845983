//! How a batch stands, and how it ended.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde::Serialize;

use super::context::ContextUse;
use super::latencies::Percentiles;
use super::packs::Packs;
use super::votes::Agreement;
use crate::Error;

/// How a batch stands while it runs.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Progress {
    /// Records that were read.
    pub read: u64,
    /// Records that are left to be read, where the source knows it.
    pub remaining: Option<u64>,
    /// Records with an outcome.
    pub finished: u64,
    /// Outcomes with a value.
    pub answered: u64,
    /// Outcomes without one, those that were not asked aside.
    pub failed: u64,
    /// Records that were read and not asked because the batch ended.
    pub not_asked: u64,
    /// Outcomes that came from the journal.
    pub from_journal: u64,
    /// Outcomes that other batches had paid for.
    pub from_cache: u64,
    /// Outcomes that were those of another record with the same content.
    pub duplicates: u64,
    /// Requests that were sent.
    pub requests: u64,
    /// Failures by the name of their kind.
    pub errors: BTreeMap<String, u64>,
    /// Values by their label, where the type is an enum or an object with one enum among its
    /// properties.
    pub labels: BTreeMap<String, u64>,
    /// Values that say that there is no answer: `null` for a type that is an `Option`, and the
    /// variant with `#[serde(other)]` of an enum, which has its count among the labels, too.
    pub abstained: u64,
    /// How far repeats agreed, where records are asked several times by
    /// [`votes`](super::Batch::votes).
    pub agreement: Agreement,
    /// Tokens that were paid for now.
    pub tokens: Tokens,
    /// What they cost by the client's [`Prices`](crate::Prices); `None` where it has none, or
    /// none for a model that answered.
    pub cost: Option<f64>,
    /// What earlier starts of the run cost, by its journal.
    pub earlier_cost: Option<f64>,
    /// How long the batch has been running, in seconds.
    pub seconds: f64,
    /// Outcomes in a second, all in all.
    pub rate: f64,
    /// How many requests may be on their way at a time now.
    pub concurrency: u32,
    /// How long requests took.
    pub latency: Percentiles,
    /// What was made of [`context_cache`](super::Batch::context_cache).
    pub context: ContextUse,
    /// Records that were asked together, by [`pack`](super::Batch::pack).
    pub packs: Packs,
    /// Batches that are open at the service, by [`BatchApi`](super::BatchApi). In a report they go on
    /// there, and a later start takes their answers.
    pub open_batches: u64,
}

/// Tokens of all requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Tokens {
    /// Of prompts, cached ones included, and of what tools read.
    pub input: u64,
    /// Of prompts, out of a cache.
    pub cached: u64,
    /// Of answers and thoughts.
    pub output: u64,
    /// All of them.
    pub total: u64,
}

/// How a batch ended. `Display` is a text of several lines; `Serialize` gives all of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// Why no more records were asked.
    pub end: End,
    /// How it stood in the end.
    #[serde(flatten)]
    pub progress: Progress,
}

/// Why a batch asked no more records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum End {
    /// There were no more.
    Complete,
    /// It was told to stop.
    Stopped,
    /// The [`ErrorBudget`](super::ErrorBudget) was used up.
    ErrorBudget,
    /// What is left of [`max_cost`](super::Batch::max_cost) is too little for a request.
    MaxCost,
    /// A failure that would have met all other records too: a bad key or schema, a quota per day.
    Failed {
        /// The name of its [`ErrorKind`](crate::ErrorKind).
        kind: String,
        /// What happened, with the start of what the service says about it.
        message: String,
        /// What to do about it.
        help: String,
    },
}

impl End {
    pub(super) fn failed(error: &Error) -> Self {
        Self::Failed {
            kind: error.kind().as_str().to_owned(),
            message: error.with_words(),
            help: error.help().to_owned(),
        }
    }

    /// Whether all records have an outcome.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        *self == Self::Complete
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Complete => f.write_str("complete"),
            Self::Stopped => f.write_str("stopped"),
            Self::ErrorBudget => f.write_str("given up, too many records failed"),
            Self::MaxCost => f.write_str("given up, the most that it may cost is used up"),
            Self::Failed { message, .. } => write!(f, "given up: {message}"),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Progress { finished, answered, failed, not_asked, .. } = &self.progress;
        let Progress { requests, tokens, from_journal, from_cache, duplicates, .. } =
            &self.progress;
        writeln!(f, "{}", self.end)?;
        writeln!(f, "records   {finished}: {answered} answered, {failed} failed")?;
        if *not_asked > 0 {
            writeln!(f, "          {not_asked} read and not asked")?;
        }
        if let Some(remaining) = self.progress.remaining.filter(|remaining| *remaining > 0) {
            writeln!(f, "          {remaining} not read")?;
        }
        if from_journal + duplicates > 0 {
            writeln!(f, "          {from_journal} from the journal, {duplicates} duplicates")?;
        }
        if *from_cache > 0 {
            writeln!(f, "          {from_cache} out of the cache")?;
        }
        counts(f, "labels", &self.progress.labels)?;
        if self.progress.abstained > 0 {
            writeln!(f, "abstained {}", self.progress.abstained)?;
        }
        agreement(f, &self.progress.agreement)?;
        counts(f, "errors", &self.progress.errors)?;
        writeln!(f, "requests  {requests}")?;
        write!(f, "{}", self.progress.packs)?;
        if self.progress.open_batches > 0 {
            writeln!(f, "open      {} batches at the service", self.progress.open_batches)?;
        }
        let Tokens { input, cached, output, .. } = tokens;
        writeln!(f, "tokens    {input} in ({cached} cached), {output} out")?;
        write!(f, "{}", self.progress.context)?;
        if let Some(cost) = self.progress.cost {
            writeln!(f, "cost      {cost:.4}")?;
        }
        if let Some(cost) = self.progress.earlier_cost {
            writeln!(f, "          {cost:.4} at earlier starts")?;
        }
        let Progress { seconds, rate, latency, .. } = &self.progress;
        write!(f, "time      {:.1?}, {rate:.1} records/s", Duration::from_secs_f64(*seconds))?;
        if *requests == 0 {
            return Ok(());
        }
        let Percentiles { p50, p90, p99, max } = latency;
        write!(f, "\nlatency   p50 {p50:.3} s, p90 {p90:.3} s, p99 {p99:.3} s, max {max:.3} s")
    }
}

fn agreement(f: &mut fmt::Formatter<'_>, agreement: &Agreement) -> fmt::Result {
    let Agreement { records, unanimous, tied, failed, .. } = agreement;
    let Some(share) = agreement.share() else { return Ok(()) };
    let percent = share * 100.0;
    writeln!(
        f,
        "votes     {percent:.1} % for the winners; {unanimous} of {records} unanimous, {tied} tied"
    )?;
    if *failed > 0 { writeln!(f, "          {failed} repeats failed") } else { Ok(()) }
}

fn counts(f: &mut fmt::Formatter<'_>, title: &str, counts: &BTreeMap<String, u64>) -> fmt::Result {
    for (index, (name, count)) in counts.iter().enumerate() {
        writeln!(f, "{:<9} {name} {count}", if index == 0 { title } else { "" })?;
    }
    Ok(())
}

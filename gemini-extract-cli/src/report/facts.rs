//! The facts of a report, as they are kept in the folder of a run.

use std::collections::BTreeMap;

use gemini_extract::batch::Agreement;
use serde::{Deserialize, Serialize};

use super::context::Context;
use super::{Accuracy, grouped};

/// All that is told of a run.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Facts {
    pub(crate) job: JobFacts,
    /// Rows that could not be used, so that nothing was asked about them.
    pub(crate) unusable_rows: u64,
    /// How often labels are the true ones, where these are known.
    pub(crate) accuracy: Option<Accuracy>,
    /// How many records were finished when.
    pub(crate) samples: Vec<Sample>,
    pub(crate) report: Report,
}

/// What was to be done.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct JobFacts {
    pub(crate) command: String,
    pub(crate) model: String,
    pub(crate) input: String,
    pub(crate) output: String,
    /// Whether no model answered.
    pub(crate) is_emulated: bool,
}

/// A look at a run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Sample {
    pub(crate) seconds: f64,
    pub(crate) finished: u64,
}

/// The report of the batch, as the library writes it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Report {
    pub(crate) end: Ended,
    pub(crate) read: u64,
    pub(crate) remaining: Option<u64>,
    pub(crate) finished: u64,
    pub(crate) answered: u64,
    pub(crate) failed: u64,
    pub(crate) not_asked: u64,
    pub(crate) from_journal: u64,
    #[serde(default)]
    pub(crate) from_cache: u64,
    pub(crate) duplicates: u64,
    pub(crate) requests: u64,
    pub(crate) errors: BTreeMap<String, u64>,
    pub(crate) labels: BTreeMap<String, u64>,
    #[serde(default)]
    pub(crate) abstained: u64,
    #[serde(default)]
    pub(crate) agreement: Agreement,
    pub(crate) tokens: Tokens,
    pub(crate) cost: Option<f64>,
    pub(crate) earlier_cost: Option<f64>,
    pub(crate) seconds: f64,
    pub(crate) latency: Latency,
    #[serde(default)]
    pub(crate) packs: Packs,
    /// Batches that go on at the service.
    #[serde(default)]
    pub(crate) open_batches: u64,
    #[serde(default)]
    pub(crate) context: Context,
}

/// Tokens of all requests.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Tokens {
    pub(crate) input: u64,
    pub(crate) cached: u64,
    pub(crate) output: u64,
    pub(crate) total: u64,
}

/// Rows that were asked about together, and those that went alone beside them.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Packs {
    pub(crate) requests: u64,
    pub(crate) records: u64,
    pub(crate) tokens: u64,
    pub(crate) failed: u64,
    pub(crate) missing: u64,
    pub(crate) doubled: u64,
    pub(crate) invalid: u64,
    pub(crate) invented: u64,
    pub(crate) again: u64,
    pub(crate) again_tokens: u64,
    pub(crate) alone: u64,
    pub(crate) alone_tokens: u64,
}

/// How long requests took, in seconds.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Latency {
    pub(crate) p50: f64,
    pub(crate) p90: f64,
    pub(crate) p99: f64,
    pub(crate) max: f64,
}

/// Why no more records were asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Ended {
    Complete,
    Stopped,
    ErrorBudget,
    MaxCost,
    Failed { kind: String, message: String, help: String },
}

impl Report {
    /// How far repeats agreed, where there are some: the share, and more about it.
    pub(crate) fn votes(&self) -> Option<(String, String)> {
        let Agreement { records, unanimous, tied, failed, .. } = self.agreement;
        let percent = self.agreement.share()? * 100.0;
        let [records, unanimous, tied] = [records, unanimous, tied].map(grouped);
        let failed = match failed {
            0 => String::new(),
            failed => format!(", {} repeats failed", grouped(failed)),
        };
        let more = format!("{unanimous} of {records} unanimous, {tied} tied{failed}");
        Some((format!("{percent:.1} %"), more))
    }

    /// Where the values came from that nobody had to be asked for.
    pub(crate) fn unasked(&self) -> String {
        let (journal, same) = (grouped(self.from_journal), grouped(self.duplicates));
        let cache = match self.from_cache {
            0 => String::new(),
            count => format!("{} from the cache, ", grouped(count)),
        };
        format!("{journal} from the journal, {cache}{same} duplicates")
    }

    /// How many records were finished in a second, those of the journal aside.
    pub(crate) fn rate(&self) -> f64 {
        per_second(self.finished.saturating_sub(self.from_journal), self.seconds)
    }
}

impl Packs {
    /// How packs went, in lines: their number and what they saved, then what was asked again. None
    /// where there were no packs.
    pub(crate) fn words(&self) -> Vec<String> {
        if self.requests == 0 {
            return Vec::new();
        }
        let each = self.tokens.saturating_add(self.again_tokens);
        let alone = match self.again.saturating_add(self.alone) {
            0 => String::new(),
            rows => {
                let tokens = self.again_tokens.saturating_add(self.alone_tokens);
                format!(", {:.1} alone", ratio(tokens, rows))
            }
        };
        let (requests, rows) = (grouped(self.requests), ratio(self.records, self.requests));
        let each = ratio(each, self.records);
        let mut lines =
            vec![format!("{requests} of {rows:.1} rows, {each:.1} tokens a row{alone}")];
        let Self { failed, missing, doubled, invalid, invented, again, .. } = self;
        if failed + missing + doubled + invalid + invented + again > 0 {
            let [failed, missing, doubled, invalid, invented, again] =
                [failed, missing, doubled, invalid, invented, again].map(|count| grouped(*count));
            lines.push(format!(
                "{failed} failed; values {missing} missing, {doubled} doubled, {invalid} invalid, \
                 {invented} invented; {again} rows asked alone"
            ));
        }
        lines
    }
}

/// So many in a second.
#[allow(clippy::cast_precision_loss, reason = "no job has 2^53 records")]
pub(crate) fn per_second(count: u64, seconds: f64) -> f64 {
    if seconds > 0.0 { count as f64 / seconds } else { 0.0 }
}

impl Ended {
    /// How it ended, in a few words.
    pub(crate) fn words(&self) -> &str {
        match self {
            Self::Complete => "complete",
            Self::Stopped => "stopped",
            Self::ErrorBudget => "given up, too many records failed",
            Self::MaxCost => "given up at the limit of costs",
            Self::Failed { message, .. } => message,
        }
    }
}

#[allow(clippy::cast_precision_loss, reason = "no job has 2^53 tokens")]
fn ratio(amount: u64, count: u64) -> f64 {
    amount as f64 / count.max(1) as f64
}

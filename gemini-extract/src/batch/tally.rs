//! The counts of a batch while it runs.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::budget::ErrorBudget;
use super::context::ContextUse;
use super::labels::Labels;
use super::latencies::Latencies;
use super::outcome::Source;
use super::pack::{self, Elements};
use super::packs::Packs;
use super::report::{End, Progress, Tokens};
use super::votes::{Agreement, Votes};
use super::way::{Asked, Spent};
use crate::{Error, ErrorKind, Usage};

/// So many requests that are all refused as malformed, before any was answered, are the fault of
/// what they have in common.
const SAME_FAULT: u64 = 16;

/// The counts of a batch.
#[derive(Debug)]
pub(super) struct Tally {
    begun: Instant,
    ended: Option<Instant>,
    end: Option<End>,
    read: u64,
    remaining: Option<u64>,
    answered: u64,
    failed: u64,
    not_asked: u64,
    from_journal: u64,
    from_cache: u64,
    duplicates: u64,
    requests: u64,
    refused: u64,
    errors: BTreeMap<ErrorName, u64>,
    labels: Labels,
    agreement: Agreement,
    tokens: Tokens,
    cost: Option<f64>,
    earlier_cost: Option<f64>,
    latencies: Latencies,
    context: ContextUse,
    packs: Packs,
    open_batches: u64,
}

type ErrorName = &'static str;

/// What an outcome tells the counts.
pub(super) struct Told<'a> {
    /// The answer's text, or why there is none.
    pub(super) result: Result<&'a str, &'a Error>,
    pub(super) source: Source,
    pub(super) votes: Option<&'a Votes>,
}

impl Tally {
    pub(super) fn new(labels: Labels, has_prices: bool) -> Self {
        Self {
            begun: Instant::now(),
            ended: None,
            end: None,
            read: 0,
            remaining: None,
            answered: 0,
            failed: 0,
            not_asked: 0,
            from_journal: 0,
            from_cache: 0,
            duplicates: 0,
            requests: 0,
            refused: 0,
            errors: BTreeMap::new(),
            labels,
            agreement: Agreement::default(),
            tokens: Tokens::default(),
            cost: has_prices.then_some(0.0),
            earlier_cost: None,
            latencies: Latencies::default(),
            context: ContextUse::default(),
            packs: Packs::default(),
            open_batches: 0,
        }
    }

    /// A record was read, and so many are left.
    pub(super) fn read(&mut self, remaining: Option<u64>) {
        self.read += 1;
        self.remaining = remaining;
    }

    pub(super) fn set_remaining(&mut self, remaining: Option<u64>) {
        self.remaining = remaining;
    }

    pub(super) fn set_earlier_cost(&mut self, cost: Option<f64>) {
        self.earlier_cost = cost;
    }

    /// A batch at the service is open.
    pub(super) fn opened(&mut self) {
        self.open_batches += 1;
    }

    /// A batch at the service is open no more.
    pub(super) fn ended(&mut self) {
        self.open_batches = self.open_batches.saturating_sub(1);
    }

    /// A record was asked alone, after this was spent on it in packs.
    pub(super) fn asked<T>(&mut self, asked: &Asked<T>, before: &Spent) {
        self.billed(&asked.usage, asked.cost, (asked.attempts, asked.latency));
        if asked.attempts == 0 {
            return;
        }
        let packs = &mut self.packs;
        let (records, tokens) = match before.attempts {
            0 => (&mut packs.alone, &mut packs.alone_tokens),
            _ => (&mut packs.again, &mut packs.again_tokens),
        };
        *records += 1;
        *tokens = tokens.saturating_add(asked.usage.total_tokens);
    }

    /// Records were asked together, so many of them for the first time.
    pub(super) fn packed(&mut self, spent: &Spent, new: usize, elements: Option<&Elements>) {
        let Spent { usage, cost, attempts, latency, .. } = spent;
        self.billed(usage, *cost, (*attempts, *latency));
        if *attempts == 0 {
            return;
        }
        let packs = &mut self.packs;
        packs.requests += 1;
        packs.records = packs.records.saturating_add(count(new));
        packs.tokens = packs.tokens.saturating_add(usage.total_tokens);
        let Some(elements) = elements else {
            packs.failed += 1;
            return;
        };
        match elements.end {
            pack::End::Whole => packs.missing += elements.missing,
            pack::End::Cut => packs.failed += 1,
        }
        packs.doubled += elements.doubled;
        packs.invented += elements.invented;
    }

    /// A record's value in a pack was no good.
    pub(super) fn invalid_in_pack(&mut self) {
        self.packs.invalid += 1;
    }

    /// Requests were sent, and cost this.
    fn billed(&mut self, usage: &Usage, cost: Option<f64>, sent: (u32, Duration)) {
        let (attempts, took) = sent;
        self.requests += u64::from(attempts);
        if attempts > 0 {
            self.latencies.add(took);
        }
        let tokens = &mut self.tokens;
        tokens.input = tokens.input.saturating_add(usage.input_tokens());
        tokens.cached = tokens.cached.saturating_add(usage.cached_tokens);
        tokens.output = tokens.output.saturating_add(usage.output_tokens());
        tokens.total = tokens.total.saturating_add(usage.total_tokens);
        let is_free = usage.total_tokens == 0;
        self.cost = match (self.cost, cost) {
            (Some(sum), Some(more)) => Some(sum + more),
            (Some(sum), None) if is_free => Some(sum),
            _ => None,
        };
    }

    /// A cache was made for all records.
    pub(super) fn made_context(&mut self, usage: &Usage, cost: Option<f64>) {
        self.billed(usage, cost, (0, Duration::ZERO));
    }

    /// What keeping it costs more, or less, than was told before.
    pub(super) fn kept_context(&mut self, cost: f64) {
        self.cost = self.cost.map(|sum| sum + cost);
    }

    /// What the cache was good for.
    pub(super) fn context(&mut self) -> &mut ContextUse {
        &mut self.context
    }

    /// How many records have no outcome yet, of those that the source has or of so many.
    pub(super) fn left(&self, all: Option<u64>) -> Option<u64> {
        let unread = || all.map(|all| all.saturating_sub(self.read));
        let unread = self.remaining.or_else(unread)?;
        // What the journal has given is counted there.
        let finished = self.answered.saturating_add(self.failed).saturating_sub(self.from_journal);
        Some(unread.saturating_add(self.read).saturating_sub(finished))
    }

    /// A record has its outcome. Why no more are to be asked, where this says so.
    pub(super) fn finished(
        &mut self,
        told: &Told<'_>,
        budget: Option<&ErrorBudget>,
    ) -> Option<End> {
        match told.source {
            Source::Journal => self.from_journal += 1,
            Source::Duplicate => self.duplicates += 1,
            Source::Cache => self.from_cache += 1,
            Source::Asked => {}
        }
        if let Some(votes) = told.votes {
            self.agreement.add(votes);
        }
        let error = match told.result {
            Ok(answer) => {
                self.answered += 1;
                self.labels.add(answer);
                return None;
            }
            Err(error) => error,
        };
        if matches!(error.kind(), ErrorKind::NotAsked | ErrorKind::CostLimit) {
            self.not_asked += 1;
            return (error.kind() == ErrorKind::CostLimit).then_some(End::MaxCost);
        }
        self.failed += 1;
        *self.errors.entry(error.kind().as_str()).or_default() += 1;
        self.refused += u64::from(error.kind() == ErrorKind::InvalidArgument);
        let is_same = self.answered == 0 && self.refused >= SAME_FAULT;
        if told.source == Source::Asked && (error.is_inescapable() || is_same) {
            return Some(End::failed(error));
        }
        let finished = self.answered + self.failed;
        let is_used_up = budget.is_some_and(|budget| budget.is_used_up(self.failed, finished));
        is_used_up.then_some(End::ErrorBudget)
    }

    /// No more records are asked, for this reason; the first one counts.
    pub(super) fn set_end(&mut self, end: End) {
        self.end.get_or_insert(end);
    }

    /// All is done: the time stands still.
    pub(super) fn close(&mut self) {
        self.ended.get_or_insert_with(Instant::now);
    }

    pub(super) fn end(&self) -> End {
        self.end.clone().unwrap_or(End::Complete)
    }

    #[allow(clippy::cast_precision_loss, reason = "no batch has 2^53 records")]
    pub(super) fn progress(&self, concurrency: u32) -> Progress {
        let finished = self.answered + self.failed;
        let now = self.ended.unwrap_or_else(Instant::now);
        let seconds = now.saturating_duration_since(self.begun).as_secs_f64();
        let named = |(name, count): (&ErrorName, &u64)| ((*name).to_owned(), *count);
        Progress {
            read: self.read,
            remaining: self.remaining,
            finished,
            answered: self.answered,
            failed: self.failed,
            not_asked: self.not_asked,
            from_journal: self.from_journal,
            from_cache: self.from_cache,
            duplicates: self.duplicates,
            requests: self.requests,
            errors: self.errors.iter().map(named).collect(),
            labels: self.labels.counts(),
            abstained: self.labels.abstained(),
            agreement: self.agreement,
            tokens: self.tokens,
            cost: self.cost,
            earlier_cost: self.earlier_cost,
            seconds,
            rate: if seconds > 0.0 { finished as f64 / seconds } else { 0.0 },
            concurrency,
            latency: self.latencies.percentiles(),
            context: self.context.clone(),
            packs: self.packs,
            open_batches: self.open_batches,
        }
    }
}

fn count(records: usize) -> u64 {
    u64::try_from(records).unwrap_or(u64::MAX)
}

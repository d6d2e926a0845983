//! Batches: many requests in one, answered in their own time.

mod batch;
mod rows;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::emulator::Settings;
use crate::error::Refusal;
use crate::fault::{Draw, Fault, Rate};
use crate::latency::Latency;
use crate::reply::Reply;
use crate::script::{self, ScriptError};
use crate::store::{Shelf, id};

pub use batch::RecordedBatch;
pub(crate) use batch::{Batch, Order};
pub(crate) use rows::{Row, Source};

pub(crate) const COLLECTION: &str = "batches";
/// How many batches may be unfinished at the same time.
const MOST_UNFINISHED: usize = 100;
/// A batch that isn't done after so long expires.
const LIFE: Duration = Duration::from_secs(48 * 60 * 60);
const PENDING_SALT: u64 = u64::MAX - 4;
const RUNNING_SALT: u64 = u64::MAX - 5;
const FAILING_SALT: u64 = u64::MAX - 6;
const EXPIRING_SALT: u64 = u64::MAX - 7;

/// How batches go, for [`EmulatorBuilder::batches`](crate::EmulatorBuilder::batches).
///
/// All times are on the emulator's clock, and all chance depends on its seed: rates of batches are
/// counted over the batches, rates of rows over the rows of all batches.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use gemini_emulator::{BatchRules, Emulator, Rate, Reply};
///
/// // A second in the queue and two at work; every tenth row fails, every third batch expires.
/// let rules = BatchRules::new()
///     .pending(Duration::from_secs(1))
///     .running(Duration::from_secs(2))
///     .row_fault(Reply::internal(), Rate::every(10))
///     .expiring(Rate::every(3));
/// let builder = Emulator::builder().batches(rules);
/// # let _ = builder;
/// ```
#[derive(Debug, Clone)]
#[must_use = "rules do nothing until an emulator has them"]
pub struct BatchRules {
    pending: Latency,
    running: Latency,
    row_faults: Vec<(Fault, Rate)>,
    failing: Rate,
    expiring: Rate,
    max_unfinished: usize,
    max_enqueued_tokens: Option<u64>,
    has_job_states: bool,
    heeds_json_schema: bool,
}

/// The batches that there are.
#[derive(Debug, Default)]
pub(crate) struct Batches {
    shelf: Shelf<Arc<Batch>>,
    /// How many rows all batches have had.
    rows: u64,
    /// The batches so far, or the last of them, whether or not they were deleted.
    log: VecDeque<Arc<Batch>>,
}

/// What happens to one batch, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fate {
    pub(crate) created: SystemTime,
    pub(crate) starts: SystemTime,
    pub(crate) running: Duration,
    pub(crate) fails: bool,
    pub(crate) expires: bool,
    /// The number of the row before its first one.
    pub(crate) rows_before: u64,
}

impl BatchRules {
    /// Batches are done as soon as somebody looks after them, no row fails but by its own fault, and
    /// 100 batches may be unfinished at the same time.
    pub const fn new() -> Self {
        BatchRules {
            pending: Latency::fixed(Duration::ZERO),
            running: Latency::fixed(Duration::ZERO),
            row_faults: Vec::new(),
            failing: Rate::first(0),
            expiring: Rate::first(0),
            max_unfinished: MOST_UNFINISHED,
            max_enqueued_tokens: None,
            has_job_states: false,
            heeds_json_schema: false,
        }
    }

    /// How long a batch is in the state `BATCH_STATE_PENDING`: a [`Duration`] or a [`Latency`].
    pub fn pending(mut self, pending: impl Into<Latency>) -> Self {
        self.pending = pending.into();
        self
    }

    /// How long a batch is in the state `BATCH_STATE_RUNNING` after that. Its rows are done one after
    /// another in this time.
    pub fn running(mut self, running: impl Into<Latency>) -> Self {
        self.running = running.into();
        self
    }

    /// Lets something go wrong with rows now and then. A [`Reply`] with an error becomes the row's
    /// error, with the number that gRPC has for its status; an answer that was changed is the row's
    /// response. Of several faults the first one whose turn it is happens.
    pub fn row_fault(mut self, fault: impl Into<Fault>, rate: Rate) -> Self {
        self.row_faults.push((fault.into(), rate));
        self
    }

    /// Lets something go wrong with rows, such as `internal @ 1/10`: the names are those of
    /// [`Script`](crate::Script).
    ///
    /// # Errors
    ///
    /// Fails if the fault or its rate has no such name.
    pub fn add_row_fault(&mut self, fault_at_rate: &str) -> Result<(), ScriptError> {
        self.row_faults.push(script::fault_at_rate(fault_at_rate)?);
        Ok(())
    }

    /// How often a row expires before its turn comes: its error is number 4, `DEADLINE_EXCEEDED`.
    pub fn expired_rows(self, rate: Rate) -> Self {
        let message = "Batch expired before the request could be processed.";
        self.row_fault(Reply::error(504, "DEADLINE_EXCEEDED", message), rate)
    }

    /// How often a batch ends with `BATCH_STATE_FAILED` and without results.
    pub fn failing(mut self, rate: Rate) -> Self {
        self.failing = rate;
        self
    }

    /// How often a batch never gets done: it is running until it is 48 hours old, and then
    /// `BATCH_STATE_EXPIRED` without results.
    pub fn expiring(mut self, rate: Rate) -> Self {
        self.expiring = rate;
        self
    }

    /// How many batches may be unfinished at the same time; one more is refused with 429.
    pub fn max_unfinished(mut self, batches: usize) -> Self {
        self.max_unfinished = batches;
        self
    }

    /// How many tokens the prompts of a model's unfinished batches may have together; no limit unless
    /// set. What would be more is refused with 429.
    pub fn max_enqueued_tokens(mut self, tokens: u64) -> Self {
        self.max_enqueued_tokens = Some(tokens);
        self
    }

    /// Spells states `JOB_STATE_..` as the official SDKs do, instead of `BATCH_STATE_..`.
    pub fn job_states(mut self) -> Self {
        self.has_job_states = true;
        self
    }

    /// Keeps to a `responseJsonSchema` in rows. The service was seen to ignore it there, and so does
    /// the emulator otherwise: it answers with some JSON document.
    pub fn heed_json_schema(mut self) -> Self {
        self.heeds_json_schema = true;
        self
    }

    pub(crate) fn heeds_json_schema(&self) -> bool {
        self.heeds_json_schema
    }

    /// `RUNNING` as the rules spell it.
    pub(crate) fn state(&self, state: &str) -> String {
        let prefix = if self.has_job_states { "JOB_STATE_" } else { "BATCH_STATE_" };
        format!("{prefix}{state}")
    }

    /// What goes wrong with a row, if anything does.
    pub(crate) fn fault(&self, draw: Draw) -> Option<&Fault> {
        let mut hit = self.row_faults.iter().zip(0..);
        hit.find(|((_, rate), salt)| rate.hits(draw, *salt)).map(|((fault, _), _)| fault)
    }

    fn fate(&self, draw: Draw, rows_before: u64, now: SystemTime) -> Fate {
        // What takes longer than a batch lives takes forever.
        let span = |latency: &Latency, salt| latency.of(draw, salt).min(LIFE * 2);
        let starts = now.checked_add(span(&self.pending, PENDING_SALT)).unwrap_or(now);
        Fate {
            created: now,
            starts,
            running: span(&self.running, RUNNING_SALT),
            fails: self.failing.hits(draw, FAILING_SALT),
            expires: self.expiring.hits(draw, EXPIRING_SALT),
            rows_before,
        }
    }
}

impl Default for BatchRules {
    fn default() -> Self {
        BatchRules::new()
    }
}

impl Batches {
    /// Takes a new batch, if there is room for it.
    pub(crate) fn create(
        &mut self,
        order: Order,
        settings: &Settings,
        now: SystemTime,
    ) -> Result<Arc<Batch>, Refusal> {
        let (rules, seed) = (&settings.batches, settings.seed);
        let unfinished = || self.shelf.iter().filter(|(_, batch)| batch.is_unfinished(now));
        let tokens = unfinished().filter(|(_, batch)| batch.model() == order.model);
        let tokens =
            tokens.map(|(_, batch)| batch.tokens()).fold(order.tokens, u64::saturating_add);
        let is_too_much = rules.max_enqueued_tokens.is_some_and(|most| tokens > most);
        if unfinished().count() >= rules.max_unfinished || is_too_much {
            return Err(Refusal::batch_quota());
        }
        let number = self.shelf.next();
        let fate = rules.fate(Draw { seed, number }, self.rows, now);
        self.rows += order.rows.len() as u64;
        let id = id(seed, COLLECTION, number);
        let batch = Arc::new(Batch::new(id.clone(), order, fate));
        self.shelf.add(id, Arc::clone(&batch));
        self.log.push_back(Arc::clone(&batch));
        while self.log.len() > settings.keep_requests {
            self.log.pop_front();
        }
        Ok(batch)
    }

    pub(crate) fn get(&self, id: &str) -> Result<Arc<Batch>, Refusal> {
        self.shelf.get(id).cloned().ok_or_else(unknown)
    }

    pub(crate) fn remove(&mut self, id: &str) -> Result<(), Refusal> {
        self.shelf.remove(id).map(drop).ok_or_else(unknown)
    }

    /// The batches for the log, oldest first.
    pub(crate) fn logged(&self) -> Vec<Arc<Batch>> {
        self.log.iter().cloned().collect()
    }

    /// The batches that there are and their numbers, oldest first.
    pub(crate) fn all(&self) -> Vec<(u64, Arc<Batch>)> {
        self.shelf.iter().map(|(number, batch)| (number, Arc::clone(batch))).collect()
    }
}

fn unknown() -> Refusal {
    Refusal::not_found("Requested entity was not found.")
}

//! One batch, from its creation to its end.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use serde_json::{Value, json};

use super::rows::Desk;
use super::{COLLECTION, Fate, LIFE, Row, Source};
use crate::emulator::Shared;
use crate::fault::Draw;
use crate::files::Description;
use crate::time;

const BATCH_TYPE: &str =
    "type.googleapis.com/google.ai.generativelanguage.v1main.GenerateContentBatch";
const OUTPUT_TYPE: &str =
    "type.googleapis.com/google.ai.generativelanguage.v1main.GenerateContentBatchOutput";

/// What a client wants of a batch.
#[derive(Debug)]
pub(crate) struct Order {
    pub(crate) model: String,
    pub(crate) display_name: Option<String>,
    pub(crate) source: Source,
    pub(crate) rows: Vec<Row>,
    /// The tokens of all prompts.
    pub(crate) tokens: u64,
    /// Why none of its rows can be read.
    pub(crate) mistake: Option<String>,
}

/// A batch.
#[derive(Debug)]
pub(crate) struct Batch {
    id: String,
    model: String,
    display_name: Option<String>,
    source: Source,
    tokens: u64,
    count: usize,
    keys: Vec<Option<String>>,
    mistake: Option<String>,
    fate: Fate,
    /// Apart from the work: nobody may wait for rows to find out whether a batch is done.
    cancelled: Mutex<Option<SystemTime>>,
    work: Mutex<Work>,
}

/// A batch as the emulator has it, for [`Emulator::batches`](crate::Emulator::batches).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordedBatch {
    /// `batches/ID`.
    pub name: String,
    /// The model without `models/`.
    pub model: String,
    /// The name that the client gave.
    pub display_name: Option<String>,
    /// Such as `BATCH_STATE_RUNNING`.
    pub state: String,
    /// The keys of the rows, in order: `metadata.key` of an inline request, `key` of a line.
    pub keys: Vec<Option<String>>,
    /// How many rows have a response by now.
    pub successful: usize,
    /// How many rows have an error by now.
    pub failed: usize,
}

/// What has been done. Rows are answered when somebody looks after them.
#[derive(Debug)]
struct Work {
    waiting: VecDeque<Row>,
    results: Results,
    successes: usize,
    failures: usize,
}

/// Results as they go to the client.
#[derive(Debug)]
enum Results {
    Inline(Vec<Value>),
    Lines(String),
    /// In this file.
    File(String),
}

/// Where a batch is at some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Pending,
    Running,
    Succeeded(SystemTime),
    Failed(SystemTime),
    Cancelled(SystemTime),
    Expired(SystemTime),
}

impl Batch {
    pub(super) fn new(id: String, order: Order, fate: Fate) -> Self {
        let work = Work {
            waiting: order.rows.into(),
            results: match order.source {
                Source::Inline => Results::Inline(Vec::new()),
                Source::File => Results::Lines(String::new()),
            },
            successes: 0,
            failures: 0,
        };
        Batch {
            id,
            model: order.model,
            display_name: order.display_name,
            source: order.source,
            tokens: order.tokens,
            count: work.waiting.len(),
            keys: work.waiting.iter().map(|row| row.key().map(str::to_owned)).collect(),
            mistake: order.mistake,
            fate,
            cancelled: Mutex::new(None),
            work: Mutex::new(work),
        }
    }

    pub(super) fn model(&self) -> &str {
        &self.model
    }

    pub(super) fn tokens(&self) -> u64 {
        self.tokens
    }

    pub(super) fn is_unfinished(&self, now: SystemTime) -> bool {
        self.stage(*locked(&self.cancelled), now).end().is_none()
    }

    /// Stops a batch that is not done.
    pub(crate) fn cancel(&self, now: SystemTime) {
        let mut cancelled = locked(&self.cancelled);
        if self.stage(*cancelled, now).end().is_none() {
            *cancelled = Some(now);
        }
    }

    /// The batch as it is answered at its creation: not begun, however short it takes.
    pub(crate) fn describe_new(&self, shared: &Shared) -> Value {
        self.operation(&locked(&self.work), Stage::Pending, shared)
    }

    /// Answers the rows that are due.
    pub(crate) fn answer_due(&self, shared: &Shared) {
        drop(self.caught_up(shared));
    }

    /// The batch as it is now, its rows answered as far as they are due.
    pub(crate) fn describe(&self, shared: &Shared) -> Value {
        let (work, stage) = self.caught_up(shared);
        self.operation(&work, stage, shared)
    }

    /// The batch for the log.
    pub(crate) fn record(&self, shared: &Shared) -> RecordedBatch {
        let (work, stage) = self.caught_up(shared);
        RecordedBatch {
            name: self.name(),
            model: self.model.clone(),
            display_name: self.display_name.clone(),
            state: shared.settings.batches.state(stage.name()),
            keys: self.keys.clone(),
            successful: work.successes,
            failed: work.failures,
        }
    }

    /// The work with every row answered that is due now.
    fn caught_up(&self, shared: &Shared) -> (MutexGuard<'_, Work>, Stage) {
        let now = shared.settings.clock.now();
        let stage = self.stage(*locked(&self.cancelled), now);
        let mut work = locked(&self.work);
        self.catch_up(&mut work, stage, (shared, now));
        (work, stage)
    }

    fn name(&self) -> String {
        format!("{COLLECTION}/{}", self.id)
    }

    fn stage(&self, cancelled: Option<SystemTime>, now: SystemTime) -> Stage {
        let Fate { created, starts, running, fails, expires, .. } = self.fate;
        let after = |time: SystemTime, span| time.checked_add(span).unwrap_or(time);
        let (ends, expiry) = (after(starts, running), after(created, LIFE));
        match cancelled {
            Some(at) => Stage::Cancelled(at),
            None if self.mistake.is_some() && now >= starts => Stage::Failed(starts),
            None if (expires || ends > expiry) && now >= expiry => Stage::Expired(expiry),
            None if now < starts => Stage::Pending,
            None if expires || now < ends => Stage::Running,
            None if fails => Stage::Failed(ends),
            None => Stage::Succeeded(ends),
        }
    }

    /// Answers the rows that are due.
    fn catch_up(&self, work: &mut Work, stage: Stage, (shared, now): (&Shared, SystemTime)) {
        let due = match stage {
            _ if self.fate.expires => 0,
            Stage::Running => self.due(now),
            Stage::Cancelled(at) => self.due(at),
            Stage::Succeeded(_) => self.count,
            Stage::Pending | Stage::Failed(_) | Stage::Expired(_) => 0,
        };
        let desk = Desk { shared, model: &self.model, source: self.source };
        while work.done() < due
            && let Some(row) = work.waiting.pop_front()
        {
            let number = self.fate.rows_before + work.done() as u64 + 1;
            let draw = Draw { seed: shared.settings.seed, number };
            let (result, is_success) = desk.answer(row, draw);
            let counter = if is_success { &mut work.successes } else { &mut work.failures };
            *counter += 1;
            work.results.push(result);
        }
        if let (Stage::Succeeded(end), Results::Lines(lines)) = (stage, &mut work.results) {
            let lines = std::mem::take(lines);
            work.results = Results::File(self.write_results(lines, (shared, end)));
        }
    }

    /// How many rows are due at a time before the end.
    fn due(&self, now: SystemTime) -> usize {
        let Fate { starts, running, .. } = self.fate;
        let elapsed = now.duration_since(starts).unwrap_or_default();
        let done = elapsed.as_nanos().saturating_mul(self.count as u128);
        let done = done.checked_div(running.as_nanos()).unwrap_or_default();
        usize::try_from(done).unwrap_or(self.count).min(self.count)
    }

    /// Puts the results into a file and tells its name.
    fn write_results(&self, lines: String, (shared, end): (&Shared, SystemTime)) -> String {
        let id = format!("batch-{}", self.id);
        let name = format!("files/{id}");
        let description = Description {
            id: Some(id),
            display_name: self.display_name.clone(),
            mime_type: "application/jsonl".to_owned(),
        };
        shared.store(|store, _| store.files.add_generated(description, lines.into(), end));
        name
    }

    fn operation(&self, work: &Work, stage: Stage, shared: &Shared) -> Value {
        let name = self.name();
        let state = shared.settings.batches.state(stage.name());
        let Fate { created, starts, .. } = self.fate;
        let updated = stage.end().unwrap_or(if stage == Stage::Pending { created } else { starts });
        let mut metadata = json!({
            "@type": BATCH_TYPE,
            "name": name,
            "model": format!("models/{}", self.model),
            "state": state,
            "createTime": time::print(created),
            "updateTime": time::print(updated),
            "batchStats": self.stats(work),
        });
        if let Some(display_name) = &self.display_name {
            metadata["displayName"] = display_name.as_str().into();
        }
        if let Some(end) = stage.end() {
            metadata["endTime"] = time::print(end).into();
        }
        let mut operation = json!({"name": name});
        match self.outcome(work, stage) {
            Some(Ok(mut output)) => {
                metadata["output"] = output.clone();
                output["@type"] = OUTPUT_TYPE.into();
                operation["response"] = output;
            }
            Some(Err((code, message))) => {
                operation["error"] = json!({"code": code, "message": message});
            }
            None => {}
        }
        operation["metadata"] = metadata;
        if stage.end().is_some() {
            operation["done"] = true.into();
        }
        operation
    }

    fn stats(&self, work: &Work) -> Value {
        let counts = [
            ("requestCount", self.count),
            ("pendingRequestCount", self.count.saturating_sub(work.done())),
            ("successfulRequestCount", work.successes),
            ("failedRequestCount", work.failures),
        ];
        // Numbers of 64 bits are texts, and zeros are left out.
        let counts = counts.into_iter().filter(|(_, count)| *count > 0);
        counts.map(|(name, count)| (name.to_owned(), Value::from(count.to_string()))).collect()
    }

    /// What a batch that is done has to show.
    fn outcome(&self, work: &Work, stage: Stage) -> Option<Result<Value, (u8, &str)>> {
        match stage {
            Stage::Pending | Stage::Running => None,
            Stage::Succeeded(_) => Some(Ok(match &work.results {
                Results::Inline(rows) => json!({"inlinedResponses": {"inlinedResponses": rows}}),
                Results::File(name) => json!({"responsesFile": name}),
                Results::Lines(_) => json!({}),
            })),
            Stage::Failed(_) => {
                let message = self.mistake.as_deref();
                Some(Err(match message {
                    Some(message) => (3, message),
                    None => (13, "The batch failed with an internal error."),
                }))
            }
            Stage::Cancelled(_) => Some(Err((1, "The batch was cancelled."))),
            Stage::Expired(_) => Some(Err((4, "The batch expired before it was done."))),
        }
    }
}

impl Results {
    fn push(&mut self, result: Value) {
        match self {
            Results::Inline(results) => results.push(result),
            // Writing to a string never fails.
            Results::Lines(lines) => drop(writeln!(lines, "{result}")),
            Results::File(_) => {}
        }
    }
}

impl Work {
    /// How many rows have been answered.
    fn done(&self) -> usize {
        self.successes + self.failures
    }
}

impl Stage {
    fn name(self) -> &'static str {
        match self {
            Stage::Pending => "PENDING",
            Stage::Running => "RUNNING",
            Stage::Succeeded(_) => "SUCCEEDED",
            Stage::Failed(_) => "FAILED",
            Stage::Cancelled(_) => "CANCELLED",
            Stage::Expired(_) => "EXPIRED",
        }
    }

    /// When it ended, if it has.
    fn end(self) -> Option<SystemTime> {
        match self {
            Stage::Pending | Stage::Running => None,
            Stage::Succeeded(end)
            | Stage::Failed(end)
            | Stage::Cancelled(end)
            | Stage::Expired(end) => Some(end),
        }
    }
}

/// What a lock guards, also after a thread panicked while it held the lock.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

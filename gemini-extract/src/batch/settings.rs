//! What can be set before a batch starts.

mod choices;

pub(super) use choices::Choices;
pub use choices::LabelCodes;

use std::fmt::Display;
use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;

use super::{Batch, BatchApi, ErrorBudget};
use crate::call::Example;
use crate::carrier::Carrier;
use crate::{Limits, Prompt, Repair, Retry, Thinking};

/// Which records are asked only once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Dedupe {
    /// Records with equal inputs: the first is asked, and the others have its outcome with
    /// [`Source::Duplicate`](super::Source::Duplicate), also those that come while it is on its way.
    ///
    /// A refusal ([`is_refusal`](crate::Error::is_refusal)) is the outcome of all of them. Where
    /// the first fails otherwise, its failure is its own, and the next one is asked.
    ///
    /// Without a journal 64 MiB of outcomes are kept in memory for later records; what comes when
    /// these are full and isn't on its way is asked again.
    #[default]
    Inputs,
    /// None: equal inputs are asked each for itself.
    Off,
}

/// Which failures in the journal are asked again when a batch is started once more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failures {
    /// All but refusals ([`is_refusal`](crate::Error::is_refusal)).
    #[default]
    AskAgain,
    /// All of them, refusals too.
    AskAllAgain,
    /// None: they stay as they are.
    Keep,
}

/// What is sent to the model; the same for all records.
impl<T> Batch<T> {
    /// The model: `gemini-3.8-flash`, `models/..` or `tunedModels/..`. The default is the
    /// client's.
    pub fn model(mut self, model: impl Into<String>) -> Self {
        self.call.model = Some(model.into());
        self
    }

    /// An instruction that stands above each record (`systemInstruction`).
    pub fn instruction(mut self, instruction: impl Into<Prompt>) -> Self {
        self.call.system = Some(instruction.into());
        self
    }

    /// An example: an input with the value that it should give. Can be given several times. See
    /// [`Extract::example`](crate::Extract::example).
    pub fn example(mut self, input: impl Into<Prompt>, value: &T) -> Self
    where
        T: Serialize,
    {
        let answer = serde_json::to_string(value).ok();
        self.call.examples.push(Example { input: input.into(), answer });
        self
    }

    /// How freely the model chooses, from 0.0 to 2.0; the model's own default otherwise.
    pub fn temperature(mut self, temperature: f64) -> Self {
        self.call.parameters.temperature = Some(temperature);
        self
    }

    /// The probability mass that the model chooses from, from 0.0 to 1.0.
    pub fn top_p(mut self, top_p: f64) -> Self {
        self.call.parameters.top_p = Some(top_p);
        self
    }

    /// How many tokens the model chooses from, at least 1.
    pub fn top_k(mut self, top_k: u32) -> Self {
        self.call.parameters.top_k = Some(top_k);
        self
    }

    /// The most tokens that an answer may have, thoughts included; at least 1.
    pub fn max_output_tokens(mut self, tokens: u32) -> Self {
        self.call.parameters.max_output_tokens = Some(tokens);
        self
    }

    /// How much the model thinks before it answers; as much as it finds good otherwise.
    pub fn thinking(mut self, thinking: impl Into<Thinking>) -> Self {
        self.call.parameters.thinking.thinking = Some(thinking.into());
        self
    }

    /// The seed of the model's choices.
    pub fn seed(mut self, seed: i32) -> Self {
        self.call.parameters.seed = Some(seed);
        self
    }

    /// A text at which the model stops. Can be given up to five times.
    pub fn stop_sequence(mut self, text: impl Into<String>) -> Self {
        self.call.parameters.stop_sequences.push(text.into());
        self
    }
}

/// How each record is asked.
impl<T> Batch<T> {
    /// Sends the schema in this field, instead of in the first that the type fits.
    pub fn with_carrier(mut self, carrier: Carrier) -> Self {
        self.call.carrier = Some(carrier);
        self
    }

    /// How long a record may take, with all its attempts and the times between them, instead of
    /// the client's time.
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.call.policies.timeout = Some(timeout);
        self
    }

    /// How long one attempt may take, instead of the client's time for it.
    pub fn with_attempt_timeout(mut self, timeout: Duration) -> Self {
        self.call.policies.attempt_timeout = Some(timeout);
        self
    }

    /// When failed attempts are made again, instead of the client's policy. A batch that runs
    /// alone can be more patient than a call that somebody waits for.
    pub fn with_retry(mut self, retry: Retry) -> Self {
        self.call.policies.retry = Some(retry);
        self
    }

    /// When a bad answer is asked for again, instead of the client's policy.
    pub fn with_repair(mut self, repair: Repair) -> Self {
        self.call.policies.repair = Some(repair);
        self
    }

    /// Checks values by more than their type. Can be given several times. See
    /// [`Extract::with_validator`](crate::Extract::with_validator).
    pub fn with_validator<E: Display>(
        mut self,
        validator: impl Fn(&T) -> Result<(), E> + Send + Sync + 'static,
    ) -> Self {
        let validator = move |value: &T| validator(value).map_err(|message| message.to_string());
        self.validators.push(Box::new(validator));
        self
    }

    /// Checks values by their garde rules: a [validator](Self::with_validator).
    ///
    /// Needs the feature `garde`.
    #[cfg(feature = "garde")]
    pub fn with_garde(self) -> Self
    where
        T: garde::Validate<Context = ()>,
    {
        self.with_validator(|value: &T| value.validate())
    }
}

/// How the batch runs.
impl<T> Batch<T> {
    /// The most requests on their way at a time, 64 by default.
    ///
    /// After an HTTP 429 there are fewer, by 30%; as requests go well they come back one by one.
    pub fn concurrency(mut self, requests: u32) -> Self {
        self.concurrency = requests;
        self
    }

    /// Keeps all outcomes in this folder, so that the batch can be stopped, or killed, at any moment
    /// and goes on where it was when it is started again with the same records.
    ///
    /// An outcome is handed out when it is safe on the disk. Started again, records that were
    /// answered aren't asked again, whatever their order; their outcomes come out of the journal,
    /// with [`Source::Journal`](super::Source::Journal). What was on its way when the process was
    /// killed is asked again. A folder belongs to one job: where the model, schema, instruction,
    /// examples or parameters have changed it is refused with
    /// [`ErrorKind::Journal`](crate::ErrorKind::Journal), and so it is while another process
    /// writes it. It holds keys of records and answers, but no inputs and no API key.
    ///
    /// Where the disk is full, or fails, the batch ends; what was paid for already is handed out
    /// all the same, and is asked again at the next start.
    ///
    /// [`JournalReader`](super::JournalReader) looks into it.
    pub fn journal(mut self, folder: impl Into<PathBuf>) -> Self {
        self.journal = Some(folder.into());
        self
    }

    /// Takes answers that other batches have paid for out of this cache, with
    /// [`Source::Cache`](super::Source::Cache), and puts this batch's answers there.
    ///
    /// Needs the feature `batch-cache`.
    #[cfg(feature = "batch-cache")]
    pub fn cache(mut self, cache: &super::Cache) -> Self {
        self.cache = Some(cache.clone());
        self
    }

    /// Keeps what all records have in common, the instruction and the examples, in a cache of the
    /// service while the batch runs; [off](super::ContextCache::off) by default.
    ///
    /// The schema isn't a part of it, and models to turn to ([`Retry::fallback`]) are asked without
    /// it. Where records are [packed](Self::pack) it is for packs, and those that go alone have
    /// none. What it costs counts towards [`max_cost`](Self::max_cost). A
    /// [`journal`](Self::journal) can be gone on with or without it.
    pub fn context_cache(mut self, cache: super::ContextCache) -> Self {
        self.context = cache;
        self
    }

    /// Takes a journal of another job over: what is in it is put aside, in a folder
    /// `replaced-1`, `replaced-2`, .. within it, and everything is asked anew.
    pub fn restart_changed(mut self) -> Self {
        self.restarts_changed = true;
        self
    }

    /// Which failures in the journal are asked again; all but refusals by default.
    pub fn failures(mut self, failures: Failures) -> Self {
        self.failures = failures;
        self
    }

    /// How much the batch may send, beside what the client's own limits allow.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = Some(limits);
        self
    }

    /// How many records may fail; however many do by default.
    pub fn error_budget(mut self, budget: ErrorBudget) -> Self {
        self.budget = Some(budget);
        self
    }

    /// The most that the batch may cost by the client's [`Prices`](crate::Prices), which must have
    /// the price of the model and its fallbacks.
    ///
    /// The limit is hard: before a request is sent, it is counted at its dearest, with a token for
    /// each byte of the request, those of its [cache](Self::context_cache), and [`max_output_tokens`](Self::max_output_tokens), or 65,536
    /// where that isn't set. Where that doesn't fit it waits for others to end; where none are on
    /// their way the batch ends. A request that broke off counts at its dearest for good, as the
    /// service may have billed it. What earlier
    /// starts cost by the [`journal`](Self::journal) counts too; what was on its way when one was
    /// killed isn't known there.
    pub fn max_cost(mut self, cost: f64) -> Self {
        self.max_cost = Some(cost);
        self
    }

    /// Asks up to this many records in one request; with 0 or 1, the default, each has its own.
    ///
    /// Saves requests, and tokens where the instruction, the examples and the schema are longer than
    /// a record: they are sent once for all of a pack, but each value has an id beside it in the
    /// answer. [`count_tokens`](Self::count_tokens) tells before what a size would take,
    /// [`Packs`](super::Packs) in the report what it took. Values can differ from those of single
    /// requests, as the model sees other records beside; the journal and a cache take them for the
    /// same.
    ///
    /// A pack has what the source gives without making it wait for more than 20 ms. In it each
    /// record has an id that its text doesn't know, and its value is read and checked as that of a
    /// single record. Records whose value is missing, there twice or no good are asked again alone.
    /// Where an answer was cut off, what stands before the cut is kept; the rest of it, and all of a
    /// pack without an answer of use (stopped by a policy, no JSON, too large, too slow), are asked
    /// again in packs of half the size or less, down to single records. After four packs that came
    /// to little, without one that did well between them, all that follow are half as large.
    ///
    /// A pack's tokens and cost are shared out over its records without a rest: those of the
    /// prompt by the lengths of the inputs, those of the answer evenly. Its attempts and its
    /// latency are each record's. [`max_output_tokens`](Self::max_output_tokens) is for one record
    /// and is raised for a pack; timeouts and [`concurrency`](Self::concurrency) are for requests. A
    /// [`journal`](Self::journal) can be gone on with at another size. A type that contains itself
    /// cannot be packed.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn run(client: gemini_extract::Client, reviews: Vec<String>) {
    /// let batch = client.batch::<bool, _>(reviews).instruction("Is the review positive?");
    /// let report = batch.pack(20).start().report().await;
    /// println!("{:?} tokens a record", report.progress.packs.tokens_per_record());
    /// # }
    /// ```
    pub fn pack(mut self, records: usize) -> Self {
        self.pack = records;
        self
    }

    /// Asks records by the Gemini Batch API, at half the price and in the service's own time; see
    /// [`BatchApi`]. The Gemini Developer API only. [`concurrency`](Self::concurrency) is for
    /// records that are asked interactively then.
    pub fn via(mut self, way: BatchApi) -> Self {
        self.api = Some(way);
        self
    }

    /// Which records are asked only once; those with equal inputs by default.
    pub fn dedupe(mut self, dedupe: Dedupe) -> Self {
        self.dedupe = dedupe;
        self
    }

    /// Hands outcomes out in the order of the records. Those that are done early wait in memory;
    /// no more than [`buffer`](Self::buffer) records are read before their outcomes are taken, so
    /// that a record which takes very long can hold the others up.
    pub fn ordered(mut self) -> Self {
        self.is_ordered = true;
        self
    }

    /// How many records may have been read whose outcomes weren't taken yet; 16 for each request
    /// on its way by default, or 2 for each row of an open batch, and 4,096 at least. More than
    /// [`concurrency`](Self::concurrency) is needed to ask that many.
    pub fn buffer(mut self, records: usize) -> Self {
        self.buffer = Some(records);
        self
    }
}

//! Many records: typed outcomes of a job that may run over a night.
//!
//! [`Client::batch`] takes records from an iterator, [`Client::batch_stream`] from a stream.
//! Records are read one by one as there is room, asked as fast as the service and the limits
//! allow, and come out as a stream of [`Outcome`]s, each with its key. A slow record holds nobody
//! up, a record that fails is an outcome like others, and however many there are, only
//! [`buffer`](Batch::buffer) of them are in memory. Hashes of all records and their keys are kept
//! beside, to find equal ones: 50,000 of them in memory and the others in files without names, in the
//! journal's folder or the system's for temporary ones, 24 bytes for each. Of these about one byte for
//! each is in memory, and two while files are merged: some 25 to 50 MB for 10 million records with keys.
//!
//! # Examples
//!
//! ```no_run
//! use gemini_extract::{Client, GeminiSchema};
//! use serde::Deserialize;
//!
//! #[derive(Debug, Deserialize, GeminiSchema)]
//! enum Sentiment {
//!     Positive,
//!     Neutral,
//!     Negative,
//! }
//!
//! # async fn run(client: Client, reviews: Vec<String>) {
//! let mut labels =
//!     client.batch::<Sentiment, _>(reviews).instruction("Classify the review.").start();
//! while let Some(outcome) = labels.next().await {
//!     match outcome.result {
//!         Ok(sentiment) => println!("{}\t{sentiment:?}", outcome.key),
//!         Err(error) => eprintln!("{}\t{error}", outcome.key),
//!     }
//! }
//! println!("{}", labels.report().await);
//! # }
//! ```

mod api;
mod book;
mod budget;
#[cfg(feature = "batch-cache")]
mod cache;
mod canon;
mod content;
mod context;
mod count;
mod entry;
mod group;
mod index;
mod job;
mod join;
mod journal;
mod labels;
mod latencies;
mod many;
mod outcome;
mod pack;
mod packs;
mod reader;
mod recall;
mod record;
mod report;
mod run;
mod settings;
mod shelf;
mod slots;
mod source;
mod start;
mod store;
mod tally;
mod ticket;
mod votes;
mod voting;
mod way;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use futures_core::Stream;
use gemini_schema::{GeminiSchema, Lowered, Schema};

pub use api::{BatchApi, OpenBatch};
pub use budget::ErrorBudget;
#[cfg(feature = "batch-cache")]
pub use cache::Cache;
pub use context::{ContextCache, ContextUse};
pub use count::BatchCount;
pub use journal::{JournalEntries, JournalEntry, JournalReader, Repaired};
pub use latencies::Percentiles;
pub use outcome::{Outcome, Source};
pub use packs::Packs;
pub use record::Record;
pub use report::{End, Progress, Report, Tokens};
pub use run::{BatchHandle, BatchRun};
pub use settings::{Dedupe, Failures, LabelCodes};
pub use votes::{Agreement, VoteShare, Votes};

use crate::call::Call;
use crate::carrier::Contract;
use crate::extract::Validator;
use crate::{Client, Limits, Prompt};

/// A job over many records, as it is being set up. [`start`](Self::start) begins it.
///
/// Made by [`Client::batch`] and [`Client::batch_stream`]. Setters take it and give it back; what is wrong
/// with them is told when it starts.
#[must_use = "nothing is asked before the batch is started"]
pub struct Batch<T> {
    client: Client,
    call: Call,
    validators: Vec<Validator<T>>,
    source: source::Source,
    /// What the values are counted by.
    schema: Arc<Schema>,
    limits: Option<Limits>,
    budget: Option<ErrorBudget>,
    concurrency: u32,
    buffer: Option<usize>,
    dedupe: Dedupe,
    is_ordered: bool,
    /// How many records go in one request.
    pack: usize,
    choices: settings::Choices,
    max_cost: Option<f64>,
    journal: Option<PathBuf>,
    restarts_changed: bool,
    failures: Failures,
    api: Option<BatchApi>,
    context: ContextCache,
    #[cfg(feature = "batch-cache")]
    cache: Option<Cache>,
}

/// How many requests are on their way at a time.
const CONCURRENCY: u32 = 64;

impl Client {
    /// Begins a batch over the records of an iterator.
    ///
    /// Records are texts, [`Prompt`]s, pairs of a key and one of these, or [`Record`]s. They are
    /// taken from the iterator on the threads of the runtime, so it shouldn't wait for long.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn run(client: gemini_extract::Client) {
    /// let reviews = [("first", "Never again."), ("second", "A joy!")];
    /// let batch = client.batch::<bool, _>(reviews).instruction("Is the review positive?");
    /// let report = batch.start().report().await;
    /// assert_eq!(report.progress.finished, 2);
    /// # }
    /// ```
    pub fn batch<T, R>(&self, records: R) -> Batch<T>
    where
        T: GeminiSchema,
        R: IntoIterator<Item: Into<Record>>,
        R::IntoIter: Send + 'static,
    {
        Batch::new(self.clone(), source::iterated(records))
    }

    /// Begins a batch over the records of a stream; see [`batch`](Self::batch).
    pub fn batch_stream<T, S>(&self, records: S) -> Batch<T>
    where
        T: GeminiSchema,
        S: Stream<Item: Into<Record>> + Send + 'static,
    {
        Batch::new(self.clone(), source::streamed(records))
    }

    /// Begins a batch over the records of an iterator, for what a schema says that is made at run
    /// time; see [`extract_with`](Self::extract_with).
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn run(client: gemini_extract::Client, reviews: Vec<String>) {
    /// use gemini_extract::Schema;
    ///
    /// let labels = Schema::enumeration(["praise", "complaint", "question"]);
    /// let mut batch = client.batch_with::<String, _>(labels, reviews).start();
    /// # }
    /// ```
    pub fn batch_with<T, R>(&self, schema: impl Into<Arc<Schema>>, records: R) -> Batch<T>
    where
        R: IntoIterator<Item: Into<Record>>,
        R::IntoIter: Send + 'static,
    {
        Batch::with(self.clone(), schema.into(), source::iterated(records))
    }

    /// Begins a batch over the records of a stream, for what a schema says that is made at run
    /// time; see [`extract_with`](Self::extract_with).
    pub fn batch_stream_with<T, S>(&self, schema: impl Into<Arc<Schema>>, records: S) -> Batch<T>
    where
        S: Stream<Item: Into<Record>> + Send + 'static,
    {
        Batch::with(self.clone(), schema.into(), source::streamed(records))
    }
}

impl<T: GeminiSchema> Batch<T> {
    fn new(client: Client, source: source::Source) -> Self {
        Self::of(client, (Schema::of::<T>().into(), Contract::Type(Lowered::of::<T>)), source)
    }
}

impl<T> Batch<T> {
    fn with(client: Client, schema: Arc<Schema>, source: source::Source) -> Self {
        let contract = Contract::Schema(Arc::clone(&schema));
        Self::of(client, (schema, contract), source)
    }

    fn of(
        client: Client,
        (schema, contract): (Arc<Schema>, Contract),
        source: source::Source,
    ) -> Self {
        Self {
            client,
            call: Call::new(Prompt::from(String::new()), contract),
            validators: Vec::new(),
            source,
            schema,
            limits: None,
            budget: None,
            concurrency: CONCURRENCY,
            buffer: None,
            dedupe: Dedupe::default(),
            is_ordered: false,
            pack: 1,
            choices: settings::Choices::default(),
            max_cost: None,
            journal: None,
            restarts_changed: false,
            failures: Failures::default(),
            api: None,
            context: ContextCache::default(),
            #[cfg(feature = "batch-cache")]
            cache: None,
        }
    }
}

impl<T> fmt::Debug for Batch<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batch")
            .field("model", &self.call.model)
            .field("parameters", &self.call.parameters)
            .field("examples", &self.call.examples.len())
            .field("concurrency", &self.concurrency)
            .finish_non_exhaustive()
    }
}

//! From settings to a batch that runs.

use std::pin::Pin;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};
use std::time::Duration;

use futures_core::Stream;
use serde::de::DeserializeOwned;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::{Notify, Semaphore};
use tokio::task::JoinSet;

use super::content::Content;
use super::context::{self, Crowd, Keeper};
use super::job::{Job, Shared, Supply, Yield};
use super::journal::Fingerprint;
use super::labels::Labels;
use super::outcome::{Outcome, Source};
use super::pack::Packing;
use super::reader::Reader;
use super::recall::{self, Recall};
use super::report::End;
use super::run::BatchRun;
use super::settings::Dedupe;
use super::shelf::Shelf;
use super::slots::Slots;
use super::store::Store;
use super::tally::Tally;
use super::way::{Interactive, Way};
use super::{Batch, Record, source};
use crate::carrier::Carrier;
use crate::client::{OUTPUT_TOKENS, Rules, Toll};
use crate::clock::race;
use crate::limit::Limiters;
use crate::purse::Purse;
use crate::{Error, Result, Usage};

const BUFFER: usize = 4_096;
const BUFFER_FOR_EACH: usize = 16;

impl<T: DeserializeOwned + Send + 'static> Batch<T> {
    /// Starts the batch on the Tokio runtime of the caller.
    ///
    /// # Errors
    ///
    /// Where it cannot start, its first outcome is the error, and the only one: a setting that is
    /// unusable, a type without a schema, no runtime.
    pub fn start(self) -> BatchRun<T> {
        let rules = Arc::new(self.rules());
        let slots = Arc::new(Slots::new(self.concurrency.max(1), Arc::clone(&rules)));
        let labels = Labels::of(&self.schema);
        let tally = Tally::new(labels, self.client.has_prices());
        let each = usize::try_from(self.concurrency).unwrap_or(usize::MAX);
        let each = each.saturating_mul(self.pack.max(1)).saturating_mul(BUFFER_FOR_EACH);
        let each = self.api.as_ref().map_or(each, |api| {
            usize::try_from(api.width()).unwrap_or(usize::MAX).saturating_mul(2)
        });
        let buffer = self.buffer.unwrap_or(BUFFER.max(each));
        let shared = Arc::new(Shared {
            tally: Mutex::new(tally),
            slots,
            rooms: Arc::new(Semaphore::new(buffer.clamp(1, Semaphore::MAX_PERMITS))),
            stopped: Notify::new(),
            is_cancelled: AtomicBool::new(false),
            aftermath: Mutex::new(None),
        });
        shared.tally().set_remaining(source::remaining(&self.source));
        let (out, arriving) = unbounded_channel();
        let mut workers = JoinSet::new();
        let is_ordered = self.is_ordered;
        let start = Start { shared: Arc::clone(&shared), rules, out };
        match tokio::runtime::Handle::try_current() {
            Ok(runtime) => drop(workers.spawn_on(self.run(start), &runtime)),
            Err(_) => start.fail_without_runtime(self.source),
        }
        BatchRun::new(shared, arriving, workers, is_ordered)
    }

    async fn run(mut self, start: Start<T>) {
        let nothing: source::Source = source::iterated(std::iter::empty::<Record>());
        let source = std::mem::replace(&mut self.source, nothing);
        let supply = Supply { source, next: 0, is_empty: false };
        let job = match self.job(&start).await {
            Ok(make) => Arc::new(make(supply)),
            Err(error) => return start.fail(supply.source, error).await,
        };
        let shared = Arc::clone(&start.shared);
        drop(start);
        let mut workers = JoinSet::new();
        if let Some(beside) = job.way.beside() {
            workers.spawn(beside);
        }
        if job.way.is_wide() {
            workers.spawn(Arc::clone(&job).feed());
        } else {
            for _ in 0..job.way.width() {
                workers.spawn(Arc::clone(&job).work());
            }
        }
        let shelf = job.shelf.clone();
        drop(job);
        while let Some(ended) = workers.join_next().await {
            if let Err(error) = ended
                && let Ok(panic) = error.try_into_panic()
            {
                std::panic::resume_unwind(panic);
            }
        }
        // The program may end when the batch does.
        if let Some(shelf) = shelf {
            shelf.flush().await;
        }
        shared.end().await;
    }

    /// Checks everything; what makes the job from the records.
    async fn job(mut self, start: &Start<T>) -> Result<impl FnOnce(Supply) -> Job<T> + use<T>> {
        let Start { shared, rules, out } = start.clone();
        self.check()?;
        let pass = self.client.enter()?;
        let template = Arc::new(self.call.template(&self.client)?);
        self.check_labels(&template.carried().lowered)?;
        let delivery = self.client.delivery(&self.call.policies).map_err(Error::request)?;
        let output_tokens = self.output_tokens();
        let mut packing = self.packing(template.carried().carrier, (&shared.slots, &rules))?;
        let fingerprint = Fingerprint::new(&self.call, &template).with_votes(self.choices.votes);
        let job = fingerprint.text();
        let content = Content::new(&job);
        let shelf = self.shelf(&job);
        let is_deduped = self.dedupe == Dedupe::Inputs;
        let (store, recalled) = self.open((fingerprint, content.job()), start).await?;
        let validators = Arc::new(self.validators);
        let reader =
            Reader { carried: template.carried().clone(), validators: Arc::clone(&validators) };
        let mut context = Keeper::start(context::Start {
            client: &self.client,
            call: packing.as_ref().map_or(&self.call, Packing::call),
            policy: self.context,
            shared: &shared,
            rules: &rules,
            notebook: recalled.notebook,
            crowd: Crowd::new(recalled.answered, self.pack, self.concurrency),
        })?;
        packing.iter_mut().for_each(|packing| packing.use_context(context.take()));
        let interactive = Interactive {
            client: self.client,
            call: self.call,
            template,
            validators,
            delivery: delivery.with_rules(Arc::clone(&rules), output_tokens),
            slots: Arc::clone(&shared.slots),
            width: self.concurrency,
            context,
        };
        let (common, run) =
            ((Arc::clone(&shared), rules), (self.journal.as_deref(), &recalled.book));
        let way: Box<dyn Way<T>> = match self.api {
            Some(api) => Box::new(api.way(interactive, common, run, output_tokens)?),
            None => self.choices.way(interactive)?,
        };
        Ok(move |supply| Job {
            shared,
            supply: tokio::sync::Mutex::new(supply),
            way,
            packing,
            reader,
            content,
            is_deduped,
            book: recalled.book,
            store,
            shelf,
            budget: self.budget,
            out,
            _pass: pass,
        })
    }

    /// Opens what outcomes are kept in, and counts what they have cost already.
    async fn open(
        &mut self,
        job: (Fingerprint, String),
        start: &Start<T>,
    ) -> Result<(Store, Recall)> {
        let (folder, is_deduped) = (self.journal.clone(), self.dedupe == Dedupe::Inputs);
        let recall = Recall { is_deduped, failures: self.failures, ..Recall::default() };
        let (store, recalled) = recall::begin(folder, job, self.restarts_changed, recall).await?;
        start.rules.spend(recalled.cost.unwrap_or_default());
        start.shared.tally().set_earlier_cost(recalled.cost);
        Ok((store, recalled))
    }

    /// Answers of other batches.
    #[cfg(feature = "batch-cache")]
    fn shelf(&self, job: &str) -> Option<Arc<dyn Shelf>> {
        self.cache.as_ref().map(|cache| cache.shelf(job))
    }

    #[cfg(not(feature = "batch-cache"))]
    #[allow(clippy::unused_self, reason = "without the feature there are none")]
    fn shelf(&self, _job: &str) -> Option<Arc<dyn Shelf>> {
        None
    }

    /// How records are asked together, if they are to be.
    pub(super) fn packing(
        &self,
        carrier: Carrier,
        common: (&Arc<Slots>, &Arc<Rules>),
    ) -> Result<Option<Packing>> {
        let what = (&*self.schema, self.pack);
        let packing = (self.pack > 1)
            .then(|| Packing::new(&self.client, (&self.call, carrier), what, common));
        packing.transpose()
    }

    fn rules(&self) -> Rules {
        let limiters = Limiters::new(self.limits.clone(), std::collections::HashMap::new());
        let toll = self.max_cost.map(|most| Toll { purse: Arc::new(Purse::new(most)) });
        Rules::new(limiters, toll)
    }

    /// The most output tokens that an answer can have, also one that is asked for again with more.
    fn output_tokens(&self) -> u64 {
        let repair = self.client.repair(&self.call.policies);
        let first = self.call.parameters.max_output_tokens;
        first.map_or(OUTPUT_TOKENS, |first| repair.largest(first).into())
    }

    /// Batches at the service heed one field only.
    pub(super) fn settle_carrier(&mut self) {
        if self.api.is_some() {
            self.call.carrier = Some(Carrier::ResponseSchema);
        }
    }

    /// What doesn't go together with batches at the service.
    fn api_problems(&self) -> Vec<String> {
        let Some(api) = &self.api else { return Vec::new() };
        let policies = &self.call.policies;
        let is_of_one = policies.timeout.is_some()
            || policies.attempt_timeout.is_some()
            || policies.repair.is_some()
            || self.limits.is_some();
        let is_usual = self.call.carrier.is_none_or(|carrier| carrier == Carrier::ResponseSchema);
        let checks = [
            (is_usual, "the Batch API takes schemas in responseSchema only"),
            (self.pack <= 1, "records go by the Batch API or in packs, not both"),
            (
                self.context.is_off(),
                "the Batch API is asked without a context cache: leave one out",
            ),
            (
                api.falls_back() || !is_of_one,
                "limits, timeouts and repairs are for records that are asked at once; use \
                 `interactive_fallback`, or leave them out",
            ),
        ];
        let broken = checks.iter().filter(|(is_fine, _)| !is_fine);
        broken.map(|(_, problem)| (*problem).to_owned()).chain(api.problems()).collect()
    }

    /// Refuses settings that are unusable, and settles what follows from the others.
    fn check(&mut self) -> Result<()> {
        let problems = self.problems();
        if !problems.is_empty() {
            return Err(Error::request(problems));
        }
        self.settle_carrier();
        Ok(())
    }

    /// What is unusable.
    pub(super) fn problems(&self) -> Vec<String> {
        let is_cost = |cost: f64| cost.is_finite() && cost >= 0.0;
        let checks = [
            (self.concurrency > 0, "the concurrency must not be zero"),
            (self.buffer != Some(0), "the buffer must not be zero"),
            (self.max_cost.is_none_or(is_cost), "the most that it may cost must be an amount"),
        ];
        let broken = checks.iter().filter(|(is_fine, _)| !is_fine);
        let own = broken.map(|(_, problem)| (*problem).to_owned());
        let own = own.chain(self.api_problems());
        let context = self.context.problem();
        let budget = self.budget.as_ref().and_then(super::ErrorBudget::problem);
        let limits = self.limits.as_ref().and_then(crate::Limits::problem);
        own.chain(self.choice_problems()).chain(budget).chain(limits).chain(context).collect()
    }
}

/// What a start needs beside the settings.
struct Start<T> {
    shared: Arc<Shared>,
    rules: Arc<Rules>,
    out: UnboundedSender<Yield<T>>,
}

impl<T> Clone for Start<T> {
    fn clone(&self) -> Self {
        let Self { shared, rules, out } = self;
        Self { shared: Arc::clone(shared), rules: Arc::clone(rules), out: out.clone() }
    }
}

impl<T> Start<T> {
    /// The first record has the error that all would have.
    async fn fail(self, mut source: source::Source, error: Error) {
        let shared = Arc::clone(&self.shared);
        let mut stopped = std::pin::pin!(shared.stopped.notified());
        stopped.as_mut().enable();
        let is_stopped = shared.rooms.is_closed();
        // It is known why, however long the first record takes.
        shared.tally().set_end(End::failed(&error));
        let first = std::future::poll_fn(|context| source.as_mut().poll_next(context));
        let first = if is_stopped { None } else { race(first, stopped).await.flatten() };
        self.fail_first(first, error);
    }

    fn fail_without_runtime(self, mut source: source::Source) {
        let mut context = Context::from_waker(Waker::noop());
        let first = match Pin::new(&mut source).poll_next(&mut context) {
            std::task::Poll::Ready(first) => first,
            std::task::Poll::Pending => Some(Record::from("")),
        };
        let problem = "a batch needs a Tokio runtime to run on".to_owned();
        self.fail_first(first, Error::configuration(vec![problem]));
    }

    fn fail_first(self, first: Option<Record>, error: Error) {
        self.shared.stop(End::failed(&error));
        let Some(first) = first else { return };
        let rooms = Arc::new(Semaphore::new(1));
        let Ok(room) = rooms.try_acquire_owned() else { return };
        let key = first.key().unwrap_or("0").to_owned();
        let outcome = Outcome {
            key,
            position: 0,
            result: Err(error),
            usage: Usage::default(),
            cost: None,
            attempts: 0,
            latency: Duration::ZERO,
            votes: None,
            source: Source::Asked,
        };
        // The receiver is there, or nobody is interested.
        let _ = self.out.send(Yield { outcome, room });
    }
}

//! The handle that tests and programs hold.

mod builder;
mod settings;

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use hyper::http::request::Parts;
use tokio::task::JoinHandle;

use crate::batches::RecordedBatch;
use crate::cassette::Asked;
use crate::clock::Clock;
use crate::error::Refusal;
use crate::fault::Draw;
use crate::log::{Log, RecordedRequest};
use crate::rate_limits::Limiter;
use crate::replay::Played;
use crate::reply::Reply;
use crate::request::Attached;
use crate::store::Store;

pub use builder::EmulatorBuilder;
pub(crate) use settings::Settings;

/// A running emulator. Dropping it stops the server and closes its connections.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// use gemini_emulator::{Emulator, Reply};
///
/// let emulator = Emulator::start().await?;
/// emulator.enqueue(Reply::text("42"));
/// assert!(emulator.url().starts_with("http://127.0.0.1:"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Emulator {
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

/// What the handle and the connections share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) url: String,
    started: SystemTime,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    replies: VecDeque<Reply>,
    log: Log,
    /// How many requests faults and latencies were for.
    counted: u64,
    limiter: Limiter,
    played: Played,
    store: Store,
}

/// A request from its arrival until its answer has left, for the log.
#[derive(Debug)]
pub(crate) struct Flight {
    shared: Arc<Shared>,
    number: Option<usize>,
}

impl Emulator {
    /// Starts an emulator with the default settings: a free loopback port, seed 0.
    ///
    /// Call it inside a Tokio runtime; the server runs there.
    ///
    /// # Errors
    ///
    /// Fails if the loopback interface has no free port.
    pub async fn start() -> io::Result<Self> {
        Emulator::builder().start().await
    }

    /// Settings to change before the start.
    pub fn builder() -> EmulatorBuilder {
        EmulatorBuilder::default()
    }

    /// The base URL, `http://127.0.0.1:PORT`, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.shared.url
    }

    /// Adds a reply to the script. Each request takes the first one left, before the emulator looks
    /// at the request itself.
    pub fn enqueue(&self, reply: Reply) {
        self.shared.state().replies.push_back(reply);
    }

    /// The requests that have arrived so far, oldest first, without keys.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared.state().log.requests()
    }

    /// The requests that have arrived since the last time, oldest first; the log forgets them.
    #[must_use]
    pub fn take_requests(&self) -> Vec<RecordedRequest> {
        self.shared.state().log.take()
    }

    /// How many requests have arrived so far, whether or not the log still has them.
    #[must_use]
    pub fn request_count(&self) -> usize {
        self.shared.state().log.count()
    }

    /// The batches so far, oldest first, also those that were deleted. As many are kept as requests.
    /// Rows that are due are answered first, so that a reply to a row can't ask for this.
    #[must_use]
    pub fn batches(&self) -> Vec<RecordedBatch> {
        let batches = self.shared.store(|store, _| store.batches.logged());
        batches.iter().map(|batch| batch.record(&self.shared)).collect()
    }

    /// How many requests are being read or answered at this moment. A stream counts until its last
    /// byte has been handed over or its client is gone.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.shared.state().log.in_flight()
    }

    /// The largest number of requests that were in flight at the same time.
    #[must_use]
    pub fn peak_in_flight(&self) -> usize {
        self.shared.state().log.peak_in_flight()
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Shared {
    fn new(settings: Settings, url: String) -> Self {
        let log = Log::new(settings.keep_requests);
        let limiter = Limiter::default();
        let played = Played::default();
        let (replies, store) = (VecDeque::new(), Store::default());
        let state = State { replies, log, counted: 0, limiter, played, store };
        Shared { started: settings.clock.now(), settings, url, state: Mutex::new(state) }
    }

    /// The time since the start.
    pub(crate) fn elapsed(&self) -> Duration {
        self.settings.clock.now().duration_since(self.started).unwrap_or_default()
    }

    /// The next request that faults and latencies are for.
    pub(crate) fn draw(&self) -> Draw {
        let mut state = self.state();
        state.counted += 1;
        Draw { seed: self.settings.seed, number: state.counted }
    }

    /// Takes a request for generated content within the rate limits.
    pub(crate) fn limit(&self, model: &str, tokens: usize) -> Result<(), Refusal> {
        let now = self.settings.clock.now();
        self.state().limiter.take(&self.settings.rate_limits, (model, tokens), now)
    }

    /// Looks at what clients have left, and changes it; what has expired is not there any more.
    pub(crate) fn store<T>(&self, act: impl FnOnce(&mut Store, SystemTime) -> T) -> T {
        let now = self.settings.clock.now();
        let mut state = self.state();
        state.store.forget(now);
        act(&mut state.store, now)
    }

    /// Looks up what a request names, and tells the tokens of its cache.
    pub(crate) fn resolve(&self, model: &str, attached: &Attached) -> Result<usize, Refusal> {
        if attached.is_empty() {
            return Ok(0);
        }
        self.store(|store, now| {
            for uri in &attached.files {
                store.files.named(uri, now)?;
            }
            let name = attached.cached_content.as_ref();
            name.map_or(Ok(0), |name| store.caches.tokens(name, model))
        })
    }

    /// The recorded answer to a request; an error, if it must have one.
    pub(crate) fn replay(&self, parts: &Parts, body: &[u8]) -> Result<Option<Reply>, Refusal> {
        let exchanges = &self.settings.exchanges;
        if !exchanges.is_needed() {
            return Ok(None);
        }
        let asked = Asked::new(parts, body);
        let played = exchanges.play(&asked, &mut self.state().played);
        if played.is_none() && exchanges.only {
            return Err(exchanges.missed(&asked));
        }
        Ok(played)
    }

    /// The state, also after a thread panicked while it held the lock: no change of the state is
    /// left half done.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Flight {
    pub(crate) fn begin(shared: &Arc<Shared>) -> Self {
        shared.state().log.begin();
        Flight { shared: Arc::clone(shared), number: None }
    }

    /// Logs the request and takes the reply that the script has for it.
    pub(crate) fn record(&mut self, request: RecordedRequest) -> Option<Reply> {
        let mut state = self.shared.state();
        self.number = Some(state.log.push(request));
        state.replies.pop_front()
    }

    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.shared.settings.clock)
    }

    pub(crate) fn answered(&self, status: u16) {
        let mut state = self.shared.state();
        if let Some(request) = self.number.and_then(|number| state.log.at(number)) {
            request.status = Some(status);
        }
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        let now = self.shared.elapsed();
        let mut state = self.shared.state();
        state.log.end();
        if let Some(request) = self.number.and_then(|number| state.log.at(number)) {
            request.finished = Some(now);
        }
    }
}

//! Settings before the start.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::net::TcpListener;

use super::settings::{Responder, Settings};
use super::{Emulator, Shared};
use crate::batches::BatchRules;
use crate::caches::CacheRules;
use crate::cassette::Cassette;
use crate::clock::Clock;
use crate::fault::{Fault, Rate};
use crate::files::FileRules;
use crate::latency::Latency;
use crate::log::RecordedRequest;
use crate::models::Models;
use crate::rate_limits::RateLimits;
#[cfg(feature = "record")]
use crate::record::Recorder;
use crate::reply::Reply;
use crate::schema::SchemaLimits;
use crate::script::Script;
use crate::server;

/// Settings of an emulator, from [`Emulator::builder`].
#[derive(Debug, Clone, Default)]
#[must_use = "the emulator starts with `start().await`"]
pub struct EmulatorBuilder {
    port: u16,
    settings: Settings,
    /// What is enqueued at the start.
    replies: Vec<Reply>,
}

impl EmulatorBuilder {
    /// Listens on this port; 0, the default, takes any free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The seed of generated documents and of chance. Equal seeds and equal requests give equal
    /// answers.
    pub fn seed(mut self, seed: u64) -> Self {
        self.settings.seed = seed;
        self
    }

    /// Adds recorded answers. Those added first come first; the built-in ones come last.
    pub fn cassette(mut self, cassette: Cassette) -> Self {
        self.settings.exchanges.add(cassette.exchanges());
        self.settings.cassettes.push(cassette);
        self
    }

    /// Answers with the recordings of this cassette and with nothing else: a request that it doesn't
    /// have is an error that says so. [Enqueued](Emulator::enqueue) replies and faults come first.
    pub fn replay(mut self, cassette: Cassette) -> Self {
        self.settings.exchanges.only = true;
        self.cassette(cassette)
    }

    /// Passes requests on to another server and records what it answers. Only
    /// [enqueued](Emulator::enqueue) replies come first.
    #[cfg(feature = "record")]
    pub fn record(mut self, recorder: Recorder) -> Self {
        self.settings.recorder = Some(Arc::new(recorder));
        self
    }

    /// Sets how large a schema may be before it is refused.
    pub fn schema_limits(mut self, limits: SchemaLimits) -> Self {
        self.settings.limits = limits;
        self
    }

    /// Knows these models alone; any other one is not found. Without this setting every name is
    /// that of a model.
    pub fn models(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.settings.models = Models::only(names.into_iter().map(Into::into));
        self
    }

    /// What each model takes, one by one; no limits unless set.
    pub fn rate_limits(mut self, limits: RateLimits) -> Self {
        self.settings.rate_limits.usual = limits;
        self
    }

    /// What this model takes, in place of the limits for all models.
    pub fn model_rate_limits(mut self, model: impl Into<String>, limits: RateLimits) -> Self {
        self.settings.rate_limits.special.insert(model.into(), limits);
        self
    }

    /// What happens to uploaded files.
    pub fn files(mut self, rules: FileRules) -> Self {
        self.settings.files = rules;
        self
    }

    /// What may be cached.
    pub fn caches(mut self, rules: CacheRules) -> Self {
        self.settings.caches = rules;
        self
    }

    /// How batches go.
    pub fn batches(mut self, rules: BatchRules) -> Self {
        self.settings.batches = rules;
        self
    }

    /// Lets something go wrong now and then: with generated content, and with calls about files,
    /// caches and batches. Of several faults the first one whose turn it is happens. Replies that
    /// were [enqueued](Emulator::enqueue) stay as they are.
    pub fn fault(mut self, fault: impl Into<Fault>, rate: Rate) -> Self {
        self.settings.faults.push((fault.into(), rate));
        self
    }

    /// How long answers are held back, whatever they are: to requests for generated content, and to
    /// calls about files, caches and batches.
    pub fn latency(mut self, latency: Latency) -> Self {
        self.settings.latency = Some(latency);
        self
    }

    /// How long each piece of a stream is held back, the first one aside.
    pub fn piece_latency(mut self, latency: Latency) -> Self {
        self.settings.piece_latency = Some(latency);
        self
    }

    /// How many characters of text an event of a stream has at most; 80 unless set.
    pub fn chunk_chars(mut self, characters: usize) -> Self {
        self.settings.chunk_chars = characters.max(1);
        self
    }

    /// Replies by what a request says, in place of generated documents: checks, rate limits and
    /// faults come first. Where it says nothing the emulator answers on its own. It is asked for
    /// calls that the emulator doesn't know, too, and for each row of a batch as though it had come
    /// alone.
    ///
    /// # Examples
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> std::io::Result<()> {
    /// use gemini_emulator::{Emulator, Reply};
    ///
    /// let emulator = Emulator::builder()
    ///     .respond(|request| {
    ///         let asked = request.body["contents"][0]["parts"][0]["text"].as_str()?;
    ///         asked.contains("oboe").then(|| Reply::text("Woodwind"))
    ///     })
    ///     .start()
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn respond(
        mut self,
        respond: impl Fn(&RecordedRequest) -> Option<Reply> + Send + Sync + 'static,
    ) -> Self {
        self.settings.responder = Some(Responder(Arc::new(respond)));
        self
    }

    /// Does what a script says: its replies are the first ones to be
    /// [enqueued](Emulator::enqueue), its faults come after those that were set before, and its other
    /// settings take the place of those.
    pub fn script(mut self, mut script: Script) -> Self {
        self.replies.extend(script.take_replies());
        script.apply(self)
    }

    /// Takes the time from this clock, for delays, rate limits and the log.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.settings.clock = Arc::new(clock);
        self
    }

    /// Keeps the last `count` requests in the log instead of all.
    pub fn keep_requests(mut self, count: usize) -> Self {
        self.settings.keep_requests = count;
        self
    }

    /// Starts the emulator. Call it inside a Tokio runtime; the server runs there.
    ///
    /// # Errors
    ///
    /// Fails if the port is taken or may not be used.
    pub async fn start(mut self) -> io::Result<Emulator> {
        self.settings.cassettes.extend(Cassette::built_in());
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let listener = TcpListener::bind(address).await?;
        let url = format!("http://{}", listener.local_addr()?);
        let shared = Arc::new(Shared::new(self.settings, url));
        let task = tokio::spawn(server::serve(listener, Arc::clone(&shared)));
        let emulator = Emulator { shared, task };
        self.replies.into_iter().for_each(|reply| emulator.enqueue(reply));
        Ok(emulator)
    }
}

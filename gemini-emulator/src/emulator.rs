//! The handle that tests and programs hold.

use std::collections::VecDeque;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::cassette::Cassette;
use crate::log::RecordedRequest;
use crate::reply::Reply;
use crate::schema::SchemaLimits;
use crate::server;

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
    url: String,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

/// Settings of an emulator, from [`Emulator::builder`].
#[derive(Debug, Clone, Default)]
#[must_use = "the emulator starts with `start().await`"]
pub struct EmulatorBuilder {
    port: u16,
    settings: Settings,
}

/// What stays as it is while the emulator runs.
#[derive(Debug, Clone, Default)]
pub(crate) struct Settings {
    pub(crate) seed: u64,
    pub(crate) cassettes: Vec<Cassette>,
    pub(crate) limits: SchemaLimits,
}

/// What the handle and the connections share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) settings: Settings,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    replies: VecDeque<Reply>,
    requests: Vec<RecordedRequest>,
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
        &self.url
    }

    /// Adds a reply to the script. Each request takes the first one left, before the emulator looks
    /// at the request itself.
    pub fn enqueue(&self, reply: Reply) {
        self.shared.state().replies.push_back(reply);
    }

    /// The requests that have arrived so far, oldest first, without keys.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared.state().requests.clone()
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl EmulatorBuilder {
    /// Listens on this port; 0, the default, takes any free one.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The seed of generated documents. Equal seeds and equal requests give equal answers.
    pub fn seed(mut self, seed: u64) -> Self {
        self.settings.seed = seed;
        self
    }

    /// Adds recorded answers. Those added first come first; the built-in ones come last.
    pub fn cassette(mut self, cassette: Cassette) -> Self {
        self.settings.cassettes.push(cassette);
        self
    }

    /// Sets how large a schema may be before it is refused.
    pub fn schema_limits(mut self, limits: SchemaLimits) -> Self {
        self.settings.limits = limits;
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
        let state = Mutex::new(State::default());
        let shared = Arc::new(Shared { settings: self.settings, state });
        let task = tokio::spawn(server::serve(listener, Arc::clone(&shared)));
        Ok(Emulator { url, shared, task })
    }
}

impl Shared {
    /// Logs a request and takes the reply that the script has for it.
    pub(crate) fn record(&self, request: RecordedRequest) -> Option<Reply> {
        let mut state = self.state();
        state.requests.push(request);
        state.replies.pop_front()
    }

    /// The state, also after a thread panicked while it held the lock: every change of the state is
    /// a single push or pop.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! A small language for the tests: types to ask for, a client and its server, raw bytes.

use std::future::{Future, ready};
use std::pin::Pin;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use gemini_emulator::{Emulator, RecordedRequest, Reply};
use gemini_extract::{
    Client, ClientBuilder, Clock, Error, Extraction, GeminiSchema, Repair, Retry,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The key that every client of these tests carries.
pub(crate) const KEY: &str = "AIzaSyCanary-0123456789";

/// The variables that a client reads.
const OWN_VARIABLES: [&str; 13] = [
    "GOOGLE_API_KEY",
    "GEMINI_API_KEY",
    "GCE_METADATA_HOST",
    "GOOGLE_APPLICATION_CREDENTIALS",
    "GOOGLE_CLOUD_LOCATION",
    "GOOGLE_CLOUD_PROJECT",
    "GOOGLE_CLOUD_QUOTA_PROJECT",
    "GOOGLE_CLOUD_REGION",
    "GOOGLE_GEMINI_BASE_URL",
    "GOOGLE_VERTEX_BASE_URL",
    "GOOGLE_GENAI_API_VERSION",
    "GOOGLE_GENAI_USE_ENTERPRISE",
    "GOOGLE_GENAI_USE_VERTEXAI",
];

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
pub(crate) struct Recipe {
    pub(crate) recipe_name: String,
    #[gemini(min_items = 1)]
    pub(crate) ingredients: Vec<String>,
    #[gemini(minimum = 1, maximum = 5)]
    pub(crate) rating: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
pub(crate) enum Instrument {
    Percussion,
    String,
    Woodwind,
    #[serde(rename = "Brass & horns")]
    Brass,
}

/// A client for a server at this URL that asks once, with all the rest at its defaults.
pub(crate) fn builder(url: &str) -> ClientBuilder {
    Client::builder()
        .api_key(KEY)
        .base_url(url)
        .with_retry(Retry::never())
        .with_repair(Repair::never())
}

pub(crate) fn client(url: &str) -> Client {
    builder(url).build().expect("the settings are fine")
}

/// Asks for a `T` and gets this reply.
pub(crate) async fn ask<T>(reply: Reply) -> Result<Extraction<T>, Error>
where
    T: GeminiSchema + DeserializeOwned + 'static,
{
    ask_with(reply, |extract| extract).await
}

/// Asks for a `T` by a call with settings of its own, and gets this reply.
pub(crate) async fn ask_with<T>(
    reply: Reply,
    set: impl FnOnce(gemini_extract::Extract<T>) -> gemini_extract::Extract<T>,
) -> Result<Extraction<T>, Error>
where
    T: GeminiSchema + DeserializeOwned + 'static,
{
    let emulator = Emulator::start().await.expect("a port is free");
    emulator.enqueue(reply);
    set(client(emulator.url()).extract("the prompt")).detailed().await
}

/// Asks for a list of integers, and fails as expected.
pub(crate) async fn fail(reply: Reply) -> Error {
    ask::<Vec<i32>>(reply).await.expect_err("the reply is no answer")
}

/// A clock that never waits: asked to sleep, it moves on at once.
#[derive(Clone, Debug)]
pub(crate) struct Leaping {
    start: Instant,
    slept: Arc<Mutex<Vec<Duration>>>,
}

impl Leaping {
    pub(crate) fn new() -> Self {
        Self { start: Instant::now(), slept: Arc::default() }
    }

    /// How long was slept, each time.
    pub(crate) fn slept(&self) -> Vec<Duration> {
        self.slept.lock().expect("not poisoned").clone()
    }
}

impl Clock for Leaping {
    fn now(&self) -> Instant {
        self.start + self.slept().iter().sum::<Duration>()
    }

    fn sleep(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.slept.lock().expect("not poisoned").push(time);
        Box::pin(ready(()))
    }
}

/// The one request that a call sends.
pub(crate) async fn sent<T>(
    set: impl FnOnce(gemini_extract::Extract<T>) -> gemini_extract::Extract<T>,
) -> RecordedRequest
where
    T: GeminiSchema + DeserializeOwned + 'static,
{
    let emulator = Emulator::start().await.expect("a port is free");
    emulator.enqueue(Reply::text("not an answer to anything"));
    let _ = set(client(emulator.url()).extract("the prompt")).await;
    let mut requests = emulator.requests();
    assert_eq!(requests.len(), 1);
    requests.remove(0)
}

/// What a raw server does after its bytes.
#[derive(Clone, Copy)]
pub(crate) enum Then {
    Close,
    Wait,
}

/// A server that answers with bytes, whatever it is asked, and keeps what it was sent.
pub(crate) struct RawServer {
    pub(crate) url: String,
    received: Arc<Mutex<String>>,
}

impl RawServer {
    /// One that answers every request with the same bytes.
    pub(crate) async fn start(bytes: impl Into<Vec<u8>>, then: Then) -> Self {
        Self::start_with(vec![bytes.into()], then).await
    }

    /// One that answers one request after the other, and with the last bytes from then on.
    pub(crate) async fn start_with(answers: Vec<Vec<u8>>, then: Then) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let url = format!("http://{}", listener.local_addr().expect("it is bound"));
        let received = Arc::new(Mutex::new(String::new()));
        let log = Arc::clone(&received);
        tokio::spawn(async move {
            let mut waiting = Vec::new();
            let (mut answers, mut bytes) = (answers.into_iter(), Vec::new());
            while let Ok((mut stream, _)) = listener.accept().await {
                bytes = answers.next().unwrap_or(bytes);
                let request = read_request(&mut stream).await;
                log.lock().expect("not poisoned").push_str(&request);
                let _ = stream.write_all(&bytes).await;
                if matches!(then, Then::Wait) {
                    waiting.push(stream);
                }
            }
        });
        Self { url, received }
    }

    /// All that was sent to it, heads and bodies.
    pub(crate) fn received(&self) -> String {
        self.received.lock().expect("not poisoned").clone()
    }
}

/// Reads one request, with its body by the length that it announces.
pub(crate) async fn read_request(stream: &mut TcpStream) -> String {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&request).to_lowercase();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length.and_then(|length| length.parse().ok()).unwrap_or(0) {
                break;
            }
        }
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => break,
            Ok(read) => request.extend_from_slice(&buffer[..read]),
        }
    }
    String::from_utf8_lossy(&request).into_owned()
}

/// Runs a test in a process of its own that has these variables: `test`, the name of the test
/// that calls this, is started again there. False in that process.
pub(crate) fn in_environment(
    test: &str,
    variables: &[(&str, &str)],
    body: impl Future<Output = ()>,
) -> bool {
    const CHILD: &str = "GEMINI_EXTRACT_TEST_PROCESS";
    if std::env::var_os(CHILD).is_some() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(body);
        return false;
    }
    let mut child = Command::new(std::env::current_exe().expect("it runs"));
    for name in OWN_VARIABLES {
        child.env_remove(name);
    }
    let child = child.args(["--exact", test]).env(CHILD, "1").envs(variables.iter().copied());
    let output = child.output().expect("it starts");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
    true
}

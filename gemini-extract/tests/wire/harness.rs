//! A small language for the tests: types to ask for, a client and its server, raw bytes.

use std::sync::{Arc, Mutex};

use gemini_emulator::{Emulator, RecordedRequest, Reply};
use gemini_extract::{Client, ClientBuilder, Error, Extraction, GeminiSchema};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The key that every client of these tests carries.
pub const KEY: &str = "AIzaSyCanary-0123456789";

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
pub struct Recipe {
    pub recipe_name: String,
    #[gemini(min_items = 1)]
    pub ingredients: Vec<String>,
    #[gemini(minimum = 1, maximum = 5)]
    pub rating: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
pub enum Instrument {
    Percussion,
    String,
    Woodwind,
    #[serde(rename = "Brass & horns")]
    Brass,
}

/// A client for a server at this URL, with all the rest at its defaults.
pub fn builder(url: &str) -> ClientBuilder {
    Client::builder().api_key(KEY).base_url(url)
}

pub fn client(url: &str) -> Client {
    builder(url).build().expect("the settings are fine")
}

/// Asks for a `T` and gets this reply.
pub async fn ask<T>(reply: Reply) -> Result<Extraction<T>, Error>
where
    T: GeminiSchema + DeserializeOwned + 'static,
{
    ask_with(reply, |extract| extract).await
}

/// Asks for a `T` by a call with settings of its own, and gets this reply.
pub async fn ask_with<T>(
    reply: Reply,
    set: impl FnOnce(gemini_extract::Extract<T>) -> gemini_extract::Extract<T>,
) -> Result<Extraction<T>, Error>
where
    T: GeminiSchema + DeserializeOwned + 'static,
{
    let emulator = Emulator::start().await.expect("a port is free");
    emulator.enqueue(reply);
    set(client(emulator.url()).extract("the prompt"))
        .detailed()
        .await
}

/// Asks for a list of integers, and fails as expected.
pub async fn fail(reply: Reply) -> Error {
    ask::<Vec<i32>>(reply)
        .await
        .expect_err("the reply is no answer")
}

/// The one request that a call sends.
pub async fn sent<T>(
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
pub enum Then {
    Close,
    Wait,
}

/// A server that answers every request with the same bytes and keeps what it was sent.
pub struct RawServer {
    pub url: String,
    received: Arc<Mutex<String>>,
}

impl RawServer {
    pub async fn start(bytes: impl Into<Vec<u8>>, then: Then) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port is free");
        let url = format!("http://{}", listener.local_addr().expect("it is bound"));
        let received = Arc::new(Mutex::new(String::new()));
        let (bytes, log) = (bytes.into(), Arc::clone(&received));
        tokio::spawn(async move {
            let mut waiting = Vec::new();
            while let Ok((mut stream, _)) = listener.accept().await {
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
    pub fn received(&self) -> String {
        self.received.lock().expect("not poisoned").clone()
    }
}

/// Reads one request, with its body by the length that it announces.
async fn read_request(stream: &mut TcpStream) -> String {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&request).to_lowercase();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "));
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

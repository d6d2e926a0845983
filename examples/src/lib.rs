//! What the examples share: a client that works without a key too.

use std::env;
use std::error::Error;

use gemini_emulator::Emulator;
use gemini_extract::Client;

/// A client, and the emulator it talks to if there is one.
#[derive(Debug)]
pub struct Connection {
    /// The client; the same code whoever answers.
    pub client: Client,
    emulator: Option<Emulator>,
}

impl Connection {
    /// Connects to Gemini if `GOOGLE_API_KEY` or `GEMINI_API_KEY` is set, and otherwise to an
    /// emulator in this process, which it says on stderr.
    ///
    /// # Errors
    ///
    /// What the client or the emulator says when it cannot start.
    pub async fn open() -> Result<Connection, Box<dyn Error>> {
        if has_key() {
            return Ok(Connection { client: Client::from_env()?, emulator: None });
        }
        let emulator = Emulator::start().await?;
        eprintln!(
            "no GOOGLE_API_KEY or GEMINI_API_KEY is set: the emulator at {} answers instead of Gemini",
            emulator.url()
        );
        let client = Client::builder().api_key("emulator").base_url(emulator.url()).build()?;
        Ok(Connection { client, emulator: Some(emulator) })
    }

    /// The emulator, for what only it can do.
    #[must_use]
    pub fn emulator(&self) -> Option<&Emulator> {
        self.emulator.as_ref()
    }
}

fn has_key() -> bool {
    ["GOOGLE_API_KEY", "GEMINI_API_KEY"]
        .into_iter()
        .any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()))
}

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

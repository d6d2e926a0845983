//! What the examples share: a client that works without a key too.

use std::env;
use std::error::Error;

use gemini_emulator::{Cassette, Emulator};
use gemini_extract::Client;
use serde_json::{Value, json};

/// A client, and the emulator it talks to if there is one.
#[derive(Debug)]
pub struct Connection {
    /// The client; the same code whoever answers.
    pub client: Client,
    /// Kept, because it stops when it is dropped.
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
        let emulator = Emulator::builder().cassette(recordings()?).start().await?;
        eprintln!(
            "no GOOGLE_API_KEY or GEMINI_API_KEY is set: the emulator at {} gives recorded or made-up answers",
            emulator.url()
        );
        let client = Client::builder().api_key("emulator").base_url(emulator.url()).build()?;
        Ok(Connection { client, emulator: Some(emulator) })
    }
}

impl Connection {
    /// Whether the emulator answers, and no model.
    #[must_use]
    pub fn is_emulated(&self) -> bool {
        self.emulator.is_some()
    }
}

fn has_key() -> bool {
    ["GOOGLE_API_KEY", "GEMINI_API_KEY"]
        .into_iter()
        .any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// What the emulator answers to the inputs of the examples.
fn recordings() -> Result<Cassette, Box<dyn Error>> {
    let pairs = [
        (include_str!("../../LICENSE-APACHE"), include_str!("../answers/licence.json")),
        (include_str!("../inputs/resume.txt"), include_str!("../answers/resume.json")),
        (include_str!("../inputs/invoice.txt"), include_str!("../answers/invoice.json")),
    ];
    let mut interactions = Vec::new();
    for (prompt, answer) in pairs {
        let answer: Value = serde_json::from_str(answer)?;
        let mime_type = "application/json";
        interactions.push(json!({"prompt": prompt, "mimeType": mime_type, "answer": answer}));
    }
    Ok(Cassette::from_json(&json!({ "interactions": interactions }).to_string())?)
}

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

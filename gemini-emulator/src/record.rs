//! Passes requests on to another server and records what it answers.

mod upstream;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use hyper::http::request::Parts;

use crate::cassette::{Asked, Body, Cassette, CassetteError, Exchange, Response};
use crate::json::{self, Json};
use crate::log::{CENSORED, secrets};
use crate::reply::Reply;
use upstream::{Answer, Upstream};

/// Headers of responses that are passed on and kept.
const KEPT_HEADERS: [&str; 3] = ["retry-after", "x-gemini-service-tier", "server-timing"];

/// Passes requests on to another server and writes its answers to a cassette, for
/// [`EmulatorBuilder::record`](crate::EmulatorBuilder::record).
///
/// The key travels on with the request and is never written: of a request the method, the path, the
/// query without keys and the body are kept, and a key within them is censored. An answer is passed on
/// when it is complete; of a stream the pieces are kept as they came. An answer that can't be had is
/// a 502 and is not kept.
///
/// # Examples
///
/// ```no_run
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gemini_emulator::{Cassette, Emulator, Recorder};
///
/// let service = "https://generativelanguage.googleapis.com";
/// let recorder = Recorder::new(service, "cassette.json")?;
/// let recording = Emulator::builder().record(recorder).start().await?;
/// // ... requests to recording.url() ...
/// drop(recording);
///
/// let replaying = Emulator::builder().replay(Cassette::load("cassette.json")?).start().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Recorder {
    upstream: Upstream,
    path: PathBuf,
    interactions: Mutex<Vec<Json>>,
}

impl Recorder {
    /// Records what the server at `base_url` answers, in the file at `path`. A file that is there
    /// already is continued.
    ///
    /// # Errors
    ///
    /// Fails if the address is none of HTTP or HTTPS, if the file is there and is no cassette, or if
    /// TLS can't be set up.
    pub fn new(base_url: &str, path: impl AsRef<Path>) -> Result<Self, CassetteError> {
        let path = path.as_ref().to_owned();
        let upstream = Upstream::new(base_url).map_err(CassetteError::format)?;
        let interactions = Mutex::new(kept(&path)?);
        Ok(Recorder { upstream, path, interactions })
    }

    /// Passes a request on.
    pub(crate) async fn pass_on(&self, parts: &Parts, body: &[u8]) -> Reply {
        let answer = match self.upstream.ask(parts, body).await {
            Ok(answer) => answer,
            Err(reason) => {
                let message = format!("gemini-emulator has no answer to record: {reason}");
                return Reply::error(502, "UNAVAILABLE", message);
            }
        };
        let reply = pass_back(&answer);
        let exchange = Exchange { request: Asked::new(parts, body), response: keep(answer) };
        let mut interaction = exchange.print();
        censor(&mut interaction, &secrets(parts));
        match self.write(interaction) {
            Ok(()) => reply,
            Err(error) => {
                let path = self.path.display();
                let message = format!("gemini-emulator cannot write to {path}: {error}");
                Reply::error(500, "INTERNAL", message)
            }
        }
    }

    /// Adds to the file, which is whole at any time.
    fn write(&self, interaction: Json) -> io::Result<()> {
        let mut interactions = self.interactions.lock().unwrap_or_else(PoisonError::into_inner);
        interactions.push(interaction);
        let mut unfinished = self.path.clone().into_os_string();
        unfinished.push(".unfinished");
        fs::write(&unfinished, Cassette::print(&interactions))?;
        fs::rename(&unfinished, &self.path)
    }
}

/// The interactions that a file has already.
fn kept(path: &Path) -> Result<Vec<Json>, CassetteError> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    Cassette::load(path)?;
    let text = fs::read_to_string(path).map_err(|error| CassetteError::io(path, error))?;
    let cassette = json::parse(&text).map_err(|error| CassetteError::format(error.0))?;
    Ok(cassette.items("interactions").to_vec())
}

/// The answer as it came.
fn pass_back(answer: &Answer) -> Reply {
    let head = (answer.status, answer.content_type.as_str());
    let reply = if answer.is_whole {
        Reply::raw(head.0, head.1, answer.pieces.concat())
    } else {
        Reply::pieces(head, answer.pieces.clone())
    };
    let headers = answer.headers.iter().filter(|(name, _)| KEPT_HEADERS.contains(&name.as_str()));
    headers.fold(reply, |reply, (name, value)| reply.header(name, value))
}

/// The answer as it is kept.
fn keep(answer: Answer) -> Response {
    let is_json = answer.is_whole && answer.content_type.starts_with("application/json");
    let whole = answer.pieces.concat();
    let json = std::str::from_utf8(&whole).ok().filter(|_| is_json);
    let body = match json.and_then(|text| json::parse(text).ok()) {
        Some(body) => Body::Json(body),
        None => Body::Pieces(characters(&answer.pieces)),
    };
    let headers = answer.headers.into_iter();
    let headers = headers.filter(|(name, _)| KEPT_HEADERS.contains(&name.as_str()));
    Response {
        status: answer.status,
        content_type: answer.content_type,
        headers: headers.collect(),
        body,
    }
}

/// The pieces as text: a character that was cut goes to the next one.
fn characters(pieces: &[Vec<u8>]) -> Vec<String> {
    let mut texts = Vec::new();
    let mut left = Vec::new();
    for piece in pieces {
        left.extend_from_slice(piece);
        let whole = match std::str::from_utf8(&left) {
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => left.len(),
        };
        let rest = left.split_off(whole);
        texts.push(String::from_utf8_lossy(&left).into_owned());
        left = rest;
    }
    texts.push(String::from_utf8_lossy(&left).into_owned());
    texts.retain(|text| !text.is_empty());
    texts
}

/// Puts a mark in the place of every secret, wherever it stands.
fn censor(json: &mut Json, secrets: &[String]) {
    match json {
        Json::String(text) => censor_text(text, secrets),
        Json::Array(items) => items.iter_mut().for_each(|item| censor(item, secrets)),
        Json::Object(members) => {
            let censored = std::mem::take(members).into_iter().map(|(mut name, mut member)| {
                censor_text(&mut name, secrets);
                censor(&mut member, secrets);
                (name, member)
            });
            *members = censored.collect();
        }
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

fn censor_text(text: &mut String, secrets: &[String]) {
    for secret in secrets {
        if text.contains(secret.as_str()) {
            *text = text.replace(secret.as_str(), CENSORED);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cut_characters_stay_whole() {
        let pieces = [b"a\xc3".to_vec(), b"\xa4".to_vec(), b"b\xff".to_vec(), b"\xe2\x82".to_vec()];
        assert_eq!(characters(&pieces), ["a", "\u{e4}", "b\u{fffd}", "\u{fffd}"]);
    }
}

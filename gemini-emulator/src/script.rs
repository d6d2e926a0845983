//! Scripts from JSON: what the program is told to do.

mod error;
mod words;

use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use crate::emulator::EmulatorBuilder;
use crate::fault::{Fault, Rate};
use crate::latency::Latency;
use crate::rate_limits::RateLimits;
use crate::reply::{Part, Reply};

pub use error::ScriptError;
pub(crate) use words::fault_at_rate;

/// Replies, faults, latencies and limits from a JSON file, for
/// [`EmulatorBuilder::script`].
///
/// # The format
///
/// Every member may be left out. Any other member is refused.
///
/// ```json
/// {
///   "replies": [
///     {"text": "[\"flour\"]", "with": ["truncated", "split=1"]},
///     {"parts": [{"text": "hm", "thought": true}, {"text": "42"}], "finishReason": "STOP"},
///     {"json": {"error": {"code": 418}}, "status": 418, "headers": {"Retry-After": "2"}},
///     {"with": ["rate-limited=0.2s"]}
///   ],
///   "faults": ["unavailable @ 1/10", "truncated @ every 5", "reset @ first 2"],
///   "latency": "50ms, 2s every 50",
///   "pieceLatency": "1ms..5ms",
///   "chunkChars": 80,
///   "rateLimits": {"requestsPerMinute": 10, "inputTokensPerMinute": 1000, "requestsPerDay": 50},
///   "models": ["gemini-3.8-flash"]
/// }
/// ```
///
/// What can go wrong, by name; a reply has it behind `with`, and
/// [`Fault`] reads it from a string:
///
/// | Name | Instead of the answer |
/// |---|---|
/// | `rate-limited=DURATION` | 429 with a `RetryInfo` of this duration |
/// | `daily-quota` | 429 for the day |
/// | `internal`, `unavailable`, `deadline-exceeded` | 500, 503, 504 |
/// | `html=STATUS` | a page of HTML |
/// | `malformed-body` | a body that is no JSON |
/// | `blocked=REASON`, `empty=REASON` | a blocked prompt; a candidate without parts |
/// | `disconnect`, `reset` | the connection ends |
///
/// | Name | With the answer |
/// |---|---|
/// | `truncated`, `malformed`, `looping=TIMES` | the text is cut, is no JSON, is repeated |
/// | `to-be-continued` | the other half is sent for a token |
/// | `finish=REASON`, `no-finish-reason` | another finish reason, or none |
/// | `thought`, `null-fields` | a thought first; nulls in place of what is left out |
/// | `sparse-events` | events of a stream that hold next to nothing |
/// | `error-after=EVENTS`, `bare-error-after=EVENTS`, `end-after=EVENTS` | a stream ends early |
/// | `cut=BYTES`, `reset-after=BYTES` | the connection ends within the body |
/// | `split=BYTES` | the body comes in pieces of this size |
/// | `delay=DURATION`, `slow=DURATION` | a wait before the head; between the pieces |
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use gemini_emulator::{Emulator, Fault, Rate, Script};
///
/// let script = Script::from_json(r#"{"faults": ["unavailable @ 1/10"]}"#)?;
/// let emulator = Emulator::builder().script(script).start().await?;
/// let fault: Fault = "rate-limited=0.2s".parse()?;
/// let rate: Rate = "every 3".parse()?;
/// # let _ = (fault, rate);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "a script does nothing until an emulator has it"]
pub struct Script {
    replies: Vec<Reply>,
    faults: Vec<(Fault, Rate)>,
    latency: Option<Latency>,
    piece_latency: Option<Latency>,
    chunk_chars: Option<usize>,
    rate_limits: Option<RateLimits>,
    models: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[derive(Default)]
struct File {
    replies: Vec<FileReply>,
    faults: Vec<String>,
    latency: Option<String>,
    piece_latency: Option<String>,
    chunk_chars: Option<usize>,
    rate_limits: Option<FileLimits>,
    models: Option<Vec<String>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct FileReply {
    text: Option<String>,
    parts: Option<Vec<Value>>,
    json: Option<Value>,
    status: Option<u16>,
    finish_reason: Option<String>,
    headers: std::collections::BTreeMap<String, String>,
    with: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct FileLimits {
    requests_per_minute: Option<u64>,
    input_tokens_per_minute: Option<u64>,
    requests_per_day: Option<u64>,
}

impl Script {
    /// Reads a script.
    ///
    /// # Errors
    ///
    /// Fails if the text is not JSON of the format above; the error says where.
    pub fn from_json(text: &str) -> Result<Self, ScriptError> {
        let file: File = serde_json::from_str(text).map_err(|error| ScriptError::json(&error))?;
        let faults = file.faults.iter().map(|fault| fault_at_rate(fault));
        let replies = file.replies.into_iter().map(FileReply::read);
        let latency = |text: Option<String>| text.map(|text| text.parse()).transpose();
        Ok(Script {
            replies: replies.collect::<Result<_, _>>()?,
            faults: faults.collect::<Result<_, _>>()?,
            latency: latency(file.latency)?,
            piece_latency: latency(file.piece_latency)?,
            chunk_chars: file.chunk_chars,
            rate_limits: file.rate_limits.map(FileLimits::read),
            models: file.models,
        })
    }

    /// Reads a script from a file.
    ///
    /// # Errors
    ///
    /// Fails if the file can't be read or is not of the format above; the error names it.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, ScriptError> {
        let path = path.as_ref();
        let text = fs::read_to_string(path).map_err(|error| ScriptError::io(path, error))?;
        Script::from_json(&text).map_err(|error| error.at(path))
    }

    /// Adds something that goes wrong, such as `unavailable @ 1/10`.
    ///
    /// # Errors
    ///
    /// Fails if the fault or its rate has no such name.
    pub fn add_fault(&mut self, fault_at_rate: &str) -> Result<(), ScriptError> {
        self.faults.push(words::fault_at_rate(fault_at_rate)?);
        Ok(())
    }

    /// The replies, in order; they are enqueued at the start.
    pub(crate) fn take_replies(&mut self) -> Vec<Reply> {
        std::mem::take(&mut self.replies)
    }

    /// Everything but the replies.
    pub(crate) fn apply(self, mut builder: EmulatorBuilder) -> EmulatorBuilder {
        for (fault, rate) in self.faults {
            builder = builder.fault(fault, rate);
        }
        if let Some(latency) = self.latency {
            builder = builder.latency(latency);
        }
        if let Some(latency) = self.piece_latency {
            builder = builder.piece_latency(latency);
        }
        if let Some(characters) = self.chunk_chars {
            builder = builder.chunk_chars(characters);
        }
        if let Some(limits) = self.rate_limits {
            builder = builder.rate_limits(limits);
        }
        match self.models {
            Some(models) => builder.models(models),
            None => builder,
        }
    }
}

impl FileReply {
    fn read(self) -> Result<Reply, ScriptError> {
        let mut reply = match (self.text, self.parts, self.json) {
            (Some(text), None, None) => Reply::text(text),
            (None, Some(parts), None) => Reply::parts(parts.into_iter().map(Part::json)),
            (None, None, Some(body)) => Reply::json(self.status.unwrap_or(200), body),
            (None, None, None) if !self.with.is_empty() => Reply::text(""),
            _ => {
                let reason = "a reply has one of `text`, `parts` and `json`, or `with` alone";
                return Err(ScriptError::reason(reason));
            }
        };
        for name in &self.with {
            let fault: Fault = name.parse()?;
            reply = fault.apply(|| reply.clone());
        }
        if let Some(reason) = self.finish_reason {
            reply = reply.finish_reason(reason);
        }
        let headers = self.headers.into_iter();
        Ok(headers.fold(reply, |reply, (name, value)| reply.header(name, value)))
    }
}

impl FileLimits {
    fn read(self) -> RateLimits {
        let mut limits = RateLimits::new();
        if let Some(requests) = self.requests_per_minute {
            limits = limits.requests_per_minute(requests);
        }
        if let Some(tokens) = self.input_tokens_per_minute {
            limits = limits.input_tokens_per_minute(tokens);
        }
        if let Some(requests) = self.requests_per_day {
            limits = limits.requests_per_day(requests);
        }
        limits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_is_wrong() {
        let cases = [
            ("[", "not a script"),
            (r#"{"reply":[]}"#, "unknown field `reply`"),
            (r#"{"replies":[{}]}"#, "one of `text`, `parts` and `json`"),
            (r#"{"replies":[{"text":"a","json":1}]}"#, "one of `text`, `parts` and `json`"),
            (r#"{"replies":[{"text":"a","with":["oops"]}]}"#, "no fault has the name `oops`"),
            (r#"{"faults":["unavailable"]}"#, "`unavailable` has no rate"),
            (r#"{"faults":["unavailable @ often"]}"#, "`often` is no rate"),
            (r#"{"latency":"50"}"#, "`50` is no duration"),
            (r#"{"rateLimits":{"rpm":1}}"#, "unknown field `rpm`"),
        ];
        for (text, expected) in cases {
            let error = Script::from_json(text).unwrap_err();
            assert!(error.to_string().contains(expected), "{error}");
        }
    }

    #[test]
    fn replies_are_read() {
        let text = r#"{"replies": [
            {"text": "abcd", "with": ["truncated", "null-fields"], "headers": {"a": "b"}},
            {"with": ["unavailable"]},
            {"parts": [{"text": "x"}], "finishReason": "OTHER"},
            {"json": [1], "status": 418}
        ]}"#;
        let expected = [
            Reply::text("abcd").truncated().null_fields().header("a", "b"),
            Reply::unavailable(),
            Reply::text("x").finish_reason("OTHER"),
            Reply::json(418, serde_json::json!([1])),
        ];
        assert_eq!(Script::from_json(text).unwrap().take_replies(), expected);
    }
}

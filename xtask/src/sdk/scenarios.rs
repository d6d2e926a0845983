//! What the emulator answers to the prompts that the SDKs' checks have for it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use gemini_emulator::{BatchRules, Event, FileRules, Part, RecordedRequest, Reply, Split};
use serde_json::json;

/// The models that there are; a check asks for another one.
pub(super) const MODELS: [&str; 3] = ["gemini-3.8-flash", "gemini-3.5-flash", "gemini-2.5-flash"];

const UNICODE: &str = "Käseküche \u{1f370} line\u{2028}separator";
const PREFIX: &str = "scenario: ";

/// Replies to the prompts that start with `scenario:`; the emulator answers the others itself.
pub(super) fn responder() -> impl Fn(&RecordedRequest) -> Option<Reply> + Send + Sync + 'static {
    let seen = Mutex::new(HashMap::<String, usize>::new());
    move |request| {
        let contents = request.body["contents"].as_array()?;
        let [only] = contents.as_slice() else {
            return None;
        };
        let name = only["parts"][0]["text"].as_str()?.strip_prefix(PREFIX)?;
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        let times = seen.entry(name.to_owned()).or_default();
        *times += 1;
        Some(reply(name, *times, request))
    }
}

/// Files take long enough to be seen while they are processed.
pub(super) fn files() -> FileRules {
    FileRules::new().processing(Duration::from_millis(200))
}

/// Batches take long enough to be polled and cancelled.
pub(super) fn batches() -> BatchRules {
    BatchRules::new().pending(Duration::from_millis(300)).running(Duration::from_millis(200))
}

/// The reply to a prompt that was seen so many times.
fn reply(name: &str, times: usize, request: &RecordedRequest) -> Reply {
    match name {
        "rate limited" => Reply::rate_limited(Duration::from_secs(2)),
        "daily quota" => Reply::daily_quota(),
        "overloaded" => Reply::unavailable(),
        "html" => Reply::html(502),
        "disconnect" => Reply::disconnect(),
        "error in the stream" => {
            let error = Event::error(503, "UNAVAILABLE", "The model is overloaded.");
            Reply::text("half of it").chunk_chars(4).error_after(1, error)
        }
        "blocked" => Reply::blocked("SAFETY"),
        "safety" => Reply::empty("SAFETY"),
        "recitation" => Reply::empty("RECITATION"),
        "max tokens" => Reply::empty("MAX_TOKENS"),
        "nulls" => Reply::text("nothing is null").null_fields(),
        "sparse" => Reply::text("next to nothing").chunk_chars(5).sparse_events(),
        "function call" => Reply::parts([Part::json(json!({
            "functionCall": {"id": "c1", "name": "get_weather", "args": {"city": "Lyon"}},
            "thoughtSignature": "AAAA",
        }))]),
        "continued" if request.body.get("continuationToken").is_none() => {
            Reply::text("one, ").continued("AAAA")
        }
        "continued" => Reply::text("two"),
        "split bytes" => unicode(Split::every(1)),
        "split characters" => unicode(Split::inside_characters()),
        "split line-ends" => unicode(Split::inside_line_ends()),
        "split random" => unicode(Split::random(1)),
        name if name.starts_with("fails twice") && times <= 2 => Reply::unavailable(),
        name if name.starts_with("fails twice") => Reply::text("third time lucky"),
        _ => Reply::error(400, "INVALID_ARGUMENT", format!("no such scenario: {name}")),
    }
}

fn unicode(split: Split) -> Reply {
    Reply::text(UNICODE).chunk_chars(6).split(split)
}

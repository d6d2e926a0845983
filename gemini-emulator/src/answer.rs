//! Answers that the emulator makes itself: from a cassette, or from the schema.

use crate::cassette::Cassette;
use crate::emulator::Settings;
use crate::error::Refusal;
use crate::generate::{Random, fingerprint, generate};
use crate::json::{Json, Members};
use crate::reply::{Answer, Asked, Candidate, Part, Reply};
use crate::request::{Config, GenerateRequest, Output, sent_before};

/// The rule of thumb that the service's own documentation gives for English.
pub(crate) const CHARACTERS_PER_TOKEN: usize = 4;
const LONGEST_ECHO: usize = 200;

/// An answer, and what it says of the request.
pub(crate) struct Answered {
    pub(crate) reply: Reply,
    /// What is known of the request beside what its bytes say.
    pub(crate) known: Option<Known>,
}

/// What a checked request says of itself.
pub(crate) struct Known {
    pub(crate) prompt_tokens: usize,
    pub(crate) cached_tokens: usize,
    pub(crate) response_id: String,
}

impl Answered {
    /// A reply that needs to know nothing of the request.
    pub(crate) fn reply(reply: Reply) -> Self {
        Answered { reply, known: None }
    }

    /// A reply in the place of the answer to a request.
    pub(crate) fn in_place(reply: Reply, request: &GenerateRequest) -> Self {
        Answered { reply, known: Some(Known::of(request, request.fingerprint)) }
    }
}

impl Known {
    fn of(request: &GenerateRequest, number: u64) -> Self {
        let GenerateRequest { prompt_tokens, cached_tokens, .. } = *request;
        Known { prompt_tokens, cached_tokens, response_id: response_id(number) }
    }

    /// Tells what is known to whoever renders the answer.
    pub(crate) fn tell(self, asked: &mut Asked) {
        asked.prompt_tokens = self.prompt_tokens;
        asked.cached_tokens = self.cached_tokens;
        asked.response_id = self.response_id;
    }
}

/// The token count of a text by the emulator's rule: one token for four characters, rounded up.
pub(crate) fn tokens(text: &str) -> usize {
    text.chars().count().div_ceil(CHARACTERS_PER_TOKEN)
}

/// The identifier of a response, marked as emulated.
pub(crate) fn response_id(number: u64) -> String {
    format!("emulated-{number:016x}")
}

/// Answers a request that was found to be in order.
pub(crate) fn answer(request: &GenerateRequest, settings: &Settings) -> Result<Answered, Refusal> {
    let number =
        fingerprint([&settings.seed.to_le_bytes()[..], &request.fingerprint.to_le_bytes()]);
    let sent_before = sent_before(request.continuation.as_deref())?;
    let mut random = Random::new(number);
    let mut answer = Answer::default();
    for _ in 0..request.config.candidate_count {
        let whole = text(request, &settings.cassettes, &mut random)?;
        let rest = whole.chars().skip(sent_before).collect();
        let (text, finish_reason) = finish(rest, &request.config);
        let thought = request.config.include_thoughts.then(|| thought(&request.prompt));
        let parts: Vec<Part> = thought.into_iter().chain([Part::text(text)]).collect();
        let mut candidate = Candidate::new(parts, finish_reason);
        candidate.sent_before = sent_before;
        answer.candidates.push(candidate);
    }
    Ok(Answered { reply: Reply::answer(answer), known: Some(Known::of(request, number)) })
}

fn text(
    request: &GenerateRequest,
    cassettes: &[Cassette],
    random: &mut Random,
) -> Result<String, Refusal> {
    let output = &request.config.output;
    let recorded = cassettes.iter().find_map(|cassette| cassette.answer(&request.prompt, output));
    if let Some(recorded) = recorded {
        return Ok(recorded);
    }
    match output {
        Output::Text => Ok(format!("This answer is emulated. Asked: {}", echo(&request.prompt))),
        Output::Json(None) => {
            let members = [
                ("emulated".to_owned(), Json::Bool(true)),
                ("asked".to_owned(), Json::String(echo(&request.prompt))),
            ];
            Ok(Json::Object(Members::from(members)).to_string())
        }
        Output::Json(Some(schema)) | Output::Enum(schema) => {
            let document = generate(schema, &request.words(), random)
                .map_err(|impossible| Refusal::beyond_emulation(&impossible.to_string()))?;
            Ok(print(&document, output))
        }
    }
}

/// The document as text: JSON, or the bare member of an enum.
pub(crate) fn print(document: &Json, output: &Output) -> String {
    match (output, document) {
        (Output::Text | Output::Enum(_), Json::String(text)) => text.clone(),
        _ => document.to_string(),
    }
}

/// Cuts the text where the request wants it cut, and says why it ends.
fn finish(mut text: String, config: &Config) -> (String, &'static str) {
    let stops = config.stop_sequences.iter().filter_map(|stop| text.find(stop.as_str()));
    if let Some(end) = stops.min() {
        text.truncate(end);
    }
    let most = config.max_output_tokens.map(|most| most.saturating_mul(CHARACTERS_PER_TOKEN));
    let end = most.and_then(|most| text.char_indices().nth(most));
    match end {
        Some((end, _)) => {
            text.truncate(end);
            (text, "MAX_TOKENS")
        }
        None => (text, "STOP"),
    }
}

fn thought(prompt: &str) -> Part {
    Part::thought(format!("This thought is emulated. Asked: {}", echo(prompt)))
}

fn echo(prompt: &str) -> String {
    prompt.chars().take(LONGEST_ECHO).collect()
}

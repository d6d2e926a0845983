//! An answer as the script has it, and as one message or as the chunks of a stream.

use serde_json::{Map, Value, json};

use super::{Asked, Part};
use crate::answer::CHARACTERS_PER_TOKEN;

pub(super) const STOP: &str = "STOP";

/// What an answer holds.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Answer {
    pub(crate) candidates: Vec<Candidate>,
}

/// One candidate.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Candidate {
    /// Nothing stands for a content without parts, as the service has it where thoughts took all
    /// tokens.
    pub(crate) parts: Option<Vec<Part>>,
    pub(crate) finish_reason: Option<String>,
    pub(crate) continuation_token: Option<String>,
    /// How many characters of the answer were sent before this one.
    pub(crate) sent_before: usize,
}

/// Characters of a text, by what they are.
#[derive(Debug, Clone, Copy, Default)]
struct Characters {
    answer: usize,
    thoughts: usize,
}

impl Candidate {
    pub(crate) fn new(parts: impl Into<Option<Vec<Part>>>, finish_reason: &str) -> Self {
        Candidate {
            parts: parts.into(),
            finish_reason: Some(finish_reason.to_owned()),
            continuation_token: None,
            sent_before: 0,
        }
    }

    /// The text of the answer, without thoughts.
    pub(super) fn text(&self) -> String {
        self.parts.iter().flatten().filter_map(Part::answer_text).collect()
    }

    /// Puts a text in the place of the answer's text parts.
    pub(super) fn set_text(&mut self, text: impl Into<String>) {
        let parts = self.parts.get_or_insert_default();
        parts.retain(|part| part.answer_text().is_none());
        parts.push(Part::text(text));
    }

    /// The candidate as one message has it.
    fn whole(&self, index: usize) -> Value {
        let mut candidate = self.chunk(index, self.parts.as_deref());
        self.finish(&mut candidate);
        candidate
    }

    /// The candidate as the chunks of a stream have it, and the characters in each.
    fn chunks(&self, index: usize, characters: usize) -> Vec<(Value, Characters)> {
        let parts = self.parts.iter().flatten();
        let mut chunks: Vec<(Value, Characters)> = parts
            .flat_map(|part| part.split(characters))
            .map(|part| {
                let counted = Characters::of(std::slice::from_ref(&part));
                (self.chunk(index, Some(&[part])), counted)
            })
            .collect();
        if chunks.is_empty() {
            chunks.push((self.chunk(index, self.parts.as_deref()), Characters::default()));
        }
        if let Some((last, _)) = chunks.last_mut() {
            self.finish(last);
        }
        chunks
    }

    fn chunk(&self, index: usize, parts: Option<&[Part]>) -> Value {
        let mut content = Map::new();
        if let Some(parts) = parts {
            content.insert("parts".to_owned(), parts.iter().map(Part::value).cloned().collect());
        }
        content.insert("role".to_owned(), "model".into());
        json!({"content": content, "index": index})
    }

    fn finish(&self, candidate: &mut Value) {
        let Some(members) = candidate.as_object_mut() else {
            return;
        };
        let endings = [
            ("finishReason", &self.finish_reason),
            ("continuationToken", &self.continuation_token),
        ];
        for (name, value) in endings {
            if let Some(value) = value {
                members.insert(name.to_owned(), value.as_str().into());
            }
        }
    }
}

impl Answer {
    /// The whole answer as one message.
    pub(super) fn whole(&self, asked: &Asked) -> Value {
        let candidates: Vec<Value> =
            self.candidates.iter().enumerate().map(|(index, one)| one.whole(index)).collect();
        let parts = self.candidates.iter().filter_map(|candidate| candidate.parts.as_deref());
        let counted = parts.map(Characters::of).fold(Characters::default(), Characters::plus);
        message(asked, &candidates, counted)
    }

    /// The answer as the chunks of a stream. Usage is a running total, complete in the last chunk.
    pub(super) fn chunks(&self, asked: &Asked, characters: usize) -> Vec<Value> {
        let candidates = self.candidates.iter().enumerate();
        let chunks = candidates.flat_map(|(index, one)| one.chunks(index, characters));
        let mut total = Characters::default();
        let messages = chunks.map(|(candidate, counted)| {
            total = total.plus(counted);
            message(asked, &[candidate], total)
        });
        messages.collect()
    }
}

impl Characters {
    fn of(parts: &[Part]) -> Self {
        let mut counted = Characters::default();
        for part in parts {
            let length = part.any_text().unwrap_or_default().chars().count();
            let kind = if part.is_thought() { &mut counted.thoughts } else { &mut counted.answer };
            *kind += length;
        }
        counted
    }

    fn plus(self, other: Self) -> Self {
        Characters { answer: self.answer + other.answer, thoughts: self.thoughts + other.thoughts }
    }
}

/// A message without candidates: the prompt was blocked.
pub(super) fn blocked(asked: &Asked, reason: &str) -> Value {
    json!({
        "promptFeedback": {"blockReason": reason},
        "usageMetadata": prompt_usage(asked),
        "modelVersion": emulated_version(asked),
        "responseId": asked.response_id,
    })
}

fn message(asked: &Asked, candidates: &[Value], counted: Characters) -> Value {
    let answer_tokens = counted.answer.div_ceil(CHARACTERS_PER_TOKEN);
    let thought_tokens = counted.thoughts.div_ceil(CHARACTERS_PER_TOKEN);
    let mut usage = prompt_usage(asked);
    usage["candidatesTokenCount"] = answer_tokens.into();
    usage["totalTokenCount"] = (asked.prompt_tokens + answer_tokens + thought_tokens).into();
    usage["promptTokensDetails"] = as_text(asked.prompt_tokens);
    if thought_tokens > 0 {
        usage["thoughtsTokenCount"] = thought_tokens.into();
    }
    json!({
        "candidates": candidates,
        "usageMetadata": usage,
        "modelVersion": emulated_version(asked),
        "responseId": asked.response_id,
    })
}

/// What usage says of the prompt.
fn prompt_usage(asked: &Asked) -> Value {
    let tokens = asked.prompt_tokens;
    let mut usage = json!({"promptTokenCount": tokens, "totalTokenCount": tokens});
    if asked.cached_tokens > 0 {
        usage["cachedContentTokenCount"] = asked.cached_tokens.into();
        usage["cacheTokensDetails"] = as_text(asked.cached_tokens);
    }
    usage
}

fn as_text(tokens: usize) -> Value {
    json!([{"modality": "TEXT", "tokenCount": tokens}])
}

/// Marks the answer as one that no model made.
fn emulated_version(asked: &Asked) -> String {
    format!("emulated-{}", asked.model)
}

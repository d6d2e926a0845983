//! An answer: what the first candidate says, and what is known about it.

use std::{fmt, mem};

use super::text::BYTE_ORDER_MARK;
use super::wire::{self, Candidate, Cost, GenerateContentResponse, Name};
use super::{BlockReason, FinishReason, HarmCategory, HarmProbability, Usage};
use crate::ErrorKind;
use crate::secret::Secret;

/// How an answer or a prompt is rated for one kind of harm.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SafetyRating {
    /// The kind of harm.
    pub category: HarmCategory,
    /// How likely it is, where the service says so.
    pub probability: Option<HarmProbability>,
    /// Whether the text was blocked for this.
    pub is_blocked: bool,
}

/// What came back, before a value is read from it.
#[derive(Default)]
pub(crate) struct Answer {
    /// The text of all parts that aren't thoughts, joined.
    pub(crate) text: String,
    /// The text of all parts that are thoughts, joined.
    pub(crate) thoughts: Option<String>,
    pub(crate) finish_reason: Option<FinishReason>,
    pub(crate) block_reason: Option<BlockReason>,
    pub(crate) safety_ratings: Vec<SafetyRating>,
    pub(crate) usage: Option<Usage>,
    pub(crate) model_version: Option<String>,
    pub(crate) response_id: Option<String>,
    /// With this there is more to be had.
    pub(crate) continuation: Option<String>,
}

/// A body that isn't an answer: it has another shape, or is an error in the place of one. Serde's
/// error on it could quote anything, so it isn't kept.
#[derive(Debug, Default)]
pub(crate) struct NotAnAnswer {
    /// What it cost, if it says so.
    pub(crate) usage: Option<Box<Usage>>,
}

impl Answer {
    /// Reads the body of a successful response.
    pub(crate) fn read(body: &[u8], secret: &Secret) -> Result<Self, NotAnAnswer> {
        let text = str::from_utf8(body).map_err(|_| NotAnAnswer::default())?;
        let text = text.trim_start_matches(BYTE_ORDER_MARK).trim_ascii_start();
        // Serde reads structs from arrays as well; an answer is always an object.
        if !text.starts_with('{') {
            return Err(NotAnAnswer::default());
        }
        let response: GenerateContentResponse<'_> =
            serde_json::from_str(text).map_err(|_| NotAnAnswer::read(text, secret))?;
        if response.error.is_some() && response.candidates.as_ref().is_none_or(Vec::is_empty) {
            return Err(NotAnAnswer::read(text, secret));
        }
        Ok(Self::from_wire(response, secret))
    }

    /// The kind of failure that the answer stands for by itself, before its text is read.
    pub(crate) fn failure(&self) -> Option<ErrorKind> {
        if self.block_reason.is_some() && self.text.is_empty() {
            return Some(ErrorKind::PromptBlocked);
        }
        let stopped = self.finish_reason.as_ref().and_then(FinishReason::failure);
        stopped.or_else(|| self.text.trim().is_empty().then_some(ErrorKind::EmptyAnswer))
    }

    /// Adds what follows: its text, and what is known about it. What it leaves out stays, but for
    /// the reason to stop and the usage, which are of each part.
    pub(crate) fn append(&mut self, next: Self) {
        let mut known = mem::take(self);
        known.text.push_str(&next.text);
        let thoughts = match (known.thoughts, next.thoughts) {
            (Some(first), Some(then)) => Some(first + &then),
            (first, then) => first.or(then),
        };
        let is_rated = !next.safety_ratings.is_empty();
        *self = Self {
            text: known.text,
            thoughts,
            block_reason: next.block_reason.or(known.block_reason),
            safety_ratings: if is_rated { next.safety_ratings } else { known.safety_ratings },
            model_version: next.model_version.or(known.model_version),
            response_id: next.response_id.or(known.response_id),
            finish_reason: next.finish_reason,
            usage: next.usage,
            continuation: next.continuation,
        };
    }

    fn from_wire(response: GenerateContentResponse<'_>, secret: &Secret) -> Self {
        let mask = |text: String| secret.masked(text);
        let mut answer = Self {
            usage: response.usage_metadata.map(|usage| Usage::read(usage, secret)),
            model_version: response.model_version.map(mask),
            response_id: response.response_id.map(mask),
            ..Self::default()
        };
        let feedback = response.prompt_feedback.unwrap_or_default();
        answer.block_reason =
            feedback.block_reason.map(|Name(reason)| BlockReason::from(&*secret.mask(&reason)));
        let mut candidates = response.candidates.into_iter().flatten().flatten();
        match candidates.next() {
            Some(candidate) => answer.add_candidate(candidate, secret),
            None => answer.safety_ratings = ratings(feedback.safety_ratings, secret),
        }
        answer
    }

    fn add_candidate(&mut self, candidate: Candidate<'_>, secret: &Secret) {
        self.finish_reason =
            candidate.finish_reason.map(|Name(reason)| FinishReason::from(&*secret.mask(&reason)));
        self.safety_ratings = ratings(candidate.safety_ratings, secret);
        let is_continued = self.finish_reason == Some(FinishReason::Continuation);
        self.continuation = candidate.continuation_token.filter(|_| is_continued);
        let parts = candidate.content.and_then(|content| content.parts);
        for part in parts.into_iter().flatten().flatten() {
            let Some(text) = part.text else { continue };
            if part.thought == Some(true) {
                self.thoughts.get_or_insert_default().push_str(&text);
            } else if self.text.is_empty() {
                self.text = text;
            } else {
                self.text.push_str(&text);
            }
        }
    }
}

impl NotAnAnswer {
    fn read(text: &str, secret: &Secret) -> Self {
        let cost: Cost<'_> = serde_json::from_str(text).unwrap_or_default();
        let usage = cost.usage_metadata.map(|usage| Usage::read(usage, secret));
        Self { usage: usage.map(Box::new) }
    }
}

fn ratings(
    ratings: Option<Vec<Option<wire::SafetyRating<'_>>>>,
    secret: &Secret,
) -> Vec<SafetyRating> {
    let Some(ratings) = ratings else { return Vec::new() };
    let ratings = ratings.into_iter().flatten().filter_map(|rating| {
        let Name(category) = rating.category?;
        let probability = rating.probability;
        Some(SafetyRating {
            category: HarmCategory::from(&*secret.mask(&category)),
            probability: probability.map(|Name(name)| HarmProbability::from(&*secret.mask(&name))),
            is_blocked: rating.blocked.unwrap_or_default(),
        })
    });
    ratings.collect()
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("finish_reason", &self.finish_reason)
            .field("block_reason", &self.block_reason)
            .field("usage", &self.usage)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::{Answer, NotAnAnswer};
    use crate::ErrorKind;
    use crate::response::{BlockReason, FinishReason};
    use crate::secret::Secret;

    fn read(body: &str) -> Result<Answer, NotAnAnswer> {
        Answer::read(body.as_bytes(), &Secret::new("planted"))
    }

    #[test]
    fn text_of_all_parts_but_thoughts_is_joined() {
        let answer = read(
            r#"{"candidates":[{"content":{"role":"model","parts":[
                {"text":"hm ","thought":true},{"text":"[1,"},{"inlineData":{}},null,
                {"text":"2]","thought":false,"thoughtSignature":"Co"},{"text":"so","thought":true}
            ]},"finishReason":"STOP"},{"content":{"parts":[{"text":"second"}]}}]}"#,
        )
        .expect("an answer");
        assert_eq!(answer.text, "[1,2]");
        assert_eq!(answer.thoughts.as_deref(), Some("hm so"));
        assert_eq!(answer.failure(), None);
    }

    #[test]
    fn null_counts_as_absent() {
        for body in [
            r#"{"candidates":null,"promptFeedback":null,"usageMetadata":null}"#,
            r#"{"candidates":[]}"#,
            r#"{"candidates":[null]}"#,
            r#"{"candidates":[{"content":null,"finishReason":null,"safetyRatings":null}]}"#,
            r#"{"candidates":[{"content":{"parts":null}}],"modelVersion":null,"error":null}"#,
            r#"{"candidates":[{"content":{"parts":[{"text":null,"thought":null}]}}]}"#,
            "{}",
        ] {
            let answer = read(body).unwrap_or_else(|error| panic!("{body}: {error:?}"));
            assert_eq!(answer.failure(), Some(ErrorKind::EmptyAnswer), "{body}");
        }
    }

    #[test]
    fn a_blocked_prompt_has_its_reason() {
        let answer = read(
            r#"{"promptFeedback":{"blockReason":"NEW","safetyRatings":[
            {"category":"HARM_CATEGORY_HARASSMENT","probability":"HIGH","blocked":true}]}}"#,
        )
        .expect("an answer");
        assert_eq!(answer.block_reason, Some(BlockReason::from("NEW")));
        assert!(answer.safety_ratings[0].is_blocked);
        assert_eq!(answer.failure(), Some(ErrorKind::PromptBlocked));
    }

    #[test]
    fn unknown_finish_reasons_are_kept() {
        let answer = read(r#"{"candidates":[{"finishReason":"TIRED"}]}"#).expect("an answer");
        assert_eq!(answer.finish_reason, Some(FinishReason::from("TIRED")));
        assert_eq!(answer.failure(), Some(ErrorKind::Stopped));
    }

    #[test]
    fn numbers_for_names_are_kept() {
        let answer = read(
            r#"{"candidates":[{"finishReason":25,"safetyRatings":[{"category":14,"probability":-1}]}],
                "usageMetadata":{"serviceTier":3,"promptTokensDetails":[{"modality":9}]}}"#,
        )
        .expect("an answer");
        assert_eq!(answer.finish_reason, Some(FinishReason::from("25")));
        assert_eq!(answer.safety_ratings[0].category.as_str(), "14");
        let usage = answer.usage.expect("usage");
        assert_eq!(usage.service_tier.as_deref(), Some("3"));
        assert_eq!(usage.prompt_details[0].modality.as_str(), "9");
    }

    #[test]
    fn what_is_not_an_answer_is_none() {
        for body in ["", "[]", "null", "<html>", "{", r#"{"candidates":1}"#, "\"text\""] {
            assert!(read(body).is_err(), "{body}");
        }
        assert!(read(r#"{"error":{"code":429}}"#).is_err());
    }

    #[test]
    fn what_is_not_an_answer_keeps_its_cost() {
        for candidates in [r#"{"content":{}}"#, r#"[{"content":{"parts":[{"thought":"true"}]}}]"#] {
            let body =
                format!(r#"{{"candidates":{candidates},"usageMetadata":{{"totalTokenCount":5}}}}"#);
            let usage = read(&body).expect_err("no answer").usage;
            assert_eq!(usage.map(|usage| usage.total_tokens), Some(5), "{body}");
        }
    }
}

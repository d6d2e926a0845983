//! What is known of a stream beside what it yields.

use crate::response::{Answer, FinishReason, SafetyRating, Usage};

/// What is known of a stream beside what it yields: so far, and at the end in full.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct StreamSummary {
    /// What the call cost in tokens, as the service last said; with what failed attempts cost.
    pub usage: Usage,
    /// Why the model stopped; absent while it hasn't.
    pub finish_reason: Option<FinishReason>,
    /// The model that answers, with its version.
    pub model_version: Option<String>,
    /// The service's identifier of the response.
    pub response_id: Option<String>,
    /// How the service rates the answer.
    pub safety_ratings: Vec<SafetyRating>,
    /// How often the request was sent; zero before the answer begins.
    pub attempts: u32,
    /// What the call cost, when it has ended and where all prices are known.
    pub cost: Option<f64>,
}

/// Takes over what a later part of the answer says; its text and thoughts are left aside.
pub(super) fn update(head: &mut Answer, part: Answer) {
    if part.usage.is_some() {
        head.usage = part.usage;
    }
    head.finish_reason = part.finish_reason.or(head.finish_reason.take());
    head.block_reason = part.block_reason.or(head.block_reason.take());
    head.continuation = part.continuation.or(head.continuation.take());
    head.model_version = part.model_version.or(head.model_version.take());
    head.response_id = part.response_id.or(head.response_id.take());
    if !part.safety_ratings.is_empty() {
        head.safety_ratings = part.safety_ratings;
    }
}

/// What is known, with a text of the answer.
pub(super) fn with_text(head: &Answer, text: String) -> Answer {
    Answer {
        text,
        thoughts: None,
        finish_reason: head.finish_reason.clone(),
        block_reason: head.block_reason.clone(),
        safety_ratings: head.safety_ratings.clone(),
        usage: head.usage.clone(),
        model_version: head.model_version.clone(),
        response_id: head.response_id.clone(),
        continuation: None,
    }
}

//! A value with everything that is known about the answer it came from.

use std::fmt;
use std::time::Duration;

use crate::carrier::{Carrier, CarrierReason};
use crate::response::{FinishReason, SafetyRating, Usage};

/// A value with everything that is known about the answer it came from.
///
/// Made by [`Extract::detailed`](crate::Extract::detailed). `Debug` shows neither the value nor
/// the answer's text.
#[derive(Clone)]
#[non_exhaustive]
pub struct Extraction<T> {
    /// The value.
    pub value: T,
    /// What the call cost in tokens, with all its attempts.
    pub usage: Usage,
    /// What all of that costs by the client's [`Prices`](crate::Prices); `None` where it has none,
    /// or none for a model that answered.
    pub cost: Option<f64>,
    /// How many attempts were made for it.
    pub attempts: u32,
    /// How often a bad answer was asked for again.
    pub repairs: u32,
    /// How long it took, with all its attempts and the times between them.
    pub elapsed: Duration,
    /// Why the model stopped, where the service says so; it is
    /// [`Stop`](FinishReason::Stop) then.
    pub finish_reason: Option<FinishReason>,
    /// The model that answered, with its version, such as `gemini-3.8-flash`.
    pub model_version: Option<String>,
    /// The service's identifier of the response.
    pub response_id: Option<String>,
    /// The answer as the model wrote it, thoughts left out.
    pub raw_text: String,
    /// The model's thoughts, where it sent any. They are never read as an answer.
    pub thoughts: Option<String>,
    /// How the service rates the answer.
    pub safety_ratings: Vec<SafetyRating>,
    /// The field of the request that carried the schema.
    pub carrier: Carrier,
    /// Why the schema travelled in that field.
    pub carrier_reason: CarrierReason,
}

impl<T> Extraction<T> {
    /// Adds what a call for the same has cost that failed before.
    #[cfg(feature = "batch")]
    pub(crate) fn after(&mut self, error: &crate::Error) {
        if let Some(usage) = error.usage() {
            self.usage += usage;
        }
        self.cost = crate::error::both((error.cost(), error.usage().is_some()), (self.cost, true));
        self.attempts = self.attempts.saturating_add(error.attempts());
        self.repairs = self.repairs.saturating_add(error.repairs());
        self.elapsed = self.elapsed.saturating_add(error.elapsed());
    }
}

impl<T> fmt::Debug for Extraction<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Extraction")
            .field("usage", &self.usage)
            .field("cost", &self.cost)
            .field("attempts", &self.attempts)
            .field("repairs", &self.repairs)
            .field("elapsed", &self.elapsed)
            .field("finish_reason", &self.finish_reason)
            .field("model_version", &self.model_version)
            .field("response_id", &self.response_id)
            .field("raw_text", &format_args!("{} bytes", self.raw_text.len()))
            .field("carrier", &self.carrier)
            .finish_non_exhaustive()
    }
}

//! A request but for its prompt, for calls that differ in nothing else.

use super::body::{Conversation, render_around};
use super::{Endpoint, Parameters, Request};
use crate::carrier::Carried;

/// A request but for its prompt.
pub(crate) struct Template {
    endpoint: Endpoint,
    carried: Carried,
    before: String,
    after: String,
}

impl Template {
    pub(crate) fn new(
        endpoint: Endpoint,
        conversation: &Conversation<'_>,
        parameters: &Parameters,
        carried: Carried,
    ) -> serde_json::Result<Self> {
        let (before, after) = render_around(conversation, parameters, &carried)?;
        Ok(Self { endpoint, carried, before, after })
    }

    pub(crate) fn carried(&self) -> &Carried {
        &self.carried
    }

    /// The model's resource name.
    pub(crate) fn model(&self) -> &str {
        self.endpoint.model()
    }

    /// How many bytes the body with this prompt has.
    pub(crate) fn length(&self, prompt: &str) -> usize {
        self.before.len() + prompt.len() + self.after.len()
    }

    /// Writes the body with this prompt, which is JSON already.
    pub(crate) fn write(&self, prompt: &str, to: &mut Vec<u8>) {
        for piece in [&self.before, prompt, &self.after] {
            to.extend_from_slice(piece.as_bytes());
        }
    }

    /// The request with this prompt, which is JSON already.
    pub(crate) fn request(&self, prompt: &str) -> Request {
        let body = [&self.before, prompt, &self.after].concat();
        Request::new(self.endpoint.clone(), self.carried.clone(), body)
    }
}

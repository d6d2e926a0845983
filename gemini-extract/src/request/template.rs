//! A request but for its prompt, for calls that differ in nothing else.

use super::body::{Conversation, render_after, render_before};
use super::{Endpoint, Load, Parameters, Request};
use crate::carrier::Carried;

/// A request but for its prompt.
pub(crate) struct Template {
    endpoint: Endpoint,
    carried: Carried,
    before: String,
    after: String,
    /// What a cached content in it has, in tokens.
    cached_tokens: u64,
    /// What stands before the prompt where the cached content cannot be used.
    plain: Option<String>,
}

impl Template {
    pub(crate) fn new(
        endpoint: Endpoint,
        conversation: &Conversation<'_>,
        parameters: &Parameters,
        carried: Carried,
    ) -> serde_json::Result<Self> {
        let (before, after) = (render_before(conversation)?, render_after(parameters, &carried)?);
        Ok(Self { endpoint, carried, before, after, cached_tokens: 0, plain: None })
    }

    /// The same, where a cached content stands in the place of what other models are sent.
    pub(crate) fn cached(
        self,
        tokens: u64,
        plain: Option<&Conversation<'_>>,
    ) -> serde_json::Result<Self> {
        let plain = plain.map(render_before).transpose()?;
        Ok(Self { cached_tokens: tokens, plain, ..self })
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
        let body = |before: &String| [before, prompt, &self.after].concat();
        let load = Load::new(body(&self.before));
        let plain = self.plain.as_ref().map(|before| (self.model().to_owned(), body(before)));
        let load = load.cached(self.cached_tokens, plain);
        Request::new(self.endpoint.clone(), self.carried.clone(), load)
    }
}

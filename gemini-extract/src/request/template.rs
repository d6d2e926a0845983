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

    /// The request with this prompt, which is JSON already.
    pub(crate) fn request(&self, prompt: &str) -> Request {
        let body = [&self.before, prompt, &self.after].concat();
        Request::new(self.endpoint.clone(), self.carried.clone(), body)
    }
}

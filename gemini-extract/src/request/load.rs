//! The body of a request, and what it is where a model has no cached content.

use bytes::Bytes;

use super::Endpoint;

/// A body, and one for the models that haven't the cached content which it names.
#[derive(Clone, Debug)]
pub(crate) struct Load<B = String> {
    body: B,
    /// The model that has the cached content, and what others are sent.
    plain: Option<(String, B)>,
    cached_tokens: u64,
}

impl<B: AsRef<[u8]>> Load<B> {
    pub(crate) fn new(body: B) -> Self {
        Self { body, plain: None, cached_tokens: 0 }
    }

    /// The same, where a cached content has so many tokens, and models other than this one are
    /// sent another body.
    pub(crate) fn cached(self, tokens: u64, plain: Option<(String, B)>) -> Self {
        Self { plain, cached_tokens: tokens, ..self }
    }

    pub(super) fn body(&self) -> &B {
        &self.body
    }

    pub(crate) fn into_body(self) -> B {
        self.body
    }

    /// The most tokens that it can have: a token has one byte at least.
    pub(crate) fn most_tokens(&self) -> usize {
        let cached = usize::try_from(self.cached_tokens).unwrap_or(usize::MAX);
        let plain = self.plain.as_ref().map_or(0, |(_, plain)| plain.as_ref().len());
        self.body.as_ref().len().saturating_add(cached).max(plain)
    }

    /// About how many tokens it has, by an estimate for bodies.
    pub(crate) fn about_tokens(&self, estimate: impl Fn(&[u8]) -> u64) -> u64 {
        estimate(self.body.as_ref()).saturating_add(self.cached_tokens)
    }
}

impl Load {
    /// The same, ready to be sent several times.
    pub(crate) fn into_bytes(self) -> Load<Bytes> {
        let Self { body, plain, cached_tokens } = self;
        Load {
            body: body.into(),
            plain: plain.map(|(model, body)| (model, body.into())),
            cached_tokens,
        }
    }
}

impl Load<Bytes> {
    /// What is sent to a model.
    pub(crate) fn to(&self, endpoint: &Endpoint) -> Bytes {
        match &self.plain {
            Some((model, plain)) if endpoint.model() != model => plain.clone(),
            _ => self.body.clone(),
        }
    }
}

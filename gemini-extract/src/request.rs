//! A request: what would be sent, and what is checked before it is.

mod body;
mod endpoint;
mod load;
mod parameters;
#[cfg_attr(not(feature = "batch"), allow(dead_code, reason = "only batches ask for all of them"))]
mod resource;
mod service;
#[cfg(feature = "batch")]
mod template;
mod thinking;

use std::fmt;

use gemini_schema::Note;

#[cfg(feature = "batch")]
pub(crate) use body::render_beginning;
pub(crate) use body::{Conversation, render};
pub(crate) use endpoint::{Endpoint, base_url, version_problem};
pub(crate) use load::Load;
pub(crate) use parameters::Parameters;
pub(crate) use resource::{Collection, Resource};
pub(crate) use service::{Service, Site, resource_name};
#[cfg(feature = "batch")]
pub(crate) use template::Template;
pub use thinking::{Thinking, ThinkingLevel};

use crate::carrier::{Carried, Carrier, CarrierReason};

/// What would be sent, down to the last byte of the body; the key isn't part of it.
///
/// Made by [`Extract::to_request`](crate::Extract::to_request), to look at or to log. `Debug`
/// leaves the body out.
#[derive(Clone)]
pub struct Request {
    endpoint: Endpoint,
    carried: Carried,
    load: Load,
}

impl Request {
    pub(crate) fn new(endpoint: Endpoint, carried: Carried, load: Load) -> Self {
        Self { endpoint, carried, load }
    }

    /// The HTTP method, `POST`.
    #[must_use]
    pub fn method(&self) -> http::Method {
        http::Method::POST
    }

    /// The whole URL.
    #[must_use]
    pub fn url(&self) -> &str {
        self.endpoint.url().as_str()
    }

    /// The model's resource name, such as `models/gemini-flash-latest`; on Vertex AI with its
    /// publisher, and with the project and the location where there are such.
    #[must_use]
    pub fn model(&self) -> &str {
        self.endpoint.model()
    }

    /// The field that carries the schema.
    #[must_use]
    pub fn carrier(&self) -> Carrier {
        self.carried.carrier
    }

    /// Why the schema travels in this field.
    #[must_use]
    pub fn carrier_reason(&self) -> &CarrierReason {
        &self.carried.reason
    }

    /// The media type of the answer: `application/json`, or `text/x.enum` where the type is an
    /// enum of strings.
    #[must_use]
    pub fn mime_type(&self) -> &'static str {
        self.carried.mime_type().as_str()
    }

    /// What the carrier cannot enforce; it is checked after decoding.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        self.carried.lowered.notes()
    }

    /// The schema as it is sent, in compact JSON. It is a part of the [`body`](Self::body).
    #[must_use]
    pub fn schema(&self) -> &str {
        self.carried.lowered.as_str()
    }

    /// The body exactly as it is sent, in compact JSON.
    #[must_use]
    pub fn body(&self) -> &str {
        self.load.body()
    }

    pub(crate) fn carried(&self) -> &Carried {
        &self.carried
    }

    pub(crate) fn into_parts(self) -> (Endpoint, Load) {
        (self.endpoint, self.load)
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("url", &self.url())
            .field("carrier", &self.carrier())
            .field("mime_type", &self.mime_type())
            .field("body", &format_args!("{} bytes", self.body().len()))
            .finish_non_exhaustive()
    }
}

//! The client: where requests go, with which key, over which connections.

mod build;
mod builder;
mod connecting;
mod deliver;
mod gate;
mod open;
#[cfg(feature = "batch")]
mod resource;
#[cfg_attr(
    not(feature = "batch"),
    allow(dead_code, reason = "only batches have rules of their own")
)]
mod rules;
mod send;
mod settle;
mod vertex;
mod whole;

use std::fmt;
use std::sync::{Arc, OnceLock};

use gemini_schema::{GeminiSchema, Schema};

pub use builder::ClientBuilder;
pub(crate) use deliver::{Attempt, Delivered, Delivery, Parcel};
pub(crate) use open::{Line, read, too_large, unfinished};
#[cfg(feature = "batch")]
pub(crate) use resource::{Errand, Received};
pub(crate) use send::{MOST_IDLE, continued, read_reply};
pub use whole::read_response;

pub(crate) use gate::Pass;
#[cfg(feature = "batch")]
pub(crate) use rules::{OUTPUT_TOKENS, Rules, Toll};

use self::gate::Gate;
use crate::carrier::Contract;
use crate::credentials::Credentials;
use crate::hook::Hooks;
use crate::limit::Limiters;
use crate::request::{Endpoint, Site};
use crate::retry::RetryBudget;
use crate::transport::Transport;
use crate::{Clock, Extract, Prices, Prompt, Result};

/// A client of the Gemini Developer API, or of Vertex AI.
///
/// Cheap to clone: all clones share their settings and their connections. Make one and keep it.
/// Calls need a Tokio runtime with I/O and time enabled; on several runtimes, each has connections
/// of its own.
///
/// # Examples
///
/// ```no_run
/// # async fn run() -> gemini_extract::Result<()> {
/// use gemini_extract::Client;
///
/// let client = Client::from_env()?;
/// let cities: Vec<String> = client.extract("Name two cities in France.").await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

struct Inner {
    transport: Box<dyn Transport>,
    credentials: Credentials,
    site: Site,
    endpoint: Endpoint,
    /// How calls are delivered that ask for nothing else.
    delivery: Arc<Delivery>,
    response_limit: usize,
    budget: RetryBudget,
    limiters: Limiters,
    gate: Arc<Gate>,
    prices: Option<Prices>,
    hooks: Hooks,
    is_content_traced: bool,
    clock: Arc<dyn Clock>,
}

impl Client {
    /// Makes a client from the environment.
    ///
    /// The variables are those of the official SDKs: the key from `GOOGLE_API_KEY`, or else
    /// `GEMINI_API_KEY`; the base URL from `GOOGLE_GEMINI_BASE_URL`; the API version from
    /// `GOOGLE_GENAI_API_VERSION`.
    ///
    /// Where `GOOGLE_GENAI_USE_ENTERPRISE`, or else `GOOGLE_GENAI_USE_VERTEXAI`, is `true` or `1`,
    /// it is a client of Vertex AI: the project from `GOOGLE_CLOUD_PROJECT`, the location from
    /// `GOOGLE_CLOUD_LOCATION` or else `GOOGLE_CLOUD_REGION` (`global` where neither is set), the
    /// base URL from `GOOGLE_VERTEX_BASE_URL`. A project or a location wins over a key. With
    /// neither, the key is taken, see [`vertex_express`](ClientBuilder::vertex_express).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`](crate::ErrorKind::Configuration) where no key is set, where a
    /// value is unusable, or where Vertex AI is asked for without a project or without a
    /// [token provider](ClientBuilder::token_provider), which the feature `google_cloud_auth1`
    /// gives.
    pub fn from_env() -> Result<Self> {
        ClientBuilder::from_env().build()
    }

    /// Begins a client with settings of its own; the variables of [`from_env`](Self::from_env)
    /// aren't looked at. Proxies (`HTTPS_PROXY`, `NO_PROXY`, ..) and certificates are still the
    /// system's.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn main() -> gemini_extract::Result<()> {
    /// use gemini_extract::Client;
    ///
    /// let client = Client::builder()
    ///     .api_key("my-key")
    ///     .base_url("http://127.0.0.1:8080")
    ///     .model("gemini-3.8-flash")
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// Begins a call that asks for a value of type `T`.
    ///
    /// Nothing is sent before the call is awaited; see [`Extract`] for what can be set.
    pub fn extract<T: GeminiSchema>(&self, prompt: impl Into<Prompt>) -> Extract<T> {
        Extract::new(Some(self.clone()), prompt.into())
    }

    /// Begins a call for what a schema says that is made at run time, such as labels out of a
    /// file or a JSON Schema.
    ///
    /// `T` is what the answer is read into, usually [`serde_json::Value`] or
    /// [`OrderedJson`](crate::OrderedJson). The whole answer is judged by the schema first,
    /// whatever `T` takes.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn run(client: gemini_extract::Client) -> gemini_extract::Result<()> {
    /// use gemini_extract::Schema;
    ///
    /// let labels = Schema::enumeration(["praise", "complaint", "question"]);
    /// let label: String = client.extract_with(labels, "Where is my parcel?").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn extract_with<T>(
        &self,
        schema: impl Into<Arc<Schema>>,
        prompt: impl Into<Prompt>,
    ) -> Extract<T> {
        Extract::of(Some(self.clone()), prompt.into(), Contract::Schema(schema.into()))
    }

    /// The client of the whole process, made from the environment when it is first needed.
    pub(crate) fn of_process() -> Result<Self> {
        static CLIENT: OnceLock<Client> = OnceLock::new();
        if let Some(client) = CLIENT.get() {
            return Ok(client.clone());
        }
        let client = Self::from_env()?;
        Ok(CLIENT.get_or_init(|| client).clone())
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("credentials", &self.inner.credentials)
            .field("base_url", &self.inner.site.base.as_str())
            .field("api_version", &self.inner.site.version)
            .field("model", &self.inner.endpoint.model())
            .field("policies", self.inner.delivery.policies())
            .finish_non_exhaustive()
    }
}

//! A call that asks for a typed value.

mod run;
mod stream;

#[cfg(feature = "batch")]
#[cfg(feature = "batch")]
pub(crate) use run::{Asking, Read, read};

use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::time::Duration;

use gemini_schema::{GeminiSchema, Lowered};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::call::{CachedContent, Call, Example};
use crate::carrier::{Carrier, Contract};
use crate::{Client, Extraction, Prompt, Repair, Request, Result, Retry, Thinking};

/// A call that asks for a value of type `T`. Awaiting it sends it.
///
/// Setters take it and give it back. Nothing is checked or sent before it is awaited; then all
/// that is wrong with it is told in one error. The plain `.await` gives a `T`;
/// [`detailed`](Self::detailed) gives an [`Extraction`] with what is known beside the value.
///
/// # Errors
///
/// Awaiting fails with an [`Error`](crate::Error); [`ErrorKind`](crate::ErrorKind) lists the kinds.
///
/// # Examples
///
/// ```no_run
/// # async fn run(client: gemini_extract::Client) -> gemini_extract::Result<()> {
/// use gemini_extract::GeminiSchema;
/// use gemini_extract::serde::Deserialize;
///
/// #[derive(Deserialize, GeminiSchema)]
/// # #[serde(crate = "gemini_extract::serde")]
/// enum Instrument {
///     Percussion,
///     String,
///     Woodwind,
///     Brass,
///     Keyboard,
/// }
///
/// let family: Instrument = client
///     .extract("What type of instrument is an oboe?")
///     .model("gemini-3.8-flash")
///     .system("Answer as a musicologist would.")
///     .await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is sent before the call is awaited"]
pub struct Extract<T> {
    /// Absent for the client of the process.
    client: Option<Client>,
    call: Call,
    validators: Vec<Validator<T>>,
}

/// Says what is wrong with a value.
pub(crate) type Validator<T> = Box<dyn Fn(&T) -> Result<(), String> + Send + Sync>;

impl<T: GeminiSchema> Extract<T> {
    pub(crate) fn new(client: Option<Client>, prompt: Prompt) -> Self {
        Self::of(client, prompt, Contract::Type(Lowered::of::<T>))
    }
}

impl<T> Extract<T> {
    pub(crate) fn of(client: Option<Client>, prompt: Prompt, contract: Contract) -> Self {
        Self { client, call: Call::new(prompt, contract), validators: Vec::new() }
    }
}

/// What is sent to the model.
impl<T> Extract<T> {
    /// The model: `gemini-3.8-flash`, `models/..` or `tunedModels/..`. The default is the
    /// client's.
    pub fn model(mut self, model: impl Into<String>) -> Self {
        self.call.model = Some(model.into());
        self
    }

    /// An instruction that stands above the prompt (`systemInstruction`).
    pub fn system(mut self, instruction: impl Into<Prompt>) -> Self {
        self.call.system = Some(instruction.into());
        self
    }

    /// A cached content that stands before the prompt, by its name: `cachedContents/..`.
    ///
    /// It was made elsewhere, of an instruction or a document that many calls share, and must be
    /// there for the call's [`model`](Self::model). It holds the instruction, so that
    /// [`system`](Self::system) beside it is refused; so are fallback models
    /// ([`Retry::fallback`]), which don't have it. Tokens that come out of it are
    /// [`Usage::cached_tokens`](crate::Usage::cached_tokens).
    ///
    /// Batches make caches of their own: see
    /// [`Batch::context_cache`](crate::batch::Batch::context_cache).
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn run(client: gemini_extract::Client) -> gemini_extract::Result<()> {
    /// let parties: Vec<String> = client
    ///     .extract("Who are the parties to the contract?")
    ///     .model("gemini-3.8-flash")
    ///     .cached_content("cachedContents/h2k9x4")
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn cached_content(mut self, name: impl Into<String>) -> Self {
        self.call.cached = Some(CachedContent { name: name.into(), tokens: 0, is_own: false });
        self
    }

    /// An example: an input with the value that it should give. Can be given several times.
    ///
    /// The example goes before the prompt as a turn of the user and a turn of the model, in the
    /// form in which the model is to answer. A value that doesn't conform to the schema is an
    /// error of the kind [`Request`](crate::ErrorKind::Request) that names the example and all
    /// its violations.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn run(client: gemini_extract::Client) -> gemini_extract::Result<()> {
    /// let words: Vec<String> = client
    ///     .extract("one two three")
    ///     .example("cat dog", &vec!["cat".to_owned(), "dog".to_owned()])
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn example(mut self, input: impl Into<Prompt>, value: &T) -> Self
    where
        T: Serialize,
    {
        let answer = serde_json::to_string(value).ok();
        self.call.examples.push(Example { input: input.into(), answer });
        self
    }

    /// How freely the model chooses, from 0.0 to 2.0; the model's own default otherwise.
    ///
    /// Models publish 2.0 as their maximum; older guides name 1.0. For Gemini 3 the default of
    /// 1.0 is advised.
    pub fn temperature(mut self, temperature: f64) -> Self {
        self.call.parameters.temperature = Some(temperature);
        self
    }

    /// The probability mass that the model chooses from, from 0.0 to 1.0.
    pub fn top_p(mut self, top_p: f64) -> Self {
        self.call.parameters.top_p = Some(top_p);
        self
    }

    /// How many tokens the model chooses from, at least 1.
    pub fn top_k(mut self, top_k: u32) -> Self {
        self.call.parameters.top_k = Some(top_k);
        self
    }

    /// The most tokens that the answer may have, thoughts included; at least 1.
    pub fn max_output_tokens(mut self, tokens: u32) -> Self {
        self.call.parameters.max_output_tokens = Some(tokens);
        self
    }

    /// How much the model thinks before it answers; as much as it finds good otherwise.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn run(client: gemini_extract::Client) -> gemini_extract::Result<()> {
    /// use gemini_extract::ThinkingLevel;
    ///
    /// let cities: Vec<String> =
    ///     client.extract("Name two cities.").thinking(ThinkingLevel::Low).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn thinking(mut self, thinking: impl Into<Thinking>) -> Self {
        self.call.parameters.thinking.thinking = Some(thinking.into());
        self
    }

    /// Asks for the model's thoughts too: see [`Extraction::thoughts`].
    pub fn include_thoughts(mut self) -> Self {
        self.call.parameters.thinking.includes_thoughts = true;
        self
    }

    /// The seed of the model's choices.
    pub fn seed(mut self, seed: i32) -> Self {
        self.call.parameters.seed = Some(seed);
        self
    }

    /// A text at which the model stops. Can be given up to five times.
    pub fn stop_sequence(mut self, text: impl Into<String>) -> Self {
        self.call.parameters.stop_sequences.push(text.into());
        self
    }
}

/// How the call is made.
impl<T> Extract<T> {
    /// Sends the schema in this field, instead of in the first that the type fits.
    pub fn with_carrier(mut self, carrier: Carrier) -> Self {
        self.call.carrier = Some(carrier);
        self
    }

    /// How long this call may take, with all its attempts and the times between them, instead of
    /// the client's time.
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.call.policies.timeout = Some(timeout);
        self
    }

    /// How long one attempt of this call may take, instead of the client's time for it.
    pub fn with_attempt_timeout(mut self, timeout: Duration) -> Self {
        self.call.policies.attempt_timeout = Some(timeout);
        self
    }

    /// When failed attempts of this call are made again, instead of the client's policy.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn run(client: gemini_extract::Client) -> gemini_extract::Result<()> {
    /// use gemini_extract::Retry;
    ///
    /// let retry = Retry::default().attempts(2).fallback("gemini-3.5-flash-lite");
    /// let cities: Vec<String> = client.extract("Name two cities.").with_retry(retry).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_retry(mut self, retry: Retry) -> Self {
        self.call.policies.retry = Some(retry);
        self
    }

    /// When a bad answer to this call is asked for again, instead of the client's policy.
    pub fn with_repair(mut self, repair: Repair) -> Self {
        self.call.policies.repair = Some(repair);
        self
    }

    /// Checks the value by more than its type: a validator says what is wrong with it. Can be
    /// given several times; all are asked.
    ///
    /// A rejected value is a bad answer: it is asked for again with the validators' messages,
    /// see [`Repair`], and is an error of the kind [`Rejected`](crate::ErrorKind::Rejected) in
    /// the end. The messages go to the model, so they should say what is expected.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn run(client: gemini_extract::Client) -> gemini_extract::Result<()> {
    /// let cities: Vec<String> = client
    ///     .extract("Name two cities in France.")
    ///     .with_validator(|cities: &Vec<String>| match cities.len() {
    ///         2 => Ok(()),
    ///         other => Err(format!("there must be two cities, not {other}")),
    ///     })
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_validator<E: fmt::Display>(
        mut self,
        validator: impl Fn(&T) -> Result<(), E> + Send + Sync + 'static,
    ) -> Self {
        let validator = move |value: &T| validator(value).map_err(|message| message.to_string());
        self.validators.push(Box::new(validator));
        self
    }

    /// Checks the value by its garde rules: a [validator](Self::with_validator).
    ///
    /// Needs the feature `garde`.
    #[cfg(feature = "garde")]
    pub fn with_garde(self) -> Self
    where
        T: garde::Validate<Context = ()>,
    {
        self.with_validator(|value: &T| value.validate())
    }

    /// Shows what would be sent, without sending it.
    ///
    /// # Errors
    ///
    /// What is wrong with the call before it is sent: the kinds
    /// [`Configuration`](crate::ErrorKind::Configuration) (of the free function's client),
    /// [`Schema`](crate::ErrorKind::Schema) and [`Request`](crate::ErrorKind::Request).
    ///
    /// # Examples
    ///
    /// ```
    /// # fn main() -> gemini_extract::Result<()> {
    /// use gemini_extract::Client;
    ///
    /// let client = Client::builder().api_key("my-key").base_url("http://127.0.0.1:8080").build()?;
    /// let request = client.extract::<Vec<String>>("Name two cities.").to_request()?;
    /// assert_eq!(request.mime_type(), "application/json");
    /// assert!(request.body().contains(r#""responseSchema":{"type":"ARRAY""#));
    /// # Ok(())
    /// # }
    /// ```
    pub fn to_request(&self) -> Result<Request> {
        self.call.request(&self.client()?)
    }

    /// Gives an [`Extraction`] instead of the plain value: the value with usage, finish reason,
    /// raw text and more.
    pub fn detailed(self) -> Detailed<T> {
        Detailed(self)
    }
}

impl<T> Extract<T> {
    pub(crate) fn client(&self) -> Result<Client> {
        self.client.clone().map_or_else(Client::of_process, Ok)
    }

    pub(crate) fn call(&self) -> &Call {
        &self.call
    }
}

/// A call that gives an [`Extraction`]. Awaiting it sends it.
///
/// Made by [`Extract::detailed`].
#[must_use = "nothing is sent before the call is awaited"]
pub struct Detailed<T>(Extract<T>);

impl<T: DeserializeOwned + 'static> IntoFuture for Extract<T> {
    type Output = Result<T>;
    type IntoFuture = Pin<Box<dyn Future<Output = Result<T>> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.run().await.map(|extraction| extraction.value) })
    }
}

impl<T: DeserializeOwned + 'static> IntoFuture for Detailed<T> {
    type Output = Result<Extraction<T>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Result<Extraction<T>>> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.0.run())
    }
}

impl<T> fmt::Debug for Extract<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Extract")
            .field("model", &self.call.model)
            .field("carrier", &self.call.carrier)
            .field("parameters", &self.call.parameters)
            .field("examples", &self.call.examples.len())
            .finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Detailed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Detailed").field(&self.0).finish()
    }
}

#![doc = include_str!("../docs/guide.md")]

extern crate self as gemini_extract;

#[cfg(feature = "batch")]
pub mod batch;
mod call;
mod carrier;
mod client;
mod clock;
mod credentials;
mod environment;
mod error;
mod extract;
mod extraction;
#[cfg(feature = "google_cloud_auth1")]
mod google;
mod hook;
mod key;
mod limit;
mod open;
mod policies;
mod price;
mod prompt;
#[cfg_attr(not(feature = "batch"), allow(dead_code, reason = "only batches have a limit of costs"))]
mod purse;
mod repair;
mod request;
mod response;
mod retry;
mod secret;
mod stream;
mod token;
mod trace;
mod trail;
mod transport;

pub use carrier::{Carrier, CarrierReason};
pub use client::{Client, ClientBuilder};
pub use clock::Clock;
pub use error::{Error, ErrorKind, FieldViolation, QuotaViolation, Result};
pub use extract::{Detailed, Extract};
pub use extraction::Extraction;
#[cfg(feature = "google_cloud_auth1")]
pub use google::GoogleCredentials;
pub use hook::AttemptReport;
pub use key::ApiKey;
pub use limit::Limits;
pub use price::{Price, Prices};
pub use prompt::Prompt;
pub use repair::Repair;
pub use request::{Request, Thinking, ThinkingLevel};
pub use response::{
    BlockReason, FinishReason, HarmCategory, HarmProbability, Modality, ModalityTokens,
    SafetyRating, Usage,
};
pub use retry::{Backoff, ExponentialBackoff, Retry};
pub use stream::{ElementStream, Snapshot, SnapshotStream, StreamSummary, TextStream};
pub use token::{AccessToken, TokenError, TokenFuture, TokenProvider};

pub use gemini_schema::{
    Annotations, ArrayShape, DecodeError, DecodeErrorKind, Dialect, Elements, EnumMember, Format,
    GeminiSchema, Generator, Identity, Integer, IntegerShape, Lowered, MapShape, Note, Number,
    NumberShape, ObjectShape, OrderedJson, Pattern, Problem, Property, Schema, SchemaError, Shape,
    StringShape, Violation,
};
pub use {gemini_schema::serde, gemini_schema::serde_json};

#[doc(hidden)]
pub use gemini_schema::__private;

/// The readers of streams without a connection, for measurements and hostile input. Not for use.
#[doc(hidden)]
pub mod __stream {
    pub use crate::stream::{ElementReader, Frames, Problem, TooLarge};
}

/// The reader of responses without a connection, for hostile input. Not for use.
#[doc(hidden)]
pub mod __response {
    pub use crate::client::read_response;
}

/// Begins a call that asks for a value of type `T`, on a client of the whole process.
///
/// The client is made from the environment, as by [`Client::from_env`], when a call is first
/// awaited; what is wrong with the environment is told then. Programs that want other
/// settings make a [`Client`] and use [`Client::extract`].
///
/// # Examples
///
/// ```no_run
/// # async fn run() -> gemini_extract::Result<()> {
/// let cities: Vec<String> = gemini_extract::extract("Name two cities in France.").await?;
/// # Ok(())
/// # }
/// ```
pub fn extract<T: GeminiSchema>(prompt: impl Into<Prompt>) -> Extract<T> {
    Extract::new(None, prompt.into())
}

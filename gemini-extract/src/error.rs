//! The one error type: a kind to match on, and everything that is known about the failure.

mod display;
mod help;
mod kind;
mod new;
mod partial;
mod predicates;
mod refusal;
mod service;

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use gemini_schema::{DecodeError, Dialect, GeminiSchema, Lowered, SchemaError, Violation};
use http::StatusCode;
use serde::de::DeserializeOwned;

pub(crate) use display::show_violation;
pub use kind::ErrorKind;
#[cfg(feature = "batch")]
pub(crate) use new::both;
pub use service::{FieldViolation, QuotaViolation};
pub(crate) use service::{LONGEST_ERROR_BODY, ServiceStatus};

use crate::carrier::Carrier;
use crate::response::{Answer, BlockReason, FinishReason, SafetyRating, Usage};
use crate::trail::Past;

/// A result with this crate's [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a call gave no value.
///
/// Match on [`kind`](Self::kind), or ask the predicates; the accessors hold what is known beside
/// it, and [`help`](Self::help) says what to do. A failure that was billed still reports its
/// [`usage`](Self::usage).
///
/// `Display` is one line without prompt, answer, key or URL. `Debug` adds what to do and the
/// service's own words, which may quote parts of the request, but never the key. The answer's text
/// is there when asked for, by [`raw_text`](Self::raw_text). The
/// [`source`](std::error::Error::source) is the error of a library below, where there is one:
/// serde's error on the answer quotes the value that it didn't like.
///
/// # Examples
///
/// ```
/// # fn show(error: &gemini_extract::Error) {
/// if error.is_retryable() {
///     eprintln!("{} attempts weren't enough; try again later", error.attempts());
/// } else {
///     eprintln!("{error}\n{}", error.help());
///     for violation in error.violations() {
///         eprintln!("  {violation}");
///     }
/// }
/// # }
/// ```
pub struct Error(Box<Inner>);

pub(crate) struct Inner {
    kind: ErrorKind,
    status: Option<StatusCode>,
    service: ServiceStatus,
    retry_after: Option<Duration>,
    answer: Option<Answer>,
    /// How the answer is to be read.
    dialect: Option<Dialect>,
    cause: Cause,
    past: Past,
    /// Which of several requests about the same it was, counted from 1.
    stage: Option<u32>,
}

/// What stands behind the failure, where it isn't the service.
enum Cause {
    None,
    Problems(Vec<String>),
    Schema(Carrier, SchemaError),
    /// An answer that cannot be read, and the schema as it was sent.
    Decode(DecodeError, Arc<Lowered>),
    /// What the validators say.
    Rejected(Vec<String>),
    Fault(Fault, Option<Box<dyn StdError + Send + Sync>>),
    /// What was said of another record or at an earlier start, in one line.
    #[cfg_attr(not(feature = "batch"), allow(dead_code, reason = "only batches tell again"))]
    Told(String),
}

/// Where on the line something went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// No connection came about.
    Connect,
    /// The connection broke before the head of the answer.
    Send,
    /// The connection broke within the answer.
    Body,
    /// The service fell silent within the answer for so long.
    Silence(Duration),
    /// The time for connecting ran out.
    ConnectTimeout,
    /// The time for the whole call ran out.
    CallTimeout(Duration),
    /// The time for one attempt ran out.
    AttemptTimeout(Duration),
    /// The client's own limits left no room in the time for the whole call.
    NoRoom(Duration),
    /// The answer is larger than this many bytes.
    TooLarge(usize),
    /// The answer isn't a response of the API.
    NotTheApi,
    /// The results of a batch leave a row out.
    #[cfg_attr(not(feature = "batch"), allow(dead_code, reason = "only batches meet it"))]
    MissingRow,
    /// A batch, or its results, are there no more.
    #[cfg_attr(not(feature = "batch"), allow(dead_code, reason = "only batches meet it"))]
    Gone,
    /// The service names a URL of another server.
    #[cfg_attr(not(feature = "batch"), allow(dead_code, reason = "only batches meet it"))]
    Elsewhere,
    /// A stream ended without a finish reason.
    Unfinished,
    /// The JSON of a stream ends too early, although the model stopped by itself.
    CutShort,
    /// What came in the stream is no list.
    NotAList,
    /// An element of a stream has more than this many bytes.
    ElementTooLarge(usize),
    /// The model repeats itself.
    Loop,
    /// The token provider has no token.
    NoToken,
    /// The token provider has no token for now.
    NoTokenYet,
    /// What the token provider gave is no token, for this reason.
    BadToken(&'static str),
    /// The client for the connections could not be made.
    Tls,
    /// The same, with root certificates that were named.
    Roots,
}

impl Error {
    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What to do about it, in one or two plain sentences.
    #[must_use]
    pub fn help(&self) -> &'static str {
        if self.is_daily_quota() {
            return refusal::DAILY_QUOTA_HELP;
        }
        let is_refusal = matches!(self.kind(), ErrorKind::InvalidArgument);
        let schema_help = is_refusal.then(|| refusal::schema_help(&self.0.service)).flatten();
        schema_help.unwrap_or_else(|| help::help(self.kind()))
    }

    /// The HTTP status of the response, where there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The service's name for the status, such as `RESOURCE_EXHAUSTED`.
    #[must_use]
    pub fn service_status(&self) -> Option<&str> {
        self.0.service.status.as_deref()
    }

    /// The service's own message. It may quote parts of the request; the key is masked.
    #[must_use]
    pub fn service_message(&self) -> Option<&str> {
        self.0.service.message.as_deref()
    }

    /// The service's reason from `google.rpc.ErrorInfo`, such as `API_KEY_INVALID`.
    #[must_use]
    pub fn service_reason(&self) -> Option<&str> {
        self.0.service.reason.as_deref()
    }

    /// How long the service asks to wait: `google.rpc.RetryInfo`, or else the header
    /// `Retry-After`. For a quota per day it tells too short a time; ask
    /// [`is_retryable`](Self::is_retryable) first.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.service.retry_delay.or(self.0.retry_after)
    }

    /// The quotas that are used up (`google.rpc.QuotaFailure`).
    #[must_use]
    pub fn quota_violations(&self) -> &[QuotaViolation] {
        &self.0.service.quota
    }

    /// The request's fields that the service refuses (`google.rpc.BadRequest`).
    #[must_use]
    pub fn field_violations(&self) -> &[FieldViolation] {
        &self.0.service.fields
    }

    /// How many attempts were made for the call, those included that failed before anything was
    /// sent: without a connection, or without an access token.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.0.past.attempts
    }

    /// How often a bad answer was asked for again.
    #[must_use]
    pub fn repairs(&self) -> u32 {
        self.0.past.repairs
    }

    /// How long the call took, with all attempts and the times between them.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.past.elapsed
    }

    /// How the earlier attempts of the call failed, in their order. This error itself is the last
    /// one.
    #[must_use]
    pub fn earlier(&self) -> &[Error] {
        &self.0.past.earlier
    }

    /// What all answers of the call cost, where the service answered at all.
    #[must_use]
    pub fn usage(&self) -> Option<&Usage> {
        self.answer()?.usage.as_ref()
    }

    /// What all answers of the call cost by the client's [`Prices`](crate::Prices); `None` where
    /// it has none, or none for a model that answered.
    #[must_use]
    pub fn cost(&self) -> Option<f64> {
        self.0.past.cost
    }

    /// The answer's text as the model wrote it, where there was any.
    #[must_use]
    pub fn raw_text(&self) -> Option<&str> {
        self.answer().map(|answer| answer.text.as_str()).filter(|text| !text.is_empty())
    }

    /// Why the model stopped.
    #[must_use]
    pub fn finish_reason(&self) -> Option<&FinishReason> {
        self.answer()?.finish_reason.as_ref()
    }

    /// Why the prompt was blocked.
    #[must_use]
    pub fn block_reason(&self) -> Option<&BlockReason> {
        self.answer()?.block_reason.as_ref()
    }

    /// How the service rated the answer or the prompt.
    #[must_use]
    pub fn safety_ratings(&self) -> &[SafetyRating] {
        self.answer().map_or(&[], |answer| &answer.safety_ratings)
    }

    /// The model that answered, with its version.
    #[must_use]
    pub fn model_version(&self) -> Option<&str> {
        self.answer()?.model_version.as_deref()
    }

    /// The service's identifier of the response, for questions to the service.
    #[must_use]
    pub fn response_id(&self) -> Option<&str> {
        self.answer()?.response_id.as_deref()
    }

    /// All places where the answer doesn't fit the type or breaks a constraint.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        match &self.0.cause {
            Cause::Decode(error, _) => error.violations(),
            _ => &[],
        }
    }

    /// What the call's validators say against the value.
    #[must_use]
    pub fn rejections(&self) -> &[String] {
        match &self.0.cause {
            Cause::Rejected(messages) => messages,
            _ => &[],
        }
    }

    /// What can still be had from an answer that is a list: its elements from the beginning, up
    /// to the first that is cut off or doesn't fit.
    ///
    /// `E` is the type of an element, where the call asked for a `Vec<E>`. Limits on the list
    /// itself, such as the number of its elements, aren't looked at. The values are those of the
    /// last answer; those of [`earlier`](Self::earlier) ones are in their errors.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn run(client: gemini_extract::Client) -> gemini_extract::Result<()> {
    /// let result = client.extract::<Vec<String>>("Name all cities in France.").await;
    /// let cities = match result {
    ///     Err(error) if error.is_truncated() => error.partial::<String>(),
    ///     result => result?,
    /// };
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn partial<E: GeminiSchema + DeserializeOwned>(&self) -> Vec<E> {
        let dialect = self.0.dialect.unwrap_or(Dialect::Gemini);
        self.raw_text().map_or_else(Vec::new, |text| partial::values(text, dialect))
    }

    /// What of the type's schema cannot be sent.
    #[must_use]
    pub fn schema_error(&self) -> Option<&SchemaError> {
        match &self.0.cause {
            Cause::Schema(_, error) => Some(error),
            _ => None,
        }
    }

    /// Everything that is wrong with the request or the client's settings.
    pub fn problems(&self) -> impl Iterator<Item = &str> {
        let problems: &[String] = match &self.0.cause {
            Cause::Problems(problems) => problems,
            _ => &[],
        };
        problems.iter().map(String::as_str)
    }

    pub(crate) fn answer(&self) -> Option<&Answer> {
        self.0.answer.as_ref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        display::line(&self.0, f)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        display::debug(self, f)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match &self.0.cause {
            Cause::Decode(error, _) => error.source(),
            Cause::Fault(_, Some(source)) => Some(&**source),
            _ => None,
        }
    }
}

//! How errors are made.

use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

use gemini_schema::{DecodeError, DecodeErrorKind, Dialect, Lowered, SchemaError};
use http::StatusCode;

use super::{Cause, Error, ErrorKind, Fault, Inner, ServiceStatus, service};
use crate::carrier::Carrier;
use crate::response::{Answer, Usage};
use crate::trail::Past;

impl Error {
    pub(crate) fn configuration(problems: Vec<String>) -> Self {
        Self::new(ErrorKind::Configuration, Cause::Problems(problems))
    }

    pub(crate) fn request(problems: Vec<String>) -> Self {
        Self::new(ErrorKind::Request, Cause::Problems(problems))
    }

    pub(crate) fn schema(carrier: Carrier, error: SchemaError) -> Self {
        Self::new(ErrorKind::Schema, Cause::Schema(carrier, error))
    }

    /// A failure that its kind says all about.
    pub(crate) fn plain(kind: ErrorKind) -> Self {
        Self::new(kind, Cause::None)
    }

    /// What was said of a failure before.
    #[cfg(feature = "batch")]
    pub(crate) fn told(kind: ErrorKind, line: String, status: Option<StatusCode>) -> Self {
        let mut error = Self::new(kind, Cause::Told(line));
        error.0.status = status;
        error
    }

    /// A journal that cannot be used.
    #[cfg(feature = "batch")]
    pub(crate) fn journal(problems: Vec<String>) -> Self {
        Self::new(ErrorKind::Journal, Cause::Problems(problems))
    }

    pub(crate) fn closed() -> Self {
        Self::new(ErrorKind::Closed, Cause::None)
    }

    pub(crate) fn fault(
        fault: Fault,
        source: impl Into<Option<Box<dyn StdError + Send + Sync>>>,
    ) -> Self {
        let kind = match fault {
            Fault::Connect | Fault::Send | Fault::Body | Fault::Unfinished => ErrorKind::Transport,
            Fault::ConnectTimeout
            | Fault::CallTimeout(_)
            | Fault::AttemptTimeout(_)
            | Fault::Silence(_)
            | Fault::NoRoom(_) => ErrorKind::Timeout,
            Fault::TooLarge(_) | Fault::ElementTooLarge(_) => ErrorKind::ResponseTooLarge,
            Fault::CutShort | Fault::NotAList => ErrorKind::InvalidJson,
            Fault::Loop => ErrorKind::Loop,
            Fault::Gone => ErrorKind::Cancelled,
            Fault::NotTheApi | Fault::Elsewhere | Fault::MissingRow => {
                ErrorKind::UnexpectedResponse
            }
            Fault::NoToken | Fault::NoTokenYet | Fault::BadToken(_) => ErrorKind::Credentials,
            Fault::Tls | Fault::Roots => ErrorKind::Configuration,
        };
        Self::new(kind, Cause::Fault(fault, source.into()))
    }

    /// A refusal; the kind follows the HTTP status, and the body only refines it.
    pub(crate) fn service(status: StatusCode, service: ServiceStatus) -> Self {
        let mut error = Self::new(service::kind(status, &service), Cause::None);
        error.0.status = Some(status);
        error.0.service = service;
        error
    }

    /// An answer, by HTTP 200, that no value can be read from.
    pub(crate) fn of_answer(kind: ErrorKind, answer: Answer) -> Self {
        Self::new(kind, Cause::None).with_answer(answer)
    }

    /// An answer that cannot be read; `lowered` is the schema as it was sent.
    pub(crate) fn decode(decode: DecodeError, answer: Answer, lowered: Arc<Lowered>) -> Self {
        let kind = match decode.kind() {
            DecodeErrorKind::InvalidJson | DecodeErrorKind::Truncated => ErrorKind::InvalidJson,
            _ => ErrorKind::Violations,
        };
        Self::new(kind, Cause::Decode(decode, lowered)).with_answer(answer)
    }

    /// A value that the call's validators reject.
    pub(crate) fn rejected(messages: Vec<String>, answer: Answer) -> Self {
        Self::new(ErrorKind::Rejected, Cause::Rejected(messages)).with_answer(answer)
    }

    /// Notes which of several requests about the same it was, counted from 1.
    #[cfg(feature = "batch")]
    pub(crate) fn in_stage(mut self, stage: u32) -> Self {
        self.0.stage = Some(stage);
        self
    }

    /// Notes how the answer is to be read.
    pub(crate) fn with_dialect(mut self, dialect: Dialect) -> Self {
        self.0.dialect = Some(dialect);
        self
    }

    pub(crate) fn with_status(mut self, status: StatusCode) -> Self {
        self.0.status = Some(status);
        self
    }

    /// Notes what was billed although there is no answer.
    pub(crate) fn with_usage(mut self, usage: Option<Usage>) -> Self {
        if usage.is_some() {
            self.0.answer.get_or_insert_default().usage = usage;
        }
        self
    }

    /// Notes what is known of the answer, where nothing is yet.
    pub(crate) fn or_answer(mut self, answer: impl FnOnce() -> Answer) -> Self {
        match &mut self.0.answer {
            Some(known) if known.usage.is_none() => known.usage = answer().usage,
            Some(_) => {}
            none => *none = Some(answer()),
        }
        self
    }

    /// Keeps the text that came before the failure.
    pub(crate) fn with_text(mut self, text: String) -> Self {
        self.0.answer.get_or_insert_default().text = text;
        self
    }

    /// Notes what the call has behind it.
    pub(crate) fn with_past(mut self, past: Past) -> Self {
        self.0.past = past;
        self
    }

    /// The same, where other calls for the same have failed before; all of them count.
    #[cfg(feature = "batch")]
    pub(crate) fn after(mut self, before: Vec<Self>) -> Self {
        let mut earlier = Vec::new();
        let mut usage = self.usage().cloned();
        for mut error in before {
            let past = &mut self.0.past;
            past.attempts = past.attempts.saturating_add(error.attempts());
            past.repairs = past.repairs.saturating_add(error.repairs());
            past.elapsed = past.elapsed.saturating_add(error.elapsed());
            let own = (past.cost, usage.is_some());
            past.cost = both((error.cost(), error.usage().is_some()), own);
            if let Some(more) = error.usage() {
                *usage.get_or_insert_default() += more;
            }
            earlier.append(&mut error.0.past.earlier);
            earlier.push(error);
        }
        earlier.append(&mut self.0.past.earlier);
        self.0.past.earlier = earlier;
        self.with_usage(usage)
    }

    pub(crate) fn with_retry_after(mut self, retry_after: Option<Duration>) -> Self {
        self.0.retry_after = retry_after;
        self
    }

    fn with_answer(mut self, answer: Answer) -> Self {
        self.0.answer = Some(answer);
        self.with_status(StatusCode::OK)
    }

    fn new(kind: ErrorKind, cause: Cause) -> Self {
        Self(Box::new(Inner {
            kind,
            status: None,
            service: ServiceStatus::default(),
            retry_after: None,
            answer: None,
            dialect: None,
            cause,
            past: Past::default(),
            stage: None,
        }))
    }
}

/// What two calls cost together, each with whether it was billed at all.
#[cfg(feature = "batch")]
pub(crate) fn both(one: (Option<f64>, bool), other: (Option<f64>, bool)) -> Option<f64> {
    match (one, other) {
        ((Some(one), _), (Some(other), _)) => Some(one + other),
        ((cost, _), (None, false)) | ((None, false), (cost, _)) => cost,
        _ => None,
    }
}

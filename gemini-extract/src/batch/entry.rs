//! What is kept of an outcome.

use std::time::Duration;

use http::StatusCode;
use serde::{Deserialize, Serialize};

use super::votes::Votes;
use super::way::Spent;
use crate::{Error, ErrorKind, Usage};

/// An outcome as it is kept: in the journal, and for other records with the same question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) position: u64,
    /// The hash of what was asked.
    #[serde(with = "hex")]
    pub(super) content: u128,
    /// The answer's text as it was billed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) answer: Option<String>,
    /// Why there is none. With neither, the outcome is that of the record that asked the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) error: Option<Told>,
    #[serde(default, skip_serializing_if = "Bill::is_empty")]
    pub(super) bill: Bill,
    /// What its repeats said, where it was asked several times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) votes: Option<Votes>,
}

/// What an outcome cost.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Bill {
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) prompt_tokens: u64,
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) cached_tokens: u64,
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) answer_tokens: u64,
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) tool_tokens: u64,
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) thoughts_tokens: u64,
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) total_tokens: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cost: Option<f64>,
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) attempts: u64,
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) shared_attempts: u64,
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) latency_ms: u64,
}

/// An error as far as it can be kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Told {
    pub(super) kind: String,
    pub(super) message: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) status: Option<u16>,
}

impl Bill {
    pub(super) fn new(spent: &Spent) -> Self {
        let Spent { usage, cost, attempts, shared_attempts, latency } = spent;
        Self {
            prompt_tokens: usage.prompt_tokens,
            cached_tokens: usage.cached_tokens,
            answer_tokens: usage.answer_tokens,
            tool_tokens: usage.tool_tokens,
            thoughts_tokens: usage.thoughts_tokens,
            total_tokens: usage.total_tokens,
            cost: *cost,
            attempts: (*attempts).into(),
            shared_attempts: (*shared_attempts).into(),
            latency_ms: latency.as_millis().try_into().unwrap_or(u64::MAX),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn usage(&self) -> Usage {
        Usage {
            prompt_tokens: self.prompt_tokens,
            cached_tokens: self.cached_tokens,
            answer_tokens: self.answer_tokens,
            tool_tokens: self.tool_tokens,
            thoughts_tokens: self.thoughts_tokens,
            total_tokens: self.total_tokens,
            ..Usage::default()
        }
    }

    pub(super) fn latency(&self) -> Duration {
        Duration::from_millis(self.latency_ms)
    }
}

impl Told {
    pub(super) fn new(error: &Error) -> Self {
        Self {
            kind: error.kind().as_str().to_owned(),
            message: error.to_string(),
            status: error.status().map(|status| status.as_u16()),
        }
    }

    /// Whether the same would be said again to whoever asks the same.
    pub(super) fn is_refusal(&self) -> bool {
        ErrorKind::from_name(&self.kind).is_some_and(ErrorKind::is_refusal)
    }

    /// Whether it wasn't asked to the end.
    pub(super) fn is_not_asked(&self) -> bool {
        self.kind == ErrorKind::NotAsked.as_str()
    }

    pub(super) fn error(&self) -> Error {
        let kind = ErrorKind::from_name(&self.kind).unwrap_or(ErrorKind::UnexpectedResponse);
        let status = self.status.and_then(|status| StatusCode::from_u16(status).ok());
        Error::told(kind, self.message.clone(), status)
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// A hash as 32 digits.
pub(super) mod hex {
    use serde::de::{Deserialize, Deserializer, Error};
    use serde::ser::Serializer;

    pub(in crate::batch) fn serialize<S: Serializer>(
        hash: &u128,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{hash:032x}"))
    }

    pub(in crate::batch) fn deserialize<'de, D: Deserializer<'de>>(
        reader: D,
    ) -> Result<u128, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(reader)?;
        u128::from_str_radix(&text, 16).map_err(|_| D::Error::custom("not a hash"))
    }
}

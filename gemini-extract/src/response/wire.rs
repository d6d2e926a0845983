//! The response as it is on the wire. Unknown fields are ignored, null counts as absent.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, IgnoredAny, Visitor};
use serde::{Deserialize, de};

/// The response of `generateContent`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct GenerateContentResponse<'a> {
    #[serde(borrow)]
    pub(super) candidates: Option<Vec<Option<Candidate<'a>>>>,
    #[serde(borrow)]
    pub(super) prompt_feedback: Option<PromptFeedback<'a>>,
    #[serde(borrow)]
    pub(super) usage_metadata: Option<UsageMetadata<'a>>,
    pub(super) model_version: Option<String>,
    pub(super) response_id: Option<String>,
    /// Some gateways put an error into a successful response.
    pub(super) error: Option<IgnoredAny>,
}

/// What a response cost, whatever else stands in it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Cost<'a> {
    #[serde(borrow)]
    pub(super) usage_metadata: Option<UsageMetadata<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Candidate<'a> {
    pub(super) content: Option<Content>,
    #[serde(borrow)]
    pub(super) finish_reason: Option<Name<'a>>,
    #[serde(borrow)]
    pub(super) safety_ratings: Option<Vec<Option<SafetyRating<'a>>>>,
    pub(super) continuation_token: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Content {
    pub(super) parts: Option<Vec<Option<Part>>>,
}

/// A part; kinds other than text are ignored.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Part {
    pub(super) text: Option<String>,
    pub(super) thought: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct PromptFeedback<'a> {
    #[serde(borrow)]
    pub(super) block_reason: Option<Name<'a>>,
    #[serde(borrow)]
    pub(super) safety_ratings: Option<Vec<Option<SafetyRating<'a>>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SafetyRating<'a> {
    #[serde(borrow)]
    pub(super) category: Option<Name<'a>>,
    #[serde(borrow)]
    pub(super) probability: Option<Name<'a>>,
    pub(super) blocked: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct UsageMetadata<'a> {
    pub(super) prompt_token_count: Option<Count>,
    pub(super) cached_content_token_count: Option<Count>,
    pub(super) candidates_token_count: Option<Count>,
    pub(super) tool_use_prompt_token_count: Option<Count>,
    pub(super) thoughts_token_count: Option<Count>,
    pub(super) total_token_count: Option<Count>,
    #[serde(borrow)]
    pub(super) prompt_tokens_details: Option<Vec<Option<TokenDetails<'a>>>>,
    #[serde(borrow)]
    pub(super) cache_tokens_details: Option<Vec<Option<TokenDetails<'a>>>>,
    #[serde(borrow)]
    pub(super) candidates_tokens_details: Option<Vec<Option<TokenDetails<'a>>>>,
    #[serde(borrow)]
    pub(super) tool_use_prompt_tokens_details: Option<Vec<Option<TokenDetails<'a>>>>,
    #[serde(borrow)]
    pub(super) service_tier: Option<Name<'a>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct TokenDetails<'a> {
    #[serde(borrow)]
    pub(super) modality: Option<Name<'a>>,
    pub(super) token_count: Option<Count>,
}

/// A name of an open set. One that the server's own front does not know comes as its number.
#[derive(Clone, Debug, Default)]
pub(super) struct Name<'a>(pub(super) Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Name<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NameVisitor)
    }
}

struct NameVisitor;

impl<'de> Visitor<'de> for NameVisitor {
    type Value = Name<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Name<'de>, E> {
        self.visit_string(value.to_string())
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Name<'de>, E> {
        self.visit_string(value.to_string())
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Name<'de>, E> {
        Ok(Name(text.into()))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Name<'de>, E> {
        self.visit_string(text.to_owned())
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Name<'de>, E> {
        Ok(Name(text.into()))
    }
}

/// A count: a number, or a 64-bit number printed as text. A negative one counts as zero.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Count(pub(super) u64);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CountVisitor)
    }
}

struct CountVisitor;

impl Visitor<'_> for CountVisitor {
    type Value = Count;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a count")
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Count, E> {
        Ok(Count(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Count, E> {
        Ok(Count(value.try_into().unwrap_or(0)))
    }

    // The cast saturates; counts on the wire are whole numbers.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Count, E> {
        Ok(Count(value as u64))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Count, E> {
        Ok(Count(text.parse().unwrap_or(0)))
    }
}

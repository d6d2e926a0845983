//! The kinds of failure, and what to do about each.

/// What went wrong, for `match`.
///
/// The kinds follow the way of a call: before sending, on the line, refused by the service, and
/// answered in a way that no value can be read from. [`Error::help`](super::Error::help) says
/// what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client's settings are unusable: no key, a bad base URL, both a key and a project of
    /// Vertex AI; or there is no Tokio runtime to call on. Not sent.
    Configuration,
    /// The request is unusable: a parameter out of range, an empty prompt, an example that does
    /// not conform. Not sent; [`Error::problems`](super::Error::problems) lists everything.
    Request,
    /// The type has no schema that the carrier accepts. Not sent.
    Schema,
    /// The client was closed. Not sent.
    Closed,
    /// The token provider gave no access token; its reason is the error's
    /// [`source`](std::error::Error::source). Not sent.
    Credentials,

    /// No connection, or the connection broke before the whole answer was there.
    Transport,
    /// The call took longer than its timeout.
    Timeout,
    /// The answer is larger than the client's limit.
    ResponseTooLarge,
    /// Something answered that doesn't speak the Gemini API: a proxy's page, a redirect.
    UnexpectedResponse,

    /// HTTP 400 `INVALID_ARGUMENT`: the service refuses the request as malformed.
    InvalidArgument,
    /// HTTP 400 `FAILED_PRECONDITION`: mostly the free tier in a country that has none.
    FailedPrecondition,
    /// HTTP 400 with the reason `API_KEY_INVALID`: the key doesn't exist or has expired.
    InvalidApiKey,
    /// HTTP 401 `UNAUTHENTICATED`: the credentials aren't accepted at all. On Vertex AI a fresh
    /// token was refused too, where the provider has one.
    Unauthenticated,
    /// HTTP 402: the prepaid balance is used up.
    BillingRequired,
    /// HTTP 403 `PERMISSION_DENIED`: the key may not do this.
    PermissionDenied,
    /// HTTP 404 `NOT_FOUND`: no such model, file or cache in this API version.
    NotFound,
    /// HTTP 413: the request is larger than the service takes.
    PayloadTooLarge,
    /// HTTP 429 `RESOURCE_EXHAUSTED`: a rate limit or quota is used up.
    ResourceExhausted,
    /// HTTP 499 `CANCELLED`: the call was given up on the way.
    Cancelled,
    /// HTTP 500 `INTERNAL`: the service failed; a very long input can be the cause.
    Internal,
    /// HTTP 502 or 503 `UNAVAILABLE`: the service is overloaded or down.
    Unavailable,
    /// HTTP 504 `DEADLINE_EXCEEDED` or 408: the service or a gateway gave up waiting.
    DeadlineExceeded,

    /// The prompt was blocked; there is no answer.
    PromptBlocked,
    /// The answer was stopped for a reason of policy: `SAFETY`, `BLOCKLIST`, `SPII`, ...
    Safety,
    /// The answer was stopped because it came too close to published text (`RECITATION`).
    Recitation,
    /// The answer was cut off at the token limit (`MAX_TOKENS`).
    MaxTokens,
    /// The language isn't supported (`LANGUAGE`).
    Language,
    /// The model went wrong by its own account: `MALFORMED_RESPONSE`,
    /// `MALFORMED_FUNCTION_CALL`, `UNEXPECTED_TOOL_CALL`.
    MalformedAnswer,
    /// The answer was stopped for another reason; see
    /// [`Error::finish_reason`](super::Error::finish_reason).
    Stopped,
    /// The model was caught in a loop in a stream, which was cut off: the same text over and
    /// over, or white space or a number without end.
    Loop,
    /// The service answered, but without any text.
    EmptyAnswer,
    /// The answer isn't JSON.
    InvalidJson,
    /// The answer is JSON, but doesn't fit the type or breaks constraints; see
    /// [`Error::violations`](super::Error::violations).
    Violations,
    /// The answer fits the type, but the call's validators reject the value; see
    /// [`Error::rejections`](super::Error::rejections).
    Rejected,

    /// A record of a batch was not asked, because the batch ended before. Not sent.
    NotAsked,
    /// The most that a batch may cost leaves no room for the request. Not sent.
    CostLimit,
    /// The journal of a batch cannot be used: it belongs to another job, is corrupt, in use by
    /// another process, or cannot be written; see [`Error::problems`](super::Error::problems).
    Journal,
}

impl ErrorKind {
    /// The kind's name, such as `ResourceExhausted`, for counts and reports.
    ///
    /// # Examples
    ///
    /// ```
    /// use gemini_extract::ErrorKind;
    ///
    /// assert_eq!(ErrorKind::Safety.as_str(), "Safety");
    /// ```
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Configuration => "Configuration",
            Self::Request => "Request",
            Self::Schema => "Schema",
            Self::Closed => "Closed",
            Self::Transport => "Transport",
            Self::Timeout => "Timeout",
            Self::ResponseTooLarge => "ResponseTooLarge",
            Self::Credentials => "Credentials",
            Self::UnexpectedResponse => "UnexpectedResponse",
            Self::InvalidArgument => "InvalidArgument",
            Self::FailedPrecondition => "FailedPrecondition",
            Self::InvalidApiKey => "InvalidApiKey",
            Self::Unauthenticated => "Unauthenticated",
            Self::BillingRequired => "BillingRequired",
            Self::PermissionDenied => "PermissionDenied",
            Self::NotFound => "NotFound",
            Self::PayloadTooLarge => "PayloadTooLarge",
            Self::ResourceExhausted => "ResourceExhausted",
            Self::Cancelled => "Cancelled",
            Self::Internal => "Internal",
            Self::Unavailable => "Unavailable",
            Self::DeadlineExceeded => "DeadlineExceeded",
            Self::PromptBlocked => "PromptBlocked",
            Self::Safety => "Safety",
            Self::Recitation => "Recitation",
            Self::MaxTokens => "MaxTokens",
            Self::Language => "Language",
            Self::MalformedAnswer => "MalformedAnswer",
            Self::Stopped => "Stopped",
            Self::Loop => "Loop",
            Self::EmptyAnswer => "EmptyAnswer",
            Self::InvalidJson => "InvalidJson",
            Self::Violations => "Violations",
            Self::Rejected => "Rejected",
            Self::NotAsked => "NotAsked",
            Self::CostLimit => "CostLimit",
            Self::Journal => "Journal",
        }
    }

    /// Whether the prompt or the answer was stopped for what it says.
    pub(crate) fn is_refusal(self) -> bool {
        matches!(self, Self::PromptBlocked | Self::Safety | Self::Recitation)
    }

    /// The kind of this name.
    #[cfg(feature = "batch")]
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// What happened, in a few words.
    pub(super) fn phrase(self) -> &'static str {
        match self {
            Self::Configuration => "the client's settings are not usable",
            Self::Request => "the request is not usable and was not sent",
            Self::Schema => "the type's schema cannot be sent",
            Self::Closed => "the client is closed",
            Self::Credentials => "no access token could be had",
            Self::Transport => "the connection failed",
            Self::Timeout => "the call timed out",
            Self::ResponseTooLarge => "the answer is larger than the client's limit",
            Self::UnexpectedResponse => "the answer is not one of the Gemini API",
            Self::InvalidArgument => "the service refused the request as malformed",
            Self::FailedPrecondition => "the service does not serve this project as it is set up",
            Self::InvalidApiKey => "the API key is not valid",
            Self::Unauthenticated => "the service does not accept the credentials",
            Self::BillingRequired => "the project's balance is used up",
            Self::PermissionDenied => "the API key may not do this",
            Self::NotFound => "the service has no such model or resource",
            Self::PayloadTooLarge => "the request is too large",
            Self::ResourceExhausted => "a rate limit or quota is used up",
            Self::Cancelled => "the call was cancelled on the way",
            Self::Internal => "the service failed internally",
            Self::Unavailable => "the service is not available",
            Self::DeadlineExceeded => "the service gave up at its deadline",
            Self::PromptBlocked => "the prompt was blocked",
            Self::Safety => "the answer was stopped by a policy",
            Self::Recitation => "the answer was stopped for recitation",
            Self::MaxTokens => "the answer was cut off at the token limit",
            Self::Language => "the answer was stopped for its language",
            Self::MalformedAnswer => "the model's answer is malformed",
            Self::Stopped => "the answer was stopped",
            Self::Loop => "the model repeats itself without end and was cut off",
            Self::EmptyAnswer => "the answer is empty",
            Self::InvalidJson => "the answer is not valid JSON",
            Self::Violations => "the answer does not fit the type",
            Self::Rejected => "the value is rejected by validators",
            Self::NotAsked => "the batch ended before the record was asked",
            Self::CostLimit => "the most that the batch may cost is used up",
            Self::Journal => "the journal of the batch cannot be used",
        }
    }
}

/// All kinds, for looking them up by name.
#[cfg(feature = "batch")]
const ALL: [ErrorKind; 37] = [
    ErrorKind::Configuration,
    ErrorKind::Request,
    ErrorKind::Schema,
    ErrorKind::Closed,
    ErrorKind::Transport,
    ErrorKind::Timeout,
    ErrorKind::ResponseTooLarge,
    ErrorKind::Credentials,
    ErrorKind::UnexpectedResponse,
    ErrorKind::InvalidArgument,
    ErrorKind::FailedPrecondition,
    ErrorKind::InvalidApiKey,
    ErrorKind::Unauthenticated,
    ErrorKind::BillingRequired,
    ErrorKind::PermissionDenied,
    ErrorKind::NotFound,
    ErrorKind::PayloadTooLarge,
    ErrorKind::ResourceExhausted,
    ErrorKind::Cancelled,
    ErrorKind::Internal,
    ErrorKind::Unavailable,
    ErrorKind::DeadlineExceeded,
    ErrorKind::PromptBlocked,
    ErrorKind::Safety,
    ErrorKind::Recitation,
    ErrorKind::MaxTokens,
    ErrorKind::Language,
    ErrorKind::MalformedAnswer,
    ErrorKind::Stopped,
    ErrorKind::Loop,
    ErrorKind::EmptyAnswer,
    ErrorKind::InvalidJson,
    ErrorKind::Violations,
    ErrorKind::Rejected,
    ErrorKind::NotAsked,
    ErrorKind::CostLimit,
    ErrorKind::Journal,
];

//! Questions to an error.

use gemini_schema::DecodeErrorKind;

use super::{Cause, Error, ErrorKind, Fault, Inner, QuotaViolation};

/// So many characters of the service's own words are shown.
#[cfg(feature = "batch")]
const MOST_WORDS: usize = 200;

impl Error {
    /// The error in one line, with the start of what the service says about it.
    #[cfg(feature = "batch")]
    pub(crate) fn with_words(&self) -> String {
        let Some(message) = self.service_message() else { return self.to_string() };
        let message: String = message.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut shown = message.chars().filter(|letter| !letter.is_control());
        let start: String = shown.by_ref().take(MOST_WORDS).collect();
        let more = if shown.next().is_some() { ".." } else { "" };
        format!("{self} ({start}{more})")
    }

    /// Whether time ran out, here or at the service.
    ///
    /// What to do: give the call more time with
    /// [`with_timeout`](crate::Extract::with_timeout), or ask for less at once.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(self.kind(), ErrorKind::Timeout | ErrorKind::DeadlineExceeded)
    }

    /// Whether the very same request may succeed when it is sent again.
    ///
    /// What to do: ask again later; the client has made its [`attempts`](Self::attempts) already,
    /// see [`Retry`](crate::Retry). A quota per day is not retryable. Nor is
    /// an answer that is empty or doesn't fit the type: asking again can help, but it is a new
    /// answer with a bill of its own.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self.kind() {
            ErrorKind::ResourceExhausted => !self.is_daily_quota(),
            ErrorKind::Credentials => {
                matches!(self.0.cause, Cause::Fault(Fault::NoTokenYet, _))
            }
            ErrorKind::Transport
            | ErrorKind::Timeout
            | ErrorKind::Internal
            | ErrorKind::Unavailable
            | ErrorKind::DeadlineExceeded
            | ErrorKind::MalformedAnswer => true,
            _ => false,
        }
    }

    /// Whether the prompt or the answer was stopped for what it says.
    ///
    /// What to do: change the prompt; sending the same again is likely to be stopped again.
    #[must_use]
    pub fn is_refusal(&self) -> bool {
        self.kind().is_refusal()
    }

    /// Whether a rate limit or quota is used up.
    ///
    /// What to do: see [`retry_after`](Self::retry_after) and
    /// [`quota_violations`](Self::quota_violations).
    #[must_use]
    pub fn is_quota(&self) -> bool {
        self.kind() == ErrorKind::ResourceExhausted
    }

    /// Whether a quota per day is used up, which is reset at midnight Pacific time.
    ///
    /// What to do: go on tomorrow, with another model, or with a higher quota.
    #[must_use]
    pub fn is_daily_quota(&self) -> bool {
        is_daily_quota(&self.0)
    }

    /// Whether the key or the access token, or its rights, are the trouble.
    ///
    /// What to do: check which key or account is used and what it may do.
    #[must_use]
    pub fn is_credentials(&self) -> bool {
        matches!(
            self.kind(),
            ErrorKind::Credentials
                | ErrorKind::InvalidApiKey
                | ErrorKind::Unauthenticated
                | ErrorKind::PermissionDenied
        )
    }

    /// Whether the answer ends too early: cut off at the token limit, JSON without its end, or a
    /// stream without a finish reason.
    ///
    /// What to do: raise [`max_output_tokens`](crate::Extract::max_output_tokens), or ask for a
    /// smaller answer.
    #[must_use]
    pub fn is_truncated(&self) -> bool {
        let is_cut_json = matches!(&self.0.cause, Cause::Decode(error, _)
            if matches!(error.kind(), DecodeErrorKind::Truncated));
        let is_cut_stream =
            matches!(&self.0.cause, Cause::Fault(Fault::Unfinished | Fault::CutShort, _));
        self.kind() == ErrorKind::MaxTokens || is_cut_json || is_cut_stream
    }

    /// Whether no other record of a batch can escape it.
    #[cfg(feature = "batch")]
    pub(crate) fn is_inescapable(&self) -> bool {
        let is_of_all = matches!(
            self.kind(),
            ErrorKind::Configuration
                | ErrorKind::Schema
                | ErrorKind::Closed
                | ErrorKind::Credentials
                | ErrorKind::FailedPrecondition
                | ErrorKind::InvalidApiKey
                | ErrorKind::Unauthenticated
                | ErrorKind::BillingRequired
                | ErrorKind::PermissionDenied
                | ErrorKind::NotFound
                | ErrorKind::Journal
        );
        let is_of_schema = self.kind() == ErrorKind::InvalidArgument
            && super::refusal::names_schema(&self.0.service);
        is_of_all && !self.is_retryable() || is_of_schema || self.is_daily_quota()
    }

    /// Whether the service may have billed an answer that nobody saw.
    pub(crate) fn may_be_billed(&self) -> bool {
        let is_sent = !matches!(
            self.0.cause,
            Cause::Fault(Fault::Connect | Fault::ConnectTimeout | Fault::NoRoom(_), _)
        );
        let is_refused = self.status().is_some_and(|status| !status.is_success());
        is_sent && !is_refused && self.kind() != ErrorKind::Credentials
    }

    /// Whether the service may have done what it was asked to, although it didn't say so.
    pub(crate) fn may_be_done(&self) -> bool {
        let is_given_up = matches!(self.kind(), ErrorKind::DeadlineExceeded | ErrorKind::Cancelled);
        let is_refused = self.status().is_some_and(|status| status.is_client_error());
        self.may_be_billed() || self.status().is_some() && (is_given_up || !is_refused)
    }

    /// Whether a batch at the service, or its results, are there no more.
    #[cfg(feature = "batch")]
    pub(crate) fn is_gone(&self) -> bool {
        matches!(self.0.cause, Cause::Fault(Fault::Gone, _))
    }

    /// Whether the time of the whole call has run out.
    pub(crate) fn is_out_of_time(&self) -> bool {
        matches!(self.0.cause, Cause::Fault(Fault::CallTimeout(_), _))
    }
}

pub(super) fn is_daily_quota(error: &Inner) -> bool {
    let is_quota = error.kind == ErrorKind::ResourceExhausted;
    is_quota && error.service.quota.iter().any(QuotaViolation::is_daily)
}

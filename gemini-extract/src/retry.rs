//! When a failed attempt is made again.

mod backoff;
mod budget;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub use backoff::{Backoff, ExponentialBackoff};
pub(crate) use budget::{Reserved, RetryBudget};

use crate::{Error, ErrorKind};

const ATTEMPTS: u32 = 4;

/// When a failed attempt is made again, and how long is waited before.
///
/// Made again are attempts that failed on the line (no connection, a broken one, no answer in the
/// time for an attempt) and those that the service answers with HTTP 408, 429, 500, 502, 503 or
/// 504. What the service asks to wait, by `RetryInfo` or by the header `Retry-After`, wins over
/// the back-off, unless it is no time at all. A quota per day isn't waited for, nor is anything
/// beyond the time of the call.
///
/// By default there are 4 attempts with an [`ExponentialBackoff`] between them. What breaks off in
/// the middle of an answer may be billed by the service all the same; nobody is told how much.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use gemini_extract::{ExponentialBackoff, Retry};
///
/// let patient = Retry::default()
///     .attempts(8)
///     .time_limit(Duration::from_secs(120))
///     .backoff(ExponentialBackoff::default().longest(Duration::from_secs(20)))
///     .fallback("gemini-3.5-flash-lite");
/// let once = Retry::never();
/// ```
#[derive(Clone)]
#[must_use]
pub struct Retry {
    attempts: u32,
    time_limit: Option<Duration>,
    backoff: Arc<dyn Backoff>,
    fallbacks: Vec<String>,
}

/// What follows a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Next {
    GiveUp,
    /// The same again, after this time.
    Again(Duration),
    /// The next model, at once.
    OtherModel,
}

impl Next {
    /// How long is waited, where another attempt follows.
    pub(crate) fn wait(self) -> Option<Duration> {
        match self {
            Self::GiveUp => None,
            Self::Again(time) => Some(time),
            Self::OtherModel => Some(Duration::ZERO),
        }
    }
}

/// How far a call has come when an attempt fails.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Progress {
    /// The attempts with this model, the failed one included.
    pub(crate) attempts: u32,
    pub(crate) elapsed: Duration,
    /// What is left of the call's time.
    pub(crate) left: Duration,
    pub(crate) has_fallback: bool,
}

impl Retry {
    /// One attempt only.
    pub fn never() -> Self {
        Self::default().attempts(1)
    }

    /// The most attempts with one model, the first one included; at least 1.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// How long after its beginning a call may still begin a new attempt. Without it the time of
    /// the whole call is the only limit.
    pub fn time_limit(mut self, time: Duration) -> Self {
        self.time_limit = Some(time);
        self
    }

    /// The time between attempts, where the service names none.
    pub fn backoff(mut self, backoff: impl Backoff + 'static) -> Self {
        self.backoff = Arc::new(backoff);
        self
    }

    /// A model to turn to when the one before it fails; several are tried in their order, each
    /// with its own attempts.
    ///
    /// A model is left at once when a quota of it is used up, because quotas are counted per
    /// model, and otherwise when its attempts have ended in HTTP 408, 500, 502, 503 or 504.
    pub fn fallback(mut self, model: impl Into<String>) -> Self {
        self.fallbacks.push(model.into());
        self
    }

    pub(crate) fn fallbacks(&self) -> &[String] {
        &self.fallbacks
    }

    /// What is wrong with the policy itself.
    pub(crate) fn problem(&self) -> Option<String> {
        (self.attempts == 0).then(|| "there must be at least one attempt".to_owned())
    }

    /// What follows this failure.
    pub(crate) fn next(&self, error: &Error, progress: Progress) -> Next {
        let has_attempts = progress.attempts < self.attempts;
        if progress.has_fallback && (error.is_quota() || !has_attempts && is_of_model(error)) {
            return if self.is_in_time(Duration::ZERO, progress) {
                Next::OtherModel
            } else {
                Next::GiveUp
            };
        }
        if !has_attempts || !is_transient(error) {
            return Next::GiveUp;
        }
        // No time at all says nothing about when the service is well again.
        let told = error.retry_after().filter(|time| !time.is_zero());
        let wait = told.unwrap_or_else(|| self.backoff.delay(progress.attempts));
        if self.is_in_time(wait, progress) { Next::Again(wait) } else { Next::GiveUp }
    }

    fn is_in_time(&self, wait: Duration, progress: Progress) -> bool {
        let is_within = |limit| progress.elapsed.saturating_add(wait) <= limit;
        wait < progress.left && self.time_limit.is_none_or(is_within)
    }
}

impl Default for Retry {
    fn default() -> Self {
        Self {
            attempts: ATTEMPTS,
            time_limit: None,
            backoff: Arc::new(ExponentialBackoff::default()),
            fallbacks: Vec::new(),
        }
    }
}

impl fmt::Debug for Retry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retry")
            .field("attempts", &self.attempts)
            .field("time_limit", &self.time_limit)
            .field("backoff", &self.backoff)
            .field("fallbacks", &self.fallbacks)
            .finish()
    }
}

/// Whether the failure may pass, nothing was answered yet, and there is time left.
fn is_transient(error: &Error) -> bool {
    let is_answered = error.kind() == ErrorKind::MalformedAnswer;
    error.is_retryable() && !is_answered && !error.is_out_of_time()
}

/// Whether another model may do better.
fn is_of_model(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Internal | ErrorKind::Unavailable | ErrorKind::DeadlineExceeded
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use http::StatusCode;

    use super::{Next, Progress, Retry};
    use crate::error::{Fault, ServiceStatus};
    use crate::secret::Secret;
    use crate::{Error, ExponentialBackoff};

    const SECOND: Duration = Duration::from_secs(1);

    fn refused(code: u16, details: &str) -> Error {
        let body = format!(r#"{{"error":{{"details":[{details}]}}}}"#);
        let status = ServiceStatus::read(body.as_bytes(), &Secret::new("key"));
        Error::service(StatusCode::from_u16(code).expect("a code"), status.expect("a status"))
    }

    fn progress(attempts: u32) -> Progress {
        let (elapsed, left) = (SECOND, SECOND * 600);
        Progress { attempts, elapsed, left, has_fallback: false }
    }

    fn retry() -> Retry {
        Retry::default().backoff(ExponentialBackoff::default().without_jitter())
    }

    #[test]
    fn what_may_pass_is_tried_again() {
        for (code, is_tried_again) in [
            (400, false),
            (401, false),
            (402, false),
            (403, false),
            (404, false),
            (408, true),
            (413, false),
            (429, true),
            (499, false),
            (500, true),
            (501, false),
            (502, true),
            (503, true),
            (504, true),
        ] {
            let next = retry().next(&refused(code, ""), progress(1));
            let expected = if is_tried_again { Next::Again(SECOND) } else { Next::GiveUp };
            assert_eq!(next, expected, "{code}");
        }
        for (fault, is_tried_again) in [
            (Fault::Connect, true),
            (Fault::Send, true),
            (Fault::Body, true),
            (Fault::ConnectTimeout, true),
            (Fault::AttemptTimeout(SECOND), true),
            (Fault::Silence(SECOND), true),
            (Fault::CallTimeout(SECOND), false),
            (Fault::TooLarge(1), false),
            (Fault::NotTheApi, false),
            (Fault::NoTokenYet, true),
            (Fault::NoToken, false),
            (Fault::BadToken("is blank"), false),
        ] {
            let next = retry().next(&Error::fault(fault, None), progress(1));
            assert_eq!(next != Next::GiveUp, is_tried_again, "{fault:?}");
        }
    }

    #[test]
    fn attempts_and_times_are_limited() {
        let error = refused(503, "");
        assert_eq!(retry().next(&error, progress(3)), Next::Again(SECOND * 4));
        assert_eq!(retry().next(&error, progress(4)), Next::GiveUp);
        assert_eq!(Retry::never().next(&error, progress(1)), Next::GiveUp);
        let limited = retry().time_limit(SECOND * 3);
        assert_eq!(limited.next(&error, progress(2)), Next::Again(SECOND * 2));
        assert_eq!(limited.next(&error, progress(3)), Next::GiveUp);
        let late = Progress { left: SECOND * 2, ..progress(2) };
        assert_eq!(retry().next(&error, late), Next::GiveUp);
    }

    #[test]
    fn the_service_s_word_wins_and_a_day_is_not_waited_for() {
        let told = r#"{"@type":"x.RetryInfo","retryDelay":"38.2s"}"#;
        let daily = r#"{"@type":"x.QuotaFailure","violations":[{"quotaId":"APerDayB"}]}"#;
        let next = retry().next(&refused(429, told), progress(1));
        assert_eq!(next, Next::Again(Duration::from_millis(38_200)));
        let next = retry().next(&refused(429, &format!("{told},{daily}")), progress(1));
        assert_eq!(next, Next::GiveUp);
        let at_once = r#"{"@type":"x.RetryInfo","retryDelay":"0s"}"#;
        assert_eq!(retry().next(&refused(429, at_once), progress(2)), Next::Again(SECOND * 2));
        let by_header = refused(503, "").with_retry_after(Some(SECOND * 7));
        assert_eq!(retry().next(&by_header, progress(1)), Next::Again(SECOND * 7));
    }

    #[test]
    fn a_model_is_left_for_its_quota_and_after_its_attempts() {
        let next = |error: &Error, attempts| {
            let progress = Progress { has_fallback: true, ..progress(attempts) };
            retry().next(error, progress)
        };
        assert_eq!(next(&refused(429, ""), 1), Next::OtherModel);
        assert_eq!(next(&refused(503, ""), 1), Next::Again(SECOND));
        assert_eq!(next(&refused(503, ""), 4), Next::OtherModel);
        assert_eq!(next(&refused(400, ""), 1), Next::GiveUp);
        assert_eq!(next(&Error::fault(Fault::Connect, None), 4), Next::GiveUp);
    }
}

//! Limits on the client's side: no more is sent than was agreed, so that the service need not
//! refuse it.

mod limiter;
mod limiters;
mod pace;
mod window;

use std::time::Duration;

pub(crate) use limiter::Permit;
pub(crate) use limiters::Limiters;

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How much a client and its clones may send to one model.
///
/// What doesn't fit waits its turn, first come, first served, for as long as the call has time.
/// The limits are kept over every span of a minute or a day, wherever it begins. They are counted
/// in memory, from the client's beginning on, and attempts that fail count too.
///
/// When the service answers HTTP 429 all the same, the model's limits shrink to 70% and grow back
/// by 10% of the whole per minute, unless they are [`fixed`](Self::fixed); the requests of a day
/// stay. The quotas of a project stand in Google AI Studio.
///
/// # Examples
///
/// ```
/// # fn main() -> gemini_extract::Result<()> {
/// use gemini_extract::{Client, Limits};
///
/// let limits = Limits::default().requests_per_minute(1_000).tokens_per_minute(1_000_000);
/// let client = Client::builder()
///     .api_key("my-key")
///     .base_url("http://127.0.0.1:8080")
///     .with_limits(limits.clone().concurrency(64))
///     .with_model_limits("gemini-3.1-pro-preview", limits.requests_per_day(250))
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Limits {
    pub(crate) requests_per_minute: Option<u32>,
    pub(crate) tokens_per_minute: Option<u64>,
    pub(crate) requests_per_day: Option<u32>,
    pub(crate) concurrency: Option<u32>,
    pub(crate) is_fixed: bool,
}

impl Limits {
    /// The most requests in a minute.
    pub fn requests_per_minute(mut self, requests: u32) -> Self {
        self.requests_per_minute = Some(requests);
        self
    }

    /// The most input tokens in a minute.
    ///
    /// A request is counted with a quarter of its bytes before it is sent, and with what the
    /// service says that it had afterwards. One that alone is larger than the limit goes when
    /// nothing else was sent for a minute.
    pub fn tokens_per_minute(mut self, tokens: u64) -> Self {
        self.tokens_per_minute = Some(tokens);
        self
    }

    /// The most requests in 24 hours.
    pub fn requests_per_day(mut self, requests: u32) -> Self {
        self.requests_per_day = Some(requests);
        self
    }

    /// The most requests at the same time.
    pub fn concurrency(mut self, requests: u32) -> Self {
        self.concurrency = Some(requests);
        self
    }

    /// Keeps the limits as they are when the service answers HTTP 429.
    pub fn fixed(mut self) -> Self {
        self.is_fixed = true;
        self
    }

    /// What is unusable.
    pub(crate) fn problem(&self) -> Option<String> {
        let is_zero = self.requests_per_minute == Some(0)
            || self.tokens_per_minute == Some(0)
            || self.requests_per_day == Some(0)
            || self.concurrency == Some(0);
        is_zero.then(|| "a limit must not be zero".to_owned())
    }
}

//! Rate limits that are really enforced.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, SystemTime};

use crate::error::Refusal;
use crate::quota::{Exceeded, MISLEADING_DELAY, PER_DAY, PER_MINUTE, Quota, TOKENS_PER_MINUTE};

const MINUTE: Duration = Duration::from_secs(60);
const DAY: u64 = 24 * 60 * 60;
/// Days start at midnight of the Pacific coast, in winter: eight hours after UTC.
const DAY_START: Duration = Duration::from_secs(8 * 60 * 60);

/// How much each model takes, for [`EmulatorBuilder::rate_limits`](crate::EmulatorBuilder::rate_limits).
///
/// Minutes slide: in no sixty seconds more is taken. Days start at midnight of UTC-8. Requests that
/// are refused don't count, neither do replies that were
/// [enqueued](crate::Emulator::enqueue). A request over a limit is answered with 429, each limit that
/// it is over, and the time after which the minute has room.
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// use gemini_emulator::{Emulator, RateLimits};
///
/// let free_tier = RateLimits::new().requests_per_minute(10).requests_per_day(20);
/// let emulator = Emulator::builder().rate_limits(free_tier).start().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[must_use = "limits do nothing until an emulator has them"]
pub struct RateLimits {
    requests_per_minute: Option<u64>,
    input_tokens_per_minute: Option<u64>,
    requests_per_day: Option<u64>,
}

/// The limits of all models.
#[derive(Debug, Clone, Default)]
pub(crate) struct LimitsByModel {
    pub(crate) usual: RateLimits,
    pub(crate) special: HashMap<String, RateLimits>,
}

/// What each model has taken.
#[derive(Debug, Default)]
pub(crate) struct Limiter {
    taken: HashMap<String, Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    /// The requests of the last minute: when, and how many tokens.
    minute: VecDeque<(SystemTime, u64)>,
    day: u64,
    requests_of_day: u64,
}

impl RateLimits {
    /// No limits.
    pub const fn new() -> Self {
        RateLimits {
            requests_per_minute: None,
            input_tokens_per_minute: None,
            requests_per_day: None,
        }
    }

    /// Takes so many requests in a minute.
    pub const fn requests_per_minute(mut self, requests: u64) -> Self {
        self.requests_per_minute = Some(requests);
        self
    }

    /// Takes requests with so many tokens in a minute, counted as in `promptTokenCount`.
    pub const fn input_tokens_per_minute(mut self, tokens: u64) -> Self {
        self.input_tokens_per_minute = Some(tokens);
        self
    }

    /// Takes so many requests in a day.
    pub const fn requests_per_day(mut self, requests: u64) -> Self {
        self.requests_per_day = Some(requests);
        self
    }
}

impl LimitsByModel {
    fn of(&self, model: &str) -> RateLimits {
        self.special.get(model).copied().unwrap_or(self.usual)
    }
}

impl Limiter {
    /// Takes a request, or refuses it without counting it.
    pub(crate) fn take(
        &mut self,
        limits: &LimitsByModel,
        (model, tokens): (&str, usize),
        now: SystemTime,
    ) -> Result<(), Refusal> {
        let limits = limits.of(model);
        if limits == RateLimits::new() {
            return Ok(());
        }
        let tokens = u64::try_from(tokens).unwrap_or(u64::MAX);
        let taken = self.taken.entry(model.to_owned()).or_default();
        taken.forget(now);
        let over = taken.over(limits, tokens, now);
        if over.is_empty() {
            taken.minute.push_back((now, tokens));
            taken.requests_of_day += 1;
            return Ok(());
        }
        let exceeded: Vec<Exceeded> = over
            .into_iter()
            .map(|(quota, limit, retry_delay)| Exceeded {
                quota,
                limit,
                model: model.to_owned(),
                retry_delay,
            })
            .collect();
        Err(Refusal::quota(&exceeded))
    }
}

impl Taken {
    fn forget(&mut self, now: SystemTime) {
        while self.minute.front().is_some_and(|(at, _)| wait(*at, now).is_zero()) {
            self.minute.pop_front();
        }
        let day = day(now);
        if self.day != day {
            self.day = day;
            self.requests_of_day = 0;
        }
    }

    /// The limits that one more request would be over, and when there is room for it.
    fn over(
        &self,
        limits: RateLimits,
        tokens: u64,
        now: SystemTime,
    ) -> Vec<(Quota, u64, Duration)> {
        let mut over = Vec::new();
        if let Some(limit) = limits.requests_per_day.filter(|&limit| self.requests_of_day >= limit)
        {
            over.push((PER_DAY, limit, MISLEADING_DELAY));
        }
        if let Some(limit) = limits.requests_per_minute
            && let Some(delay) = self.room(limit, (1, |_| 1), now)
        {
            over.push((PER_MINUTE, limit, delay));
        }
        if let Some(limit) = limits.input_tokens_per_minute
            && let Some(delay) = self.room(limit, (tokens, |tokens| tokens), now)
        {
            over.push((TOKENS_PER_MINUTE, limit, delay));
        }
        over
    }

    /// When the minute has room for `wanted` more, unless it has room now. What never fits is told
    /// to come back in a minute.
    fn room(
        &self,
        limit: u64,
        (wanted, weigh): (u64, fn(u64) -> u64),
        now: SystemTime,
    ) -> Option<Duration> {
        let sum = self.minute.iter().map(|(_, tokens)| weigh(*tokens)).fold(0, u64::saturating_add);
        let mut total = sum.saturating_add(wanted);
        if total <= limit {
            return None;
        }
        for (at, tokens) in &self.minute {
            total = total.saturating_sub(weigh(*tokens));
            if total <= limit {
                return Some(wait(*at, now));
            }
        }
        Some(MINUTE)
    }
}

/// How long it is until a request of `at` is a minute old.
fn wait(at: SystemTime, now: SystemTime) -> Duration {
    at.checked_add(MINUTE).and_then(|end| end.duration_since(now).ok()).unwrap_or_default()
}

fn day(now: SystemTime) -> u64 {
    let since = now.duration_since(SystemTime::UNIX_EPOCH + DAY_START).unwrap_or_default();
    since.as_secs() / DAY
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn at(seconds: u64) -> SystemTime {
        // Noon of the Pacific coast.
        SystemTime::UNIX_EPOCH + DAY_START + Duration::from_secs(365 * DAY + DAY / 2 + seconds)
    }

    fn delays(refused: Result<(), Refusal>) -> Vec<String> {
        let details = refused.err().map(|refusal| refusal.details).unwrap_or_default();
        let delays = details.iter().filter_map(|detail| detail["retryDelay"].as_str());
        delays.map(str::to_owned).collect()
    }

    #[test]
    fn minutes_slide() {
        let limits =
            LimitsByModel { usual: RateLimits::new().requests_per_minute(2), ..Default::default() };
        let mut limiter = Limiter::default();
        let mut take = |seconds| delays(limiter.take(&limits, ("m", 1), at(seconds)));
        assert_eq!(take(0), [""; 0]);
        assert_eq!(take(50), [""; 0]);
        assert_eq!(take(59), ["1s"]);
        assert_eq!(take(60), [""; 0]);
        assert_eq!(take(61), ["49s"]);
        assert_eq!(take(110), [""; 0]);
        assert_eq!(delays(limiter.take(&limits, ("other", 1), at(110))), [""; 0]);
    }

    #[test]
    fn no_minute_takes_more_than_its_limit() {
        let usual = RateLimits::new().requests_per_minute(5).input_tokens_per_minute(40);
        let limits = LimitsByModel { usual, ..Default::default() };
        let mut limiter = Limiter::default();
        let mut random = crate::generate::Random::new(1);
        let mut taken: Vec<(u64, usize)> = Vec::new();
        for second in 0..600 {
            let tokens = random.between(1, 20);
            if limiter.take(&limits, ("m", tokens), at(second)).is_ok() {
                taken.push((second, tokens));
            }
        }
        for start in 0..600 {
            let minute = taken.iter().filter(|(second, _)| (start..start + 60).contains(second));
            let (requests, tokens) = minute.fold((0, 0), |(n, sum), (_, t)| (n + 1, sum + t));
            assert!(requests <= 5 && tokens <= 40, "{start}: {requests}, {tokens}");
        }
        assert!(taken.len() > 20, "{}", taken.len());
    }

    #[test]
    fn tokens_wait_for_room() {
        let usual = RateLimits::new().input_tokens_per_minute(10);
        let limits = LimitsByModel { usual, ..Default::default() };
        let mut limiter = Limiter::default();
        let mut take = |tokens, seconds| delays(limiter.take(&limits, ("m", tokens), at(seconds)));
        assert_eq!(take(4, 0), [""; 0]);
        assert_eq!(take(4, 10), [""; 0]);
        assert_eq!(take(6, 20), ["40s"]);
        assert_eq!(take(9, 20), ["50s"]);
        assert_eq!(take(11, 20), ["60s"]);
        assert_eq!(take(2, 20), [""; 0]);
    }

    #[test]
    fn days_start_at_midnight() {
        let special = RateLimits::new().requests_per_day(1);
        let limits = LimitsByModel {
            usual: RateLimits::new(),
            special: HashMap::from([("m".to_owned(), special)]),
        };
        let mut limiter = Limiter::default();
        let mut take = |model, seconds| delays(limiter.take(&limits, (model, 1), at(seconds)));
        assert_eq!(take("m", 0), [""; 0]);
        assert_eq!(take("m", DAY / 2 - 1), ["38s"]);
        assert_eq!(take("m", DAY / 2), [""; 0]);
        assert_eq!(take("free", 0), [""; 0]);
        assert_eq!(take("free", 0), [""; 0]);
        assert_eq!(day(at(0) + SECOND), day(at(0)));
    }
}

//! How long is waited between attempts.

use std::fmt;
use std::time::Duration;

const FIRST: Duration = Duration::from_secs(1);
const FACTOR: f64 = 2.0;
const LONGEST: Duration = Duration::from_secs(60);

/// The time between attempts, where the service names none.
pub trait Backoff: fmt::Debug + Send + Sync {
    /// The time to wait after so many failed attempts, at least 1.
    fn delay(&self, failed: u32) -> Duration;
}

/// Times that double from attempt to attempt, each chosen by chance between nothing and the
/// whole of it (full jitter), so that clients which failed together don't come back together.
///
/// By default the first is at most 1 second, and none is longer than 60.
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use gemini_extract::{Backoff, ExponentialBackoff};
///
/// let backoff = ExponentialBackoff::default().first(Duration::from_millis(200));
/// assert!(backoff.delay(3) <= Duration::from_millis(800));
/// assert_eq!(backoff.without_jitter().delay(3), Duration::from_millis(800));
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct ExponentialBackoff {
    first: Duration,
    factor: f64,
    longest: Duration,
    jitter: Jitter,
}

/// How a time is chosen.
#[derive(Clone, Copy, Debug)]
enum Jitter {
    Random,
    Seeded(u64),
    None,
}

impl ExponentialBackoff {
    /// The longest time after the first failure.
    pub fn first(mut self, time: Duration) -> Self {
        self.first = time;
        self
    }

    /// By how much the longest time grows from attempt to attempt; 2 by default. A factor below
    /// 1 counts as 1.
    pub fn factor(mut self, factor: f64) -> Self {
        self.factor = factor;
        self
    }

    /// The longest time of all.
    pub fn longest(mut self, time: Duration) -> Self {
        self.longest = time;
        self
    }

    /// Chooses the times by this seed, always the same ones, for tests.
    pub fn seed(mut self, seed: u64) -> Self {
        self.jitter = Jitter::Seeded(seed);
        self
    }

    /// Waits the whole time always.
    pub fn without_jitter(mut self) -> Self {
        self.jitter = Jitter::None;
        self
    }
}

impl Backoff for ExponentialBackoff {
    fn delay(&self, failed: u32) -> Duration {
        let doublings = i32::try_from(failed.saturating_sub(1)).unwrap_or(i32::MAX);
        let seconds = self.first.as_secs_f64() * self.factor.max(1.0).powi(doublings);
        // What is too large for a duration is too long.
        let whole = Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX);
        let whole = whole.min(self.longest);
        match self.jitter {
            Jitter::Random => whole.mul_f64(fastrand::f64()),
            Jitter::Seeded(seed) => {
                let mut random = fastrand::Rng::with_seed(seed.wrapping_add(u64::from(failed)));
                whole.mul_f64(random.f64())
            }
            Jitter::None => whole,
        }
    }
}

impl Default for ExponentialBackoff {
    fn default() -> Self {
        Self { first: FIRST, factor: FACTOR, longest: LONGEST, jitter: Jitter::Random }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Backoff, ExponentialBackoff};

    #[test]
    fn times_double_up_to_the_longest() {
        let backoff = ExponentialBackoff::default().without_jitter();
        let seconds = [1, 2, 3, 6, 7, u32::MAX].map(|failed| backoff.delay(failed).as_secs());
        assert_eq!(seconds, [1, 2, 4, 32, 60, 60]);
        for factor in [0.0, -3.0, f64::NAN] {
            let backoff = backoff.clone().factor(factor);
            assert_eq!(backoff.delay(9), Duration::from_secs(1), "{factor}");
        }
        let endless = backoff.factor(f64::INFINITY).longest(Duration::MAX);
        assert_eq!(endless.delay(2), Duration::MAX);
    }

    #[test]
    fn jitter_uses_the_whole_range_and_a_seed_repeats_it() {
        let backoff = ExponentialBackoff::default();
        let delays = |backoff: &ExponentialBackoff| {
            (1..=400).map(|failed| backoff.delay(failed)).collect::<Vec<_>>()
        };
        let seeded = delays(&backoff.clone().seed(7));
        assert_eq!(seeded, delays(&backoff.clone().seed(7)));
        assert_ne!(seeded, delays(&backoff.clone().seed(8)));
        for delays in [seeded, delays(&backoff)] {
            let late = delays.get(10..).expect("there are enough");
            let is_in =
                |from: u64, to: u64| late.iter().any(|delay| (from..to).contains(&delay.as_secs()));
            assert!(is_in(0, 10) && is_in(25, 35) && is_in(50, 60), "{late:?}");
            assert!(late.iter().all(|delay| *delay <= Duration::from_secs(60)));
        }
    }
}

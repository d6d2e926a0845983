//! How long answers take.

use std::time::Duration;

use crate::fault::{Draw, Rate};
use crate::generate::Random;

/// How long something takes, request by request, for
/// [`EmulatorBuilder::latency`](crate::EmulatorBuilder::latency).
///
/// # Examples
///
/// ```
/// use std::time::Duration;
/// use gemini_emulator::Latency;
///
/// // 50 ms, and 2 s for every 50th request.
/// let tail = Latency::fixed(Duration::from_millis(50)).every(50, Duration::from_secs(2));
/// # let _ = tail;
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[must_use = "a latency does nothing until an emulator has it"]
pub struct Latency {
    usual: Usual,
    slow: Option<(Rate, Duration)>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Usual {
    Uniform { low: Duration, high: Duration },
    LogNormal { median: Duration, sigma: f64 },
}

/// No latency may exceed this; longer ones come out of distributions with long tails.
const LONGEST: Duration = Duration::from_secs(3600);

impl Latency {
    /// Always the same.
    pub const fn fixed(duration: Duration) -> Self {
        Latency::uniform(duration, duration)
    }

    /// Equally likely between two durations. Depends on the emulator's seed and the number of the
    /// request alone, as all chance does.
    pub const fn uniform(low: Duration, high: Duration) -> Self {
        Latency { usual: Usual::Uniform { low, high }, slow: None }
    }

    /// Log-normal, as the latency of services is: half of the requests take longer than `median`;
    /// with a `sigma` of 0.5 one in twenty takes longer than 2.3 times the median, with a `sigma` of 1
    /// longer than 5.2 times. At most an hour.
    pub const fn log_normal(median: Duration, sigma: f64) -> Self {
        Latency { usual: Usual::LogNormal { median, sigma }, slow: None }
    }

    /// Every `n`-th time it takes this long instead.
    pub const fn every(mut self, n: u64, duration: Duration) -> Self {
        self.slow = Some((Rate::every(n), duration));
        self
    }

    /// The latency of this request; others for each salt.
    pub(crate) fn of(&self, draw: Draw, salt: u64) -> Duration {
        if let Some((rate, duration)) = self.slow
            && rate.hits(draw, salt)
        {
            return duration;
        }
        match self.usual {
            Usual::Uniform { low, high } => {
                low + high.saturating_sub(low).mul_f64(fraction(&mut draw.random(salt)))
            }
            Usual::LogNormal { median, sigma } => {
                let factor = (sigma * standard_normal(&mut draw.random(salt))).exp();
                Duration::try_from_secs_f64(median.as_secs_f64() * factor)
                    .unwrap_or(LONGEST)
                    .min(LONGEST)
            }
        }
    }
}

impl From<Duration> for Latency {
    fn from(duration: Duration) -> Self {
        Latency::fixed(duration)
    }
}

/// From 0 up to, but not including 1.
fn fraction(random: &mut Random) -> f64 {
    let bits = u32::try_from(random.next() >> 32).unwrap_or_default();
    f64::from(bits) / (f64::from(u32::MAX) + 1.0)
}

/// By the method of Box and Muller.
fn standard_normal(random: &mut Random) -> f64 {
    let radius = (-2.0 * (1.0 - fraction(random)).ln()).sqrt();
    radius * (std::f64::consts::TAU * fraction(random)).cos()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    fn latencies(latency: &Latency) -> Vec<Duration> {
        let mut found: Vec<Duration> =
            (1..=1000).map(|number| latency.of(Draw { seed: 5, number }, 0)).collect();
        found.sort();
        found
    }

    #[test]
    fn every_nth_is_slow() {
        let found = latencies(&Latency::fixed(50 * MS).every(50, 2000 * MS));
        assert_eq!((found[0], found[979]), (50 * MS, 50 * MS));
        assert_eq!((found[980], found[999]), (2000 * MS, 2000 * MS));
    }

    #[test]
    fn distributions_have_their_shape() {
        let uniform = latencies(&Latency::uniform(20 * MS, 80 * MS));
        assert!(uniform[0] >= 20 * MS && uniform[999] < 80 * MS);
        assert!((45 * MS..55 * MS).contains(&uniform[500]), "{:?}", uniform[500]);
        let tail = latencies(&Latency::log_normal(100 * MS, 0.5));
        assert!((90 * MS..110 * MS).contains(&tail[500]), "{:?}", tail[500]);
        assert!((200 * MS..260 * MS).contains(&tail[950]), "{:?}", tail[950]);
        assert_eq!(latencies(&Latency::log_normal(MS, 1e9))[999], LONGEST);
    }
}

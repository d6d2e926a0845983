//! How long things take, counted in steps of a sixteenth.

use std::time::Duration;

use serde::Serialize;

/// Steps between a power of two and the next.
const STEPS: u64 = 16;
const STEP_BITS: u32 = STEPS.trailing_zeros();
/// Up to the longest time that 64 bits of microseconds can tell.
const PLACES: usize = 64 * 16;

/// Times, each known to a sixteenth of its length.
#[derive(Clone, Debug)]
pub(super) struct Latencies {
    counts: Box<[u64]>,
    total: u64,
}

/// How long the requests of a batch took, with all attempts and the times between them, in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Percentiles {
    /// Half of them took no longer.
    pub p50: f64,
    /// Nine of ten took no longer.
    pub p90: f64,
    /// Of a hundred, 99 took no longer.
    pub p99: f64,
    /// The longest.
    pub max: f64,
}

impl Default for Latencies {
    fn default() -> Self {
        Self { counts: vec![0; PLACES].into(), total: 0 }
    }
}

impl Latencies {
    pub(super) fn add(&mut self, time: Duration) {
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        if let Some(count) = self.counts.get_mut(place(micros)) {
            *count += 1;
            self.total += 1;
        }
    }

    pub(super) fn percentiles(&self) -> Percentiles {
        Percentiles {
            p50: self.quantile(50),
            p90: self.quantile(90),
            p99: self.quantile(99),
            max: self.quantile(100),
        }
    }

    /// The time that so many in a hundred don't exceed, in seconds.
    #[allow(clippy::cast_precision_loss, reason = "a time is known to a sixteenth only")]
    fn quantile(&self, percent: u64) -> f64 {
        let wanted = (self.total * percent).div_ceil(100);
        let mut seen = 0;
        let place = self.counts.iter().position(|count| {
            seen += count;
            seen >= wanted && wanted > 0
        });
        place.map_or(0.0, |place| upper(place) as f64 / 1e6)
    }
}

/// The place of a time: times below 16 microseconds have one each.
fn place(micros: u64) -> usize {
    let bits = micros.checked_ilog2().unwrap_or(0);
    let shift = bits.saturating_sub(STEP_BITS);
    let place = u64::from(shift) * STEPS + (micros >> shift);
    usize::try_from(place).unwrap_or(usize::MAX)
}

/// The longest time at a place.
fn upper(place: usize) -> u64 {
    let place = u64::try_from(place).unwrap_or(u64::MAX);
    let (power, step) = (place / STEPS, place % STEPS);
    match power {
        0 => step,
        power => ((STEPS + step + 1) << (power - 1)).saturating_sub(1),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Latencies, place, upper};

    #[test]
    fn places_follow_each_other_and_hold_their_times() {
        let times = (0..5_000).chain((13..64).map(|bits| 1_u64 << bits)).chain([u64::MAX / 2]);
        let mut last = 0;
        for time in times {
            let place = place(time);
            assert!(place == last || place == last + 1 || time > 5_000, "{time}");
            assert!(upper(place) >= time && upper(place) <= time + time / 16, "{time}");
            last = place;
        }
    }

    #[test]
    fn percentiles_count() {
        let mut latencies = Latencies::default();
        assert_eq!(latencies.percentiles().max, 0.0);
        for millis in 1..=100 {
            latencies.add(Duration::from_millis(millis));
        }
        let found = latencies.percentiles();
        for (found, expected) in [(found.p50, 0.05), (found.p90, 0.09), (found.max, 0.1)] {
            assert!((expected..expected * 1.07).contains(&found), "{found}");
        }
    }
}

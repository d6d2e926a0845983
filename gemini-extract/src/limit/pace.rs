//! How much of its limits a model is given: less after HTTP 429, then more again (AIMD).

use std::time::Instant;

const SLOWED: f64 = 0.7;
const LEAST: f64 = 0.1;
/// How much comes back in a second.
const RECOVERY: f64 = 0.1 / 60.0;

/// A share of the limits, from 0.1 to 1.
#[derive(Debug)]
pub(super) struct Pace {
    is_fixed: bool,
    /// The share at the last time that it was cut, and when that was.
    cut: Option<(f64, Instant)>,
}

impl Pace {
    pub(super) fn new(is_fixed: bool) -> Self {
        Self { is_fixed, cut: None }
    }

    pub(super) fn share(&self, now: Instant) -> f64 {
        let Some((share, at)) = self.cut else { return 1.0 };
        let recovered = now.saturating_duration_since(at).as_secs_f64() * RECOVERY;
        (share + recovered).min(1.0)
    }

    /// The service was asked too much by a request that was admitted at this time. What was
    /// admitted before the last cut says nothing new.
    pub(super) fn slow(&mut self, admitted: Instant, now: Instant) {
        let is_known = self.cut.is_some_and(|(_, at)| admitted < at);
        if !self.is_fixed && !is_known {
            self.cut = Some(((self.share(now) * SLOWED).max(LEAST), now));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Pace;

    #[test]
    fn a_cut_counts_once_and_heals() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let is =
            |pace: &Pace, seconds, expected: f64| (pace.share(at(seconds)) - expected).abs() < 1e-9;
        let mut pace = Pace::new(false);
        assert!(is(&pace, 0, 1.0));
        pace.slow(at(0), at(1));
        pace.slow(at(0), at(2));
        assert!(is(&pace, 1, 0.7) && is(&pace, 61, 0.8) && is(&pace, 999, 1.0));
        pace.slow(at(1), at(1));
        assert!(is(&pace, 1, 0.49));
        for _ in 0..20 {
            pace.slow(at(1), at(1));
        }
        assert!(is(&pace, 1, 0.1));
        let mut fixed = Pace::new(true);
        fixed.slow(at(0), at(0));
        assert!(is(&fixed, 0, 1.0));
    }
}

//! The shapes of charts, in numbers for the page's SVG.

use std::collections::BTreeMap;

use super::Sample;

/// Bars of a chart; more are put together.
const MOST_BARS: usize = 40;
/// The height of a bar with the space below it.
const STEP: f64 = 26.0;
/// The longest bar.
const LONGEST: f64 = 420.0;

/// A chart of horizontal bars.
#[derive(Debug)]
pub(super) struct Bars {
    pub(super) bars: Vec<Bar>,
    pub(super) height: f64,
}

/// One bar.
#[derive(Debug)]
pub(super) struct Bar {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) width: f64,
    pub(super) top: f64,
}

/// A line over time.
#[derive(Debug)]
pub(super) struct Curve {
    /// The points, as SVG writes them.
    pub(super) points: String,
    pub(super) most: String,
    pub(super) end: String,
}

/// The width and height of a curve.
pub(super) const CURVE: (f64, f64) = (680.0, 160.0);

impl Bars {
    /// Counts with their shares, the largest first.
    pub(super) fn of_counts(counts: &BTreeMap<String, u64>) -> Self {
        let sum: u64 = counts.values().sum();
        Self::of(counts, |count| {
            let share = real(count) / real(sum.max(1)) * 100.0;
            format!("{} ({share:.1} %)", grouped(count))
        })
    }

    /// Some of many counts, the largest first.
    pub(super) fn of_some(counts: &BTreeMap<String, u64>) -> Self {
        Self::of(counts, grouped)
    }

    fn of(counts: &BTreeMap<String, u64>, value: impl Fn(u64) -> String) -> Self {
        let mut counts: Vec<(String, u64)> =
            counts.iter().map(|(name, count)| (name.clone(), *count)).collect();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        if counts.len() > MOST_BARS {
            let others = counts.split_off(MOST_BARS - 1);
            let count = others.iter().map(|(_, count)| count).sum();
            counts.push((format!("{} others", others.len()), count));
        }
        let rows = counts.into_iter().map(|(name, count)| (name, value(count), real(count)));
        Self::new(rows.collect())
    }

    /// Rows of a name, a value as it is written, and its size.
    pub(super) fn new(rows: Vec<(String, String, f64)>) -> Self {
        let most = rows.iter().map(|(_, _, size)| *size).fold(0.0, f64::max);
        let mut top = 0.0;
        let mut bars = Vec::with_capacity(rows.len());
        for (name, value, size) in rows {
            let width = if most > 0.0 { size / most * LONGEST } else { 0.0 };
            bars.push(Bar { name: shortened(name), value, width, top });
            top += STEP;
        }
        Self { bars, height: top }
    }
}

impl Curve {
    /// The rate between looks; none where there were too few.
    pub(super) fn of(samples: &[Sample]) -> Option<Self> {
        let rates: Vec<(f64, f64)> = samples
            .windows(2)
            .filter_map(|pair| match pair {
                [from, to] if to.seconds > from.seconds => {
                    let finished = real(to.finished.saturating_sub(from.finished));
                    Some((to.seconds, finished / (to.seconds - from.seconds)))
                }
                _ => None,
            })
            .collect();
        let end = rates.last()?.0;
        let most = rates.iter().map(|(_, rate)| *rate).fold(0.0, f64::max);
        if rates.len() < 2 || most <= 0.0 {
            return None;
        }
        let (width, height) = CURVE;
        let point = |(seconds, rate): &(f64, f64)| {
            format!("{:.1},{:.1}", seconds / end * width, height - rate / most * height)
        };
        let points = rates.iter().map(point).collect::<Vec<_>>().join(" ");
        Some(Self { points, most: format!("{most:.1} records/s"), end: duration(end) })
    }
}

/// A number with its thousands apart.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

/// A time in the two largest of its units.
pub(crate) fn duration(seconds: f64) -> String {
    if seconds < 60.0 {
        return format!("{seconds:.1} s");
    }
    let minutes = (seconds / 60.0).floor();
    if minutes < 60.0 {
        return format!("{minutes:.0} min {:.0} s", (seconds - minutes * 60.0).floor());
    }
    let hours = (minutes / 60.0).floor();
    format!("{hours:.0} h {:.0} min", minutes - hours * 60.0)
}

#[allow(clippy::cast_precision_loss, reason = "no chart has 2^53 of anything")]
fn real(count: u64) -> f64 {
    count as f64
}

fn shortened(name: String) -> String {
    if name.chars().count() <= 28 {
        return name;
    }
    name.chars().take(27).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Bars, Curve, duration, grouped};
    use crate::report::Sample;

    #[test]
    fn numbers_are_readable() {
        assert_eq!(grouped(7), "7");
        assert_eq!(grouped(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(duration(59.94), "59.9 s");
        assert_eq!(duration(61.0), "1 min 1 s");
        assert_eq!(duration(7_261.0), "2 h 1 min");
    }

    #[test]
    fn many_bars_are_put_together() {
        let counts: BTreeMap<_, _> = (0..100).map(|index| (format!("l{index:02}"), 1)).collect();
        let bars = Bars::of_counts(&counts).bars;
        assert_eq!(bars.len(), 40);
        assert_eq!(bars.last().map(|bar| &*bar.name), Some("61 others"));
        assert!(bars.iter().all(|bar| bar.width <= 420.0));
    }

    #[test]
    fn a_curve_needs_three_looks() {
        let sample = |(seconds, finished)| Sample { seconds, finished };
        let curve = |looks: &[(f64, u64)]| {
            Curve::of(&looks.iter().copied().map(sample).collect::<Vec<_>>())
        };
        assert!(curve(&[]).is_none());
        assert!(curve(&[(0.0, 0), (1.0, 5)]).is_none());
        assert!(curve(&[(0.0, 0), (1.0, 0), (2.0, 0)]).is_none());
        let drawn = curve(&[(0.0, 0), (1.0, 5), (1.0, 6), (2.0, 15)]).expect("a curve");
        assert_eq!(drawn.points, "340.0,71.1 680.0,0.0");
    }
}

//! Measuring two ways of doing the same, side by side.

pub mod crowd;
pub mod process;
pub mod recipes;
pub mod reviews;
pub mod sources;

use std::hint::black_box;
use std::time::{Duration, Instant};

/// One way, beside the other that it is compared with.
#[derive(Debug, Clone, Copy)]
pub struct Comparison {
    /// The median time of a round of ours.
    pub ours: Duration,
    /// The median time of a round of the other.
    pub other: Duration,
    /// The median of the ratios of the rounds, ours to the other.
    pub ratio: f64,
}

/// Runs both in turns, in one process, and takes medians: what disturbs one round of the one
/// disturbs its neighbour too.
///
/// What the closures return is dropped outside the measured time.
pub fn compare<A, B>(
    rounds: usize,
    mut ours: impl FnMut() -> A,
    mut other: impl FnMut() -> B,
) -> Comparison {
    for _ in 0..rounds.div_ceil(10) {
        black_box((ours(), other()));
    }
    let mut times = Vec::with_capacity(rounds);
    for round in 0..rounds {
        times.push(if round % 2 == 0 {
            let first = time(&mut ours);
            (first, time(&mut other))
        } else {
            let first = time(&mut other);
            (time(&mut ours), first)
        });
    }
    let ratio = |(ours, other): &(Duration, Duration)| ours.as_secs_f64() / other.as_secs_f64();
    Comparison {
        ours: median(times.iter().map(|(ours, _)| *ours).collect(), Duration::cmp),
        other: median(times.iter().map(|(_, other)| *other).collect(), Duration::cmp),
        ratio: median(times.iter().map(ratio).collect(), f64::total_cmp),
    }
}

/// The median time of a round.
pub fn measure<A>(rounds: usize, mut run: impl FnMut() -> A) -> Duration {
    black_box(run());
    let times = (0..rounds).map(|_| time(&mut run)).collect();
    median(times, Duration::cmp)
}

/// The middle of some values; the default of none.
pub fn median<T: Copy + Default>(
    mut values: Vec<T>,
    compare: impl Fn(&T, &T) -> std::cmp::Ordering,
) -> T {
    values.sort_by(compare);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

fn time<A>(run: &mut impl FnMut() -> A) -> Duration {
    let begin = Instant::now();
    let result = black_box(run());
    let elapsed = begin.elapsed();
    drop(result);
    elapsed
}

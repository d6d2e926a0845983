//! What is seen of a job while it runs.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use gemini_extract::batch::{BatchHandle, Progress as Counts};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio::task::JoinHandle;

use crate::report::{Sample, duration, grouped, per_second};

const EACH: Duration = Duration::from_millis(250);
/// So many looks are kept; then every second one goes.
const MOST_SAMPLES: usize = 480;

const STOPPING: &str = "stopping: what is on its way comes to its end; Ctrl-C again gives it up";
const LEAVING: &str = "stopping: open batches go on at the service";
const COUNTED: &str = "{bar:32} {percent:>3} %  {pos}/{len}\n{msg}";
const UNCOUNTED: &str = "{spinner} {pos}\n{msg}";

/// A line that shows how far a job is, and the looks at it for the report.
pub(super) struct Progress {
    bar: ProgressBar,
    samples: Arc<Mutex<Samples>>,
    handle: BatchHandle,
    is_stopping: Arc<AtomicBool>,
    looking: JoinHandle<()>,
}

#[derive(Default)]
struct Samples {
    kept: Vec<Sample>,
    /// Of so many looks one is kept, and so many were not since the last one.
    each: u32,
    left_out: u32,
}

impl Progress {
    /// Begins to look at a batch. Call it inside a Tokio runtime.
    pub(super) fn start(handle: BatchHandle, total: Option<u64>, is_quiet: bool) -> Self {
        let bar = bar(total, is_quiet || !std::io::stderr().is_terminal());
        let samples = Arc::new(Mutex::new(Samples { each: 1, ..Samples::default() }));
        let is_stopping = Arc::new(AtomicBool::new(false));
        let looking = tokio::spawn({
            let (handle, bar, samples) = (handle.clone(), bar.clone(), Arc::clone(&samples));
            let is_stopping = Arc::clone(&is_stopping);
            async move {
                let mut times = tokio::time::interval(EACH);
                loop {
                    times.tick().await;
                    let counts = handle.progress();
                    let sample = Sample { seconds: counts.seconds, finished: counts.finished };
                    samples.lock().unwrap_or_else(PoisonError::into_inner).add(sample);
                    bar.set_position(counts.finished);
                    let mut message = message(&counts, total);
                    if is_stopping.load(Ordering::Relaxed) {
                        message = format!("{message}\n{}", stopping(&counts));
                    }
                    bar.set_message(message);
                }
            }
        });
        Self { bar, samples, handle, is_stopping, looking }
    }

    /// Says that the job comes to its end: below the line, or on stderr where there is none.
    pub(super) fn stopping(&self) {
        if self.bar.is_hidden() {
            eprintln!("{}", stopping(&self.handle.progress()));
        }
        self.is_stopping.store(true, Ordering::Relaxed);
    }

    /// Takes the line away, and gives the looks.
    pub(super) fn finish(self) -> Vec<Sample> {
        self.looking.abort();
        self.bar.finish_and_clear();
        let counts = self.handle.progress();
        let mut samples = self.samples.lock().unwrap_or_else(PoisonError::into_inner);
        let mut kept = std::mem::take(&mut samples.kept);
        kept.push(Sample { seconds: counts.seconds, finished: counts.finished });
        kept
    }
}

impl Samples {
    fn add(&mut self, sample: Sample) {
        self.left_out += 1;
        if self.left_out < self.each {
            return;
        }
        self.left_out = 0;
        self.kept.push(sample);
        if self.kept.len() >= MOST_SAMPLES {
            let mut is_kept = false;
            self.kept.retain(|_| {
                is_kept = !is_kept;
                is_kept
            });
            self.each = self.each.saturating_mul(2);
        }
    }
}

fn bar(total: Option<u64>, is_hidden: bool) -> ProgressBar {
    let target =
        if is_hidden { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let template = if total.is_some() { COUNTED } else { UNCOUNTED };
    let style = ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("=> ");
    ProgressBar::with_draw_target(total, target).with_style(style)
}

/// What is said of a job that comes to its end.
fn stopping(counts: &Counts) -> &'static str {
    if counts.open_batches > 0 { LEAVING } else { STOPPING }
}

/// The rate, the time that is left, tokens, costs, and what went wrong.
fn message(counts: &Counts, total: Option<u64>) -> String {
    // Those of the journal cost no time.
    let asked = counts.finished.saturating_sub(counts.from_journal);
    let rate = per_second(asked, counts.seconds);
    let mut parts = vec![format!("{rate:.1} records/s")];
    let left = total.map(|total| total.saturating_sub(counts.finished)).filter(|left| *left > 0);
    if let Some(left) = left
        && rate > 0.0
    {
        #[allow(clippy::cast_precision_loss, reason = "nobody reads it to the second")]
        parts.push(format!("{} left", duration(left as f64 / rate)));
    }
    let tokens = &counts.tokens;
    parts.push(format!("tokens {} in, {} out", grouped(tokens.input), grouped(tokens.output)));
    if let Some(cost) = counts.cost {
        parts.push(format!("cost {:.4}", cost + counts.earlier_cost.unwrap_or_default()));
    }
    if counts.open_batches > 0 {
        parts.push(format!("{} batches open", counts.open_batches));
    }
    let mut line = parts.join(", ");
    let errors: Vec<String> =
        counts.errors.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
    if !errors.is_empty() {
        line.push_str(&format!("\nfailed: {}", errors.join(", ")));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::{MOST_SAMPLES, Samples};
    use crate::report::Sample;

    #[test]
    fn looks_at_a_long_run_are_spread_over_all_of_it() {
        let mut samples = Samples { each: 1, ..Samples::default() };
        for finished in 0..100_000 {
            samples.add(Sample { seconds: 0.0, finished });
        }
        assert!(samples.kept.len() < MOST_SAMPLES && samples.kept.len() > MOST_SAMPLES / 4);
        let gaps = samples.kept.windows(2).map(|pair| pair[1].finished - pair[0].finished);
        let (least, most) = (gaps.clone().min(), gaps.max());
        assert!(most <= least.map(|least| least * 2), "{least:?} {most:?}");
        assert!(samples.kept.last().is_some_and(|last| last.finished > 98_000));
    }
}

//! Which way rows are asked about.

use std::time::Duration;

use clap::{Args, ValueEnum};
use gemini_extract::ExponentialBackoff;
use gemini_extract::batch::{Batch, BatchApi};
use serde::{Deserialize, Serialize};

use super::LimitOptions;

/// Rows in one batch.
const ROWS: usize = 5_000;
/// Batches at a time.
const OPEN: usize = 10;
/// The first look after a batch of the emulator, in seconds.
const EMULATED_LOOK: f64 = 0.1;
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// Which way rows are asked about.
#[derive(Clone, Debug, Default, Args, Serialize, Deserialize)]
#[command(next_help_heading = "Batch API")]
#[serde(default)]
pub(crate) struct WayOptions {
    /// Which way rows are asked about
    #[arg(long, value_name = "WAY", default_value = "requests")]
    via: Way,
    /// The most rows in one batch, 5000 unless said
    #[arg(long, value_name = "ROWS", value_parser = clap::value_parser!(u32).range(1..=200_000))]
    batch_rows: Option<u32>,
    /// The most batches that are open at a time, 10 unless said
    #[arg(long, value_name = "BATCHES", value_parser = clap::value_parser!(u32).range(1..=100))]
    open_batches: Option<u32>,
    /// Asks about rows that fail in their batch at once, at the full price
    #[arg(long)]
    interactive_fallback: bool,
    /// How many seconds pass before the first look after a batch, 10 unless said; then it is looked
    /// after less and less often
    #[arg(long, value_name = "SECONDS")]
    first_look: Option<f64>,
}

/// A way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Way {
    /// By requests, at once
    #[default]
    Requests,
    /// By Gemini's Batch API: at half the price, and within a day or so. After Ctrl-C or a crash
    /// `resume` takes the answers of the batches that are open
    BatchApi,
}

impl WayOptions {
    /// What is wrong with them, beside these limits.
    pub(crate) fn problem(&self, limits: &LimitOptions) -> Option<&'static str> {
        let Self { batch_rows, open_batches, interactive_fallback, first_look, .. } = self;
        let is_some = batch_rows.is_some() || open_batches.is_some() || first_look.is_some();
        let is_time = |seconds: f64| Duration::try_from_secs_f64(seconds).is_ok();
        if first_look.is_some_and(|seconds| !is_time(seconds)) {
            return Some("--first-look is a number of seconds");
        }
        if self.is_batch_api() && limits.pack > 1 {
            return Some("rows go by --via batch-api or in a --pack, not both");
        }
        if self.is_batch_api() && limits.has_windows() && !interactive_fallback {
            return Some(
                "--requests-per-minute and the like are for rows that are asked at once; with \
                 --via batch-api they need --interactive-fallback",
            );
        }
        (!self.is_batch_api() && (is_some || *interactive_fallback)).then_some(
            "--batch-rows, --open-batches, --interactive-fallback and --first-look are for \
             --via batch-api",
        )
    }

    pub(crate) fn is_batch_api(&self) -> bool {
        self.via == Way::BatchApi
    }

    /// How many rows can be on their way at the same time, where it's more than a few thousand.
    pub(crate) fn ahead(&self) -> usize {
        if self.is_batch_api() { self.rows().saturating_mul(self.open()) } else { 0 }
    }

    /// Sets a batch up; the batches of the emulator are looked after sooner.
    pub(crate) fn apply<T>(&self, batch: Batch<T>, is_emulated: bool) -> Batch<T> {
        if !self.is_batch_api() {
            return batch;
        }
        let mut api = BatchApi::new().rows(self.rows()).open(self.open());
        let first = self.first_look.or(is_emulated.then_some(EMULATED_LOOK));
        if let Some(first) = first.and_then(|first| Duration::try_from_secs_f64(first).ok()) {
            let polling = ExponentialBackoff::default().first(first).factor(1.5);
            api = api.polling(polling.longest(LONGEST_WAIT.max(first)).without_jitter());
        }
        batch.via(if self.interactive_fallback { api.interactive_fallback() } else { api })
    }

    fn rows(&self) -> usize {
        self.batch_rows.and_then(|rows| usize::try_from(rows).ok()).unwrap_or(ROWS)
    }

    fn open(&self) -> usize {
        self.open_batches.and_then(|open| usize::try_from(open).ok()).unwrap_or(OPEN)
    }
}

//! Within which limits the model is asked.

use clap::{Args, ValueEnum};
use gemini_extract::batch::{Batch, ContextCache, ErrorBudget};
use gemini_extract::{Limits, Price, Prices};
use serde::{Deserialize, Serialize};

use crate::failure::{Failure, Result};

/// Within which limits it is asked.
#[derive(Clone, Debug, Args, Serialize, Deserialize)]
#[command(next_help_heading = "Limits")]
pub(crate) struct LimitOptions {
    /// The most requests on their way at a time
    #[arg(long, value_name = "REQUESTS", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    concurrency: u32,
    /// Up to how many rows go in one request: fewer requests, and fewer tokens where rows are shorter
    /// than what stands above them, which --dry-run compares; values can become others, as the
    /// model sees other rows beside
    #[arg(long, value_name = "ROWS", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    #[serde(default = "alone")]
    pub(crate) pack: u32,
    /// Whether the instruction and the examples are kept in a cache of the service while the job
    /// runs, so that they cost less in each request; it is deleted at the end
    #[arg(long, value_name = "WHEN", default_value = "off")]
    #[serde(default)]
    context_cache: CacheWhen,
    /// The most requests in a minute
    #[arg(long, value_name = "REQUESTS")]
    requests_per_minute: Option<u32>,
    /// The most input tokens in a minute
    #[arg(long, value_name = "TOKENS")]
    tokens_per_minute: Option<u64>,
    /// The most requests in a day
    #[arg(long, value_name = "REQUESTS")]
    requests_per_day: Option<u32>,
    /// The price of a million input and output tokens, of cached ones, and of keeping these for an
    /// hour: 0.30,2.50 or 0.30,2.50,0.03 or 0.30,2.50,0.03,1.00
    #[arg(long, value_name = "IN,OUT[,CACHED[,KEPT]]", value_delimiter = ',')]
    price: Vec<f64>,
    /// The most that it may cost, by --price; what is on its way is counted at its dearest, for
    /// which --max-output-tokens should be small
    #[arg(long, value_name = "COST", requires = "price", value_parser = amount)]
    max_cost: Option<f64>,
    /// How many rows may fail before it is given up: a number, or a share such as 5%
    #[arg(long, value_name = "ROWS")]
    error_budget: Option<String>,
}

/// When a cache is made.
#[derive(Clone, Copy, Debug, Default, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum CacheWhen {
    /// Never
    #[default]
    Off,
    /// Where it pays, by --price
    Auto,
    /// Wherever the service keeps that little
    Always,
}

/// What can be another when a job is gone on with.
#[derive(Debug, Args)]
pub(crate) struct LimitChanges {
    /// The most requests on their way at a time, from now on
    #[arg(long, value_name = "REQUESTS", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    concurrency: Option<u32>,
    /// Up to how many rows go in one request, from now on
    #[arg(long, value_name = "ROWS", value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pack: Option<u32>,
    /// Whether the instruction and the examples are kept in a cache of the service, from now on
    #[arg(long, value_name = "WHEN")]
    context_cache: Option<CacheWhen>,
    /// The most that it may cost, with what it did cost before
    #[arg(long, value_name = "COST", value_parser = amount)]
    max_cost: Option<f64>,
    /// How many rows may fail: a number, or a share such as 5%
    #[arg(long, value_name = "ROWS")]
    error_budget: Option<String>,
}

/// From how many outcomes on a share is judged.
const LEAST_OUTCOMES: u64 = 100;

impl LimitOptions {
    /// The prices, where they are given.
    pub(crate) fn prices(&self, model: &str) -> Result<Option<Prices>> {
        Ok(self.price()?.map(|price| Prices::default().model(model, price)))
    }

    /// The price of the model, where it is given.
    pub(crate) fn price(&self) -> Result<Option<Price>> {
        let price = match self.price[..] {
            [] => return Ok(None),
            [input, output] => Price::per_million(input, output),
            [input, output, cached] => Price::per_million(input, output).cached(cached),
            [input, output, cached, kept] => {
                Price::per_million(input, output).cached(cached).storage(kept)
            }
            _ => return Err(Failure::usage("--price is IN,OUT or IN,OUT,CACHED or with ,KEPT")),
        };
        if self.price.iter().any(|price| !price.is_finite() || *price < 0.0) {
            return Err(Failure::usage("--price has no number below zero"));
        }
        Ok(Some(price))
    }

    /// When a cache is made, for so many rows.
    pub(crate) fn context_cache(&self, rows: Option<u64>) -> ContextCache {
        let cache = match self.context_cache {
            CacheWhen::Off => ContextCache::off(),
            CacheWhen::Auto => ContextCache::auto(),
            CacheWhen::Always => ContextCache::always(),
        };
        rows.into_iter().fold(cache, ContextCache::records)
    }

    /// Sets a batch up.
    pub(crate) fn apply<T>(&self, mut batch: Batch<T>) -> Result<Batch<T>> {
        batch = batch.concurrency(self.concurrency);
        if let Some(limits) = self.limits() {
            batch = batch.limits(limits);
        }
        batch = batch.pack(usize::try_from(self.pack).unwrap_or(usize::MAX));
        if let Some(cost) = self.max_cost {
            batch = batch.max_cost(cost);
        }
        match self.error_budget()? {
            Some(budget) => Ok(batch.error_budget(budget)),
            None => Ok(batch),
        }
    }

    /// Holds to other limits from now on.
    pub(crate) fn change(&mut self, changes: LimitChanges) {
        let LimitChanges { concurrency, pack, context_cache, max_cost, error_budget } = changes;
        self.context_cache = context_cache.unwrap_or(self.context_cache);
        self.concurrency = concurrency.unwrap_or(self.concurrency);
        self.pack = pack.unwrap_or(self.pack);
        self.max_cost = max_cost.or(self.max_cost);
        self.error_budget = error_budget.or(self.error_budget.take());
    }

    /// Whether there are limits for a time.
    pub(crate) fn has_windows(&self) -> bool {
        let Self { requests_per_minute, tokens_per_minute, requests_per_day, .. } = self;
        requests_per_minute.is_some() || tokens_per_minute.is_some() || requests_per_day.is_some()
    }

    fn limits(&self) -> Option<Limits> {
        if !self.has_windows() {
            return None;
        }
        let mut limits = Limits::default();
        if let Some(requests) = self.requests_per_minute {
            limits = limits.requests_per_minute(requests);
        }
        if let Some(tokens) = self.tokens_per_minute {
            limits = limits.tokens_per_minute(tokens);
        }
        if let Some(requests) = self.requests_per_day {
            limits = limits.requests_per_day(requests);
        }
        Some(limits)
    }

    fn error_budget(&self) -> Result<Option<ErrorBudget>> {
        let Some(text) = self.error_budget.as_deref() else { return Ok(None) };
        let budget = match text.strip_suffix('%') {
            Some(percent) => percent
                .parse::<f64>()
                .ok()
                .filter(|percent| (0.0..=100.0).contains(percent))
                .map(|percent| ErrorBudget::share(percent / 100.0, LEAST_OUTCOMES)),
            None => text.parse().ok().map(ErrorBudget::count),
        };
        budget
            .map(Some)
            .ok_or_else(|| Failure::usage("--error-budget is a number, or a share such as 5%"))
    }
}

/// The pack of a row that goes alone.
fn alone() -> u32 {
    1
}

/// A number that JSON can keep, and that isn't below zero.
pub(super) fn amount(text: &str) -> std::result::Result<f64, String> {
    let number = text.parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0);
    number.ok_or_else(|| "it is a number, and not below zero".to_owned())
}

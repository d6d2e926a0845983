//! How the model is asked, and within which limits.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use gemini_extract::batch::{Batch, ErrorBudget};
use gemini_extract::{Limits, Price, Prices, ThinkingLevel};
use serde::{Deserialize, Serialize};

use crate::contract::read_text;
use crate::failure::{Failure, Result};

/// How the model is asked.
#[derive(Clone, Debug, Args, Serialize, Deserialize)]
#[command(next_help_heading = "Model")]
pub(crate) struct AskOptions {
    /// The model
    #[arg(long, value_name = "NAME", default_value = "gemini-flash-latest")]
    pub(crate) model: String,
    /// What is said above each row, instead of a sentence about the task
    #[arg(long, value_name = "TEXT", conflicts_with = "instruction_file")]
    instruction: Option<String>,
    /// A file with that text
    #[arg(long, value_name = "FILE")]
    instruction_file: Option<PathBuf>,
    /// How freely the model chooses, from 0.0 to 2.0
    #[arg(long, value_name = "NUMBER")]
    temperature: Option<f64>,
    /// The most tokens of an answer, thoughts included
    #[arg(long, value_name = "TOKENS")]
    max_output_tokens: Option<u32>,
    /// How much the model thinks
    #[arg(long, value_name = "LEVEL")]
    thinking: Option<Thinking>,
    /// Asks an emulator in this program: no key is needed, and the values mean nothing
    #[cfg(feature = "emulator")]
    #[arg(long)]
    pub(crate) emulator: bool,
    /// A script of latencies, faults and limits for the emulator, as JSON
    #[cfg(feature = "emulator")]
    #[arg(long, value_name = "FILE", requires = "emulator")]
    pub(crate) emulator_script: Option<PathBuf>,
}

/// How much the model thinks.
#[derive(Clone, Copy, Debug, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Thinking {
    /// Not at all
    Off,
    /// As little as can be
    Minimal,
    /// Little
    Low,
    /// Some
    Medium,
    /// Much
    High,
}

/// Within which limits it is asked.
#[derive(Clone, Debug, Args, Serialize, Deserialize)]
#[command(next_help_heading = "Limits")]
pub(crate) struct LimitOptions {
    /// The most requests on their way at a time
    #[arg(long, value_name = "REQUESTS", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    concurrency: u32,
    /// The most requests in a minute
    #[arg(long, value_name = "REQUESTS")]
    requests_per_minute: Option<u32>,
    /// The most input tokens in a minute
    #[arg(long, value_name = "TOKENS")]
    tokens_per_minute: Option<u64>,
    /// The most requests in a day
    #[arg(long, value_name = "REQUESTS")]
    requests_per_day: Option<u32>,
    /// The price of a million input and output tokens, and of cached ones: 0.30,2.50 or
    /// 0.30,2.50,0.03
    #[arg(long, value_name = "IN,OUT[,CACHED]", value_delimiter = ',')]
    price: Vec<f64>,
    /// The most that it may cost, by --price; what is on its way is counted at its dearest, for
    /// which --max-output-tokens should be small
    #[arg(long, value_name = "COST", requires = "price")]
    max_cost: Option<f64>,
    /// How many rows may fail before it is given up: a number, or a share such as 5%
    #[arg(long, value_name = "ROWS")]
    error_budget: Option<String>,
}

/// From how many outcomes on a share is judged.
const LEAST_OUTCOMES: u64 = 100;

impl AskOptions {
    /// Whether no model answers.
    pub(crate) fn is_emulated(&self) -> bool {
        #[cfg(feature = "emulator")]
        return self.emulator;
        #[cfg(not(feature = "emulator"))]
        false
    }

    /// What is said above each row.
    pub(crate) fn instruction(&self, usual: &str) -> Result<String> {
        match (&self.instruction, &self.instruction_file) {
            (Some(text), _) => Ok(text.clone()),
            (None, Some(path)) => read_text(path),
            (None, None) => Ok(usual.to_owned()),
        }
    }

    /// Sets a batch up.
    pub(crate) fn apply<T>(&self, mut batch: Batch<T>, usual: &str) -> Result<Batch<T>> {
        batch = batch.model(&self.model).instruction(self.instruction(usual)?);
        if let Some(temperature) = self.temperature {
            batch = batch.temperature(temperature);
        }
        if let Some(tokens) = self.max_output_tokens {
            batch = batch.max_output_tokens(tokens);
        }
        Ok(match self.thinking.map(gemini_extract::Thinking::from) {
            Some(thinking) => batch.thinking(thinking),
            None => batch,
        })
    }

    /// The same with paths that hold wherever it is read.
    pub(crate) fn absolute(mut self) -> Self {
        let absolute = |path: PathBuf| std::path::absolute(&path).unwrap_or(path);
        self.instruction_file = self.instruction_file.map(absolute);
        #[cfg(feature = "emulator")]
        {
            self.emulator_script = self.emulator_script.map(absolute);
        }
        self
    }
}

impl From<Thinking> for gemini_extract::Thinking {
    fn from(thinking: Thinking) -> Self {
        match thinking {
            Thinking::Off => Self::Off,
            Thinking::Minimal => ThinkingLevel::Minimal.into(),
            Thinking::Low => ThinkingLevel::Low.into(),
            Thinking::Medium => ThinkingLevel::Medium.into(),
            Thinking::High => ThinkingLevel::High.into(),
        }
    }
}

impl LimitOptions {
    /// The prices, where they are given.
    pub(crate) fn prices(&self, model: &str) -> Result<Option<Prices>> {
        let price = match self.price[..] {
            [] => return Ok(None),
            [input, output] => Price::per_million(input, output),
            [input, output, cached] => Price::per_million(input, output).cached(cached),
            _ => return Err(Failure::usage("--price is IN,OUT or IN,OUT,CACHED")),
        };
        if self.price.iter().any(|price| !price.is_finite() || *price < 0.0) {
            return Err(Failure::usage("--price has no number below zero"));
        }
        Ok(Some(Prices::default().model(model, price)))
    }

    /// Sets a batch up.
    pub(crate) fn apply<T>(&self, mut batch: Batch<T>) -> Result<Batch<T>> {
        batch = batch.concurrency(self.concurrency).limits(self.limits());
        if let Some(cost) = self.max_cost {
            batch = batch.max_cost(cost);
        }
        match self.error_budget()? {
            Some(budget) => Ok(batch.error_budget(budget)),
            None => Ok(batch),
        }
    }

    fn limits(&self) -> Limits {
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
        limits
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

//! How the model is asked.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use gemini_extract::batch::{Batch, Cache, Dedupe};
use gemini_extract::{OrderedJson, ThinkingLevel};
use serde::{Deserialize, Serialize};

use crate::contract::read_text;
use crate::examples;
use crate::failure::{Failure, Result};
use crate::template::Template;

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
    #[arg(long, value_name = "NUMBER", value_parser = super::limits::amount)]
    temperature: Option<f64>,
    /// The most tokens of an answer, thoughts included
    #[arg(long, value_name = "TOKENS")]
    pub(crate) max_output_tokens: Option<u32>,
    /// How much the model thinks
    #[arg(long, value_name = "LEVEL")]
    thinking: Option<Thinking>,
    /// Asks about each row so often, and takes the value that most answers have; no more are asked
    /// for than can change it
    #[arg(long, value_name = "TIMES", default_value_t = 1, conflicts_with = "pack", value_parser = clap::value_parser!(u32).range(1..=100))]
    #[serde(default = "once")]
    pub(crate) votes: u32,
    /// A table of examples: the columns that are sent, and a column `label`, or `value` with JSON for
    /// `extract`, with what is to be answered
    #[arg(long, value_name = "FILE")]
    examples: Option<PathBuf>,
    /// A file of answers that jobs share: what one of them was answered is asked by no other
    #[arg(long, value_name = "FILE")]
    #[cfg_attr(feature = "emulator", arg(conflicts_with = "emulator"))]
    cache: Option<PathBuf>,
    /// Asks about each row for itself, also where another one says the same
    #[arg(long)]
    no_dedupe: bool,
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

impl AskOptions {
    /// Whether no model answers.
    pub(crate) fn is_emulated(&self) -> bool {
        #[cfg(feature = "emulator")]
        return self.emulator;
        #[cfg(not(feature = "emulator"))]
        false
    }

    /// What is to be answered to what: the examples, where there are some.
    pub(crate) fn examples(&self, template: &Template) -> Result<Vec<(String, OrderedJson)>> {
        match &self.examples {
            Some(path) => examples::read(path, template),
            None => Ok(Vec::new()),
        }
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
        if self.votes > 1 && self.temperature == Some(0.0) {
            return Err(Failure::usage(
                "--votes needs a --temperature above 0, or all are the same",
            ));
        }
        batch = batch.model(&self.model).instruction(self.instruction(usual)?).votes(self.votes);
        if let Some(path) = &self.cache {
            let cache = Cache::open(path).map_err(|error| Failure::new(error.to_string()))?;
            batch = batch.cache(&cache);
        }
        if self.no_dedupe {
            batch = batch.dedupe(Dedupe::Off);
        }
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
        self.examples = self.examples.map(absolute);
        self.cache = self.cache.map(absolute);
        #[cfg(feature = "emulator")]
        {
            self.emulator_script = self.emulator_script.map(absolute);
        }
        self
    }
}

/// How often a row is asked about where nothing is said.
fn once() -> u32 {
    1
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

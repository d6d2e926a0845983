//! What is asked about each row.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use gemini_extract::batch::{Batch, LabelCodes};
use gemini_extract::{Dialect, Schema};
use serde::{Deserialize, Serialize};

use crate::failure::{Failure, Result};
use crate::{contract, labels};

/// The labels to choose from.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Labels")]
pub(crate) struct LabelOptions {
    /// A label; can be given several times
    #[arg(long = "label", value_name = "LABEL")]
    labels: Vec<String>,
    /// Labels with commas between them
    #[arg(long = "labels", value_name = "LABELS", value_delimiter = ',')]
    listed: Vec<String>,
    /// A file of labels: one on each line (.txt), columns `label` and `description` (.csv, .tsv,
    /// .jsonl), or JSON
    #[arg(long, value_name = "FILE")]
    labels_file: Option<PathBuf>,
    /// A schema that is an enumeration of strings
    #[arg(long, value_name = "FILE", conflicts_with_all = ["labels", "listed", "labels_file"])]
    schema: Option<PathBuf>,
    /// Lets the model say that no label fits; the label is empty then
    #[arg(long)]
    abstain: bool,
    /// When labels are sent as short codes, with a table of them in the instruction
    #[arg(long, value_name = "WHEN", default_value = "needed")]
    codes: Codes,
    /// The most labels that a request chooses among; more are asked for in stages, in groups by
    /// what stands before '/', '.', '::' or ' > ' in them, or else by their order
    #[arg(long, value_name = "LABELS", value_parser = clap::value_parser!(u16).range(4..))]
    labels_per_request: Option<u16>,
    /// A column with the true labels; the report compares them with those that the model gives
    #[arg(long, value_name = "COLUMN")]
    truth: Option<String>,
}

/// What is to be extracted.
#[derive(Clone, Debug, Args)]
pub(crate) struct SchemaOptions {
    /// What to extract: a JSON Schema, or a schema in the words of responseSchema
    #[arg(long, value_name = "FILE")]
    schema: PathBuf,
}

/// What is asked about each row, with the schema as it was when the job began.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Task {
    pub(crate) command: Command,
    /// A JSON Schema or, for labels, what it is made from.
    schema: Contract,
    /// Whether the model may say that no label fits.
    #[serde(default)]
    abstain: bool,
    #[serde(default)]
    codes: Codes,
    #[serde(default)]
    labels_per_request: Option<u16>,
    /// The column with the true labels, if there is one.
    pub(crate) truth: Option<String>,
}

/// When labels are sent as short codes.
#[derive(Clone, Copy, Debug, Default, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Codes {
    /// Where there are more, or longer ones, than the service takes
    #[default]
    Needed,
    /// Always
    Always,
    /// Never
    Never,
}

/// Which command began the job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Command {
    Classify,
    Extract,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Contract {
    Labels(Vec<(String, Option<String>)>),
    Schema(String),
}

impl LabelOptions {
    pub(crate) fn task(&self) -> Result<Task> {
        let schema = if let Some(path) = &self.schema {
            labels::of_schema(path)?;
            Contract::Schema(contract::read_text(path)?)
        } else {
            let given = self.labels.iter().chain(&self.listed);
            let mut all: Vec<_> = given.map(|label| (label.clone(), None)).collect();
            if let Some(path) = &self.labels_file {
                all.extend(labels::read(path)?);
            }
            Contract::Labels(all)
        };
        let Self { abstain, codes, labels_per_request, ref truth, .. } = *self;
        let (command, truth) = (Command::Classify, truth.clone());
        let task = Task { command, schema, abstain, codes, labels_per_request, truth };
        task.schema().map(|_| task)
    }
}

impl SchemaOptions {
    pub(crate) fn task(&self) -> Result<Task> {
        contract::read(&self.schema)?;
        let schema = Contract::Schema(contract::read_text(&self.schema)?);
        let task = Task {
            command: Command::Extract,
            schema,
            abstain: false,
            codes: Codes::default(),
            labels_per_request: None,
            truth: None,
        };
        task.schema().map(|_| task)
    }
}

impl Task {
    /// The schema of each answer; one that can be sent.
    pub(crate) fn schema(&self) -> Result<Schema> {
        let schema = match &self.schema {
            Contract::Labels(all) => labels::schema(all.clone())?,
            Contract::Schema(text) => {
                contract::parse(text).map_err(|error| Failure::usage(error.to_string()))?
            }
        };
        let schema = if self.abstain { schema.nullable() } else { schema };
        let by_either = [Dialect::Gemini, Dialect::GeminiJson].map(|dialect| schema.lower(dialect));
        match by_either {
            [Err(error), Err(_)] => {
                Err(Failure::usage(format!("{error}; `gemini-extract schema check` says more")))
            }
            _ => Ok(schema),
        }
    }

    /// Sets a batch up.
    pub(crate) fn apply<T>(&self, batch: Batch<T>) -> Batch<T> {
        let batch = batch.label_codes(match self.codes {
            Codes::Needed => LabelCodes::WhereNeeded,
            Codes::Always => LabelCodes::Always,
            Codes::Never => LabelCodes::Never,
        });
        match self.labels_per_request {
            Some(most) => batch.labels_per_request(most.into()),
            None => batch,
        }
    }

    /// What is said above each row unless the user says something.
    pub(crate) fn instruction(&self) -> &'static str {
        match self.command {
            Command::Classify => "Classify the text: answer with the one label that fits it best.",
            Command::Extract => {
                "Extract what the schema asks for from the text. Add nothing that the text does \
                 not say."
            }
        }
    }
}

impl Command {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Classify => "classify",
            Self::Extract => "extract",
        }
    }
}

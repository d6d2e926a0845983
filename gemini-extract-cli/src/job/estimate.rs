//! `--dry-run`: what a job would send, and about what that would cost.

use std::sync::Arc;

use gemini_extract::{OrderedJson, Shape, Usage};

use super::Job;
use super::survey::Survey;
use crate::connection::Connection;
use crate::failure::{Failure, Result};
use crate::report::grouped;
use crate::table::Fault;

/// So many rows are counted by the service, spread over the input.
const COUNTED: u64 = 20;
/// The rule of thumb that the service gives for English.
const CHARACTERS_PER_TOKEN: usize = 4;

/// What would be said about the rows.
#[derive(Default)]
struct Sample {
    texts: Vec<String>,
    examples: Vec<(String, OrderedJson)>,
    askable: u64,
    unusable: u64,
}

/// What the service counted.
#[derive(Default)]
struct Counted {
    carrier: String,
    tokens: u64,
    rows: u64,
}

impl Job {
    /// What would be sent, in lines. Nothing is asked, and nothing is written.
    pub(super) async fn estimate(&self) -> Result<String> {
        let sample = self.sample()?;
        let connection = Connection::open(&self.asking, &self.limits).await?;
        let counted = self.count(&connection, &sample).await?;
        let mut lines = vec![
            format!("model     {}, the schema by {}", self.asking.model, counted.carrier),
            format!(
                "rows      {} to ask, {} unusable",
                grouped(sample.askable),
                grouped(sample.unusable)
            ),
        ];
        let whole = u128::from(counted.tokens) * u128::from(sample.askable);
        let input = whole.div_ceil(u128::from(counted.rows.max(1)));
        let input = u64::try_from(input).unwrap_or(u64::MAX);
        lines.push(format!(
            "input     about {} tokens; {} rows were counted, with {} each",
            grouped(input),
            counted.rows,
            counted.tokens.div_ceil(counted.rows.max(1))
        ));
        let output = self.most_output()?.map(|most| most.saturating_mul(sample.askable));
        lines.push(match output {
            Some(output) => {
                format!("output    at most about {} tokens, thoughts aside", grouped(output))
            }
            None => "output    unknown; --max-output-tokens would bound it".to_owned(),
        });
        lines.push(self.cost(input, output)?);
        if self.asking.is_emulated() {
            lines.push("emulated  the tokens were counted by the emulator's rule".to_owned());
        }
        Ok(lines.join("\n"))
    }

    /// Looks at the whole input, and takes rows from all over it.
    fn sample(&self) -> Result<Sample> {
        if self.input.is_read_once() {
            return Err(Failure::usage("--dry-run reads files only: a pipe can't be read again"));
        }
        let survey = Survey::of(&self.input)?;
        let mut rows = self.input.open()?;
        let template = self.input.template(survey.columns().or(rows.columns()))?;
        let step = (survey.askable().unwrap_or(1) / COUNTED).max(1);
        let examples = self.asking.examples(&template)?;
        let mut sample = Sample { examples, ..Sample::default() };
        for _ in 0..self.input.first.unwrap_or(u64::MAX) {
            let Some(row) = rows.next() else { break };
            let text = match row {
                Ok(row) => template.render(&row),
                Err(Fault::Row { reason, .. }) => Err(reason),
                Err(Fault::Fatal(failure)) => return Err(failure),
            };
            let Ok(text) = text else {
                sample.unusable += 1;
                continue;
            };
            if sample.askable.is_multiple_of(step) {
                sample.texts.push(text);
            }
            sample.askable += 1;
        }
        Ok(sample)
    }

    async fn count(&self, connection: &Connection, sample: &Sample) -> Result<Counted> {
        let schema = Arc::new(self.task.schema()?);
        let instruction = self.asking.instruction(self.task.instruction())?;
        let failed = |error: gemini_extract::Error| {
            Failure::new(format!("a row cannot be counted: {error}"))
        };
        let mut counted = Counted::default();
        for text in &sample.texts {
            let call = connection.client.extract_with::<OrderedJson>(Arc::clone(&schema), text);
            let mut call = call.model(&self.asking.model).system(&instruction);
            for (said, answer) in &sample.examples {
                call = call.example(said, answer);
            }
            counted.carrier = call.to_request().map_err(failed)?.carrier().to_string();
            counted.tokens += call.count_tokens().await.map_err(failed)?.total_tokens;
            counted.rows += 1;
        }
        Ok(counted)
    }

    /// The most tokens that a value can have, where that is known.
    fn most_output(&self) -> Result<Option<u64>> {
        let schema = self.task.schema()?;
        let longest = match schema.shape() {
            Shape::Enum(members) => {
                let lengths = members.iter().map(|member| member.value.chars().count());
                lengths.max().map(|longest| longest.div_ceil(CHARACTERS_PER_TOKEN))
            }
            _ => None,
        };
        let longest = longest.and_then(|tokens| u64::try_from(tokens).ok());
        Ok(longest.or(self.asking.max_output_tokens.map(u64::from)))
    }

    fn cost(&self, input: u64, output: Option<u64>) -> Result<String> {
        let Some(price) = self.limits.price()? else {
            return Ok("cost      unknown; --price would tell it".to_owned());
        };
        let cost = |prompt_tokens, answer_tokens| {
            let mut usage = Usage::default();
            (usage.prompt_tokens, usage.answer_tokens) = (prompt_tokens, answer_tokens);
            price.cost(&usage)
        };
        Ok(match output {
            Some(output) => format!("cost      about {:.4}, thoughts aside", cost(input, output)),
            None => format!("cost      about {:.4} for the input", cost(input, 0)),
        })
    }
}

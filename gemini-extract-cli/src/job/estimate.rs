//! `--dry-run`: what a job would send, and about what that would cost.

use std::sync::Arc;

use gemini_extract::batch::BatchCount;
use gemini_extract::{Carrier, OrderedJson, Shape, Usage};

use super::Job;
use super::survey::Survey;
use crate::connection::Connection;
use crate::failure::{Failure, Result};
use crate::report::grouped;
use crate::table::Fault;

/// So many rows are counted by the service, spread over the input; more where packs have more.
const COUNTED: usize = 20;
/// What a value of a pack has around it, by the rule of thumb: its id, and names.
const FRAME_TOKENS: u64 = 6;
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
    /// Of rows each for itself, with all its stages and repeats.
    single: BatchCount,
    /// The same of rows in packs, where they are to go in packs.
    packed: Option<BatchCount>,
}

/// What rows would take, all in all.
struct Need {
    input: u64,
    /// At most, where that is known.
    output: Option<u64>,
    cost: Option<f64>,
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
        let count = counted.packed.unwrap_or(counted.single);
        let need = self.need(&count, sample.askable)?;
        let packs = match self.limits.pack {
            1 => String::new(),
            most => format!(" in packs of up to {most}"),
        };
        lines.push(format!(
            "input     about {} tokens; {} rows were counted, with {} each{packs}",
            grouped(need.input),
            count.records,
            count.tokens.div_ceil(count.records.max(1))
        ));
        if count.requests > count.records {
            let each = count.requests / count.records.max(1);
            lines.push(format!("requests  up to {each} for each row"));
        }
        lines.push(match need.output {
            Some(output) => {
                format!("output    at most about {} tokens, thoughts aside", grouped(output))
            }
            None => "output    unknown; --max-output-tokens would bound it".to_owned(),
        });
        lines.push(match (need.cost, need.output) {
            (None, _) => "cost      unknown; --price would tell it".to_owned(),
            (Some(cost), Some(_)) => format!("cost      about {cost:.4}, thoughts aside"),
            (Some(cost), None) => format!("cost      about {cost:.4} for the input"),
        });
        if counted.packed.is_some() {
            lines.push(self.need(&counted.single, sample.askable)?.alone());
        }
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
        let wanted = self.pack().max(COUNTED);
        let wanted = u64::try_from(wanted).unwrap_or(u64::MAX);
        let step = (survey.askable().unwrap_or(1) / wanted).max(1);
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
        if let Some(text) = sample.texts.first() {
            let call = connection.client.extract_with::<OrderedJson>(Arc::clone(&schema), text);
            let mut call = call.model(&self.asking.model);
            if self.way.is_batch_api() {
                call = call.with_carrier(Carrier::ResponseSchema);
            }
            counted.carrier = call.to_request().map_err(failed)?.carrier().to_string();
        }
        let batch = |texts: Vec<String>, pack| {
            let batch = connection.client.batch_with::<OrderedJson, _>(Arc::clone(&schema), texts);
            let batch = self.way.apply(self.task.apply(batch), self.asking.is_emulated());
            let batch = batch.pack(pack).votes(self.asking.votes);
            let mut batch = batch.model(&self.asking.model).instruction(&instruction);
            for (said, answer) in &sample.examples {
                batch = batch.example(said, answer);
            }
            batch
        };
        let step = (sample.texts.len() / COUNTED).max(1);
        let texts = sample.texts.iter().step_by(step).cloned().collect();
        counted.single = batch(texts, 1).count_tokens().await.map_err(failed)?;
        let pack = self.pack();
        if pack > 1 {
            let mut texts = sample.texts.clone();
            // A pack that isn't full has more tokens for each row.
            let whole = texts.len() / pack * pack;
            texts.truncate(if whole == 0 { texts.len() } else { whole });
            counted.packed = Some(batch(texts, pack).count_tokens().await.map_err(failed)?);
        }
        Ok(counted)
    }

    fn pack(&self) -> usize {
        usize::try_from(self.limits.pack).unwrap_or(usize::MAX)
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

    /// What so many rows would take, by the count of some of them.
    fn need(&self, count: &BatchCount, rows: u64) -> Result<Need> {
        let BatchCount { records, requests, tokens, .. } = *count;
        let whole = u128::from(tokens) * u128::from(rows);
        let input = u64::try_from(whole.div_ceil(u128::from(records.max(1)))).unwrap_or(u64::MAX);
        // Ids of a pack stand in its answer.
        let ids = if requests < records { FRAME_TOKENS } else { 0 };
        let answers = rows.saturating_mul(requests.div_ceil(records.max(1)));
        let output =
            self.most_output()?.map(|most| most.saturating_add(ids).saturating_mul(answers));
        let mut usage = Usage::default();
        (usage.prompt_tokens, usage.answer_tokens) = (input, output.unwrap_or_default());
        let cost = self.limits.price()?.map(|price| match self.way.is_batch_api() {
            true => price.batch_cost(&usage),
            false => price.cost(&usage),
        });
        Ok(Need { input, output, cost })
    }
}

impl Need {
    /// The same in a line, where each row has a request of its own.
    fn alone(&self) -> String {
        let output = self.output.map_or(String::new(), |output| {
            format!(", at most about {} tokens of output", grouped(output))
        });
        let cost = self.cost.map_or(String::new(), |cost| format!(", about {cost:.4}"));
        format!("alone     about {} tokens of input{output}{cost}", grouped(self.input))
    }
}

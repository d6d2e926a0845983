//! A job: rows in, questions, values out.

mod drive;
mod estimate;
mod feed;
mod layout;
mod progress;
mod survey;

use std::path::Path;
use std::sync::Arc;

use gemini_extract::OrderedJson;
use gemini_extract::batch::{Batch, BatchRun, Failures};
use serde::{Deserialize, Serialize};
use tokio::runtime::Runtime;

use crate::connection::Connection;
use crate::failure::{End, Failure, Result};
use crate::options::{AskOptions, InputOptions, LimitOptions, OutputOptions, Task, WayOptions};
use crate::report::{Ended, Facts, JobFacts, save};
use crate::run::{Begun, RunFolder};
use crate::standard;
use crate::table::{Sink, open_sink};

use drive::{Drive, Output};
use feed::{Feed, Records};
use layout::Layout;
use progress::Progress;
use survey::Survey;

/// All that is known of a job before it begins.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Job {
    pub(crate) task: Task,
    pub(crate) input: InputOptions,
    pub(crate) output: OutputOptions,
    pub(crate) asking: AskOptions,
    pub(crate) limits: LimitOptions,
    #[serde(default)]
    pub(crate) way: WayOptions,
}

/// How a job is begun or gone on with.
pub(crate) struct Start {
    /// Where its journal is; without one nothing is left when it stops.
    pub(crate) run: Option<RunFolder>,
    /// Which failures of earlier starts are asked about again.
    pub(crate) failures: Failures,
    pub(crate) is_quiet: bool,
    /// Whether a run of another job makes room.
    pub(crate) is_anew: bool,
}

/// A job that is about to begin: all of it was checked.
struct Ready {
    survey: Survey,
    feed: Feed,
    sink: Box<dyn Sink>,
    layout: Layout,
    /// What is to be answered to what.
    examples: Vec<(String, OrderedJson)>,
}

impl Job {
    /// Does the job, and tells what came of it.
    pub(crate) fn run(&self, start: &Start) -> Result<End> {
        let runtime = Runtime::new();
        let runtime = runtime.map_err(|error| Failure::of("the program cannot start", &error))?;
        self.output.check_reports()?;
        self.output.check_input(&self.input.input)?;
        // Two processes would write the same files.
        let _lock = start.run.as_ref().map(RunFolder::lock).transpose()?;
        let (ready, records) = self.ready()?;
        runtime.block_on(async {
            let connection = Connection::open(&self.asking, &self.limits).await?;
            let mut batch = self.batch(&connection, records)?;
            batch = batch.context_cache(self.limits.context_cache(ready.survey.askable()));
            for (said, answer) in &ready.examples {
                batch = batch.example(said, answer);
            }
            if let Some(folder) = &start.run {
                folder.begin(&Begun { job: self.clone(), rows: ready.survey.askable() })?;
                batch = batch.journal(folder.path()).failures(start.failures);
                batch = if start.is_anew { batch.restart_changed() } else { batch };
            }
            self.drive(ready, batch.start(), start).await
        })
    }

    /// Says what the job would send, and about what that would cost.
    pub(crate) fn dry_run(&self) -> Result<End> {
        let runtime = Runtime::new();
        let runtime = runtime.map_err(|error| Failure::of("the program cannot start", &error))?;
        standard::print(&runtime.block_on(self.estimate())?)?;
        Ok(End::Done)
    }

    /// Looks at the input once, and checks everything that the rows have in common.
    fn ready(&self) -> Result<(Ready, Records)> {
        if self.limits.pack > 1 && !self.task.schema()?.definitions().is_empty() {
            return Err(Failure::usage("--pack takes no schema that refers to itself"));
        }
        let survey = Survey::of(&self.input)?;
        let rows = self.input.open()?;
        let template = self.input.template(survey.columns().or(rows.columns()))?;
        if let (Some(truth), Some(columns)) = (&self.task.truth, survey.columns()) {
            columns.require(truth)?;
        }
        let layout = Layout::new(self, &survey, &*rows)?;
        let examples = self.asking.examples(&template)?;
        let format = self.output.format(self.input.format()?)?;
        let sink = open_sink(&self.output.output, format, layout.fields().to_vec())?;
        let ahead = self.way.ahead();
        let (feed, records) = Feed::start(rows, template, (&self.input, ahead));
        Ok((Ready { survey, feed, sink, layout, examples }, records))
    }

    fn batch(&self, connection: &Connection, records: Records) -> Result<Batch<OrderedJson>> {
        let schema = Arc::new(self.task.schema()?);
        let batch = connection.client.batch_stream_with(schema, records);
        let batch = self.asking.apply(self.task.apply(batch), self.task.instruction())?;
        let batch = self.way.apply(self.limits.apply(batch)?, self.asking.is_emulated());
        Ok(if self.output.unordered { batch } else { batch.ordered() })
    }

    async fn drive(
        &self,
        ready: Ready,
        batch: BatchRun<OrderedJson>,
        start: &Start,
    ) -> Result<End> {
        let Ready { survey, feed, sink, layout, .. } = ready;
        let progress = Progress::start(batch.handle(), survey.askable(), start.is_quiet);
        let output = Output::new(sink, layout, self.task.truth.clone());
        let drive = Drive::new(feed, output, self.output.unordered);
        let driven = drive.run(batch, &progress).await;
        let samples = progress.finish();
        let driven = driven?;
        let facts = Facts {
            job: self.facts(),
            unusable_rows: driven.unusable,
            accuracy: driven.accuracy,
            samples,
            report: driven.report,
        };
        if !start.is_quiet {
            eprintln!("{}", facts.text());
        } else if let Some(reason) = facts.reason() {
            eprintln!("gemini-extract: {reason}");
        }
        if facts.report.end != Ended::Complete {
            match &start.run {
                Some(folder) => eprintln!("{}", go_on(folder.path())),
                None => eprintln!("nothing is kept: with --run it could be gone on with"),
            }
        }
        if let Some(folder) = &start.run {
            folder.report(&facts)?;
        }
        for path in &self.output.reports {
            save(&facts, path)?;
        }
        match driven.failure {
            Some(failure) => Err(failure),
            None => Ok(facts.end()),
        }
    }

    /// The same with paths that hold wherever it is gone on with.
    pub(crate) fn absolute(self) -> Self {
        Self {
            input: self.input.absolute(),
            output: self.output.absolute(),
            asking: self.asking.absolute(),
            ..self
        }
    }

    fn facts(&self) -> JobFacts {
        let name = |path: &Path, standard: &str| match path.file_name() {
            Some(_) if path.as_os_str() == "-" => standard.to_owned(),
            Some(name) => name.to_string_lossy().into_owned(),
            None => path.display().to_string(),
        };
        JobFacts {
            command: self.task.command.as_str().to_owned(),
            model: self.asking.model.clone(),
            input: name(&self.input.input, "stdin"),
            output: name(&self.output.output, "stdout"),
            is_emulated: self.asking.is_emulated(),
        }
    }
}

/// How a run is gone on with, as the shell takes it.
pub(crate) fn go_on(path: &Path) -> String {
    let path = path.to_string_lossy();
    let is_plain = |c: char| c.is_alphanumeric() || "/._-+:@%".contains(c);
    if path.chars().all(is_plain) {
        format!("go on with: gemini-extract resume {path}")
    } else {
        format!("go on with: gemini-extract resume '{}'", path.replace('\'', r"'\''"))
    }
}

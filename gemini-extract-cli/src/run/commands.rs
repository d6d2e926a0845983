//! `resume`, `status` and `report`.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use gemini_extract::batch::{Failures, JournalReader, OpenBatch};
use serde::Serialize;

use super::{Begun, RunFolder};
use crate::failure::{EXIT_CODES, End, Failure, Result};
use crate::job::{Start, go_on};
use crate::options::LimitChanges;
use crate::report::{grouped, save};
use crate::standard;

/// Goes on with a run where it stopped.
///
/// What was answered is not asked again; the output is written anew, with what the journal has. A
/// job that reads stdin has to be given the same input again.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Resume {
    /// The folder of the run
    run: PathBuf,
    /// Which failures are asked about again
    #[arg(long, value_name = "WHICH", default_value = "most")]
    failures: Again,
    /// Where the table is now, if the run was copied or the table was moved
    #[arg(long, value_name = "FILE")]
    input: Option<PathBuf>,
    /// The file to write from now on
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    changes: LimitChanges,
    /// Shows no progress and tells no report
    #[arg(short, long)]
    quiet: bool,
}

/// Which failures are asked about again.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Again {
    /// All but refusals
    Most,
    /// All of them
    All,
    /// None
    None,
}

/// Says how a run stands, by its journal; also while it runs.
#[derive(Debug, Args)]
pub(crate) struct Status {
    /// The folder of the run
    run: PathBuf,
    /// Writes JSON
    #[arg(long)]
    json: bool,
}

/// Copies a run whose journal is damaged, with all that is whole
///
/// `resume` goes on with the copy, and asks again only what was lost.
#[derive(Debug, Args)]
pub(crate) struct Repair {
    /// The folder of the run
    run: PathBuf,
    /// The folder to make
    into: PathBuf,
}

/// Tells the report of the last start of a run that came to an end.
#[derive(Debug, Args)]
pub(crate) struct ReportCommand {
    /// The folder of the run
    run: PathBuf,
    /// The file to write, .html, .json or .txt, instead of text on stdout
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// How a run stands.
#[derive(Debug, Default, Serialize)]
struct Standing {
    rows: Option<u64>,
    answered: u64,
    failed: u64,
    errors: BTreeMap<String, u64>,
    requests: u64,
    tokens: u64,
    /// Absent where some price wasn't known.
    cost: Option<f64>,
    /// Batches at the service whose answers weren't taken yet.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    open_batches: Vec<OpenBatch>,
}

impl Resume {
    pub(crate) fn run(self) -> Result<End> {
        let folder = RunFolder::new(self.run);
        let Begun { mut job, .. } = folder.begun()?;
        job.limits.change(self.changes);
        job.input.input = self.input.unwrap_or(job.input.input);
        if let Some(output) = self.output {
            job.output.output = output;
            job.output.check()?;
        }
        if let Some(problem) = job.way.problem(&job.limits) {
            return Err(Failure::usage(problem));
        }
        let failures = match self.failures {
            Again::Most => Failures::AskAgain,
            Again::All => Failures::AskAllAgain,
            Again::None => Failures::Keep,
        };
        let start = Start { run: Some(folder), failures, is_quiet: self.quiet, is_anew: false };
        job.absolute().run(&start)
    }
}

impl Status {
    pub(crate) fn run(&self) -> Result<End> {
        let folder = RunFolder::new(&self.run);
        let begun = folder.begun()?;
        let standing = Standing::of(&folder, &begun)?;
        let mut out = io::stdout().lock();
        let written = if self.json {
            let json = serde_json::to_writer_pretty(&mut out, &standing).map_err(io::Error::from);
            json.and_then(|()| writeln!(out))
        } else {
            standing.write(&mut out)
        };
        written.map_err(|error| Failure::of("stdout cannot be written", &error))?;
        Ok(End::Done)
    }
}

impl Repair {
    pub(crate) fn run(&self) -> Result<End> {
        let (damaged, whole) = (RunFolder::new(&self.run), RunFolder::new(&self.into));
        let begun = damaged.begun()?;
        let _lock = damaged.lock()?;
        let failed = |error: gemini_extract::Error| Failure::new(error.to_string());
        let journal = JournalReader::open(damaged.path()).map_err(failed)?;
        let repaired = journal.repair(whole.path()).map_err(failed)?;
        whole.begin(&begun)?;
        let (kept, lost) = (grouped(repaired.kept), grouped(repaired.lost_bytes));
        standard::print(&format!(
            "{kept} entries are whole, {lost} bytes are lost\n{}",
            go_on(whole.path())
        ))?;
        Ok(End::Done)
    }
}

impl ReportCommand {
    pub(crate) fn run(&self) -> Result<End> {
        let facts = RunFolder::new(&self.run).facts()?;
        match &self.output {
            Some(path) => save(&facts, path)?,
            None => standard::print(&facts.text())?,
        }
        Ok(End::Done)
    }
}

impl Standing {
    fn of(folder: &RunFolder, begun: &Begun) -> Result<Self> {
        let failed = |error: gemini_extract::Error| Failure::new(error.to_string());
        let journal = JournalReader::open(folder.path()).map_err(failed)?;
        let open_batches = journal.open_batches().map_err(failed)?;
        let mut standing =
            Self { rows: begun.rows, cost: Some(0.0), open_batches, ..Self::default() };
        // What a record did cost before it was asked again was paid, too.
        journal
            .for_each(|entry| {
                let requests = entry.attempts.saturating_sub(entry.shared_attempts);
                standing.requests = standing.requests.saturating_add(requests);
                standing.tokens = standing.tokens.saturating_add(entry.total_tokens);
                standing.cost = match (standing.cost, entry.cost) {
                    (Some(sum), Some(cost)) => Some(sum + cost),
                    (sum, None) if entry.attempts == 0 => sum,
                    _ => None,
                };
            })
            .map_err(failed)?;
        for entry in journal.outcomes().map_err(failed)? {
            match entry.map_err(failed)?.error_kind {
                None => standing.answered += 1,
                Some(kind) => {
                    standing.failed += 1;
                    *standing.errors.entry(kind).or_default() += 1;
                }
            }
        }
        Ok(standing)
    }

    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        let finished = self.answered + self.failed;
        match self.rows {
            Some(rows) => writeln!(out, "rows      {} of {}", grouped(finished), grouped(rows))?,
            None => writeln!(out, "rows      {}", grouped(finished))?,
        }
        writeln!(
            out,
            "          {} with a value, {} failed",
            grouped(self.answered),
            grouped(self.failed)
        )?;
        for (index, (kind, count)) in self.errors.iter().enumerate() {
            let title = if index == 0 { "failures" } else { "" };
            writeln!(out, "{title:<9} {kind} {}", grouped(*count))?;
        }
        writeln!(out, "requests  {}", grouped(self.requests))?;
        writeln!(out, "tokens    {}", grouped(self.tokens))?;
        if let Some(cost) = self.cost.filter(|_| self.requests > 0) {
            writeln!(out, "cost      {cost:.4}")?;
        }
        for (index, batch) in self.open_batches.iter().enumerate() {
            let title = if index == 0 { "open" } else { "" };
            let name = batch.name.as_deref().unwrap_or(&batch.display_name);
            let rows = u64::try_from(batch.records).unwrap_or(u64::MAX);
            writeln!(out, "{title:<9} {name} with {} rows", grouped(rows))?;
        }
        Ok(())
    }
}

//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;
use gemini_extract::batch::Failures;

use crate::failure::{EXIT_CODES, End, Failure, Result};
use crate::job::{Job, Start};
use crate::options::{
    AskOptions, InputOptions, LabelOptions, LimitOptions, OutputOptions, SchemaOptions, Task,
    WayOptions,
};
use crate::run::{Repair, ReportCommand, Resume, RunFolder, Status};
use crate::schema_check::SchemaCheck;

/// Typed values out of Gemini, from the shell.
///
/// Classifies the rows of a table, or extracts what a schema asks for from each. The key is that of
/// the environment: GOOGLE_API_KEY or GEMINI_API_KEY. Without one, --emulator shows how it works.
#[derive(Debug, Parser)]
#[command(name = "gemini-extract", version, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Classify(Classify),
    Extract(Extract),
    Resume(Resume),
    Status(Status),
    Repair(Repair),
    Report(ReportCommand),
    /// Looks at schemas
    Schema {
        #[command(subcommand)]
        command: SchemaCommand,
    },
    /// Writes completions for a shell to stdout
    Completions {
        /// The shell
        shell: Shell,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum SchemaCommand {
    Check(SchemaCheck),
}

/// Gives each row one of several labels.
///
///     gemini-extract classify reviews.csv --input-column text --labels praise,complaint -o labels.csv
#[derive(Debug, Args)]
#[command(verbatim_doc_comment, after_help = EXIT_CODES)]
pub(crate) struct Classify {
    #[command(flatten)]
    pub(crate) labels: LabelOptions,
    #[command(flatten)]
    pub(crate) job: JobOptions,
}

/// Extracts from each row what a schema asks for.
///
///     gemini-extract extract mails.jsonl --template '{subject}\n{body}' --schema order.json -o orders.csv
#[derive(Debug, Args)]
#[command(verbatim_doc_comment, after_help = EXIT_CODES)]
pub(crate) struct Extract {
    #[command(flatten)]
    pub(crate) schema: SchemaOptions,
    #[command(flatten)]
    pub(crate) job: JobOptions,
}

/// What both commands can be told.
#[derive(Debug, Args)]
pub(crate) struct JobOptions {
    #[command(flatten)]
    input: InputOptions,
    #[command(flatten)]
    output: OutputOptions,
    #[command(flatten)]
    asking: AskOptions,
    #[command(flatten)]
    limits: LimitOptions,
    #[command(flatten)]
    way: WayOptions,
    /// The folder for the journal and the report; FILE.run beside the output FILE by default
    #[arg(long, value_name = "FOLDER")]
    run: Option<PathBuf>,
    /// Keeps no journal, so that the job cannot be gone on with
    #[arg(long, conflicts_with = "run")]
    no_run: bool,
    /// Says how many rows and tokens there are and about what they would cost, and asks nothing;
    /// some rows are counted by the service, which is free
    #[arg(long)]
    dry_run: bool,
    /// Shows no progress and tells no report
    #[arg(short, long)]
    quiet: bool,
}

impl JobOptions {
    pub(crate) fn run(self, task: Task) -> Result<End> {
        let Self { input, output, asking, limits, way, run, no_run, dry_run, quiet } = self;
        if way.is_batch_api() && asking.votes > 1 {
            return Err(Failure::usage("--votes asks at once: leave it out, or --via batch-api"));
        }
        if let Some(problem) = way.problem(&limits) {
            return Err(Failure::usage(problem));
        }
        if dry_run {
            return Job { task, input, output, asking, limits, way }.dry_run();
        }
        output.check()?;
        let run = match run {
            _ if no_run => None,
            Some(folder) => Some(RunFolder::new(folder)),
            None if output.is_stdout() => None,
            None => Some(RunFolder::beside(&output.output)),
        };
        if let Some(begun) = run.as_ref().filter(|run| run.is_begun() && !output.overwrite) {
            let name = begun.path().display();
            return Err(Failure::usage(format!(
                "{name} holds a run: `gemini-extract resume` goes on with it, and --overwrite \
                 begins anew"
            )));
        }
        let failures = Failures::default();
        let start = Start { run, failures, is_quiet: quiet, is_anew: output.overwrite };
        Job { task, input, output, asking, limits, way }.absolute().run(&start)
    }
}

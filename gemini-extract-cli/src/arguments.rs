//! The command line.

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

use crate::failure::{EXIT_CODES, End, Result};
use crate::job::Job;
use crate::options::{
    AskOptions, InputOptions, LabelOptions, LimitOptions, OutputOptions, SchemaOptions, Task,
};
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
    /// Gives each row one of several labels
    Classify(Classify),
    /// Extracts from each row what a schema asks for
    Extract(Extract),
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
    /// Checks a schema before anything is sent
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
    /// Shows no progress and tells no report
    #[arg(short, long)]
    quiet: bool,
}

impl JobOptions {
    pub(crate) fn run(self, task: Task) -> Result<End> {
        let Self { input, output, asking, limits, quiet } = self;
        output.check()?;
        Job { task, input, output, asking, limits }.run(quiet)
    }
}

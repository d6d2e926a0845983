//! The program `gemini-extract`.

mod arguments;
mod connection;
mod contract;
mod examples;
mod failure;
mod job;
mod labels;
mod options;
mod report;
mod run;
mod schema_check;
mod standard;
mod table;
mod template;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use arguments::{Arguments, Command, SchemaCommand};
use failure::{End, Result};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(arguments.command) {
        Ok(end) => end.into(),
        Err(failure) => {
            eprintln!("gemini-extract: {failure}");
            failure.end().into()
        }
    }
}

fn run(command: Command) -> Result<End> {
    match command {
        Command::Classify(classify) => {
            let task = classify.labels.task()?;
            classify.job.run(task)
        }
        Command::Extract(extract) => {
            let task = extract.schema.task()?;
            extract.job.run(task)
        }
        Command::Resume(resume) => resume.run(),
        Command::Status(status) => status.run(),
        Command::Repair(repair) => repair.run(),
        Command::Report(report) => report.run(),
        Command::Schema { command: SchemaCommand::Check(check) } => schema_check::run(&check),
        Command::Completions { shell } => {
            let (mut command, mut script) = (Arguments::command(), Vec::new());
            clap_complete::generate(shell, &mut command, "gemini-extract", &mut script);
            standard::print(String::from_utf8_lossy(&script).trim_end())?;
            Ok(End::Done)
        }
    }
}

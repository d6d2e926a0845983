//! Where values go.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::{Deserialize, Serialize};

use crate::failure::{Failure, Result};
use crate::report::Form;
use crate::table::{Format, is_standard, part_of};

/// Where values go.
#[derive(Clone, Debug, Args, Serialize, Deserialize)]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputOptions {
    /// The file to write: .csv, .tsv, .jsonl or .parquet; `-` is stdout
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    pub(crate) output: PathBuf,
    /// Its format, where the ending doesn't say it; on stdout that of the input, or jsonl
    #[arg(long, value_name = "FORMAT")]
    output_format: Option<Format>,
    /// The columns of the input to keep, with commas between them; `all` or `none`
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',', default_value = "all")]
    pub(crate) keep: Vec<String>,
    /// What the names of new columns begin with, such as 'gemini_'
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) prefix: String,
    /// Adds columns with tokens, cost, attempts, latency and source
    #[arg(long)]
    pub(crate) details: bool,
    /// Writes rows as they are done instead of in the order of the input
    #[arg(long)]
    pub(crate) unordered: bool,
    /// Replaces the output file and the run beside it if there are any; answers to the very same
    /// questions are taken from that run
    #[arg(long)]
    pub(crate) overwrite: bool,
    /// Writes the report to a file, too: .html, .json or .txt; can be given several times
    #[arg(long = "report", value_name = "FILE")]
    pub(crate) reports: Vec<PathBuf>,
}

/// Which columns of the input are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Keep<'a> {
    All,
    Some(Vec<&'a str>),
}

impl OutputOptions {
    pub(crate) fn is_stdout(&self) -> bool {
        is_standard(&self.output)
    }

    pub(crate) fn format(&self, input: Format) -> Result<Format> {
        match (self.output_format, input) {
            (Some(format), _) => Ok(format),
            (None, Format::Csv | Format::Tsv) if self.is_stdout() => Ok(input),
            (None, _) if self.is_stdout() => Ok(Format::Jsonl),
            (None, _) => Format::of(None, &self.output, "--output-format"),
        }
    }

    pub(crate) fn keep(&self) -> Keep<'_> {
        match &self.keep[..] {
            [only] if only == "all" => Keep::All,
            [only] if only == "none" => Keep::Some(Vec::new()),
            names => Keep::Some(names.iter().map(|name| &**name).collect()),
        }
    }

    /// That reports can be written when the job is done.
    pub(crate) fn check_reports(&self) -> Result<()> {
        self.reports.iter().try_for_each(|path| Form::of(path).map(drop))?;
        let folders = self.reports.iter().filter_map(|path| path.parent());
        let mut missing = folders.filter(|it| !it.as_os_str().is_empty() && !it.is_dir());
        match missing.next() {
            Some(folder) => {
                Err(Failure::usage(format!("{}: there is no such folder", folder.display())))
            }
            None => Ok(()),
        }
    }

    /// That nothing is replaced by what is made of it, nor what is no file.
    pub(crate) fn check_input(&self, input: &Path) -> Result<()> {
        let output = (!self.is_stdout()).then_some(&*self.output);
        if let Some(output) = output {
            check_kind(output)?;
            if is_same(input, output) || is_same(input, &part_of(output)) {
                return Err(Failure::usage(
                    "the output would replace the input: name another file",
                ));
            }
        }
        for report in &self.reports {
            let replaced = match output {
                Some(output) if is_same(report, output) => "output",
                _ if is_same(report, input) => "input",
                _ => continue,
            };
            let name = report.display();
            return Err(Failure::usage(format!("the report {name} would replace the {replaced}")));
        }
        Ok(())
    }

    /// That no file is replaced without a word.
    pub(crate) fn check(&self) -> Result<()> {
        if self.is_stdout() || self.overwrite || !self.output.exists() {
            return Ok(());
        }
        check_kind(&self.output)?;
        let name = self.output.display();
        Err(Failure::usage(format!("{name} exists already; --overwrite replaces it")))
    }

    /// The same with paths that hold wherever it is read.
    pub(crate) fn absolute(mut self) -> Self {
        let absolute = |path: PathBuf| std::path::absolute(&path).unwrap_or(path);
        if !self.is_stdout() {
            self.output = absolute(self.output);
        }
        self.reports = self.reports.into_iter().map(absolute).collect();
        self
    }
}

/// That a path can be given to a finished file.
fn check_kind(path: &Path) -> Result<()> {
    let is_other = path.metadata().is_ok_and(|it| !it.is_file());
    if is_other || path.to_string_lossy().ends_with(std::path::is_separator) {
        let name = path.display();
        return Err(Failure::usage(format!(
            "{name} is no file: name one, or write to stdout with `-o -`"
        )));
    }
    Ok(())
}

fn is_same(one: &Path, other: &Path) -> bool {
    let place = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path)).ok();
    !is_standard(one) && place(one).is_some_and(|it| Some(it) == place(other))
}

//! Where rows come from, and what is said about each.

use std::path::PathBuf;

use clap::Args;
use serde::{Deserialize, Serialize};

use crate::contract::read_text;
use crate::failure::{Failure, Result};
use crate::table::{Columns, Dialect, Format, Rows, is_standard, open_source};
use crate::template::Template;

/// Where rows come from, and what is said about each.
#[derive(Clone, Debug, Args, Serialize, Deserialize)]
#[command(next_help_heading = "Input")]
pub(crate) struct InputOptions {
    /// The table: .csv, .tsv, .jsonl, .parquet or .txt; `-` is stdin
    #[arg(value_name = "INPUT")]
    pub(crate) input: PathBuf,
    /// Its format, where the ending doesn't say it
    #[arg(long, value_name = "FORMAT")]
    pub(crate) input_format: Option<Format>,
    /// What stands between the values of a CSV, such as ';'
    #[arg(long, value_name = "CHAR")]
    delimiter: Option<char>,
    /// The first line is a row; columns are called column_1, column_2, ..
    #[arg(long)]
    no_header: bool,
    /// The column that is sent to the model; the only one, if there is one only
    #[arg(long, value_name = "COLUMN", conflicts_with_all = ["template", "template_file"])]
    input_column: Option<String>,
    /// What is sent, with columns in braces: 'Title: {title}\n{body}'; {{ is a brace
    #[arg(long, value_name = "TEXT", conflicts_with = "template_file")]
    template: Option<String>,
    /// A file with such a text
    #[arg(long, value_name = "FILE")]
    template_file: Option<PathBuf>,
    /// The column with a key that no two rows share; the number of the row otherwise
    #[arg(long, value_name = "COLUMN")]
    pub(crate) key_column: Option<String>,
    /// Asks about the first rows only
    #[arg(long, value_name = "ROWS")]
    pub(crate) first: Option<u64>,
}

impl InputOptions {
    pub(crate) fn is_stdin(&self) -> bool {
        is_standard(&self.input)
    }

    /// Whether it can be read only once: stdin, a pipe, a terminal.
    pub(crate) fn is_read_once(&self) -> bool {
        self.is_stdin()
            || std::fs::metadata(&self.input).is_ok_and(|it| !it.is_file() && !it.is_dir())
    }

    pub(crate) fn format(&self) -> Result<Format> {
        Format::of(self.input_format, &self.input, "--input-format")
    }

    /// Opens the table at its begin.
    pub(crate) fn open(&self) -> Result<Box<dyn Rows>> {
        let dialect = Dialect { delimiter: self.delimiter, is_headless: self.no_header };
        open_source(&self.input, self.format()?, &dialect)
    }

    /// What is said about each row, by the columns where they are known.
    pub(crate) fn template(&self, columns: Option<&Columns>) -> Result<Template> {
        let template = if let Some(name) = &self.input_column {
            Template::column(name)
        } else if let Some(text) = &self.template {
            Template::parse_flag(text)?
        } else if let Some(path) = &self.template_file {
            Template::parse(read_text(path)?.trim_end_matches(['\r', '\n']))?
        } else {
            let known: Vec<&str> = columns.into_iter().flat_map(Columns::names).collect();
            match known[..] {
                [only] => Template::column(only),
                [] => return Err(Failure::usage("say what is sent: --input-column or --template")),
                _ => {
                    return Err(Failure::usage(format!(
                        "say what is sent, by --input-column or --template; the columns: {}",
                        known.join(", ")
                    )));
                }
            }
        };
        if let Some(columns) = columns {
            template.check(columns)?;
            if let Some(key) = &self.key_column {
                columns.require(key)?;
            }
        }
        Ok(template)
    }

    /// The same with paths that hold wherever it is read.
    pub(crate) fn absolute(mut self) -> Self {
        if !self.is_stdin() {
            self.input = std::path::absolute(&self.input).unwrap_or(self.input);
        }
        self.template_file =
            self.template_file.map(|path| std::path::absolute(&path).unwrap_or(path));
        self
    }
}

//! Which format a table has.

use std::path::Path;

use clap::ValueEnum;

use crate::failure::{Failure, Result};

/// The format of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Format {
    /// Values between commas, with a header
    Csv,
    /// Values between tabs, with a header
    Tsv,
    /// A JSON object on each line
    Jsonl,
    /// Parquet; a file, never stdin or stdout
    #[cfg(feature = "parquet")]
    Parquet,
    /// Plain text: each line is a row with the one column `text`; input only
    Lines,
}

impl Format {
    /// The format that was asked for, or else that of the file's ending.
    pub(crate) fn of(asked: Option<Self>, path: &Path, flag: &str) -> Result<Self> {
        if let Some(format) = asked {
            return Ok(format);
        }
        if is_standard(path) {
            return Err(Failure::usage(format!("say with {flag} which format it has")));
        }
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        match &*ending.to_ascii_lowercase() {
            "csv" => Ok(Self::Csv),
            "tsv" | "tab" => Ok(Self::Tsv),
            "jsonl" | "ndjson" => Ok(Self::Jsonl),
            #[cfg(feature = "parquet")]
            "parquet" => Ok(Self::Parquet),
            #[cfg(not(feature = "parquet"))]
            "parquet" => Err(Failure::usage("this program was built without Parquet")),
            "txt" | "text" => Ok(Self::Lines),
            "json" => Err(Failure::usage(format!(
                "{}: make it lines of JSON (`jq -c '.[]'`), or say {flag} jsonl if it is",
                path.display()
            ))),
            "gz" | "zst" | "bz2" | "xz" => Err(Failure::usage(format!(
                "{}: unpack it and read stdin: `zcat FILE | gemini-extract .. - {flag} csv`",
                path.display()
            ))),
            _ => Err(Failure::usage(format!(
                "{}: the ending says nothing about the format; say it with {flag}",
                path.display()
            ))),
        }
    }
}

/// Whether `-` stands for stdin or stdout.
pub(crate) fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

//! Rows out of files and stdin.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use super::format::is_standard;
use super::{Columns, Format, Row, csv, jsonl, lines};
use crate::failure::{Failure, Result};

const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

/// The rows of a table, one by one.
pub(crate) trait Rows: Send {
    /// The columns that every row has, where they are known before the rows.
    fn columns(&self) -> Option<&Columns>;

    /// The next row; `None` behind the last one.
    fn next(&mut self) -> Option<std::result::Result<Row, Fault>>;

    /// The types of the columns, where the format has types.
    #[cfg(feature = "parquet")]
    fn arrow(&self) -> Option<arrow_schema::SchemaRef> {
        None
    }
}

/// Why there is no row.
#[derive(Debug)]
pub(crate) enum Fault {
    /// This row cannot be used; the others can.
    Row {
        /// Its place among the rows, counted from 1.
        number: u64,
        /// What is wrong with it, and where.
        reason: String,
    },
    /// Nothing more can be read.
    Fatal(Failure),
}

/// How a table of text is written.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub(crate) struct Dialect {
    /// What stands between values, instead of the format's own.
    pub(crate) delimiter: Option<char>,
    /// Whether the first line is a row, and columns are called `column_1`, ...
    pub(crate) is_headless: bool,
}

/// Opens a table.
pub(crate) fn open_source(path: &Path, format: Format, dialect: &Dialect) -> Result<Box<dyn Rows>> {
    #[cfg(feature = "parquet")]
    if format == Format::Parquet {
        if is_standard(path) {
            return Err(Failure::usage("Parquet is read from files only, not from stdin"));
        }
        return super::parquet::read(open(path)?, path);
    }
    let reader = text(path)?;
    match format {
        Format::Csv => csv::read(reader, b',', dialect),
        Format::Tsv => csv::read(reader, b'\t', dialect),
        Format::Jsonl => Ok(jsonl::read(reader)),
        Format::Lines => Ok(lines::read(reader)),
        #[cfg(feature = "parquet")]
        Format::Parquet => Err(Failure::usage("Parquet is no text")),
    }
}

/// Opens a file or stdin whose bytes may be text.
fn text(path: &Path) -> Result<Box<dyn BufRead + Send>> {
    let mut reader: Box<dyn BufRead + Send> = if is_standard(path) {
        Box::new(BufReader::new(io::stdin()))
    } else {
        Box::new(BufReader::new(open(path)?))
    };
    let name = path.display();
    // Four bytes say enough, and a pipe may give them one by one.
    let mut start = Vec::new();
    let read = reader.by_ref().take(4).read_to_end(&mut start);
    read.map_err(|error| Failure::of(format!("{name} cannot be read"), &error))?;
    let problem = match &*start {
        [] => Some("it is empty"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => {
            Some("it is UTF-16; turn it into UTF-8 with `iconv -f UTF-16 -t UTF-8`")
        }
        [0x1f, 0x8b, ..] => Some("it is compressed; unpack it and read stdin with `-`"),
        b"PAR1" => Some("it is Parquet; say so with --input-format parquet"),
        b"PK\x03\x04" => Some("it is an archive or a spreadsheet; export it as CSV"),
        _ => None,
    };
    if let Some(problem) = problem {
        return Err(Failure::usage(format!("{name}: {problem}")));
    }
    let start = start.strip_prefix(UTF8_MARK).map(<[u8]>::to_vec).unwrap_or(start);
    Ok(Box::new(io::Cursor::new(start).chain(reader)))
}

/// Opens a file, and nothing else.
fn open(path: &Path) -> Result<File> {
    let name = path.display();
    if path.is_dir() {
        return Err(Failure::usage(format!("{name} is a folder; name a file in it")));
    }
    File::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Failure::usage(format!("{name}: there is no such file")),
        _ => Failure::of(format!("{name} cannot be opened"), &error),
    })
}

impl Fault {
    /// What is wrong with a row.
    pub(super) fn row(number: u64, reason: impl Into<String>) -> Self {
        Self::Row { number, reason: reason.into() }
    }

    /// Why nothing more can be read.
    pub(super) fn broken(what: &str, error: &dyn std::error::Error) -> Self {
        Self::Fatal(Failure::of(what, error))
    }
}

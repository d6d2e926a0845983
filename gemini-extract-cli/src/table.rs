//! Tables as streams of rows, in and out.

mod csv;
mod format;
mod jsonl;
mod lines;
#[cfg(feature = "parquet")]
mod parquet;
mod sink;
mod source;

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::value::RawValue;

pub(crate) use format::{Format, is_standard};
#[cfg(feature = "parquet")]
pub(crate) use parquet::written_as;
pub(crate) use sink::{Field, Kind, Sink, open_sink, part_of};
pub(crate) use source::{Dialect, Fault, Rows, open_source};

use crate::failure::{Failure, Result};

/// The most bytes of one row; more is a quote that is never closed, or no table.
pub(crate) const LONGEST_ROW: u64 = 64 * 1024 * 1024;

/// One row of a table.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    /// Its place among the rows, counted from 1; a header isn't counted.
    pub(crate) number: u64,
    columns: Columns,
    cells: Vec<Cell>,
}

/// The names of columns, in their order; cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Columns(Arc<Names>);

#[derive(Debug, PartialEq, Eq)]
struct Names {
    names: Vec<String>,
    /// Where the first column of each name is.
    positions: HashMap<String, usize>,
}

/// A value of a row.
#[derive(Clone, Debug)]
pub(crate) enum Cell {
    /// `null`, or no value at all.
    Null,
    /// Text.
    Text(String),
    /// A number, a bool, a list or an object, exactly as it was written.
    Json(Box<RawValue>),
}

impl Row {
    pub(crate) fn new(number: u64, columns: &Columns, cells: Vec<Cell>) -> Self {
        Self { number, columns: columns.clone(), cells }
    }

    /// The value in a column; `None` where the row has no such column.
    pub(crate) fn cell(&self, name: &str) -> Option<&Cell> {
        self.cells.get(self.columns.position(name)?)
    }

    /// All columns with their values.
    pub(crate) fn cells(&self) -> impl Iterator<Item = (&str, &Cell)> {
        self.columns.names().zip(&self.cells)
    }
}

impl Columns {
    pub(crate) fn new<S: Into<String>>(names: impl IntoIterator<Item = S>) -> Self {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        let mut positions = HashMap::with_capacity(names.len());
        for (position, name) in names.iter().enumerate() {
            positions.entry(name.clone()).or_insert(position);
        }
        Self(Arc::new(Names { names, positions }))
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.names.iter().map(|name| &**name)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.names.len()
    }

    pub(crate) fn position(&self, name: &str) -> Option<usize> {
        self.0.positions.get(name).copied()
    }

    /// Whether these are the names, in this order.
    fn are<'a>(&self, mut names: impl ExactSizeIterator<Item = &'a str>) -> bool {
        names.len() == self.len() && self.names().all(|name| names.next() == Some(name))
    }

    /// That there is a column of this name.
    pub(crate) fn require(&self, name: &str) -> Result<()> {
        if self.position(name).is_some() {
            return Ok(());
        }
        let names = &self.0.names;
        let known = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        let hint = match &**names {
            [only] if only.contains([';', '\t', '|']) => "; is --delimiter missing?",
            _ => "",
        };
        Err(Failure::usage(format!("the input has no column `{name}`; its columns: {known}{hint}")))
    }

    /// The first name that stands twice.
    pub(crate) fn repeated(&self) -> Option<&str> {
        let is_second = |(position, name): &(usize, &str)| self.position(name) != Some(*position);
        self.names().enumerate().find(is_second).map(|(_, name)| name)
    }
}

impl Cell {
    /// The text, or the JSON as it was written; nothing for `null`.
    pub(crate) fn as_text(&self) -> &str {
        match self {
            Self::Null => "",
            Self::Text(text) => text,
            Self::Json(json) => json.get(),
        }
    }

    /// A cell of JSON text, such as `7` or `"seven"`; `null` where it isn't JSON.
    pub(crate) fn json(text: &str) -> Self {
        let raw = serde_json::from_str::<Box<RawValue>>(text);
        raw.map_or(Self::Null, Self::from_raw)
    }

    fn from_raw(raw: Box<RawValue>) -> Self {
        match raw.get() {
            "null" => Self::Null,
            text if text.starts_with('"') => {
                serde_json::from_str(text).map_or(Self::Json(raw), Self::Text)
            }
            _ => Self::Json(raw),
        }
    }
}

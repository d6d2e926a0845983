//! Rows of values between commas or tabs.

use std::io::{self, BufRead, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use csv::{ByteRecord, Reader, ReaderBuilder};

use super::source::Dialect;
use super::{Cell, Columns, Fault, LONGEST_ROW, Row, Rows};
use crate::failure::{Failure, Result};

struct CsvRows {
    reader: Reader<Metered>,
    left: Arc<AtomicU64>,
    record: ByteRecord,
    /// Whether the record that was read last is still to be given.
    is_ahead: bool,
    columns: Columns,
    number: u64,
}

/// Counts the bytes of a row: a quote that is never closed would take in the whole file.
struct Metered {
    inner: Box<dyn BufRead + Send>,
    left: Arc<AtomicU64>,
}

pub(super) fn read(
    inner: Box<dyn BufRead + Send>,
    delimiter: u8,
    dialect: &Dialect,
) -> Result<Box<dyn Rows>> {
    let left = Arc::new(AtomicU64::new(LONGEST_ROW));
    let reader = ReaderBuilder::new()
        .delimiter(delimiter_of(dialect.delimiter)?.unwrap_or(delimiter))
        .has_headers(false)
        .flexible(true)
        .from_reader(Metered { inner, left: Arc::clone(&left) });
    let columns = Columns::new::<String>([]);
    let record = ByteRecord::new();
    let mut rows = CsvRows { reader, left, record, is_ahead: false, columns, number: 0 };
    match rows.advance() {
        Ok(true) => {}
        Ok(false) => return Err(Failure::usage("the input has no header: it is empty")),
        Err(Fault::Row { reason, .. }) => return Err(Failure::usage(reason)),
        Err(Fault::Fatal(failure)) => return Err(failure),
    }
    rows.columns = header(&rows.record, dialect.is_headless)?;
    rows.is_ahead = dialect.is_headless;
    Ok(Box::new(rows))
}

impl CsvRows {
    /// Reads the next record; false behind the last one.
    fn advance(&mut self) -> std::result::Result<bool, Fault> {
        self.left.store(LONGEST_ROW, Ordering::Relaxed);
        let line = self.reader.position().line();
        self.reader.read_byte_record(&mut self.record).map_err(|error| {
            if self.left.load(Ordering::Relaxed) == 0 {
                Fault::Fatal(Failure::usage(format!(
                    "the row that begins at line {line} has more than {} MiB: is a quote not closed?",
                    LONGEST_ROW >> 20
                )))
            } else {
                Fault::broken("the input cannot be read", &error)
            }
        })
    }

    fn row(&self) -> std::result::Result<Row, Fault> {
        let number = self.number;
        let line = self.record.position().map_or(0, csv::Position::line);
        let (fields, columns) = (self.record.len(), self.columns.len());
        if fields != columns {
            let reason = format!("line {line}: {fields} values, but there are {columns} columns");
            return Err(Fault::row(number, reason));
        }
        let mut cells = Vec::with_capacity(columns);
        for (name, field) in self.columns.names().zip(&self.record) {
            let Ok(text) = std::str::from_utf8(field) else {
                let reason = format!("line {line}: the value of `{name}` is not UTF-8");
                return Err(Fault::row(number, reason));
            };
            cells.push(Cell::Text(text.to_owned()));
        }
        Ok(Row::new(number, &self.columns, cells))
    }
}

impl Rows for CsvRows {
    fn columns(&self) -> Option<&Columns> {
        Some(&self.columns)
    }

    fn next(&mut self) -> Option<std::result::Result<Row, Fault>> {
        if !std::mem::take(&mut self.is_ahead) {
            match self.advance() {
                Ok(true) => {}
                Ok(false) => return None,
                Err(fault) => return Some(Err(fault)),
            }
        }
        self.number += 1;
        Some(self.row())
    }
}

impl Read for Metered {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.left.load(Ordering::Relaxed);
        if left == 0 {
            return Err(io::Error::other("the row is too long"));
        }
        let count = self.inner.read(buffer)?;
        let taken = u64::try_from(count).unwrap_or(u64::MAX);
        self.left.store(left.saturating_sub(taken), Ordering::Relaxed);
        Ok(count)
    }
}

fn delimiter_of(delimiter: Option<char>) -> Result<Option<u8>> {
    let Some(character) = delimiter else { return Ok(None) };
    match u8::try_from(character) {
        Ok(byte) if byte.is_ascii() && !matches!(byte, b'"' | b'\r' | b'\n') => Ok(Some(byte)),
        _ => Err(Failure::usage("--delimiter is one ASCII character, such as ';'")),
    }
}

fn header(record: &ByteRecord, is_headless: bool) -> Result<Columns> {
    let numbered = |index: usize| format!("column_{}", index + 1);
    if is_headless {
        return Ok(Columns::new((0..record.len()).map(numbered)));
    }
    let names = record.iter().enumerate().map(|(index, name)| {
        let name = std::str::from_utf8(name).map_err(|_| {
            Failure::usage(format!(
                "the name of column {} is not UTF-8; turn the file into UTF-8 with \
                 `iconv -f LATIN1 -t UTF-8`",
                index + 1
            ))
        })?;
        let name = name.trim();
        Ok(if name.is_empty() { numbered(index) } else { name.to_owned() })
    });
    let columns = Columns::new(names.collect::<Result<Vec<_>>>()?);
    match columns.repeated() {
        Some(name) => Err(Failure::usage(format!("the header has the column `{name}` twice"))),
        None => Ok(columns),
    }
}

//! Lines of text.

use std::io::{BufRead, Read};

use super::{Cell, Columns, Fault, LONGEST_ROW, Row, Rows};
use crate::failure::Failure;

/// The one column of a table of plain lines.
const COLUMN: &str = "text";

/// Lines without their ends, each within the bound of a row.
pub(super) struct Lines {
    reader: Box<dyn BufRead + Send>,
    number: u64,
    buffer: Vec<u8>,
}

struct LineRows {
    lines: Lines,
    columns: Columns,
    number: u64,
}

pub(super) fn read(reader: Box<dyn BufRead + Send>) -> Box<dyn Rows> {
    Box::new(LineRows { lines: Lines::new(reader), columns: Columns::new([COLUMN]), number: 0 })
}

impl Lines {
    pub(super) fn new(reader: Box<dyn BufRead + Send>) -> Self {
        Self { reader, number: 0, buffer: Vec::new() }
    }

    /// The number of the line that was read last, counted from 1.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// The next line. The number of the row in a fault is that of the line.
    pub(super) fn next(&mut self) -> Option<Result<String, Fault>> {
        self.buffer.clear();
        let mut bounded = self.reader.by_ref().take(LONGEST_ROW);
        match bounded.read_until(b'\n', &mut self.buffer) {
            Ok(0) => return None,
            Ok(_) => self.number += 1,
            Err(error) => return Some(Err(Fault::broken("the input cannot be read", &error))),
        }
        let line = match self.buffer.strip_suffix(b"\n") {
            Some(line) => line.strip_suffix(b"\r").unwrap_or(line),
            None if bounded.limit() == 0 => {
                let (line, most) = (self.number, LONGEST_ROW >> 20);
                let message = format!("line {line} has more than {most} MiB: is it lines at all?");
                return Some(Err(Fault::Fatal(Failure::usage(message))));
            }
            None => &self.buffer,
        };
        Some(match std::str::from_utf8(line) {
            Ok(text) => Ok(text.to_owned()),
            Err(_) => Err(Fault::row(self.number, format!("line {} is not UTF-8", self.number))),
        })
    }
}

impl Rows for LineRows {
    fn columns(&self) -> Option<&Columns> {
        Some(&self.columns)
    }

    fn next(&mut self) -> Option<Result<Row, Fault>> {
        loop {
            let line = self.lines.next()?;
            if matches!(&line, Ok(text) if text.trim().is_empty()) {
                continue;
            }
            self.number += 1;
            let row = line.map(|text| Row::new(self.number, &self.columns, vec![Cell::Text(text)]));
            return Some(row.map_err(|fault| fault.at(self.number)));
        }
    }
}

impl Fault {
    /// The same for the row of this number.
    pub(super) fn at(self, number: u64) -> Self {
        match self {
            Self::Row { reason, .. } => Self::Row { number, reason },
            fatal @ Self::Fatal(_) => fatal,
        }
    }
}

//! A first look at the whole input: how many rows, and which columns.

use std::collections::HashSet;

use crate::failure::{Failure, Result};
use crate::options::InputOptions;
use crate::table::{Columns, Fault};

/// Lines of JSON with more names than this have no columns.
const MOST_COLUMNS: usize = 2_000;

/// What a first look has found; nothing where the input can be read only once.
#[derive(Debug, Default)]
pub(super) struct Survey {
    columns: Option<Columns>,
    usable: Option<u64>,
}

impl Survey {
    pub(super) fn of(input: &InputOptions) -> Result<Self> {
        if input.is_read_once() {
            return Ok(Self::default());
        }
        let mut rows = input.open()?;
        let known = rows.columns().cloned();
        let (mut names, mut seen) = (Vec::new(), HashSet::new());
        let (mut total, mut usable) = (0_u64, 0_u64);
        while total < input.first.unwrap_or(u64::MAX) {
            match rows.next() {
                None => break,
                Some(Err(Fault::Fatal(failure))) => return Err(failure),
                Some(Err(Fault::Row { .. })) => total += 1,
                Some(Ok(row)) => {
                    total += 1;
                    usable += 1;
                    if known.is_some() {
                        continue;
                    }
                    for (name, _) in row.cells() {
                        if !seen.contains(name) {
                            seen.insert(name.to_owned());
                            names.push(name.to_owned());
                        }
                    }
                    if names.len() > MOST_COLUMNS {
                        return Err(Failure::usage(format!(
                            "the input has more than {MOST_COLUMNS} different names of columns"
                        )));
                    }
                }
            }
        }
        if total == 0 {
            return Err(Failure::usage(format!("{} has no rows", input.input.display())));
        }
        Ok(Self {
            columns: Some(known.unwrap_or_else(|| Columns::new(names))),
            usable: Some(usable),
        })
    }

    /// The columns that some row has.
    pub(super) fn columns(&self) -> Option<&Columns> {
        self.columns.as_ref()
    }

    /// How many rows can be read; some may still lack what is asked about.
    pub(super) fn askable(&self) -> Option<u64> {
        self.usable
    }
}

//! From rows to records: a thread reads, so that a slow pipe holds up nothing but itself.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::thread;

use futures_core::Stream;
use gemini_extract::batch::Record;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::failure::Failure;
use crate::options::InputOptions;
use crate::table::{Cell, Fault, Row, Rows};
use crate::template::Template;

/// Records that were made and not taken yet.
const RECORDS: usize = 64;
/// Rows whose values are awaited or that are unusable.
const ROWS: usize = 8_192;

/// Rows in the order of the input; those that are asked come in the order of their records.
pub(super) struct Feed {
    rows: Receiver<Fed>,
}

/// A row that was read.
pub(super) enum Fed {
    /// A record was made of it.
    Asked(Row),
    /// No question can be made of it.
    Unusable {
        /// Its place among the rows, counted from 1.
        number: u64,
        /// The row, where it could be read.
        row: Option<Row>,
        /// What is wrong with it.
        reason: String,
    },
    /// Nothing more can be read.
    Broken(Failure),
}

/// The records, for the batch.
pub(super) struct Records(Receiver<Record>);

struct Reader {
    rows: Sender<Fed>,
    records: Sender<Record>,
    template: Template,
    key_column: Option<String>,
}

impl Feed {
    /// Begins to read; `ahead` more rows may be awaited than usual.
    pub(super) fn start(
        rows: Box<dyn Rows>,
        template: Template,
        (input, ahead): (&InputOptions, usize),
    ) -> (Self, Records) {
        let (to_rows, from_rows) = channel(ROWS.saturating_add(ahead));
        let (to_records, from_records) = channel(RECORDS);
        let key_column = input.key_column.clone();
        let reader = Reader { rows: to_rows, records: to_records, template, key_column };
        let most = input.first.unwrap_or(u64::MAX);
        // It ends when nobody takes what it reads.
        thread::spawn(move || reader.read(rows, most));
        (Self { rows: from_rows }, Records(from_records))
    }

    /// The next row; `None` behind the last one.
    pub(super) async fn next(&mut self) -> Option<Fed> {
        self.rows.recv().await
    }
}

impl Reader {
    fn read(self, mut rows: Box<dyn Rows>, most: u64) {
        for _ in 0..most {
            let Some(row) = rows.next() else { return };
            let (fed, record) = match row {
                Ok(row) => match self.record(&row) {
                    Ok(record) => (Fed::Asked(row), Some(record)),
                    Err(reason) => {
                        (Fed::Unusable { number: row.number, row: Some(row), reason }, None)
                    }
                },
                Err(Fault::Row { number, reason }) => {
                    (Fed::Unusable { number, row: None, reason }, None)
                }
                Err(Fault::Fatal(failure)) => {
                    // Where nobody listens, nobody has to be told.
                    let _ = self.rows.blocking_send(Fed::Broken(failure));
                    return;
                }
            };
            // The row goes first: whoever has the value knows whose it is.
            if self.rows.blocking_send(fed).is_err() {
                return;
            }
            if record.is_some_and(|record| self.records.blocking_send(record).is_err()) {
                return;
            }
        }
    }

    fn record(&self, row: &Row) -> Result<Record, String> {
        let text = self.template.render(row)?;
        let key = match &self.key_column {
            None => row.number.to_string(),
            Some(name) => match row.cell(name).map(Cell::as_text) {
                None => return Err(format!("it has no column `{name}`")),
                Some("") => return Err(format!("its key in `{name}` is empty")),
                Some(key) => key.to_owned(),
            },
        };
        Ok(Record::new(key, text))
    }
}

impl Stream for Records {
    type Item = Record;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Record>> {
        self.0.poll_recv(context)
    }
}

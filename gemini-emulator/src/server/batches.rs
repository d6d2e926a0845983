//! Batches: their creation, and what becomes of them.

use std::sync::Arc;

use serde_json::json;

use super::call::{Access, Action, BATCH_GENERATE_CONTENT, Call};
use super::route::{Question, ok};
use crate::batches::{Order, Row, Source};
use crate::emulator::Shared;
use crate::error::Refusal;
use crate::json::Json;
use crate::page::{Page, PageSizes};
use crate::reply::Reply;
use crate::request::{BatchInput, batch_row_request, read_batch};

const PAGE_SIZES: PageSizes = PageSizes { usual: 50, largest: 1000 };

/// Answers the rows that are due of the batch that is asked for, where nobody else has to wait for
/// it.
pub(super) async fn catch_up(call: &Call<'_>, shared: &Arc<Shared>) {
    let Action::Batch(Access::Get { id }) = call.action else {
        return;
    };
    let Ok(batch) = shared.store(|store, _| store.batches.get(id)) else {
        return;
    };
    let shared = Arc::clone(shared);
    // Who panics while a row is answered has said so.
    let _ = tokio::task::spawn_blocking(move || batch.answer_due(&shared)).await;
}

impl Question<'_> {
    pub(super) fn create_batch(&self, model: &str, version: &str) -> Result<Reply, Refusal> {
        let settings = &self.shared.settings;
        settings.models.check(model, (version, BATCH_GENERATE_CONTENT))?;
        let request = read_batch(&self.json()?)?;
        let (source, read) = match request.input {
            BatchInput::Inline(rows) => (Source::Inline, Ok(inline_rows(rows))),
            BatchInput::File(name) => (Source::File, self.file_rows(&name)?),
        };
        let (rows, mistake) = match read {
            Ok(rows) => (rows, None),
            Err(mistake) => (Vec::new(), Some(mistake)),
        };
        let order = Order {
            model: model.to_owned(),
            display_name: request.display_name,
            source,
            tokens: rows.iter().map(|row| row.tokens).fold(0, u64::saturating_add),
            rows,
            mistake,
        };
        let batch = self.shared.store(|store, now| store.batches.create(order, settings, now))?;
        Ok(ok(batch.describe_new(self.shared)))
    }

    pub(super) fn batch(&self, access: Access<'_>) -> Result<Reply, Refusal> {
        let body = match access {
            Access::List => {
                let page = Page::read(self.query(), PAGE_SIZES)?;
                let all = self.shared.store(|store, _| store.batches.all());
                page.of("operations", all, |batch| batch.describe(self.shared))
            }
            Access::Get { id } => {
                self.shared.store(|store, _| store.batches.get(id))?.describe(self.shared)
            }
            Access::Delete { id } => {
                self.shared.store(|store, _| store.batches.remove(id))?;
                json!({})
            }
            Access::Create | Access::Update { .. } => {
                return Err(Refusal::not_found("Batches are made by batchGenerateContent."));
            }
        };
        Ok(ok(body))
    }

    pub(super) fn cancel_batch(&self, id: &str) -> Result<Reply, Refusal> {
        self.shared.store(|store, now| store.batches.get(id).map(|batch| batch.cancel(now)))?;
        Ok(ok(json!({})))
    }

    /// The rows of a file, or what is wrong with the file as a whole.
    fn file_rows(&self, name: &str) -> Result<Result<Vec<Row>, String>, Refusal> {
        let file = self
            .shared
            .store(|store, now| store.files.named(name, now).map(Option::<&_>::cloned))?;
        let elsewhere =
            || Refusal::invalid_argument(format!("Invalid or unsupported file: {name}"));
        let bytes = file.ok_or_else(elsewhere)?.bytes();
        let Ok(text) = std::str::from_utf8(&bytes) else {
            return Ok(Err(format!("The file {name} is not UTF-8.")));
        };
        let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
        let rows = lines.map(|(line, number)| {
            let wrong = || format!("Line {number} of {name} is not a JSON object.");
            Row::read_line(line).ok_or_else(wrong)
        });
        let rows: Result<Vec<Row>, String> = rows.collect();
        Ok(rows.and_then(|rows| match rows.is_empty() {
            true => Err(format!("The file {name} holds no requests.")),
            false => Ok(rows),
        }))
    }
}

fn inline_rows(rows: Vec<Json>) -> Vec<Row> {
    let row = |row: Json| Row::new(row.get("metadata").cloned(), batch_row_request(&row));
    rows.into_iter().map(row).collect()
}

//! Examples out of a table: what is said, and what is to be answered to it.

use std::path::Path;

use gemini_extract::OrderedJson;

use crate::failure::{Failure, Result};
use crate::table::{Cell, Dialect, Fault, Format, Row, open_source};
use crate::template::Template;

const LABEL: &str = "label";
const VALUE: &str = "value";
/// Each is sent with every row.
const MOST: usize = 1_000;

/// What is said in a row, and what is to be answered to it.
pub(crate) type Example = (String, OrderedJson);

/// Reads all examples of a table.
pub(crate) fn read(path: &Path, template: &Template) -> Result<Vec<Example>> {
    let name = path.display();
    let format = Format::of(None, path, "a file ending such as .csv or .jsonl")?;
    let mut rows = open_source(path, format, &Dialect::default())?;
    if let Some(columns) = rows.columns() {
        template.check(columns).map_err(|error| Failure::usage(format!("{name}: {error}")))?;
    }
    let mut examples = Vec::new();
    while let Some(row) = rows.next() {
        let row = match row {
            Ok(row) => row,
            Err(Fault::Fatal(failure)) => return Err(failure),
            Err(Fault::Row { reason, .. }) => {
                return Err(Failure::usage(format!("{name}: {reason}")));
            }
        };
        let example = example(&row, template);
        examples.push(
            example.map_err(|reason| {
                Failure::usage(format!("{name}: row {}: {reason}", row.number))
            })?,
        );
        if examples.len() > MOST {
            return Err(Failure::usage(format!(
                "{name} has more than {MOST} examples, and each is sent with every row"
            )));
        }
    }
    Ok(examples)
}

fn example(row: &Row, template: &Template) -> std::result::Result<Example, String> {
    let said = template.render(row)?;
    let answer = match (row.cell(LABEL), row.cell(VALUE)) {
        (Some(label), None) if !label.as_text().is_empty() => {
            OrderedJson::from(label.as_text().trim().to_owned())
        }
        (None, Some(value @ (Cell::Text(_) | Cell::Json(_)))) => {
            serde_json::from_str(value.as_text())
                .map_err(|_| format!("its `{VALUE}` is no JSON"))?
        }
        _ => return Err(format!("it needs either a `{LABEL}` or a `{VALUE}`")),
    };
    Ok((said, answer))
}

//! The columns that are written, and how a row of them is filled.

use gemini_extract::batch::{Outcome, Votes};
use gemini_extract::{Integer, OrderedJson, Schema, Shape};

use super::Job;
use super::survey::Survey;
use crate::failure::{Failure, Result};
use crate::options::Keep;
use crate::table::{Cell, Columns, Field, Kind, Row, Rows};

/// The columns that are written.
pub(super) struct Layout {
    fields: Vec<Field>,
    key: Key,
    kept: Vec<String>,
    values: Values,
    /// Which of the fields tells what went wrong.
    error: usize,
    has_votes: bool,
    has_details: bool,
}

/// What the first column says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    /// No key: a kept column has it, or the order.
    None,
    /// The number of the row.
    Number,
    /// The key that the row has.
    Column,
}

/// The columns of a value.
enum Values {
    /// The whole of it.
    One,
    /// Its properties.
    Properties(Vec<String>),
}

impl Layout {
    pub(super) fn new(job: &Job, survey: &Survey, rows: &dyn Rows) -> Result<Self> {
        let output = &job.output;
        let columns = survey.columns().or(rows.columns());
        let kept = kept(&output.keep(), columns)?;
        let mut fields = Vec::new();
        let named = |name: &str, kind| Field { name: format!("{}{name}", output.prefix), kind };
        let first = match job.input.key_column.as_deref() {
            Some(key) if kept.iter().any(|name| name == key) => Key::None,
            Some(key) => {
                fields.push(Field { name: key.to_owned(), kind: Kind::Any });
                Key::Column
            }
            None if output.unordered || output.keep() != Keep::All => {
                fields.push(named("row", Kind::Integer));
                Key::Number
            }
            None => Key::None,
        };
        fields.extend(kept.iter().map(|name| kept_field(name, rows)));
        let schema = job.task.schema()?;
        let values = match schema.shape() {
            Shape::Object(object)
                if !schema.annotations().nullable && object.additional.is_none() =>
            {
                for property in &object.properties {
                    fields.push(named(&property.name, kind(&property.schema)));
                }
                let names = object.properties.iter().map(|property| property.name.clone());
                Values::Properties(names.collect())
            }
            Shape::Enum(_) => {
                fields.push(named("label", Kind::Text));
                Values::One
            }
            _ => {
                fields.push(named("value", kind(&schema)));
                Values::One
            }
        };
        let has_votes = job.asking.votes > 1;
        if has_votes {
            fields.push(named("agreement", Kind::Number));
        }
        let error = fields.len();
        fields.push(named("error", Kind::Text));
        if output.details {
            fields.extend(details(has_votes).into_iter().map(|(name, kind)| named(name, kind)));
        }
        let names = Columns::new(fields.iter().map(|field| field.name.clone()));
        if let Some(name) = names.repeated() {
            return Err(Failure::usage(format!(
                "two columns would be called `{name}`: name new ones with --prefix, or leave some \
                 out with --keep"
            )));
        }
        let has_details = output.details;
        Ok(Self { fields, key: first, kept, values, error, has_votes, has_details })
    }

    pub(super) fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The cells of a row with its outcome.
    pub(super) fn row(&self, row: &Row, outcome: &Outcome<OrderedJson>) -> Vec<Cell> {
        let mut cells = Vec::with_capacity(self.fields.len());
        match self.key {
            Key::None => {}
            Key::Number => cells.push(number(row.number)),
            Key::Column => cells.push(Cell::Text(outcome.key.clone())),
        }
        cells.extend(self.kept.iter().map(|name| row.cell(name).cloned().unwrap_or(Cell::Null)));
        let value = outcome.result.as_ref().ok();
        match &self.values {
            Values::One => cells.push(value.map_or(Cell::Null, cell)),
            Values::Properties(names) => cells.extend(
                names
                    .iter()
                    .map(|name| value.and_then(|value| value.get(name)).map_or(Cell::Null, cell)),
            ),
        }
        let votes = outcome.votes.as_ref();
        if self.has_votes {
            let counted = votes.filter(|votes| votes.count() > 0);
            cells.push(counted.map_or(Cell::Null, |it| Cell::json(&it.agreement().to_string())));
        }
        cells.push(match &outcome.result {
            Ok(_) => Cell::Null,
            Err(error) => Cell::Text(format!("{}: {error}", error.kind().as_str())),
        });
        if self.has_details {
            let shares = |votes: &Votes| serde_json::to_string(votes).unwrap_or_default();
            let votes = votes.map_or(Cell::Null, |votes| Cell::json(&shares(votes)));
            cells.extend(self.has_votes.then_some(votes));
            let usage = &outcome.usage;
            let source = serde_json::to_string(&outcome.source).unwrap_or_default();
            cells.extend([
                number(usage.prompt_tokens.saturating_add(usage.tool_tokens)),
                number(usage.answer_tokens.saturating_add(usage.thoughts_tokens)),
                outcome.cost.map_or(Cell::Null, |cost| Cell::json(&cost.to_string())),
                number(u64::from(outcome.attempts)),
                number(u64::try_from(outcome.latency.as_millis()).unwrap_or(u64::MAX)),
                Cell::json(&source),
            ]);
        }
        cells
    }

    /// The cells of a row that nothing was asked about.
    pub(super) fn unusable(&self, row: Option<&Row>, number: u64, reason: &str) -> Vec<Cell> {
        let own = |name: &str| row.and_then(|row| row.cell(name)).cloned().unwrap_or(Cell::Null);
        let mut cells = Vec::with_capacity(self.fields.len());
        match (self.key, self.fields.first()) {
            (Key::Number, _) => cells.push(self::number(number)),
            (Key::Column, Some(field)) => cells.push(own(&field.name)),
            _ => {}
        }
        cells.extend(self.kept.iter().map(|name| own(name)));
        cells.resize_with(self.error, || Cell::Null);
        cells.push(Cell::Text(format!("row {number}: {reason}")));
        cells.resize_with(self.fields.len(), || Cell::Null);
        cells
    }
}

fn kept(keep: &Keep<'_>, columns: Option<&Columns>) -> Result<Vec<String>> {
    match (keep, columns) {
        (Keep::All, Some(columns)) => Ok(columns.names().map(str::to_owned).collect()),
        (Keep::All, None) => Err(Failure::usage(
            "the columns of stdin are known only when it has been read: name those to keep with \
             --keep, or say --keep none",
        )),
        (Keep::Some(names), columns) => {
            if let Some(columns) = columns {
                names.iter().try_for_each(|name| columns.require(name))?;
            }
            Ok(names.iter().map(|name| (*name).to_owned()).collect())
        }
    }
}

#[cfg(feature = "parquet")]
fn kept_field(name: &str, rows: &dyn Rows) -> Field {
    let arrow = rows
        .arrow()
        .and_then(|schema| schema.fields().iter().find(|field| field.name() == name).cloned());
    let kind = arrow.and_then(|field| crate::table::written_as(&field)).map(Kind::Arrow);
    let kind = kind.unwrap_or(Kind::Any);
    Field { name: name.to_owned(), kind }
}

#[cfg(not(feature = "parquet"))]
fn kept_field(name: &str, _: &dyn Rows) -> Field {
    Field { name: name.to_owned(), kind: Kind::Any }
}

/// What a column of such values holds.
fn kind(schema: &Schema) -> Kind {
    match schema.shape() {
        Shape::Integer(shape) => {
            let is_small = |bound: &Integer| bound.to_string().parse::<i64>().is_ok();
            let is_small = is_small(&shape.minimum) && is_small(&shape.maximum);
            if is_small { Kind::Integer } else { Kind::Any }
        }
        Shape::Number(_) => Kind::Number,
        Shape::Boolean => Kind::Boolean,
        Shape::String(_) | Shape::Enum(_) => Kind::Text,
        _ => Kind::Any,
    }
}

/// The columns that tell what a value did cost.
fn details(has_votes: bool) -> Vec<(&'static str, Kind)> {
    let votes = has_votes.then_some(("votes", Kind::Any));
    let others = [
        ("input_tokens", Kind::Integer),
        ("output_tokens", Kind::Integer),
        ("cost", Kind::Number),
        ("attempts", Kind::Integer),
        ("latency_ms", Kind::Integer),
        ("source", Kind::Text),
    ];
    votes.into_iter().chain(others).collect()
}

fn cell(value: &OrderedJson) -> Cell {
    match value {
        OrderedJson::Null => Cell::Null,
        OrderedJson::String(text) => Cell::Text(text.to_string()),
        other => Cell::json(&other.to_string()),
    }
}

fn number(count: u64) -> Cell {
    Cell::json(&count.to_string())
}

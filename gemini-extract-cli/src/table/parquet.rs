//! Rows of Parquet files, by way of JSON: each row is a line of it.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_json::reader::Decoder;
use arrow_json::writer::{LineDelimited, WriterBuilder};
use arrow_schema::{DataType, Field as ArrowField, FieldRef, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;

use super::jsonl::object;
use super::sink::{Field, Kind, Sink, json_line};
use super::{Cell, Columns, Fault, Row, Rows};
use crate::failure::{Failure, Result};

/// Rows that are read or written at a time.
const ROWS: usize = 512;
/// Rows of a group: what is kept in memory until it is written.
const GROUP: usize = 65_536;
const GROUP_BYTES: usize = 64 * 1024 * 1024;

struct ParquetRows {
    batches: ParquetRecordBatchReader,
    schema: SchemaRef,
    columns: Columns,
    lines: VecDeque<String>,
    number: u64,
}

pub(super) fn read(file: File, path: &Path) -> Result<Box<dyn Rows>> {
    let name = path.display();
    let builder = ParquetRecordBatchReaderBuilder::try_new(file)
        .map_err(|error| Failure::usage(format!("{name} is no Parquet file: {error}")))?;
    let schema = Arc::clone(builder.schema());
    let columns = Columns::new(schema.fields().iter().map(|field| field.name().clone()));
    if let Some(twice) = columns.repeated() {
        return Err(Failure::usage(format!("{name} has the column `{twice}` twice")));
    }
    let batches = builder.with_batch_size(ROWS).build();
    let batches = batches.map_err(|error| Failure::of(format!("{name} cannot be read"), &error))?;
    Ok(Box::new(ParquetRows { batches, schema, columns, lines: VecDeque::new(), number: 0 }))
}

impl ParquetRows {
    /// Reads rows until there are some; false behind the last ones.
    fn fill(&mut self) -> std::result::Result<bool, Fault> {
        while self.lines.is_empty() {
            let Some(batch) = self.batches.next() else { return Ok(false) };
            let batch = batch.map_err(|error| Fault::broken("the input cannot be read", &error))?;
            let lines = lines_of(&batch);
            self.lines = lines.map_err(|error| Fault::broken("a row has no JSON form", &*error))?;
        }
        Ok(true)
    }
}

fn lines_of(
    batch: &RecordBatch,
) -> std::result::Result<VecDeque<String>, Box<dyn std::error::Error>> {
    let builder = WriterBuilder::new().with_explicit_nulls(true);
    let mut writer = builder.build::<_, LineDelimited>(Vec::new());
    writer.write(batch)?;
    writer.finish()?;
    let text = String::from_utf8(writer.into_inner())?;
    Ok(text.lines().map(str::to_owned).collect())
}

impl Rows for ParquetRows {
    fn columns(&self) -> Option<&Columns> {
        Some(&self.columns)
    }

    fn next(&mut self) -> Option<std::result::Result<Row, Fault>> {
        match self.fill() {
            Ok(true) => {}
            Ok(false) => return None,
            Err(fault) => return Some(Err(fault)),
        }
        let line = self.lines.pop_front()?;
        self.number += 1;
        let number = self.number;
        // The columns are those of the file: a row of JSON has them all.
        let row = object(&line, number, &mut self.columns);
        Some(row.map_err(|reason| Fault::row(number, format!("row {number}: {reason}"))))
    }

    fn arrow(&self) -> Option<SchemaRef> {
        Some(Arc::clone(&self.schema))
    }
}

struct ParquetSink<W: Write + Send> {
    writer: ArrowWriter<W>,
    decoder: Decoder,
    fields: Vec<Field>,
    pending: usize,
}

/// Writes rows to a new file.
pub(super) fn write(file: File, fields: Vec<Field>) -> Result<Box<dyn Sink>> {
    let arrow = fields.iter().map(|field| match &field.kind {
        Kind::Arrow(arrow) => Arc::clone(arrow),
        kind => Arc::new(ArrowField::new(&*field.name, data_type(kind), true)),
    });
    let schema = Arc::new(Schema::new(arrow.collect::<Vec<_>>()));
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(GROUP))
        .set_max_row_group_bytes(Some(GROUP_BYTES))
        .build();
    let failed = |error: &dyn std::error::Error| Failure::of("the output cannot be written", error);
    let writer = ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties));
    let decoder = arrow_json::ReaderBuilder::new(schema).with_batch_size(ROWS).build_decoder();
    Ok(Box::new(ParquetSink {
        writer: writer.map_err(|error| failed(&error))?,
        decoder: decoder.map_err(|error| failed(&error))?,
        fields,
        pending: 0,
    }))
}

/// How a column that was read is written; `None` where its values have no form of their own in JSON,
/// by way of which they come.
pub(crate) fn written_as(field: &ArrowField) -> Option<FieldRef> {
    // The reader of JSON makes no dictionaries: it has the values themselves.
    let data_type = match field.data_type() {
        DataType::Dictionary(_, value) => &**value,
        other => other,
    };
    // A row that cannot be read has no value.
    let written: FieldRef = ArrowField::new(field.name(), data_type.clone(), true).into();
    let schema = Arc::new(Schema::new(vec![Arc::clone(&written)]));
    let can_be_read = arrow_json::ReaderBuilder::new(schema).build_decoder().is_ok();
    (can_be_read && !has_duration(data_type)).then_some(written)
}

/// Whether there are durations, which are written in another form than they are read in.
fn has_duration(data_type: &DataType) -> bool {
    match data_type {
        DataType::Duration(_) => true,
        DataType::Struct(fields) => fields.iter().any(|field| has_duration(field.data_type())),
        DataType::List(field)
        | DataType::LargeList(field)
        | DataType::FixedSizeList(field, _)
        | DataType::Map(field, _) => has_duration(field.data_type()),
        _ => false,
    }
}

fn data_type(kind: &Kind) -> DataType {
    match kind {
        Kind::Integer => DataType::Int64,
        Kind::Number => DataType::Float64,
        Kind::Boolean => DataType::Boolean,
        Kind::Any | Kind::Text | Kind::Arrow(_) => DataType::Utf8,
    }
}

impl<W: Write + Send> ParquetSink<W> {
    fn write_batch(&mut self) -> io::Result<()> {
        self.pending = 0;
        if let Some(batch) = self.decoder.flush().map_err(io::Error::other)? {
            self.writer.write(&batch).map_err(io::Error::other)?;
        }
        Ok(())
    }
}

impl<W: Write + Send> Sink for ParquetSink<W> {
    fn write(&mut self, cells: &[Cell]) -> io::Result<()> {
        let line = json_line(&self.fields, cells, true)?;
        let decoded = self.decoder.decode(line.as_bytes()).map_err(io::Error::other)?;
        debug_assert_eq!(decoded, line.len());
        self.pending += 1;
        if self.pending == ROWS { self.write_batch() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.write_batch()
    }

    fn finish(mut self: Box<Self>, _: bool) -> io::Result<()> {
        self.write_batch()?;
        self.writer.close().map(drop).map_err(io::Error::other)
    }
}

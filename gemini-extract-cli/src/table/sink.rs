//! Rows into files and stdout.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::format::is_standard;
use super::{Cell, Format};
use crate::failure::{Failure, Result};

/// A column that is written.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) kind: Kind,
}

/// What a column holds, for formats with types.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// Whatever the row has; text, where a type is needed.
    Any,
    /// Text.
    Text,
    /// Whole numbers of 64 bits.
    Integer,
    /// Numbers.
    Number,
    /// `true` and `false`.
    Boolean,
    /// The same as in the Parquet file that was read.
    #[cfg(feature = "parquet")]
    Arrow(arrow_schema::FieldRef),
}

/// Where rows go.
pub(crate) trait Sink: Send {
    /// Writes a row; its cells are those of the fields, in their order.
    fn write(&mut self, cells: &[Cell]) -> io::Result<()>;

    /// Hands on what was written.
    fn flush(&mut self) -> io::Result<()>;

    /// Writes what is left and closes it. A file that isn't whole keeps its name `NAME.part`.
    fn finish(self: Box<Self>, is_whole: bool) -> io::Result<()>;
}

/// Writes a table. A file has its name only when it is finished; until then it is called
/// `NAME.part`.
pub(crate) fn open_sink(path: &Path, format: Format, fields: Vec<Field>) -> Result<Box<dyn Sink>> {
    if is_standard(path) {
        let inner = text(Box::new(io::stdout()), format, fields)?;
        return Ok(Box::new(Piped { inner }));
    }
    let part = part_of(path);
    let file = File::create(&part)
        .map_err(|error| Failure::of(format!("{} cannot be written", part.display()), &error))?;
    #[cfg(feature = "parquet")]
    if format == Format::Parquet {
        let inner = super::parquet::write(file, fields)?;
        return Ok(Box::new(Renamed { inner, part, path: path.to_owned() }));
    }
    let inner = text(Box::new(file), format, fields)?;
    Ok(Box::new(Renamed { inner, part, path: path.to_owned() }))
}

/// A row as a JSON object on a line; with `as_text`, columns of text hold all JSON as text.
pub(super) fn json_line(fields: &[Field], cells: &[Cell], as_text: bool) -> io::Result<String> {
    let mut line = String::from("{");
    for (field, cell) in fields.iter().zip(cells) {
        if line.len() > 1 {
            line.push(',');
        }
        line.push_str(&serde_json::to_string(&field.name)?);
        line.push(':');
        let is_text = as_text && matches!(field.kind, Kind::Any | Kind::Text);
        match cell {
            Cell::Null => line.push_str("null"),
            Cell::Json(json) if !is_text => line.push_str(json.get()),
            cell => line.push_str(&serde_json::to_string(cell.as_text())?),
        }
    }
    line.push_str("}\n");
    Ok(line)
}

/// Rows for whoever reads them at the other end, each as it comes.
struct Piped {
    inner: Box<dyn Sink>,
}

struct Renamed {
    inner: Box<dyn Sink>,
    part: PathBuf,
    path: PathBuf,
}

struct CsvSink(csv::Writer<Box<dyn Write + Send>>);

struct JsonSink {
    writer: BufWriter<Box<dyn Write + Send>>,
    fields: Vec<Field>,
}

fn text(
    writer: Box<dyn Write + Send>,
    format: Format,
    fields: Vec<Field>,
) -> Result<Box<dyn Sink>> {
    let delimiter = match format {
        Format::Csv => b',',
        Format::Tsv => b'\t',
        Format::Jsonl => {
            return Ok(Box::new(JsonSink { writer: BufWriter::new(writer), fields }));
        }
        Format::Lines => {
            return Err(Failure::usage("`lines` is for input only; write csv, tsv or jsonl"));
        }
        #[cfg(feature = "parquet")]
        Format::Parquet => {
            return Err(Failure::usage("Parquet is written to files only, not to stdout"));
        }
    };
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(writer);
    writer
        .write_record(fields.iter().map(|field| &field.name))
        .map_err(|error| Failure::of("the output cannot be written", &error))?;
    Ok(Box::new(CsvSink(writer)))
}

impl Sink for Piped {
    fn write(&mut self, cells: &[Cell]) -> io::Result<()> {
        self.inner.write(cells)?;
        self.inner.flush()
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }

    fn finish(self: Box<Self>, is_whole: bool) -> io::Result<()> {
        self.inner.finish(is_whole)
    }
}

impl Sink for Renamed {
    fn write(&mut self, cells: &[Cell]) -> io::Result<()> {
        self.inner.write(cells)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }

    fn finish(self: Box<Self>, is_whole: bool) -> io::Result<()> {
        self.inner.finish(is_whole)?;
        if is_whole { fs::rename(self.part, self.path) } else { Ok(()) }
    }
}

impl Sink for CsvSink {
    fn write(&mut self, cells: &[Cell]) -> io::Result<()> {
        self.0.write_record(cells.iter().map(Cell::as_text)).map_err(io::Error::from)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }

    fn finish(mut self: Box<Self>, _: bool) -> io::Result<()> {
        self.0.flush()
    }
}

impl Sink for JsonSink {
    fn write(&mut self, cells: &[Cell]) -> io::Result<()> {
        self.writer.write_all(json_line(&self.fields, cells, false)?.as_bytes())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }

    fn finish(mut self: Box<Self>, _: bool) -> io::Result<()> {
        self.writer.flush()
    }
}

/// The name of a file that isn't finished.
pub(crate) fn part_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    name.into()
}

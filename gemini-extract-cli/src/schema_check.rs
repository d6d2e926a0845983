//! `schema check`: what a schema becomes on each carrier, and what the service may refuse.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;
use gemini_extract::{Dialect, Lowered, Schema, SchemaError};
use gemini_schema::Metrics;
use serde::Serialize;

use crate::contract::{self, Words};
use crate::failure::{End, Failure, Result};

/// Checks a schema before anything is sent.
///
/// Reads a JSON Schema, or a schema in the words of Gemini's responseSchema, and says what each
/// carrier would send, how large that is, what the service has been seen to refuse, and what is
/// checked only after the answer has come.
#[derive(Debug, Args)]
#[command(after_help = "\
Exit codes:
    0    responseSchema or responseJsonSchema can carry it
    1    it cannot be read without loss, or neither can carry it
    2    the command line is not as it has to be, or there is no such file
    3    there are warnings, with --deny-warnings")]
pub(crate) struct SchemaCheck {
    /// The file
    file: PathBuf,
    /// Writes JSON
    #[arg(long)]
    json: bool,
    /// Shows what each carrier would send, too
    #[arg(long)]
    show: bool,
    /// Ends with exit code 3 where there are warnings
    #[arg(long)]
    deny_warnings: bool,
}

/// The carriers, by the names that users know.
const CARRIERS: [(&str, Dialect); 4] = [
    ("responseSchema", Dialect::Gemini),
    ("responseJsonSchema", Dialect::GeminiJson),
    ("responseSchema on Vertex AI", Dialect::Vertex),
    ("OpenAI-compatible", Dialect::OpenAi),
];

/// The carriers that this program sends by.
const SENT: usize = 2;

#[derive(Serialize)]
struct Findings {
    words: &'static str,
    /// Why it cannot be read.
    problems: Vec<Line>,
    carriers: Vec<Carried>,
}

#[derive(Serialize)]
struct Carried {
    carrier: &'static str,
    /// Why it cannot be sent.
    problems: Vec<Line>,
    #[serde(flatten)]
    sent: Option<Sent>,
}

#[derive(Serialize)]
struct Sent {
    metrics: Numbers,
    warnings: Vec<Line>,
    /// What is checked only after the answer has come.
    notes: Vec<Line>,
    /// Whether answers have another shape and are turned back.
    is_reshaped: bool,
    /// Whether recursion ends at some depth.
    is_cut: bool,
    schema: gemini_extract::OrderedJson,
}

#[derive(Serialize)]
struct Numbers {
    depth: usize,
    properties: usize,
    name_bytes: usize,
    enum_members: usize,
    max_items: u64,
    alternatives: usize,
    estimated_tokens: usize,
}

#[derive(Serialize)]
struct Line {
    path: String,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<String>,
}

pub(crate) fn run(command: &SchemaCheck) -> Result<End> {
    let text = contract::read_text(&command.file)?;
    let findings = Findings::of(&text);
    let mut out = io::stdout().lock();
    let written = if command.json {
        serde_json::to_writer_pretty(&mut out, &findings)
            .map_err(io::Error::from)
            .and_then(|()| writeln!(out))
    } else {
        findings.write(&mut out, command.show)
    };
    written.map_err(|error| Failure::of("stdout cannot be written", &error))?;
    Ok(findings.end(command.deny_warnings))
}

impl Findings {
    fn of(text: &str) -> Self {
        let words = match contract::words(text) {
            Words::JsonSchema => "JSON Schema",
            Words::Gemini => "Gemini's responseSchema",
        };
        match contract::parse(text) {
            Ok(schema) => {
                let carriers = CARRIERS.iter().map(|carrier| Carried::of(&schema, *carrier));
                Self { words, problems: Vec::new(), carriers: carriers.collect() }
            }
            Err(error) => Self { words, problems: lines(&error), carriers: Vec::new() },
        }
    }

    fn end(&self, denies_warnings: bool) -> End {
        let mut sent = self.carriers.iter().take(SENT).filter_map(|carried| carried.sent.as_ref());
        let all = self.carriers.iter().take(SENT).filter_map(|carried| carried.sent.as_ref());
        let has_warnings = all.flat_map(|sent| &sent.warnings).next().is_some();
        match sent.next() {
            None => End::Failed,
            Some(_) if denies_warnings && has_warnings => End::Incomplete,
            Some(_) => End::Done,
        }
    }

    fn write(&self, out: &mut impl Write, shows: bool) -> io::Result<()> {
        writeln!(out, "read as {}", self.words)?;
        if !self.problems.is_empty() {
            writeln!(out, "it cannot be read without loss:")?;
            return self.problems.iter().try_for_each(|line| line.write(out, "lost"));
        }
        self.carriers.iter().try_for_each(|carried| carried.write(out, shows))
    }
}

impl Carried {
    fn of(schema: &Schema, (carrier, dialect): (&'static str, Dialect)) -> Self {
        match schema.lower(dialect) {
            Ok(lowered) => Self { carrier, problems: Vec::new(), sent: Some(Sent::of(&lowered)) },
            Err(error) => Self { carrier, problems: lines(&error), sent: None },
        }
    }

    fn write(&self, out: &mut impl Write, shows: bool) -> io::Result<()> {
        writeln!(out, "\n{}", self.carrier)?;
        let Some(sent) = &self.sent else {
            writeln!(out, "  it cannot be sent")?;
            return self.problems.iter().try_for_each(|line| line.write(out, "problem"));
        };
        let Numbers { depth, properties, name_bytes, enum_members, .. } = sent.metrics;
        let Numbers { max_items, alternatives, estimated_tokens, .. } = sent.metrics;
        writeln!(out, "  size     {estimated_tokens} tokens (estimated), depth {depth}")?;
        writeln!(out, "           {properties} properties with {name_bytes} bytes of names")?;
        writeln!(
            out,
            "           {enum_members} enum members, {alternatives} alternatives, maxItems {max_items} in all"
        )?;
        if sent.is_reshaped {
            writeln!(out, "  shape    another one is sent, and answers are turned back")?;
        }
        if sent.is_cut {
            writeln!(out, "  shape    recursion ends at some depth")?;
        }
        sent.warnings.iter().try_for_each(|line| line.write(out, "warning"))?;
        sent.notes.iter().try_for_each(|line| line.write(out, "note"))?;
        if shows { writeln!(out, "  sent     {}", sent.schema) } else { Ok(()) }
    }
}

impl Sent {
    fn of(lowered: &Lowered) -> Self {
        let warnings = lowered.warnings().iter().map(|warning| Line {
            path: warning.path().to_owned(),
            text: warning.reason().to_owned(),
            remedy: Some(warning.remedy().to_owned()),
        });
        let notes = lowered.notes().iter().map(|note| Line {
            path: note.path().to_owned(),
            text: note.text().to_owned(),
            remedy: None,
        });
        Self {
            metrics: lowered.metrics().into(),
            warnings: warnings.collect(),
            notes: notes.collect(),
            is_reshaped: lowered.is_lifted(),
            is_cut: lowered.is_cut(),
            schema: lowered.schema().clone(),
        }
    }
}

impl From<Metrics> for Numbers {
    fn from(metrics: Metrics) -> Self {
        Self {
            depth: metrics.depth,
            properties: metrics.properties,
            name_bytes: metrics.name_bytes,
            enum_members: metrics.enum_members,
            max_items: metrics.max_items,
            alternatives: metrics.alternatives,
            estimated_tokens: metrics.estimated_tokens,
        }
    }
}

impl Line {
    fn write(&self, out: &mut impl Write, kind: &str) -> io::Result<()> {
        let path = if self.path.is_empty() { "the root" } else { &self.path };
        write!(out, "  {kind:<8} at {path}: {}", self.text)?;
        match &self.remedy {
            Some(remedy) => writeln!(out, "; {remedy}"),
            None => writeln!(out),
        }
    }
}

fn lines(error: &SchemaError) -> Vec<Line> {
    let line = |problem: &gemini_extract::Problem| Line {
        path: problem.path().to_owned(),
        text: problem.reason().to_owned(),
        remedy: Some(problem.remedy().to_owned()),
    };
    error.problems().iter().map(line).collect()
}

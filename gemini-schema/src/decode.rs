//! From the text of an answer to a typed value.

use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, DeserializeSeed, IgnoredAny};
use serde_json::Value;

use crate::lift::Lifts;
use crate::watch::{self, WatchSeed};
use crate::{Schema, Shape, Violation, check, coerce};

/// Why a text is not a value of the type.
///
/// [`Display`](fmt::Display) never quotes the text; `source()` is the error of `serde_json`,
/// which may.
#[derive(Debug)]
pub struct DecodeError {
    kind: DecodeErrorKind,
    violations: Vec<Violation>,
    source: Option<serde_json::Error>,
}

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// The text is not JSON.
    InvalidJson,
    /// The text is the beginning of JSON and ends too early.
    Truncated,
    /// The text is JSON of another shape, or breaks a limit.
    Violations,
}

impl DecodeError {
    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> DecodeErrorKind {
        self.kind
    }

    /// Every violation, in the order of the schema, up to a thousand; empty unless the kind is
    /// [`Violations`](DecodeErrorKind::Violations).
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// The same for an element of a list.
    pub(crate) fn below(self, index: u64) -> DecodeError {
        let violations = self.violations.into_iter().map(|found| found.below(index)).collect();
        DecodeError { violations, ..self }
    }

    fn syntax(source: serde_json::Error) -> DecodeError {
        let kind =
            if source.is_eof() { DecodeErrorKind::Truncated } else { DecodeErrorKind::InvalidJson };
        DecodeError { kind, violations: Vec::new(), source: Some(source) }
    }

    /// What serde_json could not write.
    pub(crate) fn unwritten(source: serde_json::Error) -> DecodeError {
        DecodeError::violated(
            vec![Violation::new("", "serde", "a value that JSON can hold")],
            Some(source),
        )
    }

    pub(crate) fn violated(
        violations: Vec<Violation>,
        source: Option<serde_json::Error>,
    ) -> DecodeError {
        DecodeError { kind: DecodeErrorKind::Violations, violations, source }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = |formatter: &mut fmt::Formatter<'_>| match &self.source {
            Some(source) => {
                write!(formatter, " at line {} column {}", source.line(), source.column())
            }
            None => Ok(()),
        };
        match self.kind {
            DecodeErrorKind::InvalidJson => {
                formatter.write_str("the text is not JSON")?;
                place(formatter)
            }
            DecodeErrorKind::Truncated => {
                formatter.write_str("the JSON ends too early")?;
                place(formatter)
            }
            DecodeErrorKind::Violations => {
                formatter.write_str("the value does not fit the type")?;
                for (index, violation) in self.violations.iter().enumerate() {
                    write!(formatter, "{} {violation}", if index == 0 { ":" } else { "," })?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for DecodeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}

/// How limits that serde does not know are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// There are none.
    Plain,
    /// While serde reads.
    Watched,
    /// On a tree, after serde has read.
    Checked,
    /// The same, read byte by byte: where serde_json looks for a `bool` as a key in a text, it
    /// takes the first byte of a character for a character, and can panic.
    Bytewise,
    /// The schema is judged on a tree before serde reads, because the reader takes any JSON.
    Judged,
}

impl Reading {
    /// How a schema is read; marks its nodes for that.
    pub(crate) fn of(schema: &mut Schema) -> Reading {
        let is_constrained = schema.mark_constrained();
        if schema.annotations.has_no_type {
            return Reading::Judged;
        }
        if has_bool_keys(schema) {
            return Reading::Bytewise;
        }
        match (is_constrained, watch::is_possible(schema)) {
            (false, _) => Reading::Plain,
            (true, true) => Reading::Watched,
            (true, false) => Reading::Checked,
        }
    }
}

fn has_bool_keys(schema: &Schema) -> bool {
    let is_map = matches!(schema.shape, Shape::Object(_));
    (is_map && schema.annotations.never_buffered.is_some())
        || schema.shape.children().any(has_bool_keys)
        || schema.definitions.values().any(has_bool_keys)
}

/// Serde first, straight into the type; a tree is built only when something is wrong, or for
/// limits that cannot be watched.
pub(crate) fn decode<'de, T: Deserialize<'de>>(
    schema: &Schema,
    reading: Reading,
    text: &'de str,
) -> Result<T, DecodeError> {
    let (result, is_doubtful) = match reading {
        Reading::Judged => return judged(schema, text),
        Reading::Plain => (serde_json::from_str(text), false),
        Reading::Watched => watched(schema, text),
        Reading::Checked => (serde_json::from_str(text), true),
        Reading::Bytewise => (owned(text), true),
    };
    match result {
        Ok(value) if is_doubtful => {
            limits(schema, &parse(text)?)?;
            Ok(value)
        }
        Ok(value) => Ok(value),
        Err(error) => again(schema, text, error),
    }
}

/// Reads an answer that is not in the shape that serde expects: straight from its text if it is as
/// it should be, else turning it back first.
pub(crate) fn lift<'de, T: Deserialize<'de>>(
    schema: &Schema,
    reading: Reading,
    lift @ (_, lifts): &(Schema, Lifts),
    text: &'de str,
) -> Result<T, DecodeError> {
    let value = match reading {
        Reading::Plain => lifts.read(None, text),
        Reading::Watched => lifts.read(Some(schema), text),
        Reading::Checked | Reading::Bytewise | Reading::Judged => None,
    };
    if let Some(value) = value {
        return Ok(value);
    }
    let text = lifted(lift, text)?;
    if reading == Reading::Judged {
        return judged(schema, &text);
    }
    match owned(&text) {
        Ok(value) if reading != Reading::Plain => {
            limits(schema, &parse(&text)?)?;
            Ok(value)
        }
        Ok(value) => Ok(value),
        Err(error) => again(schema, &text, error),
    }
}

/// The text that serde expects, of one in the shape that was sent.
pub(crate) fn lifted((sent, lifts): &(Schema, Lifts), text: &str) -> Result<String, DecodeError> {
    serde_json::from_str::<IgnoredAny>(text).map_err(DecodeError::syntax)?;
    lifts.apply(sent, text).map_err(|violations| DecodeError::violated(violations, None))
}

/// Reads, and says whether a limit was broken.
fn watched<'de, T: Deserialize<'de>>(
    schema: &Schema,
    text: &'de str,
) -> (serde_json::Result<T>, bool) {
    let is_broken = Cell::new(false);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let seed = WatchSeed::root(PhantomData::<T>, Some(schema), &is_broken);
    let value = seed.deserialize(&mut deserializer);
    let value = value.and_then(|value| deserializer.end().map(|()| value));
    (value, is_broken.get())
}

/// Finds the violations of a schema.
pub(crate) type Judge = fn(&Schema, &Value) -> Vec<Violation>;

/// Whether a text conforms, without a type at hand.
pub(crate) fn conform(schema: &Schema, text: &str, judge: Judge) -> Result<(), DecodeError> {
    none(judge(schema, &parse(text)?))
}

/// No error where nothing was found.
pub(crate) fn none(violations: Vec<Violation>) -> Result<(), DecodeError> {
    match violations {
        violations if violations.is_empty() => Ok(()),
        violations => Err(DecodeError::violated(violations, None)),
    }
}

fn parse(text: &str) -> Result<Value, DecodeError> {
    serde_json::from_str(text).map_err(DecodeError::syntax)
}

fn limits(schema: &Schema, value: &Value) -> Result<(), DecodeError> {
    match check::limits(schema, value) {
        violations if violations.is_empty() => Ok(()),
        violations => Err(DecodeError::violated(violations, None)),
    }
}

/// Reads what conforms to the schema, and nothing else.
fn judged<'de, T: Deserialize<'de>>(schema: &Schema, text: &str) -> Result<T, DecodeError> {
    let value = parse(text)?;
    none(check::strict(schema, &value))?;
    let coerced = coerce::integers(schema, text, &value);
    let text = coerced.as_deref().unwrap_or(text);
    owned(text).map_err(|refusal| {
        let refused = Violation::new(&refused_at::<T>(text), "serde", "what the type takes");
        DecodeError::violated(vec![refused], Some(refusal))
    })
}

fn again<'de, T: Deserialize<'de>>(
    schema: &Schema,
    text: &str,
    refusal: serde_json::Error,
) -> Result<T, DecodeError> {
    let value = parse(text)?;
    let coerced = coerce::integers(schema, text, &value);
    if let Some(text) = &coerced
        && let Ok(typed) = owned(text)
    {
        limits(schema, &value)?;
        return Ok(typed);
    }
    let mut violations = check::refusals(schema, &value);
    if violations.is_empty() {
        let path = refused_at::<T>(coerced.as_deref().unwrap_or(text));
        violations.push(Violation::new(&path, "serde", "what the type takes"));
    }
    Err(DecodeError::violated(violations, Some(refusal)))
}

/// Reads byte by byte and borrows nothing.
fn owned<'de, T: Deserialize<'de>>(text: &str) -> serde_json::Result<T> {
    let mut deserializer = serde_json::Deserializer::from_reader(text.as_bytes());
    let value = T::deserialize(&mut deserializer)?;
    deserializer.end().map(|()| value)
}

/// Where the type refuses a text that its schema allows, as a JSON Pointer.
fn refused_at<'de, T: Deserialize<'de>>(text: &str) -> String {
    use serde_path_to_error::Segment;

    let mut deserializer = serde_json::Deserializer::from_reader(text.as_bytes());
    let Err(error) = serde_path_to_error::deserialize::<_, T>(&mut deserializer) else {
        return String::new();
    };
    let mut path = crate::path::Path::default();
    for segment in error.path() {
        match segment {
            Segment::Seq { index } => path.push(index),
            Segment::Map { key } => path.push(key),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    path.as_str().to_owned()
}

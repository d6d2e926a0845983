//! How an error is shown: one line, without prompt, answer, key or URL.

use std::error::Error as _;
use std::fmt::{self, Formatter, Write};

use gemini_schema::{DecodeError, DecodeErrorKind, Lowered, Violation};
use serde_json::Value;

use super::predicates::is_daily_quota;
use super::{Cause, Error, Fault, Inner};

/// How many violations are spelled out in the one line.
const SHOWN: usize = 3;
const LONGEST_NAME: usize = 64;
/// An index has no more digits than this; a longer number is the key of a map.
const LONGEST_INDEX: usize = 6;

pub(super) fn line(error: &Inner, f: &mut Formatter<'_>) -> fmt::Result {
    let f = &mut OneLine(f);
    if let Cause::Told(line) = &error.cause {
        return f.write_str(line);
    }
    if let Some(stage) = error.stage {
        write!(f, "in stage {stage}: ")?;
    }
    f.write_str(error.kind.phrase())?;
    status(error, f)?;
    cause(error, f)?;
    if error.past.is_eventful() { write!(f, ", {}", error.past) } else { Ok(()) }
}

fn cause(error: &Inner, f: &mut impl Write) -> fmt::Result {
    match &error.cause {
        Cause::None | Cause::Told(_) => reason(error, f),
        Cause::Problems(problems) => list(problems.iter(), problems.len(), f),
        Cause::Schema(carrier, error) => write!(f, " as {carrier}: {error}"),
        Cause::Decode(error, _) if error.violations().is_empty() => syntax(error, f),
        Cause::Decode(error, lowered) => list(shown(error, lowered), SHOWN, f),
        Cause::Fault(fault, _) => write!(f, ": {fault}"),
        // The messages may quote the answer.
        Cause::Rejected(messages) if messages.len() == 1 => f.write_str(": 1 complaint"),
        Cause::Rejected(messages) => write!(f, ": {} complaints", messages.len()),
    }
}

pub(super) fn debug(error: &Error, f: &mut Formatter<'_>) -> fmt::Result {
    let mut fields = f.debug_struct("Error");
    fields.field("kind", &error.kind());
    fields.field("message", &error.to_string());
    if let Cause::Decode(error, lowered) = &error.0.cause
        && error.violations().len() > SHOWN
    {
        fields.field("violations", &shown(error, lowered).collect::<Vec<_>>());
    }
    if let Some(message) = error.service_message() {
        fields.field("service_message", &message);
    }
    if !error.field_violations().is_empty() {
        fields.field("field_violations", &error.field_violations());
    }
    if !error.quota_violations().is_empty() {
        fields.field("quota_violations", &error.quota_violations());
    }
    if let Some(usage) = error.usage() {
        fields.field("usage", usage);
    }
    if !error.earlier().is_empty() {
        fields.field("earlier", &error.earlier());
    }
    fields.field("help", &error.help());
    fields.finish_non_exhaustive()
}

fn shown<'a>(
    error: &'a DecodeError,
    lowered: &'a Lowered,
) -> impl ExactSizeIterator<Item = String> + 'a {
    error.violations().iter().map(|violation| show_violation(violation, lowered.as_str()))
}

/// A violation without words of the answer: a path may hold the keys of a map, so names that
/// don't stand in the schema are left out.
pub(crate) fn show_violation(violation: &Violation, schema: &str) -> String {
    let segments = violation.path().split('/').map(|segment| {
        let is_number = segment.bytes().all(|byte| byte.is_ascii_digit());
        let is_index = is_number && segment.len() <= LONGEST_INDEX;
        let is_known = is_index || schema.contains(&quoted(segment));
        if is_known { segment } else { "*" }
    });
    let path = segments.collect::<Vec<_>>().join("/");
    let place = if path.is_empty() { "at the root" } else { "at " };
    format!("{place}{path}: expected {} ({})", violation.expected(), violation.keyword())
}

/// A segment of a JSON Pointer as it stands in a schema.
fn quoted(segment: &str) -> String {
    Value::from(segment.replace("~1", "/").replace("~0", "~")).to_string()
}

/// Keeps a text on one line: types can have line breaks in their patterns and names.
struct OneLine<'a, 'b>(&'a mut Formatter<'b>);

impl Write for OneLine<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for piece in text.split_inclusive(char::is_control) {
            match piece.chars().next_back().filter(|last| last.is_control()) {
                Some(last) => {
                    self.0.write_str(piece.strip_suffix(last).unwrap_or(piece))?;
                    write!(self.0, "{}", last.escape_default())?;
                }
                None => self.0.write_str(piece)?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connect => f.write_str("could not connect"),
            Self::Send => f.write_str("it broke before the answer"),
            Self::Body => f.write_str("it broke in the middle of the answer"),
            Self::ConnectTimeout => f.write_str("no connection in the time for connecting"),
            Self::CallTimeout(after) => write!(f, "no whole answer after {after:?}"),
            Self::AttemptTimeout(after) => {
                write!(f, "no whole answer to an attempt after {after:?}")
            }
            Self::Silence(after) => write!(f, "nothing more of the answer for {after:?}"),
            Self::NoRoom(after) => {
                write!(f, "the client's own limits leave no room within {after:?}")
            }
            Self::TooLarge(limit) => write!(f, "more than {limit} bytes"),
            Self::Unfinished => f.write_str("the stream ended without a finish reason"),
            Self::CutShort => f.write_str("it ends too early"),
            Self::NotAList => f.write_str("it is no list"),
            Self::ElementTooLarge(limit) => write!(f, "an element of more than {limit} bytes"),
            Self::Loop => f.write_str("what came before that is whole was kept"),
            Self::NotTheApi => f.write_str("it has another shape"),
            Self::MissingRow => f.write_str("the results of its batch have no row for it"),
            Self::Gone => f.write_str("its batch, or what came of it, is there no more"),
            Self::Elsewhere => f.write_str("it names a URL of another server"),
            Self::NoToken => f.write_str("the token provider failed for good"),
            Self::NoTokenYet => f.write_str("the token provider failed for now"),
            Self::BadToken(problem) => write!(f, "the access token {problem}"),
            Self::Roots => f.write_str(
                "https needs root certificates, and those that were named by \
                 `with_root_certificates` or those of this machine cannot be used",
            ),
            Self::Tls => f.write_str(
                "https needs root certificates, and none were found on this machine; install \
                 them (ca-certificates) or name them by SSL_CERT_FILE",
            ),
        }
    }
}

fn status(error: &Inner, f: &mut impl Write) -> fmt::Result {
    let Some(status) = error.status.filter(|status| !status.is_success()) else {
        return Ok(());
    };
    write!(f, " (HTTP {}", status.as_u16())?;
    if let Some(name) = error.service.status.as_deref().filter(|name| is_name(name)) {
        write!(f, " {name}")?;
    }
    f.write_str(")")
}

/// The reasons that the service gives by name.
fn reason(error: &Inner, f: &mut impl Write) -> fmt::Result {
    if is_daily_quota(error) {
        return f.write_str(": a quota per day, which is reset at midnight Pacific time");
    }
    let Some(answer) = &error.answer else {
        return Ok(());
    };
    let block = answer.block_reason.as_ref().map(super::BlockReason::as_str);
    let finish = answer.finish_reason.as_ref().map(super::FinishReason::as_str);
    match block.or(finish).filter(|name| is_name(name) && *name != "STOP") {
        Some(name) => write!(f, ": {name}"),
        None => Ok(()),
    }
}

/// Where JSON goes wrong, without its words.
fn syntax(error: &DecodeError, f: &mut impl Write) -> fmt::Result {
    if error.kind() == DecodeErrorKind::Truncated {
        f.write_str(": it ends too early")?;
    }
    let source = error.source().and_then(|source| source.downcast_ref::<serde_json::Error>());
    match source {
        Some(source) => write!(f, ", line {} column {}", source.line(), source.column()),
        None => Ok(()),
    }
}

fn list<T: fmt::Display>(
    items: impl ExactSizeIterator<Item = T>,
    shown: usize,
    f: &mut impl Write,
) -> fmt::Result {
    let more = items.len().saturating_sub(shown);
    for (index, item) in items.take(shown).enumerate() {
        write!(f, "{}{item}", if index == 0 { ": " } else { "; " })?;
    }
    if more == 0 { Ok(()) } else { write!(f, "; and {more} more") }
}

/// Whether a text from outside is a name in capitals, and so can stand in a message.
fn is_name(text: &str) -> bool {
    let is_short = !text.is_empty() && text.len() <= LONGEST_NAME;
    is_short && text.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_'))
}

//! How an error is shown: one line, without prompt, answer, key or URL.

use std::error::Error as _;
use std::fmt::{self, Formatter};

use gemini_schema::{DecodeError, DecodeErrorKind, Violation};

use super::{Cause, Error, Fault, Inner};

/// How many violations are spelled out in the one line.
const SHOWN: usize = 3;
const LONGEST_NAME: usize = 64;
/// An index has no more digits than this; a longer number is the key of a map.
const LONGEST_INDEX: usize = 6;

pub(super) fn line(error: &Inner, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_str(error.kind.phrase())?;
    status(error, f)?;
    match &error.cause {
        Cause::None => reason(error, f),
        Cause::Problems(problems) => list(problems, problems.len(), f),
        Cause::Schema(carrier, error) => write!(f, " as {carrier}: {error}"),
        Cause::Decode(error, shown) if shown.is_empty() => syntax(error, f),
        Cause::Decode(_, shown) => list(shown, SHOWN, f),
        Cause::Fault(fault, _) => write!(f, ": {fault}"),
    }
}

pub(super) fn debug(error: &Error, f: &mut Formatter<'_>) -> fmt::Result {
    let mut fields = f.debug_struct("Error");
    fields.field("kind", &error.kind());
    fields.field("message", &error.to_string());
    if let Cause::Decode(_, shown) = &error.0.cause
        && shown.len() > SHOWN
    {
        fields.field("violations", shown);
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
    fields.field("help", &error.help());
    fields.finish_non_exhaustive()
}

/// A violation without words of the answer: a path may hold the keys of a map, so names that
/// don't stand in the schema are left out.
pub(crate) fn show_violation(violation: &Violation, schema: &str) -> String {
    let segments = violation.path().split('/').map(|segment| {
        let is_number = segment.bytes().all(|byte| byte.is_ascii_digit());
        let is_index = is_number && segment.len() <= LONGEST_INDEX;
        let is_known = is_index || schema.contains(&format!("\"{segment}\""));
        if is_known { segment } else { "*" }
    });
    let path = segments.collect::<Vec<_>>().join("/");
    let place = if path.is_empty() { "at the root" } else { "at " };
    format!("{place}{path}: expected {} ({})", violation.expected(), violation.keyword())
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connect => f.write_str("could not connect"),
            Self::Send => f.write_str("it broke before the answer"),
            Self::Body => f.write_str("it broke in the middle of the answer"),
            Self::ConnectTimeout => f.write_str("no connection in the time for connecting"),
            Self::CallTimeout(after) => write!(f, "no whole answer after {after:?}"),
            Self::TooLarge(limit) => write!(f, "more than {limit} bytes"),
            Self::NotTheApi => f.write_str("it has another shape"),
            Self::Tls => f.write_str(
                "https needs root certificates, and none were found on this machine; install \
                 them (ca-certificates) or name them by SSL_CERT_FILE",
            ),
        }
    }
}

fn status(error: &Inner, f: &mut Formatter<'_>) -> fmt::Result {
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
fn reason(error: &Inner, f: &mut Formatter<'_>) -> fmt::Result {
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
fn syntax(error: &DecodeError, f: &mut Formatter<'_>) -> fmt::Result {
    if error.kind() == DecodeErrorKind::Truncated {
        f.write_str(": it ends too early")?;
    }
    let source = error.source().and_then(|source| source.downcast_ref::<serde_json::Error>());
    match source {
        Some(source) => write!(f, ", line {} column {}", source.line(), source.column()),
        None => Ok(()),
    }
}

fn list(items: &[String], shown: usize, f: &mut Formatter<'_>) -> fmt::Result {
    for (index, item) in items.iter().take(shown).enumerate() {
        write!(f, "{}{item}", if index == 0 { ": " } else { "; " })?;
    }
    match items.len().saturating_sub(shown) {
        0 => Ok(()),
        more => write!(f, "; and {more} more"),
    }
}

/// Whether a text from outside is a name in capitals, and so can stand in a message.
fn is_name(text: &str) -> bool {
    let is_short = !text.is_empty() && text.len() <= LONGEST_NAME;
    is_short && text.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_'))
}

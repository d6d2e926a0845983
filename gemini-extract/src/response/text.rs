//! From the answer's text to a value.

#[cfg(feature = "batch")]
use std::borrow::Cow;

use gemini_schema::{DecodeError, DecodeErrorKind, Elements, EnumMember, Lowered};
use serde::de::DeserializeOwned;

use super::lenient::document;
use crate::carrier::MimeType;

const FENCE: &str = "```";
/// What some programs write before everything.
pub(crate) const BYTE_ORDER_MARK: char = '\u{feff}';

/// Reads a value from the answer's text.
pub(crate) fn decode<T: DeserializeOwned>(
    lowered: &Lowered,
    mime_type: MimeType,
    text: &str,
) -> Result<T, DecodeError> {
    match mime_type {
        MimeType::Json => decode_json(lowered, text),
        MimeType::Enum => decode_member(lowered, text),
    }
}

/// Reads one element of a list, in the same way.
pub(crate) fn decode_element<T: DeserializeOwned>(
    elements: &Elements,
    index: u64,
    text: &str,
) -> Result<T, DecodeError> {
    leniently(text, |text| elements.decode(index, text))
}

/// The JSON of an answer, without what may stand around it; `None` where it has none.
#[cfg(feature = "batch")]
pub(crate) fn json(text: &str) -> Option<Cow<'_, str>> {
    let is_json = |text: &str| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    let whole = [Some(text), bare(text)].into_iter().flatten().find(|text| is_json(text));
    whole.map(Cow::Borrowed).or_else(|| document(text).filter(|document| is_json(document)))
}

fn decode_json<T: DeserializeOwned>(lowered: &Lowered, text: &str) -> Result<T, DecodeError> {
    leniently(text, |text| lowered.decode(text))
}

/// JSON as it is; only where that fails, without what may stand around it.
fn leniently<T>(
    text: &str,
    decode: impl Fn(&str) -> Result<T, DecodeError>,
) -> Result<T, DecodeError> {
    decode(text).or_else(|error| {
        if !is_syntax(&error) {
            return Err(error);
        }
        let error = match bare(text).map(&decode) {
            Some(Err(inner)) if is_syntax(&inner) => inner,
            Some(result) => return result,
            None => error,
        };
        match document(text).map(|document| decode(&document)) {
            // It is a document then, whatever it says.
            Some(result) if result.as_ref().err().is_none_or(|inner| !is_syntax(inner)) => result,
            _ => Err(error),
        }
    })
}

/// The member that an answer names: as it is, without what may stand around it, without quotes.
pub(crate) fn named<'a>(members: &'a [EnumMember], text: &str) -> Option<&'a EnumMember> {
    let trimmed = bare(text).unwrap_or(text);
    let find = |name: &str| members.iter().find(|member| member.is_named(name));
    let found = [Some(text), Some(trimmed), unquoted(trimmed)].into_iter().flatten().find_map(find);
    found.or_else(|| find(&serde_json::from_str::<String>(trimmed).ok()?))
}

/// The bare name of a member; any text, where the type takes others for one of its members.
fn decode_member<T: DeserializeOwned>(lowered: &Lowered, text: &str) -> Result<T, DecodeError> {
    let decode = |member: &str| lowered.decode(&serde_json::Value::from(member).to_string());
    if let Some(member) = named(lowered.members(), text) {
        return decode(&member.value);
    }
    let trimmed = bare(text).unwrap_or(text);
    if trimmed.len() < text.len()
        && let Ok(value) = decode(text)
    {
        return Ok(value);
    }
    decode(trimmed).or_else(|error| {
        let unquoted = unquoted(trimmed).and_then(|member| decode(member).ok());
        unquoted.or_else(|| lowered.decode(trimmed).ok()).ok_or(error)
    })
}

fn unquoted(text: &str) -> Option<&str> {
    ['"', '\''].into_iter().find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote))
}

fn is_syntax(error: &DecodeError) -> bool {
    matches!(error.kind(), DecodeErrorKind::InvalidJson | DecodeErrorKind::Truncated)
}

/// The text without the white space and the one Markdown fence around it, where there are any.
fn bare(text: &str) -> Option<&str> {
    let trimmed = text.trim_matches(|c: char| c.is_whitespace() || c == BYTE_ORDER_MARK);
    let Some(fenced) = trimmed.strip_prefix(FENCE) else {
        return (trimmed.len() < text.len()).then_some(trimmed);
    };
    let content = fenced.strip_suffix(FENCE)?;
    let content = match content.split_once('\n') {
        Some((language, content)) if is_language(language) => content,
        _ => content.trim_start_matches(|c: char| c.is_ascii_alphabetic()),
    };
    Some(content.trim()).filter(|content| !content.is_empty())
}

fn is_language(line: &str) -> bool {
    line.trim().chars().all(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::bare;

    #[test]
    fn one_fence_and_white_space_are_taken_off() {
        assert_eq!(bare("```json\n[1]\n```"), Some("[1]"));
        assert_eq!(bare(" \n```\n[1]```\n\n"), Some("[1]"));
        assert_eq!(bare("```JSON\r\n[1]\r\n```\r\n"), Some("[1]"));
        assert_eq!(bare("\u{feff}[1]\u{a0}"), Some("[1]"));
        assert_eq!(bare("[1]"), None);
        assert_eq!(bare("```json\n[1]"), None, "a fence that doesn't end is a cut answer");
        assert_eq!(bare("``` [1] ```"), Some("[1]"));
        assert_eq!(bare("```json{\"a\":1}```"), Some("{\"a\":1}"));
        assert_eq!(bare("```[1,\n2]\n```"), Some("[1,\n2]"));
        assert_eq!(bare("```json5\ntrue\n```"), Some("true"));
        assert_eq!(bare("```json\n```"), None, "nothing is in it");
    }
}

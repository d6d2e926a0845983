//! Single values: text, numbers, enums, bytes.

use serde_json::Number;

use super::{EnumType, Kind};
use crate::json::Json;
use crate::schema::has_format;

/// What a message says of a type of this protocol before the type's own name.
const PACKAGE: &str = "type.googleapis.com/google.ai.generativelanguage.v1beta";
const LONGEST_QUOTE: usize = 100;

/// Reads a single value, or says what the service says of it after the path.
pub(super) fn read(kind: Kind, value: &Json) -> Result<Json, String> {
    let read = match kind {
        Kind::Text => value.as_str().map(Json::from),
        Kind::Bool => value.as_bool().map(Json::from),
        Kind::Int32 => integer(value).filter(|&read| i32::try_from(read).is_ok()).map(Json::from),
        Kind::Int64 => integer(value).map(Json::from),
        Kind::Double => double(value),
        Kind::Duration => text_if(value, is_duration),
        Kind::Timestamp => text_if(value, |text| has_format(text, "date-time")),
        Kind::Enum(kind) => member(kind, value),
        Kind::Bytes => return bytes(value),
        Kind::Message(_) | Kind::List(_) | Kind::Map(_) | Kind::Struct | Kind::Value => None,
    };
    read.ok_or_else(|| format!("({}), {}", type_name(kind), quote(value)))
}

/// The text, cut to a length that fits into a message.
pub(super) fn shorten(text: &str) -> String {
    text.chars().take(LONGEST_QUOTE).collect()
}

fn integer(value: &Json) -> Option<i64> {
    match value {
        Json::String(text) => text.parse().ok(),
        value => value.as_i64(),
    }
}

fn double(value: &Json) -> Option<Json> {
    let number = match value {
        Json::String(text) => text.parse().ok()?,
        value => value.as_f64()?,
    };
    Number::from_f64(number).map(Json::Number)
}

fn text_if(value: &Json, is_fine: impl FnOnce(&str) -> bool) -> Option<Json> {
    value.as_str().filter(|text| is_fine(text)).map(Json::from)
}

/// Whether this is a number of seconds with at most nine decimals, and `s`.
fn is_duration(text: &str) -> bool {
    let seconds = text.strip_suffix('s').unwrap_or_default();
    let (whole, decimals) = seconds.split_once('.').unwrap_or((seconds, "0"));
    let whole = whole.strip_prefix('-').unwrap_or(whole);
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let lengths_fit = (1..=12).contains(&whole.len()) && (1..=9).contains(&decimals.len());
    lengths_fit && is_digits(whole) && is_digits(decimals)
}

fn member(kind: &EnumType, value: &Json) -> Option<Json> {
    let found = match value {
        Json::String(text) => kind.values.iter().find(|member| member.eq_ignore_ascii_case(text)),
        value => kind.values.get(value.as_count()?),
    };
    found.map(|&member| Json::from(member))
}

fn bytes(value: &Json) -> Result<Json, String> {
    let text = value.as_str().ok_or_else(|| format!("(TYPE_BYTES), {}", quote(value)))?;
    if is_base64(text) {
        return Ok(value.clone());
    }
    Err(format!("(TYPE_BYTES), Base64 decoding failed for {}", quote(value)))
}

/// Whether this is base64 in the standard or in the url-safe alphabet, padded or not.
fn is_base64(text: &str) -> bool {
    let digits = text.trim_end_matches('=');
    let padding = text.len() - digits.len();
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte);
    let padding_fits = padding == 0 || (padding <= 2 && text.len().is_multiple_of(4));
    digits.bytes().all(is_digit) && digits.len() % 4 != 1 && padding_fits
}

fn type_name(kind: Kind) -> String {
    match kind {
        Kind::Text => "TYPE_STRING".to_owned(),
        Kind::Bytes => "TYPE_BYTES".to_owned(),
        Kind::Bool => "TYPE_BOOL".to_owned(),
        Kind::Int32 => "TYPE_INT32".to_owned(),
        Kind::Int64 => "TYPE_INT64".to_owned(),
        Kind::Double => "TYPE_DOUBLE".to_owned(),
        Kind::Duration => "type.googleapis.com/google.protobuf.Duration".to_owned(),
        Kind::Timestamp => "type.googleapis.com/google.protobuf.Timestamp".to_owned(),
        Kind::Enum(kind) => format!("{PACKAGE}.{}", kind.name),
        Kind::Message(message) => format!("{PACKAGE}.{}", message.name),
        Kind::Map(_) => "map".to_owned(),
        Kind::List(inner) => type_name(*inner),
        Kind::Struct => "type.googleapis.com/google.protobuf.Struct".to_owned(),
        Kind::Value => "type.googleapis.com/google.protobuf.Value".to_owned(),
    }
}

/// The value as a message shows it.
fn quote(value: &Json) -> String {
    match value {
        Json::String(text) => format!("\"{}\"", shorten(text)),
        Json::Array(_) => "[...]".to_owned(),
        Json::Object(_) => "{...}".to_owned(),
        value => value.to_string(),
    }
}

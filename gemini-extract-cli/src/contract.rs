//! Schemas out of files.

use std::fs;
use std::path::Path;

use gemini_extract::{OrderedJson, Schema};

use crate::failure::{Failure, Result};

/// The types in the words of Gemini's own schema.
const GEMINI_TYPES: [&str; 7] =
    ["STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL"];

/// The words in which a schema is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Words {
    /// JSON Schema.
    JsonSchema,
    /// Those of `responseSchema`.
    Gemini,
}

/// Reads a schema out of a file; what would be lost is an error.
pub(crate) fn read(path: &Path) -> Result<Schema> {
    let text = read_text(path)?;
    parse(&text).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
}

/// Reads a schema, in whichever words it is written.
pub(crate) fn parse(text: &str) -> std::result::Result<Schema, gemini_extract::SchemaError> {
    match words(text) {
        Words::JsonSchema => Schema::from_json_schema(text),
        Words::Gemini => Schema::from_gemini(text),
    }
}

/// The words of a schema: JSON Schema has no types in capitals.
pub(crate) fn words(text: &str) -> Words {
    let json = serde_json::from_str(text).unwrap_or(OrderedJson::Null);
    if speaks_gemini(&json) { Words::Gemini } else { Words::JsonSchema }
}

/// The text of a small file.
pub(crate) fn read_text(path: &Path) -> Result<String> {
    let name = path.display();
    let bytes = fs::read(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Failure::usage(format!("{name}: there is no such file")),
        std::io::ErrorKind::IsADirectory => Failure::usage(format!("{name} is a folder")),
        _ => Failure::of(format!("{name} cannot be read"), &error),
    })?;
    let text =
        String::from_utf8(bytes).map_err(|_| Failure::usage(format!("{name} is not UTF-8")))?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

fn speaks_gemini(json: &OrderedJson) -> bool {
    let is_gemini = |name: &OrderedJson| name.as_str().is_some_and(|it| GEMINI_TYPES.contains(&it));
    let parts = json.as_object().into_iter().flatten();
    json.get("type").is_some_and(is_gemini)
        || json
            .get("anyOf")
            .and_then(OrderedJson::as_array)
            .is_some_and(|branches| branches.iter().any(speaks_gemini))
        || parts.filter(|(name, _)| name == "items").any(|(_, inner)| speaks_gemini(inner))
}

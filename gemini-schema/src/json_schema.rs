//! Reading JSON Schema, for types that are known only at run time.

mod alternatives;
mod collections;
mod constants;
mod definitions;
mod gemini;
mod keywords;
mod merge;
mod reader;
mod references;
mod scalars;

use serde::Deserialize;
use serde_json::Value;

use self::reader::{Reader, Sets};
use crate::{OrderedJson, Problem, Schema, SchemaError};

/// Text deeper than this is refused by `serde_json` too.
const MOST_LEVELS: usize = 128;

impl Schema {
    /// Reads a JSON Schema, of Draft 2020-12 or Draft 7, with the order of its properties.
    ///
    /// The result never allows what the JSON Schema forbids. It allows less where the shapes say
    /// less, which is sound for a model that fills it in: objects are closed unless they are maps,
    /// tuples have their full length, a node without `type` has the types that its keywords speak
    /// of, and integers without bounds have 64 bits. `nullable`, `example` and the names of
    /// integer types in `format` are read as OpenAPI and schemars mean them. Alternatives of
    /// `oneOf` have to exclude one another. Definitions that are not recursive are written out.
    ///
    /// # Errors
    ///
    /// [`SchemaError`] lists every keyword that would be lost, with its path and what to write
    /// instead. A text that is not JSON is refused too.
    ///
    /// # Examples
    ///
    /// ```
    /// use gemini_schema::{Dialect, Schema};
    /// use serde_json::{Value, json};
    ///
    /// let schema = Schema::from_json_schema(
    ///     r#"{"type": "object", "required": ["name"], "properties": {
    ///         "name": {"type": "string", "minLength": 1},
    ///         "age": {"type": ["integer", "null"], "minimum": 0}}}"#,
    /// )?;
    /// let lowered = schema.lower(Dialect::Gemini)?;
    /// let value: Value = lowered.decode(r#"{"name": "Ada", "age": null}"#)?;
    /// assert_eq!(value["name"], "Ada");
    /// assert!(lowered.decode::<Value>(r#"{"name": ""}"#).is_err());
    /// assert!(lowered.decode::<Value>("null").is_err());
    ///
    /// let error = Schema::try_from(&json!({"type": "string", "not": {"const": "x"}})).unwrap_err();
    /// assert_eq!(error.problems()[0].path(), "/not");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_json_schema(text: &str) -> Result<Schema, SchemaError> {
        Schema::try_from(&parse(text)?)
    }

    /// Reads a schema in the words of `responseSchema`: upper-case types, `nullable`,
    /// `propertyOrdering`, counts as texts.
    ///
    /// # Errors
    ///
    /// [`SchemaError`], as from [`from_json_schema`](Schema::from_json_schema).
    ///
    /// # Examples
    ///
    /// ```
    /// use gemini_schema::{Dialect, Schema};
    ///
    /// let text = r#"{"type":"ARRAY","items":{"type":"STRING"},"maxItems":"3"}"#;
    /// let lowered = Schema::from_gemini(text)?.lower(Dialect::Gemini)?;
    /// assert!(lowered.as_str().ends_with(r#""maxItems":3}"#));
    /// # Ok::<(), gemini_schema::SchemaError>(())
    /// ```
    pub fn from_gemini(text: &str) -> Result<Schema, SchemaError> {
        Schema::try_from(&gemini::translated(parse(text)?))
    }
}

impl TryFrom<&OrderedJson> for Schema {
    type Error = SchemaError;

    /// Reads a JSON Schema, as [`Schema::from_json_schema`] does.
    fn try_from(json: &OrderedJson) -> Result<Schema, SchemaError> {
        let name = json.get("title").and_then(OrderedJson::as_str).unwrap_or("Root");
        let mut schema = Reader::new(json, Sets::Refused).named(name).finish()?;
        schema.annotations.has_no_type = true;
        Ok(schema)
    }
}

impl TryFrom<&Value> for Schema {
    type Error = SchemaError;

    /// Reads a JSON Schema, as [`Schema::from_json_schema`] does.
    ///
    /// The properties have the order in which the value iterates: that of the source only if
    /// `serde_json` is built with its feature `preserve_order`.
    fn try_from(value: &Value) -> Result<Schema, SchemaError> {
        Schema::try_from(&ordered(value)?)
    }
}

/// Reads the schema of a type whose sets take repeated elements when they deserialize.
#[cfg(feature = "schemars1")]
pub(crate) fn of_type(value: &Value, name: &str) -> Result<Schema, SchemaError> {
    Reader::new(&ordered(value)?, Sets::AreLists).named(name).finish()
}

fn parse(text: &str) -> Result<OrderedJson, SchemaError> {
    serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        unread(
            format!("the text is not JSON, at line {line} column {column}"),
            "give a JSON Schema of at most 128 levels",
        )
    })
}

fn ordered(value: &Value) -> Result<OrderedJson, SchemaError> {
    let refused = |_| unread("a number is out of range", "write numbers of 64 bits");
    if is_deep(value) {
        return Err(unread("the schema is nested too deeply", "use $defs and $ref"));
    }
    OrderedJson::deserialize(value).map_err(refused)
}

fn unread(reason: impl Into<String>, remedy: &str) -> SchemaError {
    SchemaError::unread(vec![Problem::new(reason, remedy)])
}

fn is_deep(value: &Value) -> bool {
    let mut open = vec![(value, 0)];
    while let Some((value, depth)) = open.pop() {
        if depth > MOST_LEVELS {
            return true;
        }
        match value {
            Value::Array(elements) => open.extend(elements.iter().map(|inner| (inner, depth + 1))),
            Value::Object(members) => {
                open.extend(members.values().map(|inner| (inner, depth + 1)));
            }
            _ => {}
        }
    }
    false
}

//! Two schemas side by side.

use std::collections::BTreeSet;
use std::fmt;

use gemini_schema::{Dialect, GeminiSchema, Lowered};
use serde_json::Value;

use super::differences::Side;

/// What is sent for a twin.
pub(crate) struct Sent {
    pub(crate) to_gemini: Value,
    pub(crate) to_vertex: Value,
}

/// What is sent for a type in a field of the request.
pub(crate) fn sent<T: GeminiSchema>(field: &str) -> Sent {
    let carrier = match field {
        "responseSchema" => Dialect::Gemini,
        "responseJsonSchema" => Dialect::GeminiJson,
        other => panic!("no carrier is called {other}"),
    };
    let lowered = |dialect| {
        let lowered = Lowered::of::<T>(dialect).unwrap();
        serde_json::to_value(lowered.schema()).unwrap()
    };
    Sent { to_gemini: lowered(carrier), to_vertex: lowered(Dialect::Vertex) }
}

/// A place where the two say something else.
#[derive(Debug)]
pub(crate) struct Difference {
    /// As a JSON Pointer.
    pub(crate) at: String,
    theirs: Option<Value>,
    ours: Option<Value>,
}

impl Difference {
    /// The last part of the place.
    pub(crate) fn keyword(&self) -> &str {
        self.at.rsplit('/').next().unwrap_or_default()
    }

    /// Who says something here.
    pub(crate) fn side(&self) -> Side {
        match (&self.theirs, &self.ours) {
            (Some(_), None) => Side::Theirs,
            (None, _) => Side::Ours,
            (Some(_), Some(_)) => Side::Both,
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |value: &Option<Value>| {
            value.as_ref().map_or_else(|| "nothing".to_owned(), Value::to_string)
        };
        write!(formatter, "{}: {} and {}", self.at, text(&self.theirs), text(&self.ours))
    }
}

/// The differences in the order of their places. Numbers are compared by value; the order of
/// members means nothing in JSON.
pub(crate) fn compare(theirs: &Value, ours: &Value) -> Vec<Difference> {
    let mut differences = Vec::new();
    walk("", Some(theirs), Some(ours), &mut differences);
    differences
}

fn walk(at: &str, theirs: Option<&Value>, ours: Option<&Value>, found: &mut Vec<Difference>) {
    match (theirs, ours) {
        (Some(Value::Object(left)), Some(Value::Object(right))) => {
            let names: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
            for name in names {
                walk(&format!("{at}/{name}"), left.get(name), right.get(name), found);
            }
        }
        (Some(Value::Array(left)), Some(Value::Array(right))) if left.len() == right.len() => {
            for (index, (left, right)) in left.iter().zip(right).enumerate() {
                walk(&format!("{at}/{index}"), Some(left), Some(right), found);
            }
        }
        (Some(Value::Number(left)), Some(Value::Number(right)))
            if left.as_f64() == right.as_f64() => {}
        (left, right) if left == right => {}
        (left, right) => found.push(Difference {
            at: at.to_owned(),
            theirs: left.cloned(),
            ours: right.cloned(),
        }),
    }
}

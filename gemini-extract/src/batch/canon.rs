//! Answers as texts that are equal where the answers are.

use std::fmt::Write;

use serde_json::Value;

use super::labels::label;
use crate::carrier::{Carried, MimeType};
use crate::response::{json, named};

/// Whole numbers up to here are exact as floats.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The answer as a label or text; another value as JSON with its keys in order, and its numbers in
/// one spelling.
pub(super) fn canonical(carried: &Carried, answer: &str) -> String {
    let members = carried.lowered.members();
    let spelled = |text: &str| label(members, text).unwrap_or_else(|| text.to_owned());
    if carried.mime_type() == MimeType::Enum {
        let named = named(members, answer).map(|member| member.value.clone());
        return named.unwrap_or_else(|| spelled(answer.trim()));
    }
    let json = json(answer).unwrap_or_else(|| answer.into());
    let lifted = carried.lowered.lifted(&json).unwrap_or_else(|_| json.as_ref().into());
    match serde_json::from_str(&lifted) {
        Ok(Value::String(text)) => spelled(&text),
        Ok(value) => {
            let mut text = String::new();
            write(&mut text, &value);
            text
        }
        Err(_) => lifted.into_owned(),
    }
}

/// Whatever `serde_json` is built with, its maps may have any order.
fn write(text: &mut String, value: &Value) {
    match value {
        Value::Array(elements) => {
            text.push('[');
            for (index, element) in elements.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                write(text, element);
            }
            text.push(']');
        }
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            members.sort_unstable_by_key(|(name, _)| *name);
            text.push('{');
            for (index, (name, member)) in members.into_iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "," });
                // Writing to a text can't fail.
                let _ = write!(text, "{}:", Value::from(name.as_str()));
                write(text, member);
            }
            text.push('}');
        }
        Value::Number(number) => {
            let float = number.as_f64().filter(|it| number.is_f64() && it.fract() == 0.0);
            let _ = match float.filter(|float| float.abs() < EXACT) {
                Some(whole) => write!(text, "{:.0}", whole + 0.0),
                None => write!(text, "{number}"),
            };
        }
        Value::Null | Value::Bool(_) | Value::String(_) => {
            let _ = write!(text, "{value}");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::sync::Arc;

    use gemini_schema::{GeminiSchema, Lowered, Schema};
    use serde::Deserialize;

    use super::canonical;
    use crate::carrier::{Carried, Contract, Flavor};

    #[derive(Deserialize, GeminiSchema)]
    #[allow(dead_code, reason = "its schema alone is used")]
    enum Side {
        #[serde(alias = "port")]
        Left,
        #[serde(other)]
        Elsewhere,
    }

    fn of<T: GeminiSchema>(answer: &str) -> String {
        let contract = Contract::Type(Lowered::of::<T>);
        canonical(&Carried::choose(None, Flavor::Developer, &contract).unwrap(), answer)
    }

    #[test]
    fn spellings_of_a_label_are_one() {
        for answer in ["Left", " Left\n", "\"Left\"", "port", "```\nLeft\n```"] {
            assert_eq!(of::<Side>(answer), "Left", "{answer}");
        }
        assert_eq!(
            (of::<Side>("Elsewhere"), of::<Side>("up")),
            ("Elsewhere".into(), "Elsewhere".into())
        );
        assert_eq!(of::<Option<Side>>(r#" "port" "#), "Left");
        assert_eq!(of::<Option<Side>>("null\n"), "null");
    }

    #[test]
    fn spellings_of_a_value_are_one() {
        assert_eq!(of::<Vec<f64>>("[1.0, 10e-1,\n1, 1.50, -0.0]"), "[1,1,1,1.5,0]");
        assert_eq!(of::<String>(r#""\u0061""#), "a");
        assert_eq!(of::<u64>("18446744073709551615"), "18446744073709551615");
        let entries = r#"[{"key":"b","value":1},{"key":"a","value":2}]"#;
        assert_eq!(of::<HashMap<String, u8>>(entries), r#"{"a":2,"b":1}"#);
        let schema = Arc::new(Schema::of::<(u8, String)>());
        let carried = Carried::choose(None, Flavor::Developer, &Contract::Schema(schema));
        let said = canonical(&carried.unwrap(), "```json\n{\"_1\":\"x\",\"_0\":7.0}\n```");
        assert_eq!(said, r#"[7,"x"]"#);
    }
}

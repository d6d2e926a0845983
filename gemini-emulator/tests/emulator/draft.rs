//! From a Gemini `Schema` to JSON Schema, for the judge. Independent of the emulator's own reading.

use serde_json::{Map, Value, json};

/// The JSON Schema (Draft 2020-12) that means what a `responseSchema` means.
pub(crate) fn draft(schema: &Value) -> Value {
    let mut out = Map::new();
    for (name, value) in schema.as_object().unwrap() {
        match name.as_str() {
            "type" => {
                out.insert("type".into(), json!(value.as_str().unwrap().to_lowercase()));
            }
            "items" => {
                out.insert("items".into(), draft(value));
            }
            "anyOf" => {
                let branches = value.as_array().unwrap().iter().map(draft).collect();
                out.insert("anyOf".into(), Value::Array(branches));
            }
            "properties" => {
                let members = value.as_object().unwrap().iter();
                let members: Map<String, Value> =
                    members.map(|(name, member)| (name.clone(), draft(member))).collect();
                out.insert("properties".into(), Value::Object(members));
                out.insert("additionalProperties".into(), json!(false));
            }
            "minItems" | "maxItems" | "minLength" | "maxLength" | "minProperties"
            | "maxProperties" => {
                let number = value
                    .as_str()
                    .map_or(value.clone(), |text| json!(text.parse::<u64>().unwrap()));
                out.insert(name.clone(), number);
            }
            "minimum" | "maximum" => {
                let number = value
                    .as_str()
                    .map_or(value.clone(), |text| json!(text.parse::<f64>().unwrap()));
                out.insert(name.clone(), number);
            }
            "required" | "enum" | "pattern" | "format" => {
                out.insert(name.clone(), value.clone());
            }
            "nullable" | "propertyOrdering" | "title" | "description" | "example" | "default" => {}
            other => panic!("the test doesn't know the keyword {other}"),
        }
    }
    let out = Value::Object(out);
    if schema["nullable"] == true { json!({"anyOf": [out, {"type": "null"}]}) } else { out }
}

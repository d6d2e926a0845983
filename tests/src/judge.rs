//! Whether a document conforms to a schema: the `jsonschema` crate decides.

mod order;

use serde_json::{Map, Value, json};

use crate::json::Json;
use crate::model::Carrier;

/// A schema, ready to judge documents.
#[derive(Debug)]
pub struct Judge {
    schema: Json,
    carrier: Carrier,
    validator: jsonschema::Validator,
}

impl Judge {
    /// Translates a schema to Draft 2020-12 and compiles it, formats asserted.
    ///
    /// # Errors
    ///
    /// Why it does not compile.
    pub fn of(schema: &Json, carrier: Carrier) -> Result<Judge, String> {
        let translated = match carrier {
            Carrier::Schema | Carrier::Vertex => from_openapi(schema)?,
            Carrier::JsonSchema | Carrier::OpenAi | Carrier::Draft => value(schema)?,
        };
        let validator = jsonschema::options()
            .with_draft(jsonschema::Draft::Draft202012)
            .should_validate_formats(true)
            .build(&translated)
            .map_err(|error| error.to_string())?;
        Ok(Judge { schema: schema.clone(), carrier, validator })
    }

    /// Whether a document conforms; `None` if it holds numbers that the judge cannot read.
    #[must_use]
    pub fn allows(&self, document: &str) -> Option<bool> {
        let document = serde_json::from_str(document).ok()?;
        Some(self.validator.is_valid(&document))
    }

    /// Judges the content of what serde wrote.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn content(&self, document: &str) -> Result<(), String> {
        let parsed: Value = serde_json::from_str(document).map_err(|error| error.to_string())?;
        if let Some(error) = self.validator.iter_errors(&parsed).next() {
            return Err(format!("{error} at {:?}", error.instance_path().to_string()));
        }
        Ok(())
    }

    /// Judges the order of the members of what serde wrote.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn order(&self, document: &str) -> Result<(), String> {
        if self.carrier.has_order() && !order::is_kept(&self.schema, &Json::parse(document)?) {
            return Err("the members do not stand in the order of propertyOrdering".to_owned());
        }
        Ok(())
    }
}

fn value(json: &Json) -> Result<Value, String> {
    serde_json::from_str(&json.to_string()).map_err(|error| error.to_string())
}

/// From the subset of OpenAPI to Draft 2020-12.
fn from_openapi(schema: &Json) -> Result<Value, String> {
    if let Json::Bool(is_open) = schema {
        return Ok((*is_open).into());
    }
    let mut node = Map::new();
    for (keyword, json) in schema.members() {
        match keyword.as_str() {
            "type" => {
                let name = json.as_str().ok_or("a list of types")?;
                node.insert(keyword.clone(), name.to_ascii_lowercase().into());
                if name.eq_ignore_ascii_case("object")
                    && schema.get("additionalProperties").is_none()
                {
                    node.insert("additionalProperties".to_owned(), false.into());
                }
            }
            "format" => format(&mut node, json.as_str().unwrap_or_default()),
            "items" | "additionalProperties" => {
                node.insert(keyword.clone(), from_openapi(json)?);
            }
            "anyOf" => {
                let branches = json.elements().ok_or("anyOf without a list")?;
                let branches: Result<Vec<_>, _> = branches.iter().map(from_openapi).collect();
                node.insert(keyword.clone(), branches?.into());
            }
            "properties" | "defs" => {
                let mut parts = Map::new();
                for (name, json) in json.members() {
                    parts.insert(name.clone(), from_openapi(json)?);
                }
                let keyword = if keyword == "defs" { "$defs" } else { keyword };
                node.insert(keyword.to_owned(), parts.into());
            }
            "ref" => {
                let target = json.as_str().unwrap_or_default().replacen("#/defs/", "#/$defs/", 1);
                node.insert("$ref".to_owned(), target.into());
            }
            "minItems" | "maxItems" | "minLength" | "maxLength" | "minProperties"
            | "maxProperties" => {
                let count = json.as_count().ok_or("a count that is none")?;
                node.insert(keyword.clone(), count.into());
            }
            "enum" | "required" | "minimum" | "maximum" | "pattern" => {
                node.insert(keyword.clone(), value(json)?);
            }
            _ => {}
        }
    }
    let definitions = node.remove("$defs");
    let mut translated = match schema.get("nullable") {
        Some(Json::Bool(true)) => json!({"anyOf": [node, {"type": "null"}]}),
        _ => node.into(),
    };
    if let (Some(definitions), Some(root)) = (definitions, translated.as_object_mut()) {
        root.insert("$defs".to_owned(), definitions);
    }
    Ok(translated)
}

fn format(node: &mut Map<String, Value>, name: &str) {
    let bounds = match name {
        "int32" => json!([{"minimum": i32::MIN, "maximum": i32::MAX}]),
        "int64" => json!([{"minimum": i64::MIN, "maximum": i64::MAX}]),
        "date-time" => {
            node.insert("format".to_owned(), name.into());
            return;
        }
        _ => return,
    };
    node.insert("allOf".to_owned(), bounds);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(schema: &str) -> Judge {
        Judge::of(&Json::parse(schema).unwrap(), Carrier::Schema).unwrap()
    }

    #[test]
    fn the_translation_keeps_what_the_subset_says() {
        let judge = judge(
            r#"{"type":"OBJECT","properties":{"b":{"type":"INTEGER","format":"int32","nullable":true},
            "a":{"type":"ARRAY","items":{"type":"STRING","enum":["x"]},"maxItems":"1"}},
            "required":["b"],"propertyOrdering":["b","a"]}"#,
        );
        for good in [r#"{"b":null}"#, r#"{"b":1,"a":[]}"#, r#"{"b":1,"a":["x"]}"#] {
            assert_eq!(judge.allows(good), Some(true), "{good}");
            assert_eq!(judge.content(good), Ok(()), "{good}");
            assert_eq!(judge.order(good), Ok(()), "{good}");
        }
        let bad = [
            r#"{"a":["x"]}"#,
            r#"{"b":2147483648}"#,
            r#"{"b":1,"a":["y"]}"#,
            r#"{"b":1,"a":["x","x"]}"#,
            r#"{"b":1,"c":1}"#,
            "null",
        ];
        for bad in bad {
            assert_eq!(judge.allows(bad), Some(false), "{bad}");
            assert!(judge.content(bad).is_err(), "{bad}");
        }
        let swapped = r#"{"a":[],"b":1}"#;
        assert_eq!(judge.allows(swapped), Some(true));
        assert!(judge.order(swapped).is_err());
    }

    #[test]
    fn what_the_judge_cannot_read_is_not_judged() {
        assert_eq!(judge(r#"{"type":"NUMBER"}"#).allows("1e400"), None);
    }
}

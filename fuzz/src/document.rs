//! Documents that are nearly those of a schema.

use arbitrary::{Result, Unstructured};
use serde_json::Value;

/// A document, as its text.
#[derive(Debug)]
pub struct Document(pub String);

/// Deeper documents are cut.
const DEPTH: usize = 6;

/// A text for a schema in Draft 2020-12, with mistakes here and there.
///
/// # Errors
///
/// If the bytes are used up.
pub fn written(schema: &Value, bytes: &mut Unstructured<'_>) -> Result<Document> {
    let mut writer = Writer { root: schema, bytes, text: String::new() };
    writer.value(schema, DEPTH)?;
    Ok(Document(writer.text))
}

struct Writer<'a, 'b, 'c> {
    root: &'a Value,
    bytes: &'b mut Unstructured<'c>,
    text: String,
}

const SCALARS: [&str; 12] = [
    "null",
    "true",
    "0",
    "-1",
    "7.0",
    "1e3",
    "300",
    "\"\"",
    "\"7\"",
    "\"empty\"",
    "\"{\\\"a\\\":[1]}\"",
    "\"\\u00e9\"",
];

impl<'a> Writer<'a, '_, '_> {
    fn value(&mut self, schema: &'a Value, depth: usize) -> Result<()> {
        let roll: u8 = self.bytes.arbitrary()?;
        if roll < 12 {
            return self.one_of(&SCALARS);
        }
        if let Some(place) = schema["$ref"].as_str().filter(|_| depth > 0) {
            let root = self.root;
            let definition = place.strip_prefix('#').and_then(|place| root.pointer(place));
            return self.value(definition.unwrap_or(&Value::Null), depth - 1);
        }
        for keyword in ["anyOf", "enum"] {
            if let Value::Array(branches) = &schema[keyword] {
                let branch = self.bytes.choose(branches)?;
                if keyword == "anyOf" {
                    return self.value(branch, depth);
                }
                self.text.push_str(&branch.to_string());
                return Ok(());
            }
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => self.bytes.choose(kinds)?.as_str(),
            kind => kind.as_str(),
        };
        match kind.map(str::to_ascii_lowercase).as_deref() {
            Some("object") if depth > 0 => self.object(schema, depth - 1),
            Some("array") if depth > 0 => self.array(schema, depth - 1),
            Some("string") => {
                self.one_of(&["\"\"", "\"A\"", "\"1\"", "\"[7]\"", "\"\\n\"", "\"A\u{e9}\""])
            }
            Some("integer" | "number") => {
                self.one_of(&["0", "1", "5.0", "2e0", "-0.25", "255", "65536"])
            }
            Some("boolean") => self.one_of(&["true", "false"]),
            _ => self.one_of(&SCALARS),
        }
    }

    fn object(&mut self, schema: &'a Value, depth: usize) -> Result<()> {
        self.text.push('{');
        let mut separator = "";
        if let Value::Object(properties) = &schema["properties"] {
            let mut names: Vec<_> = properties.iter().collect();
            if self.bytes.ratio(1, 8)? {
                names.reverse();
            }
            for (name, property) in names {
                let times =
                    [1, 1, 1, 1, 1, 1, 0, 2][usize::from(self.bytes.arbitrary::<u8>()? % 8)];
                for _ in 0..times {
                    self.member(&mut separator, name, property, depth)?;
                }
            }
        }
        if schema["additionalProperties"].is_object() || self.bytes.ratio(1, 16)? {
            while self.goes_on()? {
                let name = *self.bytes.choose(&["a", "b", "7", "key", "\u{e9}"])?;
                self.member(&mut separator, name, &schema["additionalProperties"], depth)?;
            }
        }
        self.text.push('}');
        Ok(())
    }

    fn member(
        &mut self,
        separator: &mut &'static str,
        name: &str,
        schema: &'a Value,
        depth: usize,
    ) -> Result<()> {
        self.text.push_str(separator);
        *separator = *self.bytes.choose(&[",", ",", ",", " , ", ",\n"])?;
        self.text.push_str(&Value::from(name).to_string());
        self.text.push(':');
        self.value(schema, depth)
    }

    fn array(&mut self, schema: &'a Value, depth: usize) -> Result<()> {
        self.text.push('[');
        let mut separator = "";
        for place in schema["prefixItems"].as_array().into_iter().flatten() {
            self.text.push_str(separator);
            separator = ",";
            self.value(place, depth)?;
        }
        if schema["items"].is_object() || self.bytes.ratio(1, 16)? {
            while self.goes_on()? {
                self.text.push_str(separator);
                separator = ",";
                self.value(&schema["items"], depth)?;
            }
        }
        self.text.push(']');
        Ok(())
    }

    /// Without bytes every choice would be the first one.
    fn goes_on(&mut self) -> Result<bool> {
        Ok(!self.bytes.is_empty() && self.bytes.ratio(2, 3)?)
    }

    fn one_of(&mut self, texts: &[&str]) -> Result<()> {
        let text = *self.bytes.choose(texts)?;
        self.text.push_str(text);
        Ok(())
    }
}

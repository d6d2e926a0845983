//! Whether a carrier takes a schema: the rules of the reference, node by node.

mod json_schema;
mod openapi;

use std::collections::HashSet;

use crate::json::Json;
use crate::model::Carrier;

/// Everything in a schema that its carrier does not take, each with its place.
#[must_use]
pub fn objections(schema: &Json, carrier: Carrier) -> Vec<String> {
    let mut inspection =
        Inspection { carrier, root: schema, path: String::new(), found: Vec::new() };
    match carrier {
        Carrier::Schema | Carrier::Vertex => openapi::root(&mut inspection, schema),
        Carrier::JsonSchema | Carrier::OpenAi | Carrier::Draft => {
            json_schema::root(&mut inspection, schema);
        }
    }
    inspection.found
}

struct Inspection<'a> {
    carrier: Carrier,
    root: &'a Json,
    path: String,
    found: Vec<String>,
}

impl<'a> Inspection<'a> {
    fn object(&mut self, objection: impl Into<String>) {
        self.found.push(format!("{:?}: {}", self.path, objection.into()));
    }

    fn require(&mut self, is_right: bool, objection: &str) {
        if !is_right {
            self.object(objection);
        }
    }

    fn below(&mut self, step: &str, inspect: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        self.path.push('/');
        self.path.push_str(step);
        inspect(self);
        self.path.truncate(length);
    }

    /// Visits every member of an object of schemas.
    fn each_member(&mut self, step: &str, schemas: &'a Json, inspect: fn(&mut Self, &'a Json)) {
        self.require(matches!(schemas, Json::Object(_)), "not an object of schemas");
        for (name, schema) in schemas.members() {
            self.below(&format!("{step}/{name}"), |inspection| inspect(inspection, schema));
        }
    }

    /// Visits every element of a list of schemas.
    fn each_element(&mut self, step: &str, schemas: &'a Json, inspect: fn(&mut Self, &'a Json)) {
        let elements = schemas.elements().unwrap_or_default();
        self.require(!elements.is_empty(), "an empty list of schemas");
        for (index, schema) in elements.iter().enumerate() {
            self.below(&format!("{step}/{index}"), |inspection| inspect(inspection, schema));
        }
    }

    /// `properties`, `required` and `propertyOrdering` name the same things in the same order.
    fn names(&mut self, schema: &'a Json, has_order: bool) {
        let properties = schema.get("properties").map_or(&[][..], Json::members);
        let names: Vec<&str> = properties.iter().map(|(name, _)| &name[..]).collect();
        let unique: HashSet<&&str> = names.iter().collect();
        self.require(unique.len() == names.len(), "a property twice");
        match (schema.get("propertyOrdering").map(Json::strings), has_order) {
            (Some(Some(order)), true) => {
                self.require(order == names, "propertyOrdering differs from properties");
            }
            (None, true) => self.require(names.is_empty(), "no propertyOrdering"),
            (Some(_), _) => self.object("propertyOrdering is out of place or no list of names"),
            (None, false) => {}
        }
        if let Some(required) = schema.get("required") {
            let required = required.strings().unwrap_or_default();
            let places = required.iter().map(|name| names.iter().position(|known| known == name));
            let places: Option<Vec<usize>> = places.collect();
            self.require(!required.is_empty(), "an empty list of required names");
            match places {
                None => self.object("a required name without a property"),
                Some(places) => self.require(
                    places.is_sorted_by(|left, right| left < right),
                    "required names in another order than properties",
                ),
            }
        }
    }

    /// A reference names a definition.
    fn target(&mut self, schema: &Json) {
        let target = schema.target();
        let is_there = target.is_some_and(|name| self.root.definition(&name).is_some());
        self.require(is_there, "a reference to nothing");
    }

    fn counts(&mut self, schema: &Json, least: &str, most: &str) {
        let counts = [least, most].map(|keyword| schema.get(keyword).map(Json::as_count));
        self.require(!counts.contains(&Some(None)), "a count that is none");
        if let [Some(Some(least)), Some(Some(most))] = counts {
            self.require(least <= most, "bounds that nothing fits");
        }
    }

    fn bounds(&mut self, schema: &Json) {
        let bound = |keyword| schema.get(keyword).map(number);
        let (least, most) = (bound("minimum"), bound("maximum"));
        self.require(least != Some(None) && most != Some(None), "a bound that is no number");
        if let (Some(Some(least)), Some(Some(most))) = (least, most) {
            self.require(least <= most, "bounds that nothing fits");
        }
    }
}

fn number(json: &Json) -> Option<f64> {
    match json {
        Json::Number(text) => text.parse().ok().filter(|value: &f64| value.is_finite()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(schema: &str, carrier: Carrier) -> Vec<String> {
        objections(&Json::parse(schema).unwrap(), carrier)
    }

    #[test]
    fn the_example_of_the_reference_is_accepted() {
        let example = r#"{"type":"OBJECT","description":"one invoice line","properties":{
            "sku":{"type":"STRING","pattern":"^[A-Z]{3}[0-9]+$"},
            "qty":{"type":"INTEGER","format":"int32","minimum":1},
            "note":{"type":"STRING","nullable":true},
            "kind":{"type":"STRING","format":"enum","enum":["new","used"]},
            "price":{"anyOf":[{"type":"NUMBER"},{"type":"STRING"}]}},
            "required":["sku","qty"],"propertyOrdering":["sku","qty","note","kind","price"]}"#;
        assert_eq!(found(example, Carrier::Schema), [""; 0]);
    }

    #[test]
    fn what_responseschema_refuses_is_found() {
        let bad = [
            r#"{}"#,
            r#"{"type":"string"}"#,
            r#"{"type":["STRING","NULL"]}"#,
            r#"{"type":"STRING","const":"a"}"#,
            r#"{"type":"STRING","format":"uuid"}"#,
            r#"{"type":"STRING","enum":[1]}"#,
            r#"{"type":"STRING","enum":[]}"#,
            r#"{"type":"STRING","enum":["a","a"]}"#,
            r#"{"type":"INTEGER","enum":["1"]}"#,
            r#"{"type":"INTEGER","format":"double"}"#,
            r#"{"type":"INTEGER","minimum":2,"maximum":1}"#,
            r#"{"type":"NUMBER","minLength":1}"#,
            r#"{"type":"ARRAY"}"#,
            r#"{"type":"ARRAY","items":{}}"#,
            r#"{"type":"ARRAY","items":{"type":"STRING"},"minItems":3,"maxItems":2}"#,
            r#"{"type":"STRING","items":{"type":"STRING"}}"#,
            r#"{"type":"OBJECT","properties":{},"propertyOrdering":[]}"#,
            r#"{"type":"OBJECT"}"#,
            r#"{"type":"OBJECT","properties":{"a":{"type":"STRING"}}}"#,
            r#"{"type":"OBJECT","properties":{"a":{"type":"STRING"}},"propertyOrdering":["b"]}"#,
            r#"{"type":"OBJECT","properties":{"a":{"type":"STRING"},"b":{"type":"STRING"}},"propertyOrdering":["b","a"]}"#,
            r#"{"type":"OBJECT","properties":{"a":{"type":"STRING"}},"required":["b"],"propertyOrdering":["a"]}"#,
            r#"{"type":"OBJECT","properties":{"a":{"type":"STRING"}},"propertyOrdering":["a"],"additionalProperties":false}"#,
            r#"{"anyOf":[]}"#,
            r#"{"anyOf":[{"type":"STRING"}],"type":"STRING"}"#,
            r##"{"$ref":"#/$defs/A","$defs":{"A":{"type":"STRING"}}}"##,
        ];
        for schema in bad {
            assert!(!found(schema, Carrier::Schema).is_empty(), "{schema}");
        }
    }

    #[test]
    fn what_responsejsonschema_has_no_word_for_is_found() {
        let bad = [
            r#"{"type":"STRING"}"#,
            r#"{"type":"string","const":"a"}"#,
            r#"{"type":"string","nullable":true}"#,
            r#"{"type":"string","format":"uuid"}"#,
            r#"{"type":"string","examples":["a"]}"#,
            r#"{"type":"array","items":{"type":"string"},"uniqueItems":true}"#,
            r#"{"type":"object","properties":{"a":{"type":"string"}}}"#,
            r#"{"type":"object","patternProperties":{}}"#,
            r##"{"$ref":"#/$defs/A"}"##,
            r##"{"$ref":"#/$defs/A","description":"a","$defs":{"A":{"type":"string"}}}"##,
            r##"{"$ref":"#/$defs/A","$defs":{"A":{"anyOf":[{"$ref":"#/$defs/A"},{"type":"null"}]}}}"##,
            r##"{"$ref":"#/$defs/A","$defs":{"A":{"type":"object","properties":{"a":{"$ref":"#/$defs/A"}},"required":["a"],"propertyOrdering":["a"]}}}"##,
        ];
        for schema in bad {
            assert!(!found(schema, Carrier::JsonSchema).is_empty(), "{schema}");
        }
        let good = r##"{"$ref":"#/$defs/A","$defs":{"A":{"type":"object","properties":{"a":{"$ref":"#/$defs/A"}},"propertyOrdering":["a"]}}}"##;
        assert_eq!(found(good, Carrier::JsonSchema), [""; 0]);
    }

    #[test]
    fn what_vertex_refuses_is_found() {
        let bad = [
            r#"{"anyOf":[{"type":"STRING"}],"description":"a"}"#,
            r#"{"anyOf":[{"type":"STRING"}],"nullable":true}"#,
            r##"{"ref":"#/defs/A"}"##,
            r##"{"ref":"#/defs/A","type":"STRING","defs":{"A":{"type":"STRING"}}}"##,
            r##"{"$ref":"#/$defs/A","$defs":{"A":{"type":"STRING"}}}"##,
            r##"{"type":"ARRAY","items":{"ref":"#/defs/A","defs":{"A":{"type":"STRING"}}}}"##,
            r#"{"type":"OBJECT"}"#,
            r#"{"type":"OBJECT","additionalProperties":{}}"#,
            r#"{"type":"ARRAY","items":{"type":"STRING"},"prefixItems":[{"type":"STRING"}]}"#,
            r##"{"ref":"#/defs/A","defs":{"A":{"anyOf":[{"ref":"#/defs/A"},{"type":"NULL"}]}}}"##,
        ];
        for schema in bad {
            assert!(!found(schema, Carrier::Vertex).is_empty(), "{schema}");
        }
        let good = r##"{"ref":"#/defs/A","defs":{"A":{"type":"OBJECT",
            "additionalProperties":{"anyOf":[{"type":"STRING"},{"type":"NULL"}]}}}}"##;
        assert_eq!(found(good, Carrier::Vertex), [""; 0]);
        assert!(!found(good, Carrier::Schema).is_empty());
    }

    #[test]
    fn what_the_strict_form_refuses_is_found() {
        let root = |inner: &str| {
            format!(
                r#"{{"type":"object","properties":{{"a":{inner}}},"required":["a"],
                "additionalProperties":false}}"#
            )
        };
        let bad = [
            r#"{"type":"string","minLength":1}"#,
            r#"{"type":"string","maxLength":1}"#,
            r#"{"type":"string","format":"uri"}"#,
            r#"{"type":"array","prefixItems":[{"type":"string"}]}"#,
            r#"{"type":"object","properties":{"b":{"type":"string"}},"required":["b"]}"#,
            r#"{"type":"object","properties":{"b":{"type":"string"}},"additionalProperties":false}"#,
            r#"{"type":"object","additionalProperties":{"type":"string"}}"#,
            r#"{"type":"object","additionalProperties":false,"propertyOrdering":[]}"#,
            r#"{"oneOf":[{"type":"string"}]}"#,
            "{}",
        ];
        for schema in bad {
            assert!(!found(&root(schema), Carrier::OpenAi).is_empty(), "{schema}");
        }
        for schema in [r#"{"type":"string","format":"uuid"}"#, r#"{"type":["integer","null"]}"#] {
            assert_eq!(found(&root(schema), Carrier::OpenAi), [""; 0]);
            assert!(!found(schema, Carrier::OpenAi).is_empty(), "{schema} as the root");
        }
    }
}

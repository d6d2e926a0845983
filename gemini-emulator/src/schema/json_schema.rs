//! From a JSON Schema to shapes.
//!
//! Keywords that the service ignores but the emulator can keep (`const`, `pattern`, `minLength`,
//! `exclusiveMinimum`, `multipleOf`, `uniqueItems`, ...) are kept, so that documents conform to the
//! schema as it was meant. `allOf`, `not`, `if` and their like are ignored, as the service does.

use std::collections::HashMap;

use indexmap::IndexMap;

use super::references::References;
use super::{ArrayRule, Document, NumberRule, ObjectRule, Rule, Shape, TextRule, ordered};
use crate::json::Json;

/// Keywords that tell the type of a schema that names none.
const TELLING: [(&str, &[&str]); 4] = [
    ("object", &["properties", "required", "additionalProperties", "minProperties"]),
    ("array", &["items", "prefixItems", "minItems", "maxItems", "uniqueItems"]),
    ("string", &["pattern", "minLength", "maxLength", "format"]),
    ("number", &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]),
];

/// Reads a schema that was found to be in order.
pub(crate) fn read(schema: &Json) -> Document {
    let references = References::of(schema);
    let mut reader = Reader { wanted: Vec::new() };
    let root = reader.shape(schema);
    let mut definitions = HashMap::new();
    while let Some(reference) = reader.wanted.pop() {
        if definitions.contains_key(&reference) {
            continue;
        }
        let shape = match references.resolve(&reference) {
            Some(schema) => reader.shape(schema),
            None => Shape::new(Rule::Never),
        };
        definitions.insert(reference, shape);
    }
    Document { root, definitions }
}

struct Reader {
    /// References whose definitions are still to be read.
    wanted: Vec<String>,
}

impl Reader {
    fn shape(&mut self, schema: &Json) -> Shape {
        if let Json::Bool(accepts) = schema {
            return Shape::new(if *accepts { Rule::Any } else { Rule::Never });
        }
        if let Some(reference) = schema.get("$ref").and_then(Json::as_str) {
            self.wanted.push(reference.to_owned());
            return Shape::new(Rule::Reference(reference.to_owned()));
        }
        let mut shape = self.own_shape(schema);
        for keyword in ["anyOf", "oneOf"] {
            let branches = schema.items(keyword);
            if branches.is_empty() {
                continue;
            }
            let branches = branches.iter().map(|branch| self.shape(branch)).collect();
            let base = shape.filter(|shape| !matches!(shape.rule, Rule::Any)).map(Box::new);
            shape = Some(Shape::new(Rule::AnyOf { base, branches }));
        }
        shape.unwrap_or(Shape::new(Rule::Any))
    }

    /// The shape without the branches.
    fn own_shape(&mut self, schema: &Json) -> Option<Shape> {
        let mut kinds: Vec<&str> = match schema.get("type") {
            Some(Json::Array(kinds)) => kinds.iter().filter_map(Json::as_str).collect(),
            kind => kind.and_then(Json::as_str).into_iter().collect(),
        };
        if let Some(values) = literals(schema) {
            let fits =
                |value: &Json| kinds.is_empty() || kinds.iter().any(|kind| is_a(value, kind));
            let values = values.iter().filter(|value| fits(value)).cloned().collect();
            return Some(Shape::new(Rule::Literals(values)));
        }
        let count = kinds.len();
        kinds.retain(|&kind| kind != "null");
        let nullable = kinds.len() < count;
        let rule = match kinds.as_slice() {
            [] if nullable => Rule::Null,
            [] => {
                let tells = |keyword: &&str| schema.get(keyword).is_some();
                let (kind, _) = TELLING.iter().find(|(_, telling)| telling.iter().any(tells))?;
                self.typed_rule(schema, kind)
            }
            [kind] => self.typed_rule(schema, kind),
            kinds => {
                let branch = |kind: &&str| Shape::new(self.typed_rule(schema, kind));
                Rule::AnyOf { base: None, branches: kinds.iter().map(branch).collect() }
            }
        };
        Some(Shape { nullable: nullable && !matches!(rule, Rule::Null), rule })
    }

    fn typed_rule(&mut self, schema: &Json, kind: &str) -> Rule {
        match kind {
            "string" => Rule::Text(text_rule(schema)),
            "number" => Rule::Number(number_rule(schema)),
            "integer" => Rule::Integer(number_rule(schema)),
            "boolean" => Rule::Boolean,
            "array" => Rule::Array(Box::new(self.array_rule(schema))),
            "object" => Rule::Object(Box::new(self.object_rule(schema))),
            _ => Rule::Any,
        }
    }

    fn array_rule(&mut self, schema: &Json) -> ArrayRule {
        let prefix = schema.items("prefixItems").iter().map(|item| self.shape(item)).collect();
        let items = schema.get("items").map_or(Shape::new(Rule::Any), |items| self.shape(items));
        ArrayRule {
            prefix,
            items,
            min_items: count(schema, "minItems").unwrap_or_default(),
            max_items: count(schema, "maxItems"),
            unique: schema.get("uniqueItems").and_then(Json::as_bool).unwrap_or_default(),
        }
    }

    fn object_rule(&mut self, schema: &Json) -> ObjectRule {
        let members = schema.get("properties").and_then(Json::as_object).into_iter().flatten();
        let properties: IndexMap<String, Shape> =
            members.map(|(name, member)| (name.clone(), self.shape(member))).collect();
        let additional = schema.get("additionalProperties");
        let required = schema.items("required").iter().filter_map(Json::as_str).map(str::to_owned);
        ObjectRule {
            properties: ordered(properties, schema.items("propertyOrdering")),
            required: required.collect(),
            additional: additional.map_or(Shape::new(Rule::Any), |schema| self.shape(schema)),
            min_properties: count(schema, "minProperties").unwrap_or_default(),
            max_properties: count(schema, "maxProperties"),
        }
    }
}

fn text_rule(schema: &Json) -> TextRule {
    let text = |name: &str| schema.get(name).and_then(Json::as_str).map(str::to_owned);
    TextRule {
        format: text("format"),
        pattern: text("pattern"),
        min_length: count(schema, "minLength").unwrap_or_default(),
        max_length: count(schema, "maxLength"),
    }
}

fn number_rule(schema: &Json) -> NumberRule {
    let number = |name: &str| schema.get(name).and_then(Json::as_f64);
    NumberRule {
        minimum: number("minimum"),
        maximum: number("maximum"),
        exclusive_minimum: number("exclusiveMinimum"),
        exclusive_maximum: number("exclusiveMaximum"),
        multiple_of: number("multipleOf").filter(|&step| step > 0.0),
    }
}

/// The values that `const` or `enum` allows.
fn literals(schema: &Json) -> Option<&[Json]> {
    match schema.get("const") {
        Some(value) => Some(std::slice::from_ref(value)),
        None => schema.get("enum").and_then(Json::as_array),
    }
}

fn is_a(value: &Json, kind: &str) -> bool {
    match value {
        Json::Null => kind == "null",
        Json::Bool(_) => kind == "boolean",
        Json::Number(number) => {
            kind == "number"
                || (kind == "integer" && number.as_f64().is_some_and(|n| n.fract() == 0.0))
        }
        Json::String(_) => kind == "string",
        Json::Array(_) => kind == "array",
        Json::Object(_) => kind == "object",
    }
}

fn count(schema: &Json, name: &str) -> Option<usize> {
    schema.get(name).and_then(Json::as_count)
}

//! From a `Schema` of the protocol to shapes.

use indexmap::IndexMap;

use super::{
    ArrayRule, Document, NumberRule, ObjectRule, Rule, Shape, TextRule, merge::tighten, ordered,
};
use crate::json::{Json, Members};

/// Reads a schema that was read as a message and found to be in order.
pub(crate) fn read(schema: &Json) -> Document {
    Document { root: shape(schema), definitions: std::collections::HashMap::new() }
}

fn shape(schema: &Json) -> Shape {
    let nullable = schema.get("nullable").and_then(Json::as_bool).unwrap_or_default();
    let branches: Vec<Shape> = schema.items("anyOf").iter().map(shape).collect();
    let own = typed_rule(schema);
    let rule = match (own, branches.is_empty()) {
        (own, true) => own.unwrap_or(Rule::Any),
        (own, false) => {
            Rule::AnyOf { base: own.map(|rule| Box::new(Shape { nullable, rule })), branches }
        }
    };
    Shape { nullable, rule }
}

fn typed_rule(schema: &Json) -> Option<Rule> {
    let rule = match schema.get("type").and_then(Json::as_str)? {
        "STRING" => text_rule(schema),
        "NUMBER" => Rule::Number(number_rule(schema)),
        "INTEGER" => Rule::Integer(integer_rule(schema)),
        "BOOLEAN" => Rule::Boolean,
        "ARRAY" => Rule::Array(Box::new(array_rule(schema))),
        "OBJECT" => Rule::Object(Box::new(object_rule(schema))),
        "NULL" => Rule::Null,
        _ => return None,
    };
    Some(rule)
}

fn text_rule(schema: &Json) -> Rule {
    let members = schema.items("enum");
    if !members.is_empty() {
        return Rule::Literals(members.to_vec());
    }
    let text = |name: &str| schema.get(name).and_then(Json::as_str).map(str::to_owned);
    Rule::Text(TextRule {
        format: text("format"),
        pattern: text("pattern").filter(|pattern| !pattern.is_empty()),
        min_length: count(schema, "minLength").unwrap_or_default(),
        max_length: count(schema, "maxLength"),
    })
}

fn number_rule(schema: &Json) -> NumberRule {
    let number = |name: &str| schema.get(name).and_then(Json::as_f64);
    NumberRule { minimum: number("minimum"), maximum: number("maximum"), ..NumberRule::default() }
}

fn integer_rule(schema: &Json) -> NumberRule {
    let (low, high) = match schema.get("format").and_then(Json::as_str) {
        Some("int32") => (Some(f64::from(i32::MIN)), Some(f64::from(i32::MAX))),
        _ => (None, None),
    };
    let rule = number_rule(schema);
    NumberRule {
        minimum: tighten(rule.minimum, low, f64::max),
        maximum: tighten(rule.maximum, high, f64::min),
        ..rule
    }
}

fn array_rule(schema: &Json) -> ArrayRule {
    ArrayRule {
        prefix: Vec::new(),
        items: schema.get("items").map_or(Shape::new(Rule::Any), shape),
        min_items: count(schema, "minItems").unwrap_or_default(),
        max_items: count(schema, "maxItems"),
        unique: false,
    }
}

/// Properties come in the order of `propertyOrdering`; without it, alphabetically.
fn object_rule(schema: &Json) -> ObjectRule {
    let mut properties: IndexMap<String, Shape> = schema
        .get("properties")
        .and_then(Json::as_object)
        .map(|members: &Members| {
            members.iter().map(|(name, member)| (name.clone(), shape(member))).collect()
        })
        .unwrap_or_default();
    properties.sort_keys();
    let required = schema.items("required").iter().filter_map(Json::as_str).map(str::to_owned);
    ObjectRule {
        properties: ordered(properties, schema.items("propertyOrdering")),
        required: required.collect(),
        additional: Shape::new(Rule::Never),
        min_properties: count(schema, "minProperties").unwrap_or_default(),
        max_properties: count(schema, "maxProperties"),
    }
}

/// A limit. The protocol may not tell 0 from absent; what keeps a maximum of 0 is right either way.
fn count(schema: &Json, name: &str) -> Option<usize> {
    schema.get(name).and_then(Json::as_count)
}

//! The keywords of one node.

use std::borrow::Cow;

use crate::OrderedJson;

/// The keywords of one node, in their order.
#[derive(Clone, Copy)]
pub(super) struct Keywords<'a>(pub(super) &'a [(Cow<'static, str>, OrderedJson)]);

/// The types of JSON Schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Type {
    Object,
    Array,
    String,
    Integer,
    Number,
    Boolean,
    Null,
}

/// Keywords that no shape can hold, and what to do about them.
const LOST: [(&str, &str); 12] = [
    ("not", "describe what is allowed instead"),
    ("if", "write the cases as alternatives of anyOf"),
    ("dependentRequired", "write the cases as alternatives of anyOf"),
    ("dependentSchemas", "write the cases as alternatives of anyOf"),
    ("dependencies", "write the cases as alternatives of anyOf"),
    ("contains", "say it in a description, and check it after decoding"),
    ("multipleOf", "say it in a description, and check it after decoding"),
    ("uniqueItems", "say it in a description, and check it after decoding"),
    ("unevaluatedItems", "close the array with maxItems"),
    ("$dynamicRef", "use $ref with a JSON Pointer"),
    ("$recursiveRef", "use $ref with a JSON Pointer"),
    ("extends", "use allOf"),
];

/// Keywords that speak of one type of values only.
const TYPED: [(Type, &[&str]); 4] = [
    (
        Type::Object,
        &[
            "properties",
            "required",
            "additionalProperties",
            "patternProperties",
            "propertyNames",
            "minProperties",
            "maxProperties",
        ],
    ),
    (Type::Array, &["items", "prefixItems", "additionalItems", "minItems", "maxItems"]),
    (Type::String, &["minLength", "maxLength", "pattern"]),
    (Type::Number, &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]),
];

impl<'a> Keywords<'a> {
    pub(super) fn get(self, name: &str) -> Option<&'a OrderedJson> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    pub(super) fn text(self, name: &str) -> Option<&'a str> {
        self.get(name)?.as_str()
    }

    pub(super) fn is(self, name: &str, value: bool) -> bool {
        self.get(name) == Some(&OrderedJson::Bool(value))
    }

    /// The keywords that would be lost, with what to do about them.
    pub(super) fn lost(self) -> impl Iterator<Item = (&'static str, &'static str)> + 'a {
        LOST.into_iter()
            .filter(move |(name, _)| self.get(name).is_some_and(|value| !is_trivial(name, value)))
    }

    /// The types that the keywords speak of.
    pub(super) fn implied(self) -> Vec<Type> {
        let speaks = |names: &&[&str]| names.iter().any(|name| self.get(name).is_some());
        TYPED.into_iter().filter(|(_, names)| speaks(names)).map(|(kind, _)| kind).collect()
    }

    /// The first keyword that limits values of a type.
    pub(super) fn limit(self) -> Option<&'static str> {
        let mut names = TYPED.into_iter().flat_map(|(_, names)| names.iter().copied());
        names.find(|name| self.get(name).is_some())
    }
}

impl Type {
    pub(super) fn from_name(name: &str) -> Option<Type> {
        match name {
            "object" => Some(Type::Object),
            "array" => Some(Type::Array),
            "string" => Some(Type::String),
            "integer" => Some(Type::Integer),
            "number" => Some(Type::Number),
            "boolean" => Some(Type::Boolean),
            "null" => Some(Type::Null),
            _ => None,
        }
    }
}

/// Whether the keyword forbids nothing with this value.
fn is_trivial(name: &str, value: &OrderedJson) -> bool {
    match name {
        "multipleOf" => *value == OrderedJson::from(1),
        "uniqueItems" => *value == OrderedJson::Bool(false),
        "unevaluatedItems" => true_or_false(value),
        _ => false,
    }
}

/// Tuples are closed anyway, and other lists have a schema for all elements.
fn true_or_false(value: &OrderedJson) -> bool {
    matches!(value, OrderedJson::Bool(_))
}

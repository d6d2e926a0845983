//! Judging a value by a schema.

mod findings;
mod fit;

use std::cmp::Ordering;
use std::collections::HashMap;

use serde_json::{Map, Number, Value};

use crate::path::Path;
use crate::schema::{
    ArrayShape, EnumMember, IntegerMember, IntegerShape, MapShape, NumberShape, ObjectShape, Shape,
    Side, StringShape,
};
use crate::{Schema, Violation};

#[cfg(feature = "garde")]
pub(crate) use findings::MOST_VIOLATIONS;
use findings::{Findings, Wanted};
use fit::Fit;

/// Every violation of the schema by what serde shall read, up to a thousand.
pub(crate) fn strict(schema: &Schema, value: &Value) -> Vec<Violation> {
    find((schema, schema), Side::Read, value, Wanted::Everything).into_violations()
}

/// Every violation of the schema by what serde has written, up to a thousand.
pub(crate) fn written(schema: &Schema, value: &Value) -> Vec<Violation> {
    written_part(schema, schema, value)
}

/// The same for a part of a schema, whose definitions the root has.
pub(crate) fn written_part(root: &Schema, schema: &Schema, value: &Value) -> Vec<Violation> {
    find((root, schema), Side::Written, value, Wanted::Everything).into_violations()
}

/// The limits that a value breaks although it deserialized into its type.
pub(crate) fn limits(schema: &Schema, value: &Value) -> Vec<Violation> {
    find((schema, schema), Side::Read, value, Wanted::Limits).into_violations()
}

/// Why a type refused a value, as far as the schema knows.
pub(crate) fn refusals(schema: &Schema, value: &Value) -> Vec<Violation> {
    find((schema, schema), Side::Read, value, Wanted::Everything).into_refusals()
}

fn find<'a>(
    (root, schema): (&'a Schema, &'a Schema),
    side: Side,
    value: &Value,
    wanted: Wanted,
) -> Findings {
    let mut checker = Checker { findings: Findings::new(wanted), ..Checker::new(root, side) };
    checker.visit(schema, value, &mut Path::default());
    checker.findings
}

/// Schemas inside each other that are followed; a text that serde_json reads has 128 levels.
const MOST_STEPS: usize = 1_024;

/// Judges the parts of one value.
pub(crate) struct Checker<'a> {
    root: &'a Schema,
    side: Side,
    findings: Findings,
    /// How a value fits an alternative, by their addresses: without it, alternatives inside
    /// alternatives would be tried again and again.
    known: HashMap<Place, Fit>,
    /// The definitions that are being visited, and for which value: one that leads back to itself
    /// without going down in the value says nothing about it.
    active: Vec<Place>,
    /// Whether the type itself enforces the limits of the schema that is being visited.
    is_enforced: bool,
    steps: usize,
}

/// A schema and a value, by their addresses.
type Place = (*const Schema, *const Value);

impl<'a> Checker<'a> {
    pub(crate) fn new(root: &'a Schema, side: Side) -> Self {
        Checker {
            root,
            side,
            findings: Findings::new(Wanted::Fit),
            known: HashMap::new(),
            active: Vec::new(),
            is_enforced: false,
            steps: 0,
        }
    }

    fn report(&mut self, path: &Path, keyword: &'static str, expected: impl Into<String>) {
        self.findings.push(Violation::new(path.as_str(), keyword, expected));
    }

    fn report_limit(&mut self, path: &Path, keyword: &'static str, expected: impl Into<String>) {
        let violation = Violation::new(path.as_str(), keyword, expected);
        self.findings.push(if self.is_enforced { violation } else { violation.only_a_limit() });
    }

    /// Reports a value of another kind. Serde may still read it, such as a struct from an array;
    /// what limits there are inside is not known then.
    fn report_kind(
        &mut self,
        schema: &Schema,
        value: &Value,
        path: &Path,
        (keyword, expected): (&'static str, String),
    ) {
        let violation = Violation::new(path.as_str(), keyword, expected);
        let hides_limits = schema.annotations.is_constrained
            && (schema.shape.has_limits() || value.is_array() || value.is_object())
            && !value.is_null();
        self.findings.push(if hides_limits { violation.hiding_limits() } else { violation });
    }

    fn visit(&mut self, schema: &'a Schema, value: &Value, path: &mut Path) {
        if self.steps >= MOST_STEPS {
            return self.report(path, "serde", "a value of fewer levels");
        }
        self.steps += 1;
        self.visit_shape(schema, value, path);
        self.steps -= 1;
    }

    fn visit_shape(&mut self, schema: &'a Schema, value: &Value, path: &mut Path) {
        if value.is_null() && schema.annotations.nullable {
            return;
        }
        self.is_enforced = schema.annotations.enforced_by_type;
        match (&schema.shape, value) {
            (Shape::Any, _) | (Shape::Null, Value::Null) | (Shape::Boolean, Value::Bool(_)) => {}
            (Shape::String(shape), Value::String(text)) => self.string(shape, text, path),
            (Shape::Enum(members), Value::String(text)) => self.member(members, text, path),
            (Shape::IntegerEnum(members), Value::Number(number)) if is_integer(number) => {
                self.integer_member(members, number, path);
            }
            (Shape::Integer(shape), Value::Number(number)) if is_integer(number) => {
                self.integer(shape, number, path);
            }
            (Shape::Number(shape), Value::Number(number)) => self.number(shape, number, path),
            (Shape::Array(shape), Value::Array(elements)) => self.array(shape, elements, path),
            (Shape::Tuple(places), Value::Array(elements)) => self.tuple(places, elements, path),
            (Shape::Object(shape), Value::Object(members)) => self.object(shape, members, path),
            (Shape::Map(shape), Value::Object(members)) => self.map(shape, members, path),
            (Shape::AnyOf(alternatives), _) => self.any_of(schema, alternatives, value, path),
            (Shape::Reference(name), _) => self.reference(name, value, path),
            (Shape::Invalid(problem), _) => self.report(path, "not", problem.reason()),
            (shape, _) => {
                let null = if schema.annotations.nullable { " or null" } else { "" };
                let expected = format!("{}{null}", shape.kind());
                self.report_kind(schema, value, path, ("type", expected));
            }
        }
    }

    fn string(&mut self, shape: &StringShape, text: &str, path: &Path) {
        let length = text.chars().count() as u64;
        if let Some(least) = shape.min_length.filter(|least| length < *least) {
            self.report_limit(
                path,
                "minLength",
                format!("at least {}, not {length}", count(least, "character")),
            );
        }
        if let Some(most) = shape.max_length.filter(|most| length > *most) {
            self.report_limit(
                path,
                "maxLength",
                format!("at most {}, not {length}", count(most, "character")),
            );
        }
        if let Some(pattern) = shape.pattern.as_ref().filter(|pattern| !pattern.is_match(text)) {
            self.report_limit(path, "pattern", format!("text that matches {}", pattern.as_str()));
        }
        if let Some(format) = shape.format.filter(|format| !format.is_match(text)) {
            self.report_limit(path, "format", format.words());
        }
    }

    fn member(&mut self, members: &[EnumMember], text: &str, path: &Path) {
        if !members.iter().any(|member| member.answers_to(text, self.side)) {
            let names: Vec<&str> = members.iter().map(|member| &member.value[..]).collect();
            self.report_limit(path, "enum", format!("one of {}", names.join(", ")));
        }
    }

    fn integer_member(&mut self, members: &[IntegerMember], number: &Number, path: &Path) {
        let is_this = |member: &IntegerMember| {
            let is_other = member.catches_all && self.side == Side::Read;
            is_other || member.value.compare(number) == Some(Ordering::Equal)
        };
        if !members.iter().any(is_this) {
            let numbers: Vec<_> = members.iter().map(|member| member.value.to_string()).collect();
            self.report_limit(path, "enum", format!("one of {}", numbers.join(", ")));
        }
    }

    fn integer(&mut self, shape: &IntegerShape, number: &Number, path: &Path) {
        if shape.minimum.compare(number) == Some(Ordering::Greater) {
            self.report_limit(path, "minimum", format!("at least {}", shape.minimum));
        }
        if shape.maximum.compare(number) == Some(Ordering::Less) {
            self.report_limit(path, "maximum", format!("at most {}", shape.maximum));
        }
    }

    fn number(&mut self, shape: &NumberShape, number: &Number, path: &Path) {
        let Some(value) = number.as_f64() else {
            // Only serde_json's feature `arbitrary_precision` lets such a number exist.
            return self.report(path, "maximum", "a number that a float of 64 bits holds");
        };
        if let Some(least) = shape.minimum.filter(|least| value < *least) {
            self.report_limit(path, "minimum", format!("at least {least}"));
        }
        if let Some(most) = shape.maximum.filter(|most| value > *most) {
            self.report_limit(path, "maximum", format!("at most {most}"));
        }
    }

    fn array(&mut self, shape: &'a ArrayShape, elements: &[Value], path: &mut Path) {
        let length = elements.len() as u64;
        if let Some(least) = shape.min_items.filter(|least| length < *least) {
            self.report_limit(
                path,
                "minItems",
                format!("at least {}, not {length}", count(least, "element")),
            );
        }
        if let Some(most) = shape.max_items.filter(|most| length > *most) {
            self.report_limit(
                path,
                "maxItems",
                format!("at most {}, not {length}", count(most, "element")),
            );
        }
        for (index, element) in elements.iter().enumerate() {
            path.step(index, |path| self.visit(&shape.items, element, path));
        }
    }

    fn tuple(&mut self, places: &'a [Schema], elements: &[Value], path: &mut Path) {
        let (wanted, length) = (places.len() as u64, elements.len() as u64);
        let keyword = if length < wanted { "minItems" } else { "maxItems" };
        if length != wanted {
            self.report(path, keyword, format!("{}, not {length}", count(wanted, "element")));
        }
        for (index, (place, element)) in places.iter().zip(elements).enumerate() {
            path.step(index, |path| self.visit(place, element, path));
        }
    }

    fn object(&mut self, shape: &'a ObjectShape, members: &Map<String, Value>, path: &mut Path) {
        for property in &shape.properties {
            let names = property.names(self.side);
            let mut present = names.filter_map(|name| members.get_key_value(name)).peekable();
            if property.required && present.peek().is_none() {
                self.report(path, "required", format!("a property {:?}", property.name));
            }
            for (name, value) in present {
                path.step(name, |path| self.visit(&property.schema, value, path));
            }
        }
        for (name, value) in members {
            if self.is_known(shape, name) {
                continue;
            }
            path.step(name, |path| match &shape.additional {
                Some(additional) => self.visit(&additional.values, value, path),
                None => {
                    let expected = "no other properties than the known ones";
                    self.report(path, "additionalProperties", expected);
                }
            });
        }
    }

    fn map(&mut self, shape: &'a MapShape, members: &Map<String, Value>, path: &mut Path) {
        let length = members.len() as u64;
        if let Some(least) = shape.min_properties.filter(|least| length < *least) {
            let expected = format!("at least {}, not {length}", entries(least));
            self.report_limit(path, "minProperties", expected);
        }
        if let Some(most) = shape.max_properties.filter(|most| length > *most) {
            let expected = format!("at most {}, not {length}", entries(most));
            self.report_limit(path, "maxProperties", expected);
        }
        for (name, value) in members {
            path.step(name, |path| {
                self.visit(&shape.keys, &key(&shape.keys, name), path);
                self.visit(&shape.values, value, path);
            });
        }
    }

    fn is_known(&self, shape: &ObjectShape, name: &str) -> bool {
        let is_unread = self.side == Side::Written && shape.unread.iter().any(|own| own == name);
        is_unread || shape.properties.iter().any(|property| property.answers_to(name, self.side))
    }

    fn reference(&mut self, name: &str, value: &Value, path: &mut Path) {
        let Some(definition) = self.root.definitions.get(name) else {
            self.report(path, "$ref", format!("a definition of {name}"));
            return;
        };
        let place = (std::ptr::from_ref(definition), std::ptr::from_ref(value));
        if self.active.contains(&place) {
            self.report(path, "$ref", format!("a value, and {name} leads back to itself"));
            return;
        }
        self.active.push(place);
        self.visit(definition, value, path);
        self.active.pop();
    }
}

/// The key of a map, as the value that its text stands for.
fn key(schema: &Schema, name: &str) -> Value {
    let number = || serde_json::from_str::<Number>(name).ok().map(Value::Number);
    match schema.shape {
        Shape::Integer(_) | Shape::Number(_) => number().unwrap_or_else(|| Value::from(name)),
        _ => Value::from(name),
    }
}

fn entries(number: u64) -> String {
    format!("{number} {}", if number == 1 { "entry" } else { "entries" })
}

fn count(number: u64, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// Whether JSON Schema takes the number for an integer: `7.0` is one.
pub(crate) fn is_integer(number: &Number) -> bool {
    number.is_i64() || number.is_u64() || number.as_f64().is_some_and(|value| value.fract() == 0.0)
}

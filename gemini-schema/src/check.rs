//! Judging a value by a schema.

mod findings;

use std::cmp::Ordering;
use std::collections::HashMap;

use serde_json::{Map, Number, Value};

use crate::path::Path;
use crate::schema::{
    ArrayShape, EnumMember, IntegerShape, NumberShape, ObjectShape, Shape, StringShape,
};
use crate::{Schema, Violation};

use findings::{Findings, Wanted};

/// Every violation of the schema, up to a thousand.
pub(crate) fn strict(schema: &Schema, value: &Value) -> Vec<Violation> {
    find(schema, value, Wanted::Everything).into_violations()
}

/// The limits that a value breaks although it deserialized into its type.
pub(crate) fn limits(schema: &Schema, value: &Value) -> Vec<Violation> {
    find(schema, value, Wanted::Limits).into_violations()
}

/// Why a type refused a value, as far as the schema knows.
pub(crate) fn refusals(schema: &Schema, value: &Value) -> Vec<Violation> {
    find(schema, value, Wanted::Everything).into_refusals()
}

fn find(schema: &Schema, value: &Value, wanted: Wanted) -> Findings {
    let mut checker = Checker { findings: Findings::new(wanted), ..Checker::new(schema) };
    checker.visit(schema, value, &mut Path::default());
    checker.findings
}

/// Schemas inside each other that are followed; a text that serde_json reads has 128 levels.
const MOST_STEPS: usize = 1_024;

/// Judges the parts of one value.
pub(crate) struct Checker<'a> {
    root: &'a Schema,
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

/// How well a value fits a schema.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// The type refuses it.
    Refused,
    /// The type reads it, though it breaks limits or has properties that are not known.
    Read,
    Conforms,
}

impl<'a> Checker<'a> {
    pub(crate) fn new(root: &'a Schema) -> Self {
        Checker {
            root,
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
            (Shape::Integer(shape), Value::Number(number)) if is_integer(number) => {
                self.integer(shape, number, path);
            }
            (Shape::Number(shape), Value::Number(number)) => self.number(shape, number, path),
            (Shape::Array(shape), Value::Array(elements)) => self.array(shape, elements, path),
            (Shape::Tuple(places), Value::Array(elements)) => self.tuple(places, elements, path),
            (Shape::Object(shape), Value::Object(members)) => self.object(shape, members, path),
            (Shape::Map(shape), Value::Object(members)) => {
                for (name, value) in members {
                    path.step(name, |path| {
                        self.visit(&shape.keys, &key(&shape.keys, name), path);
                        self.visit(&shape.values, value, path);
                    });
                }
            }
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
        let is_this = |member: &EnumMember| {
            member.value == text || member.aliases.iter().any(|alias| alias == text)
        };
        if !members.iter().any(is_this) {
            let names: Vec<&str> = members.iter().map(|member| &member.value[..]).collect();
            self.report(path, "enum", format!("one of {}", names.join(", ")));
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
            let names = std::iter::once(&property.name).chain(&property.aliases);
            let mut present = names.filter_map(|name| members.get_key_value(name)).peekable();
            if property.required && present.peek().is_none() {
                self.report(path, "required", format!("a property {:?}", property.name));
            }
            for (name, value) in present {
                path.step(name, |path| self.visit(&property.schema, value, path));
            }
        }
        let is_known =
            |name: &str| shape.properties.iter().any(|property| property.answers_to(name));
        for name in members.keys().filter(|name| !is_known(name)) {
            let expected = "no other properties than the known ones";
            path.step(name, |path| self.report(path, "additionalProperties", expected));
        }
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

    fn any_of(
        &mut self,
        schema: &'a Schema,
        alternatives: &'a [Schema],
        value: &Value,
        path: &mut Path,
    ) {
        let is_judging = self.findings.wanted() == Wanted::Fit;
        match self.alternative(alternatives, value) {
            Some(branch) => match self.fit(branch, value) {
                Fit::Conforms => {}
                Fit::Read if is_judging => {
                    let violation = Violation::new(path.as_str(), "anyOf", "");
                    self.findings.push(violation.only_a_limit());
                }
                Fit::Refused if is_judging => self.report(path, "anyOf", ""),
                Fit::Read | Fit::Refused => self.visit(branch, value, path),
            },
            None => {
                let count = alternatives.len();
                let expected = format!("a value of one of {count} alternatives");
                self.report_kind(schema, value, path, ("anyOf", expected));
            }
        }
    }

    /// The alternative that a value is meant for: one that it conforms to, else the one that
    /// serde would read, else one whose kind and tags it has.
    pub(crate) fn alternative(
        &mut self,
        alternatives: &'a [Schema],
        value: &Value,
    ) -> Option<&'a Schema> {
        let mut read = None;
        for branch in alternatives.iter().filter(|branch| !has_other_tag(branch, value)) {
            match self.fit(branch, value) {
                Fit::Conforms => return Some(branch),
                Fit::Read => read = read.or(Some(branch)),
                Fit::Refused => {}
            }
        }
        read.or_else(|| alternatives.iter().find(|branch| self.is_meant(branch, value)))
    }

    fn fit(&mut self, schema: &'a Schema, value: &Value) -> Fit {
        let place = (std::ptr::from_ref(schema), std::ptr::from_ref(value));
        if let Some(known) = self.known.get(&place) {
            return *known;
        }
        let outer = std::mem::replace(&mut self.findings, Findings::new(Wanted::Fit));
        self.visit(schema, value, &mut Path::default());
        let inner = std::mem::replace(&mut self.findings, outer);
        let fit = match inner.has_structural() {
            true => Fit::Refused,
            false if inner.is_empty() => Fit::Conforms,
            false => Fit::Read,
        };
        self.known.insert(place, fit);
        fit
    }

    /// Whether the value has the kind of this alternative, and its tags if it is an object.
    fn is_meant(&self, schema: &Schema, value: &Value) -> bool {
        match (&schema.shape, value) {
            (Shape::Object(shape), Value::Object(members)) => {
                shape.properties.iter().all(|property| match members.get(&property.name) {
                    Some(value) => property.tag().is_none_or(|tag| *value == tag.value),
                    None => !property.required || property.tag().is_none(),
                }) && members.keys().any(|name| shape.property(name).is_some())
            }
            (Shape::Reference(name), _) => match self.root.definitions.get(name) {
                // What is below could lead back here; meant as a whole is enough.
                Some(definition) if matches!(definition.shape, Shape::AnyOf(_)) => true,
                Some(definition) => self.is_meant(definition, value),
                None => false,
            },
            (Shape::AnyOf(branches), _) => {
                branches.iter().any(|branch| self.is_meant(branch, value))
            }
            (Shape::Array(_) | Shape::Tuple(_), Value::Array(_))
            | (Shape::String(_) | Shape::Enum(_), Value::String(_))
            | (Shape::Integer(_) | Shape::Number(_), Value::Number(_))
            | (Shape::Boolean, Value::Bool(_))
            | (Shape::Map(_), Value::Object(_)) => true,
            _ => false,
        }
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

/// Whether an object is tagged as another one. To see that is much cheaper than to judge it.
fn has_other_tag(schema: &Schema, value: &Value) -> bool {
    let (Shape::Object(shape), Value::Object(members)) = (&schema.shape, value) else {
        return false;
    };
    shape.properties.iter().any(|property| match (property.tag(), members.get(&property.name)) {
        (Some(tag), Some(Value::String(text))) => tag.value != *text && !tag.aliases.contains(text),
        _ => false,
    })
}

fn count(number: u64, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// Whether JSON Schema takes the number for an integer: `7.0` is one.
pub(crate) fn is_integer(number: &Number) -> bool {
    number.is_i64() || number.is_u64() || number.as_f64().is_some_and(|value| value.fract() == 0.0)
}

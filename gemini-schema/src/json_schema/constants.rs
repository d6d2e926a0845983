//! `enum` and `const`.

use std::collections::HashSet;

use super::keywords::{Keywords, Type};
use super::reader::Reader;
use crate::path::Path;
use crate::schema::{EnumMember, IntegerShape, NumberShape};
use crate::{Integer, Number, OrderedJson, Property, Schema, Shape};

impl<'a> Reader<'a> {
    /// The values that a node lists, as alternatives.
    pub(super) fn constants(
        &mut self,
        keywords: Keywords<'a>,
        types: Option<&[Type]>,
        path: &mut Path,
    ) -> Schema {
        if let Some(limit) = keywords.limit() {
            let remedy = "remove it, and leave out of the list what it forbids";
            self.refuse_keyword(path, limit, remedy);
        }
        let mut members: Vec<&OrderedJson> = match (keywords.get("enum"), keywords.get("const")) {
            (Some(OrderedJson::Array(members)), _) => members.iter().collect(),
            (None, Some(value)) => vec![value],
            _ => Vec::new(),
        };
        if let (Some(value), Some(_)) = (keywords.get("const"), keywords.get("enum")) {
            members.retain(|member| *member == value);
        }
        members.retain(|member| types.is_none_or(|types| is_of(member, types)));
        let place = if keywords.get("enum").is_some() { "enum" } else { "const" };
        if members.is_empty() {
            let remedy = "list the values that are meant, each of the type of the node";
            path.step(place, |path| self.refuse(path, "there is no value to choose", remedy));
        }
        path.step(place, |path| self.one_of_these(&members, path))
    }

    fn one_of_these(&mut self, members: &[&OrderedJson], path: &mut Path) -> Schema {
        let mut seen = HashSet::new();
        let mut texts = Vec::new();
        let mut integers = Vec::new();
        let mut booleans = HashSet::new();
        let mut others = Vec::new();
        for (index, member) in members.iter().enumerate() {
            match member {
                OrderedJson::String(text) if seen.insert(text.as_ref()) => {
                    texts.push(EnumMember::new(text.as_ref()));
                }
                OrderedJson::String(_) => {}
                OrderedJson::Bool(value) => {
                    booleans.insert(*value);
                }
                other => match whole(other) {
                    Some(integer) => integers.push(integer),
                    None => {
                        let constant = path.step(index, |path| self.constant(other, path));
                        others.push(constant);
                    }
                },
            }
        }
        if booleans.len() == 1 {
            self.single_boolean(path);
        }
        let texts = (!texts.is_empty()).then(|| Schema::from(Shape::Enum(texts)));
        let booleans = (booleans.len() == 2).then(Schema::boolean);
        Schema::any_of(texts.into_iter().chain(booleans).chain(runs(integers)).chain(others))
    }

    /// The schema of one value.
    fn constant(&mut self, value: &OrderedJson, path: &mut Path) -> Schema {
        if !self.spend(1) {
            return Schema::any();
        }
        match value {
            OrderedJson::Null => Schema::null(),
            OrderedJson::Bool(_) => {
                self.single_boolean(path);
                Schema::boolean()
            }
            OrderedJson::String(text) => Schema::enumeration([text.as_ref()]),
            OrderedJson::Number(Number::Integer(value)) => Schema::integer(*value, *value),
            OrderedJson::Number(Number::Float(value)) => {
                let limit = Some(*value);
                let shape = NumberShape { minimum: limit, maximum: limit, ..Default::default() };
                Shape::Number(shape).into()
            }
            OrderedJson::Array(elements) => Schema::tuple(
                elements.iter().map(|element| self.constant(element, path)).collect::<Vec<_>>(),
            ),
            OrderedJson::Object(members) => {
                let mut properties = Vec::new();
                for (name, value) in members {
                    properties.push(Property::required(&**name, self.constant(value, path)));
                }
                Schema::object(properties)
            }
        }
    }

    fn single_boolean(&mut self, path: &mut Path) {
        let remedy = "use a text with one value, or leave the property out";
        self.refuse(path, "a single boolean value would be lost", remedy);
    }
}

/// Alternatives for the runs of integers that follow one another.
fn runs(mut integers: Vec<Integer>) -> Vec<Schema> {
    integers.sort_unstable();
    let mut runs: Vec<IntegerShape> = Vec::new();
    for value in integers {
        match runs.last_mut() {
            Some(run) if run.maximum == value => {}
            Some(run) if run.maximum.next() == value => run.maximum = value,
            _ => runs.push(IntegerShape { minimum: value, maximum: value }),
        }
    }
    runs.into_iter().map(|run| Shape::Integer(run).into()).collect()
}

/// The integer that a value is: `7.0` is one.
fn whole(value: &OrderedJson) -> Option<Integer> {
    match value {
        OrderedJson::Number(Number::Integer(value)) => Some(*value),
        OrderedJson::Number(Number::Float(value)) if value.fract() == 0.0 => {
            Some(Number::Float(*value).floor())
        }
        _ => None,
    }
}

fn is_of(value: &OrderedJson, types: &[Type]) -> bool {
    types.iter().any(|kind| match kind {
        Type::Object => value.as_object().is_some(),
        Type::Array => value.as_array().is_some(),
        Type::String => value.as_str().is_some(),
        Type::Integer => whole(value).is_some(),
        Type::Number => matches!(value, OrderedJson::Number(_)),
        Type::Boolean => matches!(value, OrderedJson::Bool(_)),
        Type::Null => *value == OrderedJson::Null,
    })
}

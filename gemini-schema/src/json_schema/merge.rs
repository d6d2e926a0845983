//! Several demands on one node, made one.

use std::collections::HashMap;

use super::reader::{Part, Reader, is_any_map};
use crate::check;
use crate::schema::{ArrayShape, IntegerShape, NumberShape, ObjectShape, StringShape};
use crate::{Annotations, Property, Schema, Shape};

/// Alternatives that have alternatives multiply; nobody sends more than these.
const MOST_ALTERNATIVES: usize = 200;

/// Why two demands are not one.
pub(super) enum Conflict {
    /// No value meets both.
    Empty,
    /// No shape says both.
    Lost(String),
}

type Merged<T> = Result<T, Conflict>;

impl Reader<'_> {
    /// What meets both demands.
    pub(super) fn merge(&mut self, first: Part, second: Part) -> Merged<Part> {
        if !self.spend(1) {
            return Ok(first);
        }
        let is_closed = first.is_closed || second.is_closed;
        let inferred =
            (first.schema.annotations.is_inferred, second.schema.annotations.is_inferred);
        if is_vague(&first.schema, &second.schema) || is_vague(&second.schema, &first.schema) {
            return Err(Conflict::Lost("it does not say which type is meant".to_owned()));
        }
        let nullable = (inferred.0 || takes_null(&first.schema))
            && (inferred.1 || takes_null(&second.schema))
            && inferred != (true, true);
        let mut annotations =
            joined(&first.schema.annotations, &second.schema.annotations, nullable);
        annotations.is_inferred = is_open(&first.schema) && is_open(&second.schema);
        let shape = match (first.schema.shape, second.schema.shape) {
            (Shape::AnyOf(branches), other) => {
                let mut whole = Part { schema: other.into(), is_closed: second.is_closed };
                whole.schema.annotations.is_inferred = second.schema.annotations.is_inferred;
                self.each(branches, first.is_closed, &whole)?
            }
            (other, Shape::AnyOf(branches)) => {
                let mut whole = Part { schema: other.into(), is_closed: first.is_closed };
                whole.schema.annotations.is_inferred = first.schema.annotations.is_inferred;
                self.each(branches, second.is_closed, &whole)?
            }
            (Shape::Object(one), Shape::Object(two)) => {
                let closed = (first.is_closed, second.is_closed);
                self.objects(one, two, closed)?
            }
            (Shape::Array(one), Shape::Array(two)) => self.arrays(one, two)?,
            // Keywords say nothing about values of other types than their own.
            (one, two) if kind(&one) != kind(&two) && inferred.1 && is_of_a_kind(&one) => one,
            (one, two) if kind(&one) != kind(&two) && inferred.0 && is_of_a_kind(&two) => two,
            (one, two) => match same_kind(one, two) {
                Ok(shape) if !is_empty(&shape) => shape,
                Ok(_) | Err(Conflict::Empty) if nullable => Shape::Null,
                Ok(_) => return Err(Conflict::Empty),
                Err(conflict) => return Err(conflict),
            },
        };
        let mut schema = Schema { shape, annotations, definitions: Default::default() };
        schema.annotations.nullable &= !matches!(schema.shape, Shape::Any | Shape::Null);
        Ok(Part { schema, is_closed })
    }

    /// Each alternative together with what is asked for anyway; those that cannot be are left out.
    pub(super) fn distribute(&mut self, branches: Vec<Part>, whole: &Part) -> Merged<Vec<Part>> {
        let cost = branches.len().saturating_mul(size(&whole.schema));
        if branches.len() > MOST_ALTERNATIVES || !self.spend(cost) {
            return Err(Conflict::Lost("there are too many alternatives to merge".to_owned()));
        }
        let mut merged = Vec::new();
        for branch in branches {
            let own = branch.schema.annotations.description.clone();
            match self.merge(whole.clone(), branch) {
                Ok(mut part) => {
                    part.schema.annotations.description =
                        own.or(part.schema.annotations.description);
                    merged.push(part);
                }
                Err(Conflict::Empty) => {}
                Err(lost) => return Err(lost),
            }
        }
        if merged.is_empty() { Err(Conflict::Empty) } else { Ok(merged) }
    }

    fn each(&mut self, branches: Vec<Schema>, is_closed: bool, whole: &Part) -> Merged<Shape> {
        let branches = branches.into_iter().map(|schema| Part { schema, is_closed }).collect();
        let mut branches = self.distribute(branches, whole)?;
        let is_plain = |part: &mut Part| part.schema.annotations == Annotations::default();
        match branches.pop_if(is_plain) {
            Some(only) if branches.is_empty() => Ok(only.schema.shape),
            last => {
                let branches = branches.into_iter().chain(last);
                Ok(Shape::AnyOf(branches.map(|part| part.schema).collect()))
            }
        }
    }

    fn objects(
        &mut self,
        one: ObjectShape,
        two: ObjectShape,
        (one_is_closed, two_is_closed): (bool, bool),
    ) -> Merged<Shape> {
        let names = |shape: &ObjectShape| -> HashMap<String, usize> {
            let names = shape.properties.iter().enumerate();
            names.map(|(place, property)| (property.name.clone(), place)).collect()
        };
        let (known, others) = (names(&one), names(&two));
        let is_foreign = |of: &ObjectShape, to: &HashMap<String, usize>| {
            of.properties.iter().any(|property| !to.contains_key(&property.name))
        };
        if one_is_closed && is_foreign(&two, &known) || two_is_closed && is_foreign(&one, &others) {
            return Err(Conflict::Lost(
                "additionalProperties: false in one part forbids the properties of the other"
                    .to_owned(),
            ));
        }
        let additional = match (one.additional, two.additional) {
            (None, None) => None,
            (first, second) if first == second => first,
            (Some(free), None) if free.values.shape == Shape::Any => {
                (!two_is_closed).then_some(free)
            }
            (None, Some(free)) if free.values.shape == Shape::Any => {
                (!one_is_closed).then_some(free)
            }
            _ => {
                let reason = "additionalProperties of one part speaks of properties of the other";
                return Err(Conflict::Lost(reason.to_owned()));
            }
        };
        let mut properties = one.properties;
        for property in two.properties {
            let place = known.get(&property.name);
            match place.and_then(|place| properties.get_mut(*place)) {
                Some(known) => {
                    known.required |= property.required;
                    known.schema = self.properties(known, property)?;
                }
                None => properties.push(property),
            }
        }
        Ok(Shape::Object(ObjectShape { properties, additional, unread: Vec::new() }))
    }

    fn properties(&mut self, known: &Property, other: Property) -> Merged<Schema> {
        if known.schema == other.schema {
            return Ok(other.schema);
        }
        let closed = |schema: &Schema| Part { schema: schema.clone(), is_closed: true };
        let name = &known.name;
        match self.merge(closed(&known.schema), closed(&other.schema)) {
            Ok(part) => Ok(part.schema),
            Err(Conflict::Empty) => Err(Conflict::Lost(format!("no value of {name:?} fits both"))),
            Err(lost) => Err(lost),
        }
    }

    fn arrays(&mut self, one: ArrayShape, two: ArrayShape) -> Merged<Shape> {
        let closed = |schema: Schema| Part { schema, is_closed: true };
        let items = if one.items == two.items {
            one.items
        } else {
            Box::new(self.merge(closed(*one.items), closed(*two.items))?.schema)
        };
        let min_items = one.min_items.max(two.min_items);
        let max_items = least(one.max_items, two.max_items);
        Ok(Shape::Array(ArrayShape { items, min_items, max_items }))
    }
}

fn same_kind(one: Shape, two: Shape) -> Merged<Shape> {
    if one == two {
        return Ok(one);
    }
    Ok(match (one, two) {
        (Shape::Any, other) | (other, Shape::Any) => other,
        (Shape::Reference(_), _) | (_, Shape::Reference(_)) => {
            return Err(Conflict::Lost("a definition would be merged with something else".into()));
        }
        (Shape::String(one), Shape::String(two)) => Shape::String(texts(one, two)?),
        (Shape::Enum(members), limits @ (Shape::String(_) | Shape::Enum(_)))
        | (limits @ Shape::String(_), Shape::Enum(members)) => {
            let limits = Schema::from(limits);
            let mut members = members;
            members.retain(|member| check::strict(&limits, &member.value[..].into()).is_empty());
            if members.is_empty() {
                return Err(Conflict::Empty);
            }
            Shape::Enum(members)
        }
        (one, two) if is_number(&one) && is_number(&two) => numbers(one, two),
        (Shape::Map(map), other @ (Shape::Object(_) | Shape::Map(_)))
        | (other @ Shape::Object(_), Shape::Map(map))
            if is_any_map(&map) =>
        {
            other
        }
        (other @ Shape::Map(_), Shape::Map(map)) if is_any_map(&map) => other,
        (Shape::Array(limits), Shape::Tuple(places))
        | (Shape::Tuple(places), Shape::Array(limits))
            if limits.items.shape == Shape::Any =>
        {
            let count = places.len() as u64;
            let fits = limits.min_items.is_none_or(|least| least <= count)
                && limits.max_items.is_none_or(|most| count <= most);
            if !fits {
                return Err(Conflict::Empty);
            }
            Shape::Tuple(places)
        }
        (one, two) if kind(&one) == kind(&two) => {
            let kind = one.kind();
            return Err(Conflict::Lost(format!("two demands on {kind} would have to be merged")));
        }
        _ => return Err(Conflict::Empty),
    })
}

fn is_number(shape: &Shape) -> bool {
    matches!(shape, Shape::Integer(_) | Shape::Number(_))
}

/// The stricter limits of two numbers.
fn numbers(one: Shape, two: Shape) -> Shape {
    match (one, two) {
        (Shape::Integer(one), Shape::Integer(two)) => Shape::Integer(IntegerShape {
            minimum: one.minimum.max(two.minimum),
            maximum: one.maximum.min(two.maximum),
        }),
        (Shape::Integer(one), Shape::Number(two)) | (Shape::Number(two), Shape::Integer(one)) => {
            let minimum = two.minimum.map(|least| crate::Number::Float(least).ceil());
            let maximum = two.maximum.map(|most| crate::Number::Float(most).floor());
            Shape::Integer(IntegerShape {
                minimum: minimum.map_or(one.minimum, |least| least.max(one.minimum)),
                maximum: maximum.map_or(one.maximum, |most| most.min(one.maximum)),
            })
        }
        (Shape::Number(one), Shape::Number(two)) => Shape::Number(NumberShape {
            minimum: one.minimum.into_iter().chain(two.minimum).reduce(f64::max),
            maximum: one.maximum.into_iter().chain(two.maximum).reduce(f64::min),
            single_precision: one.single_precision || two.single_precision,
        }),
        (other, _) => other,
    }
}

/// Whether the limits of a number contradict one another.
fn is_empty(shape: &Shape) -> bool {
    match shape {
        Shape::Integer(shape) => shape.minimum > shape.maximum,
        Shape::Number(shape) => {
            shape.minimum.zip(shape.maximum).is_some_and(|(least, most)| least > most)
        }
        _ => false,
    }
}

fn texts(one: StringShape, two: StringShape) -> Merged<StringShape> {
    let lost = |what: &str| Err(Conflict::Lost(format!("one of two {what} would be lost")));
    if one.pattern.is_some() && two.pattern.is_some() && one.pattern != two.pattern {
        return lost("patterns");
    }
    if one.format.is_some() && two.format.is_some() && one.format != two.format {
        return lost("formats");
    }
    Ok(StringShape {
        min_length: one.min_length.max(two.min_length),
        max_length: least(one.max_length, two.max_length),
        pattern: one.pattern.or(two.pattern),
        format: one.format.or(two.format),
    })
}

/// Kinds of JSON values, as far as shapes tell them apart.
pub(super) fn kind(shape: &Shape) -> u8 {
    match shape {
        Shape::String(_) | Shape::Enum(_) => 0,
        Shape::Integer(_) | Shape::IntegerEnum(_) | Shape::Number(_) => 1,
        Shape::Boolean => 2,
        Shape::Array(_) | Shape::Tuple(_) => 3,
        Shape::Object(_) | Shape::Map(_) => 4,
        Shape::Null => 5,
        Shape::AnyOf(_) | Shape::Reference(_) | Shape::Any | Shape::Invalid(_) => 6,
    }
}

/// Whether `null` conforms, as far as it can be seen without following references.
pub(super) fn takes_null(schema: &Schema) -> bool {
    schema.annotations.nullable
        || match &schema.shape {
            Shape::Null | Shape::Any => true,
            Shape::AnyOf(branches) => branches.iter().any(takes_null),
            _ => false,
        }
}

/// Whether keywords of several types stand beside something else, and no type: what they say
/// together is no alternative.
fn is_vague(schema: &Schema, other: &Schema) -> bool {
    let is_inferred = |schema: &Schema| schema.annotations.is_inferred;
    let differs = || is_inferred(other) && kind(&schema.shape) != kind(&other.shape);
    is_inferred(schema)
        && other.shape != Shape::Any
        && (matches!(schema.shape, Shape::AnyOf(_)) || differs())
}

/// Whether all values of a shape have one type.
fn is_of_a_kind(shape: &Shape) -> bool {
    kind(shape) != kind(&Shape::Any)
}

/// Whether the source allows values of other types than the shape does.
fn is_open(schema: &Schema) -> bool {
    schema.annotations.is_inferred || schema.shape == Shape::Any
}

/// Whether no type is named here, or in an alternative.
pub(super) fn is_inferred(schema: &Schema) -> bool {
    schema.annotations.is_inferred
        || match &schema.shape {
            Shape::AnyOf(branches) => branches.iter().any(is_inferred),
            _ => false,
        }
}

/// How many nodes a schema has.
pub(super) fn size(schema: &Schema) -> usize {
    schema.shape.children().map(size).fold(1, usize::saturating_add)
}

fn least(one: Option<u64>, two: Option<u64>) -> Option<u64> {
    one.into_iter().chain(two).min()
}

fn joined(one: &Annotations, two: &Annotations, nullable: bool) -> Annotations {
    Annotations {
        title: one.title.clone().or_else(|| two.title.clone()),
        description: one.description.clone().or_else(|| two.description.clone()),
        example: one.example.clone().or_else(|| two.example.clone()),
        nullable,
        ..Annotations::default()
    }
}

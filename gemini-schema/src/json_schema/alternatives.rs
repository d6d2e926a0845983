//! `anyOf` and `oneOf`.

use std::cell::Cell;
use std::collections::BTreeMap;

use super::merge::{kind, takes_null};
use super::reader::{Mode, Part, Reader};
use crate::path::Path;
use crate::schema::{EnumMember, ObjectShape};
use crate::{OrderedJson, Problem, Schema, Shape, check};

/// How many comparisons one `oneOf` is worth.
const COMPARISONS: usize = 1_000_000;

/// Beyond these, all pairs are too many to look at.
const MOST_ALTERNATIVES: usize = 300;

/// How many references are followed when alternatives are compared.
const MOST_REFERENCES: u32 = 16;

/// The alternatives of a `oneOf`, which have to exclude one another.
pub(super) struct OneOf {
    path: String,
    branches: Vec<Schema>,
    /// Whether nothing else is said about the same node further up.
    is_whole: bool,
}

type Definitions = BTreeMap<String, Schema>;

impl OneOf {
    pub(super) fn new(path: &Path, branches: &[Part], is_whole: bool) -> OneOf {
        let branches = branches.iter().map(|part| part.schema.clone()).collect();
        OneOf { path: format!("{}/oneOf", path.as_str()), branches, is_whole }
    }
}

impl<'a> Reader<'a> {
    pub(super) fn branches(
        &mut self,
        json: &'a OrderedJson,
        path: &mut Path,
        mode: Mode,
    ) -> Vec<Part> {
        match json {
            OrderedJson::Array(branches) if !branches.is_empty() => branches
                .iter()
                .enumerate()
                .map(|(index, branch)| path.step(index, |path| self.visit(branch, path, mode)))
                .collect(),
            _ => vec![self.refuse(path, "there is no alternative", "list at least one schema")],
        }
    }
}

/// One schema for several alternatives; an enumeration if all are texts.
pub(super) fn combine(branches: Vec<Part>) -> Part {
    let is_closed = branches.iter().any(|part| part.is_closed);
    let mut schemas = Vec::with_capacity(branches.len());
    for part in branches {
        let is_plain = !part.schema.annotations.nullable
            && part.schema.annotations.description.is_none()
            && part.schema.annotations.title.is_none();
        match part.schema.shape {
            Shape::AnyOf(inner) if is_plain => schemas.extend(inner),
            shape => schemas.push(Schema { shape, ..part.schema }),
        }
    }
    if schemas.iter().any(|schema| schema.shape == Shape::Any) {
        return Part { schema: Schema::any(), is_closed };
    }
    let schema = match members(&schemas) {
        Some(members) => {
            let is_nullable = schemas.iter().any(|schema| schema.shape == Shape::Null);
            let schema = Schema::from(Shape::Enum(members));
            if is_nullable { schema.nullable() } else { schema }
        }
        None => Schema::any_of(schemas),
    };
    Part { schema, is_closed }
}

/// The problems of those alternatives that may overlap.
pub(super) fn problems(one_ofs: &[OneOf], definitions: &Definitions) -> Vec<Problem> {
    let overlaps = one_ofs.iter().filter(|one_of| one_of.overlaps(definitions));
    let problem = |one_of: &OneOf| {
        Problem::new(
            "the alternatives of oneOf may overlap, and that only one fits would be lost",
            "use anyOf, or give each alternative a required property with its own const",
        )
        .at(&one_of.path)
    };
    overlaps.map(problem).collect()
}

/// The members of alternatives that are all texts from a list, with their words.
fn members(schemas: &[Schema]) -> Option<Vec<EnumMember>> {
    let mut all: Vec<EnumMember> = Vec::new();
    for schema in schemas {
        let annotations = &schema.annotations;
        match &schema.shape {
            Shape::Null => {}
            Shape::Enum(members) if !annotations.nullable && annotations.title.is_none() => {
                match (&members[..], &annotations.description) {
                    ([member], Some(description)) => {
                        let mut member = member.clone();
                        member.description = Some(description.clone());
                        all.push(member);
                    }
                    (members, None) => all.extend(members.iter().cloned()),
                    _ => return None,
                }
            }
            _ => return None,
        }
    }
    let mut seen = std::collections::HashSet::new();
    all.retain(|member| seen.insert(member.value.clone()));
    (!all.is_empty()).then_some(all)
}

impl OneOf {
    fn overlaps(&self, definitions: &Definitions) -> bool {
        let judge = Judge { definitions, is_whole: self.is_whole, budget: Cell::new(COMPARISONS) };
        let nulls = self.branches.iter().filter(|branch| judge.takes_null(branch)).count();
        if self.branches.len() > MOST_ALTERNATIVES || nulls > 1 {
            return true;
        }
        self.branches.iter().enumerate().any(|(index, one)| {
            let others = self.branches.iter().skip(index + 1);
            others.into_iter().any(|two| !judge.excludes(one, two, MOST_REFERENCES))
        })
    }
}

struct Judge<'a> {
    definitions: &'a Definitions,
    is_whole: bool,
    /// How many comparisons are left.
    budget: Cell<usize>,
}

impl Judge<'_> {
    fn takes_null(&self, schema: &Schema) -> bool {
        let mut schema = schema;
        for _ in 0..MOST_REFERENCES {
            match &schema.shape {
                Shape::Reference(name) if !schema.annotations.nullable => {
                    match self.definitions.get(name) {
                        Some(definition) => schema = definition,
                        None => return true,
                    }
                }
                _ => return takes_null(schema) || schema.annotations.is_inferred,
            }
        }
        true
    }

    /// Whether no value but `null` conforms to both, as the source means them.
    fn excludes(&self, one: &Schema, two: &Schema, fuel: u32) -> bool {
        let Some(fuel) = fuel.checked_sub(1).filter(|_| self.spend(1)) else { return false };
        match (&one.shape, &two.shape) {
            (Shape::Reference(name), _) => {
                self.definitions.get(name).is_some_and(|one| self.excludes(one, two, fuel))
            }
            (_, Shape::Reference(name)) => {
                self.definitions.get(name).is_some_and(|two| self.excludes(one, two, fuel))
            }
            (Shape::Any | Shape::Invalid(_), _) | (_, Shape::Any | Shape::Invalid(_)) => false,
            (Shape::AnyOf(branches), _) => branches.iter().all(|one| self.excludes(one, two, fuel)),
            (_, Shape::AnyOf(branches)) => branches.iter().all(|two| self.excludes(one, two, fuel)),
            (Shape::Enum(members), limits @ (Shape::Enum(_) | Shape::String(_)))
            | (limits @ Shape::String(_), Shape::Enum(members)) => {
                let limits = Schema::from(limits.clone());
                members
                    .iter()
                    .all(|member| !check::strict(&limits, &member.value[..].into()).is_empty())
            }
            (Shape::Integer(one), Shape::Integer(two)) => {
                one.maximum < two.minimum || two.maximum < one.minimum
            }
            (Shape::Number(one), Shape::Number(two)) => {
                let is_below = |one: Option<f64>, two: Option<f64>| {
                    one.zip(two).is_some_and(|(most, least)| most < least)
                };
                is_below(one.maximum, two.minimum) || is_below(two.maximum, one.minimum)
            }
            (Shape::Object(one), Shape::Object(two)) => self.objects(one, two, fuel),
            (first, second) => {
                let is_named = !one.annotations.is_inferred && !two.annotations.is_inferred;
                is_named && kind(first) != kind(second)
            }
        }
    }

    fn spend(&self, comparisons: usize) -> bool {
        self.budget.set(self.budget.get().saturating_sub(comparisons));
        self.budget.get() > 0
    }

    fn objects(&self, one: &ObjectShape, two: &ObjectShape, fuel: u32) -> bool {
        if !self.spend(one.properties.len().saturating_mul(two.properties.len())) {
            return false;
        }
        let mut required = one.properties.iter().filter(|property| property.required);
        let is_told_apart = required.any(|one| {
            two.property(&one.name).is_some_and(|two| {
                two.required
                    && !(self.takes_null(&one.schema) && self.takes_null(&two.schema))
                    && self.excludes(&one.schema, &two.schema, fuel)
            })
        });
        let has_own = |one: &ObjectShape, two: &ObjectShape| {
            let mut required = one.properties.iter().filter(|property| property.required);
            two.additional.is_none()
                && required.any(|property| two.property(&property.name).is_none())
        };
        is_told_apart || self.is_whole && has_own(one, two) && has_own(two, one)
    }
}

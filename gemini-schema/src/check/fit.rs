//! Which of several alternatives a value is meant for.

use serde_json::{Map, Value};

use super::Checker;
use super::findings::{Findings, Wanted};
use crate::path::Path;
use crate::schema::{ObjectShape, Shape};
use crate::{Schema, Violation};

/// How well a value fits a schema.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fit {
    /// The type refuses it.
    Refused,
    /// The type reads it, though it breaks limits or has properties that are not known.
    Read,
    Conforms,
}

impl<'a> Checker<'a> {
    pub(super) fn any_of(
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
        for branch in alternatives {
            if self.has_other_tag(branch, value) {
                continue;
            }
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
                self.has_tags(shape, members)
                    && (shape.additional.is_some()
                        || members.keys().any(|name| self.is_known(shape, name)))
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
            | (Shape::Integer(_) | Shape::Number(_) | Shape::IntegerEnum(_), Value::Number(_))
            | (Shape::Boolean, Value::Bool(_))
            | (Shape::Map(_), Value::Object(_)) => true,
            _ => false,
        }
    }

    fn has_tags(&self, shape: &ObjectShape, members: &Map<String, Value>) -> bool {
        shape.properties.iter().all(|property| {
            let Some(tag) = property.tag() else { return true };
            match property.names(self.side).find_map(|name| members.get(name)) {
                Some(value) => value.as_str().is_some_and(|text| tag.answers_to(text, self.side)),
                None => !property.required,
            }
        })
    }

    /// Whether an object is tagged as another one. To see that is much cheaper than to judge it.
    fn has_other_tag(&self, schema: &Schema, value: &Value) -> bool {
        let (Shape::Object(shape), Value::Object(members)) = (&schema.shape, value) else {
            return false;
        };
        shape.properties.iter().any(|property| {
            match (property.tag(), members.get(&property.name)) {
                (Some(tag), Some(Value::String(text))) => !tag.answers_to(text, self.side),
                _ => false,
            }
        })
    }
}

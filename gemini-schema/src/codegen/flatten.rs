//! Objects whose properties come from several types.

use crate::{Annotations, Generator, Problem, Property, Schema, Shape};

/// More alternatives than this are refused: each flattened enum multiplies them.
const MOST_ALTERNATIVES: usize = 256;

/// An object in the making: one list of properties for each alternative.
#[derive(Debug)]
pub(super) struct Objects {
    alternatives: Vec<(Annotations, Vec<Property>)>,
    problem: Option<Problem>,
}

impl Objects {
    /// Begins with a tag, if there is one.
    pub(super) fn new(tag: Option<Property>) -> Objects {
        let first = (Annotations::default(), tag.into_iter().collect());
        Objects {
            alternatives: vec![first],
            problem: None,
        }
    }

    /// Adds a property to every alternative.
    pub(super) fn push(&mut self, property: &Property) {
        for (_, properties) in &mut self.alternatives {
            properties.push(property.clone());
        }
    }

    /// Adds the properties of another object, or of each alternative of an enum.
    pub(super) fn flatten(&mut self, generator: &Generator, schema: Schema) {
        let Some(parts) = objects(generator, schema) else {
            return;
        };
        let parts = match parts {
            Ok(parts) if parts.len() * self.alternatives.len() <= MOST_ALTERNATIVES => parts,
            Ok(_) => {
                self.problem.get_or_insert(Problem::new(
                    format!("flattening makes more than {MOST_ALTERNATIVES} alternatives"),
                    "make one of the flattened enums a property of its own",
                ));
                return;
            }
            Err(problem) => {
                self.problem.get_or_insert(problem);
                return;
            }
        };
        let combine = |(own, properties): &(Annotations, Vec<Property>)| {
            let own = own.clone();
            let properties = properties.clone();
            parts.iter().map(move |(annotations, added)| {
                let mut own = own.clone();
                own.description = own.description.or_else(|| annotations.description.clone());
                (own, properties.iter().chain(added).cloned().collect())
            })
        };
        self.alternatives = self.alternatives.iter().flat_map(combine).collect();
    }

    pub(super) fn into_schema(self) -> Schema {
        if let Some(problem) = self.problem {
            return Schema::invalid(problem);
        }
        let is_single = self.alternatives.len() == 1;
        Schema::any_of(
            self.alternatives
                .into_iter()
                .map(|(annotations, properties)| {
                    let mut schema = Schema::object(properties);
                    if !is_single {
                        schema.annotations = annotations;
                    }
                    schema
                }),
        )
    }
}

type Parts = Vec<(Annotations, Vec<Property>)>;

/// The objects that a schema is made of; `None` if it adds nothing.
fn objects(generator: &Generator, schema: Schema) -> Option<Result<Parts, Problem>> {
    let kind = schema.shape.kind();
    if schema.annotations.nullable {
        return Some(Err(unfit("an Option")));
    }
    Some(match schema.shape {
        Shape::Object(shape) => Ok(vec![(schema.annotations, shape.properties)]),
        Shape::AnyOf(branches) => {
            let mut parts = Vec::new();
            for branch in branches {
                match objects(generator, branch) {
                    Some(Ok(found)) => parts.extend(found),
                    Some(Err(problem)) => return Some(Err(problem)),
                    None => parts.push((Annotations::default(), Vec::new())),
                }
            }
            Ok(parts)
        }
        Shape::Reference(name) => match generator.definition(&name) {
            Some(definition) => return objects(generator, definition.clone()),
            None => Err(unfit("a type that contains itself")),
        },
        Shape::Invalid(problem) => Err(problem),
        _ => Err(unfit(kind)),
    })
}

fn unfit(kind: &str) -> Problem {
    Problem::new(
        format!("only objects can stand among the properties of another, and this is {kind}"),
        "flatten or tag a struct with named fields or an enum of such structs, \
         or give it a property of its own",
    )
}

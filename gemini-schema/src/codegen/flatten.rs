//! Objects whose properties come from several types.

use crate::{Annotations, EnumMember, Generator, Problem, Property, Schema, Shape};

/// More alternatives than this are refused: each flattened enum multiplies them.
const MOST_ALTERNATIVES: usize = 256;

/// An object in the making: one list of properties for each alternative.
#[derive(Debug)]
pub(super) struct Objects {
    alternatives: Vec<Part>,
    problem: Option<Problem>,
}

impl Objects {
    /// Begins with a tag, if there is one.
    pub(super) fn new(tag: Option<Property>) -> Objects {
        let first = (Annotations::default(), tag.into_iter().collect());
        Objects { alternatives: vec![first], problem: None }
    }

    /// Adds a property to every alternative.
    pub(super) fn push(&mut self, property: &Property) {
        for (_, properties) in &mut self.alternatives {
            properties.push(property.clone());
        }
    }

    /// Adds the properties of another object, or of each alternative of an enum.
    pub(super) fn flatten(&mut self, generator: &Generator, schema: Schema, absence: Absence) {
        let parts = match parts(generator, schema, absence) {
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
        let combine = |(own, properties): &Part| {
            let (own, properties) = (own.clone(), properties.clone());
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
        Schema::any_of(self.alternatives.into_iter().map(|(annotations, properties)| {
            let mut schema = Schema::object(properties);
            if !is_single {
                schema.annotations = annotations;
            }
            schema
        }))
    }
}

/// One alternative: what is said about it, and its properties.
type Part = (Annotations, Vec<Property>);

/// Whether serde writes nothing at all for the `None` of an `Option`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Absence {
    Taken,
    Refused,
}

/// The objects that a schema is made of, as serde writes them among other properties.
fn parts(generator: &Generator, schema: Schema, absence: Absence) -> Result<Vec<Part>, Problem> {
    let Schema { shape, annotations, .. } = schema;
    let is_nullable = annotations.nullable;
    if is_nullable && absence == Absence::Refused {
        return Err(unfit("an Option"));
    }
    let mut parts = match shape {
        Shape::Null => vec![Part::default()],
        Shape::Object(shape) => {
            let properties = shape.properties.into_iter().map(buffered).collect();
            vec![(annotations, properties)]
        }
        Shape::Enum(members) => members.into_iter().map(unit).collect(),
        Shape::AnyOf(branches) => {
            let branches = branches.into_iter().map(|branch| parts(generator, branch, absence));
            branches.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect()
        }
        Shape::Reference(name) => match generator.definition(&name) {
            Some(definition) => parts(generator, definition.clone(), absence)?,
            None => return Err(unfit("a type that contains itself")),
        },
        Shape::Invalid(problem) => return Err(problem),
        other => return Err(unfit(other.kind())),
    };
    if is_nullable {
        parts.push(Part::default());
    }
    Ok(parts)
}

fn buffered(property: Property) -> Property {
    Property { schema: property.schema.buffered(), ..property }
}

/// A variant without content: serde writes it as a property that is `null`.
fn unit(member: EnumMember) -> Part {
    let EnumMember { value, aliases, description } = member;
    let property = Property { aliases, ..Property::required(value, Schema::null()) };
    (Annotations { description, ..Annotations::default() }, vec![property])
}

fn unfit(kind: &str) -> Problem {
    Problem::new(
        format!("only objects can stand among the properties of another, and this is {kind}"),
        "flatten or tag a struct with named fields or an enum, or give it a property of its own",
    )
}

//! Objects whose properties come from several types.

use crate::lift::VALUE;
use crate::schema::{Flattened, ObjectShape, Others, StringShape};
use crate::{Additional, Annotations, EnumMember, Generator, Problem, Property, Schema, Shape};

/// More alternatives than this are refused: each flattened enum multiplies them.
const MOST_ALTERNATIVES: usize = 256;

/// An object in the making: one shape for each alternative.
#[derive(Debug)]
pub(super) struct Objects {
    alternatives: Vec<Part>,
    /// The types that are flattened already.
    before: Vec<Sibling>,
    problem: Option<Problem>,
}

/// Where a type is flattened.
#[derive(Debug, Clone, Copy)]
pub(super) enum Origin<'a> {
    /// In a field of this name, where serde writes nothing at all for the `None` of an `Option`.
    Field(&'a str),
    /// In a variant with a tag.
    Variant,
}

/// A type beside which another one is flattened.
#[derive(Debug, Clone, Copy)]
struct Sibling {
    reads: Flattened,
    /// Whether it refuses the members of others.
    refuses: bool,
    /// Whether it has members of its own.
    shows: bool,
}

impl Objects {
    /// Begins with a tag, if there is one.
    pub(super) fn new(tag: Option<Property>) -> Objects {
        let mut first = Part::default();
        first.shape.properties.extend(tag);
        Objects { alternatives: vec![first], before: Vec::new(), problem: None }
    }

    /// Begins with a tag that serde writes and leaves where it is when it reads.
    pub(super) fn with_tag_left(tag: Property) -> Objects {
        let tag_left = Sibling { reads: Flattened::Seen, refuses: false, shows: true };
        Objects { before: vec![tag_left], ..Objects::new(Some(tag)) }
    }

    /// Adds a property to every alternative.
    pub(super) fn push(&mut self, property: &Property) {
        for part in &mut self.alternatives {
            part.shape.properties.push(property.clone());
        }
    }

    /// Adds a name that serde writes and does not read.
    pub(super) fn push_unread(&mut self, name: &str) {
        for part in &mut self.alternatives {
            part.shape.unread.push(name.to_owned());
        }
    }

    /// Adds the properties of another object, or of each alternative of an enum.
    pub(super) fn flatten(&mut self, generator: &Generator, schema: Schema, origin: Origin<'_>) {
        let added = parts(generator, schema, origin).and_then(|parts| {
            self.order(&parts, origin)?;
            self.combine(&parts, origin)
        });
        match added {
            Ok(alternatives) => self.alternatives = alternatives,
            Err(problem) => {
                self.problem.get_or_insert(problem);
            }
        }
    }

    /// A type that reads every member that is left, or refuses those of others, has to come after
    /// those that take theirs, and beside none that does not.
    fn order(&mut self, parts: &[Part], origin: Origin<'_>) -> Result<(), Problem> {
        let added = Sibling {
            reads: parts.iter().map(Part::reads).max().unwrap_or(Flattened::Taken),
            refuses: parts.iter().any(|part| part.refuses(origin)),
            shows: parts.iter().any(|part| !part.is_empty()),
        };
        let left = |before: &Sibling| before.reads != Flattened::Taken && before.shows;
        let mut before = self.before.iter();
        let reads_others = match added.reads {
            Flattened::All => before.any(left),
            _ => before.any(|before| before.reads == Flattened::All),
        };
        let mut before = self.before.iter();
        let refuses_others =
            before.any(|before| added.refuses && left(before) || before.refuses && added.shows);
        self.before.push(added);
        if refuses_others {
            return Err(Problem::new(
                "serde would refuse the members of another flattened type, or the tag, here: it \
                 looks for a variant without a tag, or knows no other fields",
                "flatten this type after all others, which have to be plain structs and enums, or \
                 make it a property of its own",
            ));
        }
        if !reads_others {
            return Ok(());
        }
        Err(Problem::new(
            "a flattened map would read the members of another flattened type, or the tag, too",
            "flatten the map after all others, and beside plain structs and enums only, or make it \
             a property of its own",
        ))
    }

    fn combine(&self, parts: &[Part], origin: Origin<'_>) -> Result<Vec<Part>, Problem> {
        if parts.len() * self.alternatives.len() > MOST_ALTERNATIVES {
            return Err(Problem::new(
                format!("flattening makes more than {MOST_ALTERNATIVES} alternatives"),
                "make one of the flattened enums a property of its own",
            ));
        }
        let combine = |own: &Part| {
            let own = own.clone();
            parts.iter().map(move |added| own.clone().with(added.clone(), origin))
        };
        Ok(self.alternatives.iter().flat_map(combine).collect())
    }

    pub(super) fn into_schema(self) -> Schema {
        if let Some(problem) = self.problem {
            return Schema::invalid(problem);
        }
        let reads = self.before.iter().map(|before| before.reads);
        let flattened = reads.fold(Flattened::Seen, Flattened::max);
        let is_single = self.alternatives.len() == 1;
        Schema::any_of(self.alternatives.into_iter().map(|Part { annotations, shape }| {
            let schema = shape.into_schema();
            let others = annotations.others;
            let words = if is_single { Annotations::default() } else { annotations };
            Schema { annotations: Annotations { flattened, others, ..words }, ..schema }
        }))
    }
}

/// One alternative: what is said about it, and its shape.
#[derive(Debug, Clone, Default)]
struct Part {
    annotations: Annotations,
    shape: ObjectShape,
}

impl Part {
    fn with(mut self, added: Part, origin: Origin<'_>) -> Part {
        if added.refuses(origin) {
            self.annotations.others = Others::Refused;
        }
        let Part { annotations, shape } = added;
        self.annotations.description = self.annotations.description.or(annotations.description);
        self.shape.properties.extend(shape.properties);
        self.shape.unread.extend(shape.unread);
        self.shape.additional = self.shape.additional.or(shape.additional);
        self
    }

    /// Members with free names, and nothing else.
    fn free(name: &str, values: Schema) -> Part {
        let additional = Some(Box::new(Additional::new(name, values.buffered())));
        Part { shape: ObjectShape { additional, ..ObjectShape::default() }, ..Part::default() }
    }

    /// Nothing that is read.
    fn nothing(is_buffered: bool) -> Part {
        let others = Others::RefusedAside;
        let annotations = Annotations { others, is_buffered, ..Annotations::default() };
        Part { annotations, shape: ObjectShape::default() }
    }

    fn is_empty(&self) -> bool {
        self.shape.properties.is_empty() && self.shape.additional.is_none()
    }

    /// Whether serde refuses members that it does not know.
    fn refuses(&self, origin: Origin<'_>) -> bool {
        match self.annotations.others {
            Others::Ignored => false,
            Others::RefusedAside => {
                self.annotations.is_buffered || matches!(origin, Origin::Variant)
            }
            Others::Refused => true,
        }
    }

    fn reads(&self) -> Flattened {
        match self.annotations.flattened {
            _ if self.shape.additional.is_some() => Flattened::All,
            _ if self.is_empty() => Flattened::Taken,
            Flattened::Taken if self.annotations.is_buffered => Flattened::Seen,
            flattened => flattened,
        }
    }
}

impl ObjectShape {
    /// The schema of this shape; of a map, if there is nothing but free names.
    fn into_schema(self) -> Schema {
        match self {
            ObjectShape { properties, additional: Some(additional), unread }
                if properties.is_empty() && unread.is_empty() =>
            {
                let Additional { values, .. } = *additional;
                Schema::map(Schema::string(), values)
            }
            shape => Shape::Object(shape).into(),
        }
    }
}

/// The objects that a schema is made of, as serde writes them among other properties.
fn parts(generator: &Generator, schema: Schema, origin: Origin<'_>) -> Result<Vec<Part>, Problem> {
    let Schema { shape, annotations, .. } = schema;
    let is_nullable = annotations.nullable;
    if annotations.flattened == Flattened::Never {
        return Err(unfit("an untagged enum with a variant that is null"));
    }
    if is_nullable && matches!(origin, Origin::Variant) {
        return Err(unfit("an Option"));
    }
    let name = match origin {
        Origin::Field(name) => name,
        Origin::Variant => VALUE,
    };
    let mut parts = match shape {
        Shape::Null => vec![Part::nothing(annotations.is_buffered)],
        Shape::Object(mut shape) => {
            shape.properties = shape.properties.into_iter().map(buffered).collect();
            vec![Part { annotations, shape }]
        }
        Shape::Map(map) if map.has_limits() => return Err(unfit("a map with limits")),
        Shape::Map(map) if is_any_text(&map.keys) => {
            return Ok(vec![Part::free(name, described(*map.values, annotations))]);
        }
        Shape::Map(_) => return Err(unfit("a map whose keys are not just any text")),
        Shape::Any => return Ok(vec![Part::free(name, described(Schema::any(), annotations))]),
        Shape::Enum(members) => {
            members.into_iter().map(|member| unit(member, annotations.is_buffered)).collect()
        }
        Shape::AnyOf(branches) => {
            let branches = branches.into_iter().map(|mut branch| {
                branch.annotations.is_buffered |= annotations.is_buffered;
                parts(generator, branch, origin)
            });
            branches.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect()
        }
        Shape::Reference(name) => match generator.definition(&name) {
            Some(definition) => {
                let mut definition = definition.clone();
                definition.annotations.is_buffered |= annotations.is_buffered;
                parts(generator, definition, origin)?
            }
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

fn is_any_text(keys: &Schema) -> bool {
    matches!(&keys.shape, Shape::String(shape) if *shape == StringShape::default())
}

/// The values of a map, with what is said about it, if nothing is said about them.
fn described(mut values: Schema, map: Annotations) -> Schema {
    values.annotations.description = values.annotations.description.or(map.description);
    values
}

fn buffered(property: Property) -> Property {
    Property { schema: property.schema.buffered(), ..property }
}

/// A variant without content: serde writes it as a property that is `null`.
fn unit(member: EnumMember, is_buffered: bool) -> Part {
    let EnumMember { value, aliases, writing, description, .. } = member;
    let annotations = Annotations {
        description,
        is_buffered,
        flattened: Flattened::Taken,
        others: Others::RefusedAside,
        ..Annotations::default()
    };
    let property = Property { aliases, writing, ..Property::required(value, Schema::null()) };
    let shape = ObjectShape { properties: vec![property], ..ObjectShape::default() };
    Part { annotations, shape }
}

fn unfit(kind: &str) -> Problem {
    Problem::new(
        format!("only objects can stand among the properties of another, and this is {kind}"),
        "flatten or tag a struct with named fields, an enum or a map with keys of text, or give it \
         a property of its own",
    )
}

//! Structs, and the contents of variants.

use super::Build;
use super::attribute::{Attribute, annotate};
use super::flatten::{Objects, Origin};
use crate::schema::{Flattened, Others};
use crate::{EnumMember, Generator, Identity, Property, Schema, Shape, schema};

/// A struct or an enum.
#[derive(Debug, Clone, Copy)]
pub struct Container<'a> {
    /// Which type.
    pub identity: Identity,
    /// Its name in serde.
    pub name: &'a str,
    /// How serde names it when it writes.
    pub writing: Writing<'a>,
    /// Whether serde refuses the fields that it does not know.
    pub closed: bool,
    /// What stands on it.
    pub attributes: &'a [Attribute<'a>],
}

/// The fields of a struct or a variant.
#[derive(Debug, Clone, Copy)]
pub enum Content<'a> {
    /// None.
    Unit,
    /// One without a name.
    Newtype(Element<'a>),
    /// Several without names.
    Tuple(&'a [Element<'a>]),
    /// Named ones.
    Struct(&'a [Field<'a>]),
}

/// A field without a name.
#[derive(Debug, Clone, Copy)]
pub struct Element<'a> {
    /// Builds the schema of its type.
    pub schema: Build,
    /// What stands on it.
    pub attributes: &'a [Attribute<'a>],
}

/// A named field.
#[derive(Debug, Clone, Copy)]
pub struct Field<'a> {
    /// Its name in JSON.
    pub name: &'a str,
    /// Other names that serde accepts.
    pub aliases: &'a [&'a str],
    /// How serde names it when it writes.
    pub writing: Writing<'a>,
    /// Whether it has to be there.
    pub presence: Presence,
    /// Builds the schema of its type.
    pub schema: Build,
    /// What stands on it.
    pub attributes: &'a [Attribute<'a>],
}

/// How a field stands in its object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// As a property that is always there.
    Required,
    /// As a property that may be left out.
    Optional,
    /// Not at all: its own properties stand there instead.
    Flatten,
    /// As a property that serde writes and does not read.
    Unread,
}

/// How serde writes what it reads under some name.
#[derive(Debug, Clone, Copy)]
pub enum Writing<'a> {
    /// Under the same name.
    AsRead,
    /// Under this name.
    As(&'a str),
    /// Not at all.
    Never,
}

/// The schema of a struct. `tag` is that of `#[serde(tag = "..")]`; its value is the name.
pub fn structure(
    generator: &mut Generator,
    container: Container<'_>,
    tag: Option<&str>,
    content: Content<'_>,
) -> Schema {
    generator.define(container.identity, container.name, |generator| {
        let schema = match (tag, content) {
            (Some(tag), Content::Struct(fields)) => {
                object(generator, Objects::with_tag_left(tagged(tag, container)), fields)
            }
            (None, Content::Struct(fields)) => {
                let mut schema = object(generator, Objects::new(None), fields);
                if fields.iter().all(|field| field.presence != Presence::Flatten) {
                    schema.annotations.flattened = Flattened::Taken;
                }
                container.close(schema)
            }
            _ => content.schema(generator),
        };
        annotate(schema, container.attributes)
    })
}

impl Container<'_> {
    /// The schema of an object whose fields serde knows by this type's attributes.
    pub(super) fn close(&self, mut schema: Schema) -> Schema {
        if self.closed {
            schema.annotations.others = Others::RefusedAside;
        }
        schema
    }
}

/// The property that says which type it is.
fn tagged(tag: &str, container: Container<'_>) -> Property {
    let member =
        EnumMember { writing: container.writing.schema(), ..EnumMember::new(container.name) };
    tag_of(tag, member)
}

/// A property with one possible value.
pub(super) fn tag_of(tag: &str, member: EnumMember) -> Property {
    Property::required(tag, Schema::from(Shape::Enum(vec![member])).enforced_by_type())
}

/// Adds the fields to an object, flattened ones spliced in where they stand.
pub(super) fn object(
    generator: &mut Generator,
    mut objects: Objects,
    fields: &[Field<'_>],
) -> Schema {
    for field in fields {
        match field.presence {
            Presence::Required => objects.push(&field.property(generator)),
            Presence::Optional => {
                objects.push(&Property { required: false, ..field.property(generator) });
            }
            Presence::Flatten => {
                let mut schema = (field.schema)(generator);
                if matches!(schema.shape, Shape::Map(_) | Shape::Any) {
                    schema = annotate(schema, field.attributes);
                }
                objects.flatten(generator, schema, Origin::Field(field.name));
            }
            Presence::Unread => objects.push_unread(field.name),
        }
    }
    objects.into_schema()
}

impl Content<'_> {
    /// What the content looks like where nothing names it.
    pub(super) fn schema(self, generator: &mut Generator) -> Schema {
        match self {
            Content::Unit => Schema::null(),
            Content::Newtype(element) => element.schema(generator),
            Content::Tuple(elements) => {
                let places: Vec<_> =
                    elements.iter().map(|element| element.schema(generator)).collect();
                Schema::tuple(places)
            }
            Content::Struct(fields) => object(generator, Objects::new(None), fields),
        }
    }
}

impl Field<'_> {
    fn property(&self, generator: &mut Generator) -> Property {
        let schema = annotate((self.schema)(generator), self.attributes);
        Property {
            aliases: self.aliases.iter().map(|alias| (*alias).to_owned()).collect(),
            writing: self.writing.schema(),
            ..Property::required(self.name, schema)
        }
    }
}

impl Writing<'_> {
    pub(super) fn schema(self) -> schema::Writing {
        match self {
            Writing::AsRead => schema::Writing::AsRead,
            Writing::As(name) => schema::Writing::As(name.to_owned()),
            Writing::Never => schema::Writing::Never,
        }
    }
}

impl Element<'_> {
    fn schema(&self, generator: &mut Generator) -> Schema {
        annotate((self.schema)(generator), self.attributes)
    }
}

//! Structs, and the contents of variants.

use super::Build;
use super::attribute::{Attribute, annotate};
use super::flatten::{Absence, Objects};
use crate::{Generator, Identity, Property, Schema};

/// A struct or an enum.
#[derive(Debug, Clone, Copy)]
pub struct Container<'a> {
    /// Which type.
    pub identity: Identity,
    /// Its name in serde.
    pub name: &'a str,
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
                object(generator, Some(tagged(tag, container.name)), fields)
            }
            _ => content.schema(generator),
        };
        annotate(schema, container.attributes)
    })
}

/// The property that says which variant it is.
pub(super) fn tagged(tag: &str, name: &str) -> Property {
    Property::required(tag, Schema::enumeration([name]))
}

/// An object with the fields, flattened ones spliced in where they stand.
pub(super) fn object(
    generator: &mut Generator,
    tag: Option<Property>,
    fields: &[Field<'_>],
) -> Schema {
    let mut objects = Objects::new(tag);
    for field in fields {
        let schema = annotate((field.schema)(generator), field.attributes);
        if field.presence == Presence::Flatten {
            objects.flatten(generator, schema, Absence::Taken);
        } else {
            objects.push(&Property {
                name: field.name.to_owned(),
                aliases: field.aliases.iter().map(|alias| (*alias).to_owned()).collect(),
                schema,
                required: field.presence == Presence::Required,
            });
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
            Content::Struct(fields) => object(generator, None, fields),
        }
    }
}

impl Element<'_> {
    fn schema(&self, generator: &mut Generator) -> Schema {
        annotate((self.schema)(generator), self.attributes)
    }
}

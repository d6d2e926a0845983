//! Enums in the four representations of serde.

use super::attribute::{Attribute, annotate};
use super::content::{Container, Content, object, tagged};
use super::flatten::{Absence, Objects};
use crate::schema::EnumMember;
use crate::{Generator, Property, Schema, Shape};

/// How serde writes which variant it is.
#[derive(Debug, Clone, Copy)]
pub enum Tagging<'a> {
    /// As the one key of an object, or as a string.
    External,
    /// As a property among the fields.
    Internal(&'a str),
    /// As a property beside the content.
    Adjacent {
        /// The name of the property with the name of the variant.
        tag: &'a str,
        /// The name of the property with its content.
        content: &'a str,
    },
    /// Not at all.
    Untagged,
}

/// A variant of an enum.
#[derive(Debug, Clone, Copy)]
pub struct Variant<'a> {
    /// Its name in JSON.
    pub name: &'a str,
    /// Other names that serde accepts.
    pub aliases: &'a [&'a str],
    /// Whether it is written without its name, whatever the enum says.
    pub untagged: bool,
    /// What stands on it.
    pub attributes: &'a [Attribute<'a>],
    /// Its fields.
    pub content: Content<'a>,
}

/// The schema of an enum.
pub fn enumeration(
    generator: &mut Generator,
    container: Container<'_>,
    tagging: Tagging<'_>,
    variants: &[Variant<'_>],
) -> Schema {
    generator.define(container.identity, container.name, |generator| {
        let is_external = matches!(tagging, Tagging::External);
        let is_string =
            |variant: &Variant<'_>| matches!(variant.content, Content::Unit) && !variant.untagged;
        let schema = if is_external && variants.iter().all(is_string) {
            Shape::Enum(variants.iter().map(member).collect()).into()
        } else {
            let branches: Vec<_> =
                variants.iter().map(|variant| branch(generator, tagging, variant)).collect();
            Schema::any_of(branches)
        };
        annotate(schema, container.attributes)
    })
}

fn member(variant: &Variant<'_>) -> EnumMember {
    let description = variant.attributes.iter().find_map(|attribute| match attribute {
        Attribute::Description(text) => Some((*text).to_owned()),
        _ => None,
    });
    let aliases = variant.aliases.iter().map(|alias| (*alias).to_owned()).collect();
    EnumMember { aliases, description, ..EnumMember::new(variant.name) }
}

fn branch(generator: &mut Generator, tagging: Tagging<'_>, variant: &Variant<'_>) -> Schema {
    let tagging = if variant.untagged { Tagging::Untagged } else { tagging };
    let schema = match (tagging, variant.content) {
        (Tagging::Untagged, content) => content.schema(generator).buffered(),
        (Tagging::External, Content::Unit) => {
            Schema::from(Shape::Enum(vec![EnumMember { description: None, ..member(variant) }]))
        }
        (Tagging::External, content) => {
            let content = content.schema(generator);
            Schema::object([Property {
                aliases: aliases(variant),
                ..Property::required(variant.name, content)
            }])
        }
        (Tagging::Internal(tag), content) => internal(generator, tag, variant, content).buffered(),
        (Tagging::Adjacent { tag, .. }, Content::Unit) => Schema::object([name(tag, variant)]),
        (Tagging::Adjacent { tag, content }, fields) => {
            let fields = fields.schema(generator).buffered();
            Schema::object([name(tag, variant), Property::required(content, fields)])
        }
    };
    annotate(schema, variant.attributes)
}

fn internal(
    generator: &mut Generator,
    tag: &str,
    variant: &Variant<'_>,
    content: Content<'_>,
) -> Schema {
    match content {
        Content::Struct(fields) => object(generator, Some(name(tag, variant)), fields),
        Content::Unit => Schema::object([name(tag, variant)]),
        Content::Newtype(_) | Content::Tuple(_) => {
            let content = content.schema(generator);
            let mut objects = Objects::new(Some(name(tag, variant)));
            objects.flatten(generator, content, Absence::Refused);
            objects.into_schema()
        }
    }
}

/// The tag of a variant.
fn name(tag: &str, variant: &Variant<'_>) -> Property {
    let mut property = tagged(tag, variant.name);
    if let Shape::Enum(members) = &mut property.schema.shape {
        for member in members {
            member.aliases = aliases(variant);
        }
    }
    property
}

fn aliases(variant: &Variant<'_>) -> Vec<String> {
    variant.aliases.iter().map(|alias| (*alias).to_owned()).collect()
}

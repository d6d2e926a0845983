//! Enums in the four representations of serde.

use super::attribute::{Attribute, annotate};
use super::content::{Container, Content, Writing, object, tag_of};
use super::flatten::{Objects, Origin};
use crate::schema::Flattened;
use crate::{EnumMember, Generator, IntegerMember, Property, Schema, Shape};

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
    /// How serde names it when it writes.
    pub writing: Writing<'a>,
    /// Whether every unknown name stands for it.
    pub other: bool,
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
            let members = variants.iter().map(|variant| member(variant, variants));
            Schema::from(Shape::Enum(members.collect())).enforced_by_type()
        } else {
            alternatives(generator, container, tagging, variants)
        };
        annotate(schema, container.attributes)
    })
}

fn alternatives(
    generator: &mut Generator,
    container: Container<'_>,
    tagging: Tagging<'_>,
    variants: &[Variant<'_>],
) -> Schema {
    let is_untagged = |variant: &Variant<'_>| is_untagged(tagging, variant);
    // Serde keeps the value aside for the variants without a tag, before it looks for a tag.
    let is_buffered = variants.iter().any(is_untagged);
    let mut has_null = false;
    let mut branches = Vec::new();
    for variant in variants {
        let name = EnumMember { description: None, ..member(variant, variants) };
        let mut schema = branch(generator, tagging, Named { container, variant, name });
        schema.annotations.is_buffered |= is_buffered;
        let is_null = schema.annotations.nullable || matches!(schema.shape, Shape::Null);
        has_null |= is_null && is_untagged(variant);
        branches.push(schema);
    }
    let mut schema = Schema::any_of(branches);
    if has_null {
        schema.annotations.flattened = Flattened::Never;
    }
    schema
}

/// A variant whose value is a number, as `serde_repr` writes it.
#[derive(Debug, Clone, Copy)]
pub struct IntegerVariant<'a> {
    /// Its name in Rust.
    pub name: &'a str,
    /// Its discriminant.
    pub value: i128,
    /// Whether every unknown number stands for it.
    pub other: bool,
    /// What stands on it.
    pub attributes: &'a [Attribute<'a>],
}

/// The schema of an enum whose variants are numbers.
pub fn integers(
    generator: &mut Generator,
    container: Container<'_>,
    variants: &[IntegerVariant<'_>],
) -> Schema {
    generator.define(container.identity, container.name, |_| {
        let members = variants.iter().map(|variant| IntegerMember {
            description: description(variant.attributes),
            catches_all: variant.other,
            ..IntegerMember::new(variant.value, variant.name)
        });
        annotate(Schema::integer_enumeration(members).enforced_by_type(), container.attributes)
    })
}

/// A variant with what names it in JSON.
struct Named<'a> {
    container: Container<'a>,
    variant: &'a Variant<'a>,
    name: EnumMember,
}

fn member(variant: &Variant<'_>, all: &[Variant<'_>]) -> EnumMember {
    let others = || {
        let others = all.iter().filter(|other| !other.other);
        others.flat_map(|other| std::iter::once(&other.name).chain(other.aliases))
    };
    EnumMember {
        aliases: variant.aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        writing: variant.writing.schema(),
        description: description(variant.attributes),
        catches_all_but: variant.other.then(|| others().map(|name| (*name).to_owned()).collect()),
        ..EnumMember::new(variant.name)
    }
}

fn description(attributes: &[Attribute<'_>]) -> Option<String> {
    attributes.iter().find_map(|attribute| match attribute {
        Attribute::Description(text) => Some((*text).to_owned()),
        _ => None,
    })
}

fn branch(generator: &mut Generator, tagging: Tagging<'_>, named: Named<'_>) -> Schema {
    let Named { container, variant, name } = named;
    let tagging = if is_untagged(tagging, variant) { Tagging::Untagged } else { tagging };
    let schema = match (tagging, variant.content) {
        (Tagging::Untagged, Content::Struct(_)) => {
            container.close(variant.content.schema(generator)).buffered()
        }
        (Tagging::Untagged, content) => content.schema(generator).buffered(),
        (Tagging::External, Content::Unit) => {
            Schema::from(Shape::Enum(vec![name])).enforced_by_type()
        }
        (Tagging::External, content) => Schema::object([Property {
            aliases: name.aliases,
            writing: name.writing,
            ..Property::required(name.value, content.schema(generator))
        }])
        .closed(),
        (Tagging::Internal(tag), Content::Struct(_)) => {
            let schema = internal(generator, tag_of(tag, name), variant.content);
            container.close(schema).buffered()
        }
        (Tagging::Internal(tag), content) => {
            internal(generator, tag_of(tag, name), content).buffered()
        }
        (Tagging::Adjacent { tag, .. }, Content::Unit) => {
            container.close(taken([tag_of(tag, name)]))
        }
        (Tagging::Adjacent { tag, content }, fields) => {
            let fields = fields.schema(generator).buffered();
            container.close(taken([tag_of(tag, name), Property::required(content, fields)]))
        }
    };
    annotate(schema, variant.attributes)
}

/// Whether serde finds out by trying whether it is this variant.
fn is_untagged(tagging: Tagging<'_>, variant: &Variant<'_>) -> bool {
    variant.untagged || matches!(tagging, Tagging::Untagged)
}

fn internal(generator: &mut Generator, tag: Property, content: Content<'_>) -> Schema {
    match content {
        Content::Struct(fields) => object(generator, Objects::new(Some(tag)), fields),
        Content::Unit => Schema::object([tag]),
        Content::Newtype(_) | Content::Tuple(_) => {
            let content = content.schema(generator);
            let mut objects = Objects::new(Some(tag));
            objects.flatten(generator, content, Origin::Variant);
            objects.into_schema()
        }
    }
}

/// An object whose members serde takes where the enum is flattened.
fn taken(properties: impl IntoIterator<Item = Property>) -> Schema {
    let mut schema = Schema::object(properties);
    schema.annotations.flattened = Flattened::Taken;
    schema
}

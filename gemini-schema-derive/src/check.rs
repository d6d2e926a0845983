//! Brings together what serde does and what the user wrote, and reports what contradicts itself.

mod constraints;
mod names;

use self::constraints::Example;
use self::names::Names;
use crate::bounds;
use crate::errors::Errors;
use crate::gemini_attributes::{self, Attributes, Place};
use crate::model::{
    Attribute, Build, Content, Element, Field, Model, Presence, Shape, Tagging, Variant,
};
use crate::serde_attributes::{self as serde, Container, Data, Fields};

pub(crate) fn check<'a>(
    input: &'a syn::DeriveInput,
    own: Attributes,
    serde: Container<'a>,
    errors: &mut Errors,
) -> Model<'a> {
    let mut checker = Checker { errors, default: serde.default, types: Vec::new() };
    checker.closed_by_serde(&serde);
    let shape = match serde.data {
        Data::Struct { tag, fields } if !serde.transparent => {
            Shape::Structure { content: checker.structure(fields, tag.as_deref()), tag }
        }
        Data::Struct { fields, .. } => {
            Shape::Structure { tag: None, content: checker.transparent(fields) }
        }
        Data::Enum { tagging, variants } => {
            Shape::Enumeration { variants: checker.variants(input, &tagging, variants), tagging }
        }
    };
    checker.container(&own, &shape);
    Model {
        input,
        bounds: bounds::needed(&input.generics, &checker.types),
        name: serde.name,
        attributes: attributes(own),
        shape,
    }
}

struct Checker<'a, 'e> {
    errors: &'e mut Errors,
    /// Whether the whole type has a default.
    default: bool,
    /// The types whose schemas are part of this one.
    types: Vec<&'a syn::Type>,
}

impl<'a> Checker<'a, '_> {
    fn closed_by_serde(&mut self, serde: &Container<'_>) {
        let Some(tokens) = &serde.deny_unknown_fields else {
            return;
        };
        if let Data::Struct { tag: Some(tag), .. } = &serde.data {
            let message = format!(
                "serde would refuse its own tag `{tag}` here: remove `deny_unknown_fields`; the \
                 schema allows no other fields anyway"
            );
            self.errors.at(tokens, message);
        }
        let flattens = match &serde.data {
            Data::Struct { fields, .. } => fields.flatten(),
            Data::Enum { variants, .. } => variants.iter().any(|variant| variant.fields.flatten()),
        };
        if flattens {
            self.errors.at(
                tokens,
                "serde does not support `deny_unknown_fields` beside `flatten`: remove it; the \
                 schema allows no other fields anyway",
            );
        }
    }

    fn container(&mut self, own: &Attributes, shape: &Shape<'_>) {
        if let Shape::Structure { content: Content::Newtype(element), .. } = shape {
            let elsewhere = element.attributes.iter().any(Attribute::is_constraint);
            for written in own.constraints_written().filter(|_| elsewhere) {
                let message = "the field has constraints too: write all of them before the field";
                self.errors.at(&written.tokens, message);
            }
            self.constraints(own);
            return;
        }
        for written in own.constraints_written() {
            let message = format!(
                "`{}` limits one value, and this type is more than one: write it before the field \
                 that it limits",
                written.value
            );
            self.errors.at(&written.tokens, message);
        }
    }

    fn structure(&mut self, fields: Fields<'a>, tag: Option<&str>) -> Content<'a> {
        if let Fields::Newtype(field) = &fields
            && field.skipped
        {
            self.errors.at(
                field.original,
                "the only field of this struct is skipped, so nothing is left to read: remove \
                 the field or the `skip`",
            );
        }
        self.content(fields, tag)
    }

    fn transparent(&mut self, fields: Fields<'a>) -> Content<'a> {
        let mut content = Content::Unit;
        for field in fields.into_vec() {
            if !field.transparent {
                self.unused_field(&field, "a field that a transparent type does not show");
            } else if let Some(element) = self.unnamed(&field) {
                content = Content::Newtype(element);
            }
        }
        content
    }

    fn variants(
        &mut self,
        input: &syn::DeriveInput,
        tagging: &Tagging,
        variants: Vec<serde::Variant<'a>>,
    ) -> Vec<Variant<'a>> {
        let mut names = Names::of("variant");
        let is_string = matches!(tagging, Tagging::External)
            && variants.iter().all(|variant| variant.skipped || variant.is_string());
        let mut kept = Vec::new();
        for variant in variants {
            let original = variant.original;
            let tagged = !variant.untagged && !matches!(tagging, Tagging::Untagged);
            let Some(variant) = self.variant(variant, is_string) else {
                continue;
            };
            if tagged {
                let claimed = [&variant.name].into_iter().chain(&variant.aliases);
                names.claim(claimed, &original.ident, self.errors);
            }
            kept.push(variant);
        }
        if kept.is_empty() {
            self.errors.at(
                &input.ident,
                "this enum has no variant that could be read: add one that isn't skipped",
            );
        }
        kept
    }

    fn variant(&mut self, variant: serde::Variant<'a>, is_string: bool) -> Option<Variant<'a>> {
        let own = gemini_attributes::read(&variant.original.attrs, Place::Variant, self.errors);
        if variant.skipped {
            self.unused(&own, "a skipped variant");
            for field in variant.fields.into_vec() {
                self.unused_field(&field, "a skipped variant");
            }
            return None;
        }
        if let Some(title) = own.title.as_ref().filter(|_| is_string) {
            let message = "a string of an enumeration has no title: write `description`";
            self.errors.at(&title.tokens, message);
        }
        Some(Variant {
            name: variant.name,
            aliases: variant.aliases,
            untagged: variant.untagged,
            attributes: attributes(own),
            content: self.content(variant.fields, None),
        })
    }

    fn content(&mut self, fields: Fields<'a>, tag: Option<&str>) -> Content<'a> {
        match fields {
            Fields::Unit => Content::Unit,
            Fields::Newtype(field) => self.unnamed(&field).map_or(Content::Unit, Content::Newtype),
            Fields::Tuple(fields) => {
                let elements = fields.into_iter().filter_map(|field| self.unnamed(&field));
                Content::Tuple(elements.collect())
            }
            Fields::Named(fields) => Content::Struct(self.named_fields(fields, tag)),
        }
    }

    fn named_fields(&mut self, fields: Vec<serde::Field<'a>>, tag: Option<&str>) -> Vec<Field<'a>> {
        let mut names = Names::of("field");
        names.reserve(tag, "the tag");
        let mut kept = Vec::new();
        for field in fields {
            let original = field.original;
            let Some(field) = self.named(field) else {
                continue;
            };
            if field.presence != Presence::Flatten {
                let claimed = [&field.name].into_iter().chain(&field.aliases);
                names.claim(claimed, &original.ident, self.errors);
            }
            kept.push(field);
        }
        kept
    }

    fn named(&mut self, field: serde::Field<'a>) -> Option<Field<'a>> {
        let own = self.field_attributes(&field)?;
        let ty = &field.original.ty;
        if field.flatten {
            return Some(self.flattened(field, &own));
        }
        let may_be_unwritten = own.optional.is_some() || field.skip_serializing_if.is_some();
        let has_default = field.default || self.default;
        let presence =
            if may_be_unwritten || has_default { Presence::Optional } else { Presence::Required };
        let schema = if may_be_unwritten && !has_default {
            Build::MayBeAbsent(ty)
        } else if own.nullable.is_some() {
            Build::MayBeNull(ty)
        } else {
            Build::Plain(ty)
        };
        Some(Field {
            name: field.name,
            aliases: field.aliases,
            presence,
            element: Element { schema, attributes: attributes(own) },
        })
    }

    fn flattened(&mut self, field: serde::Field<'a>, own: &Attributes) -> Field<'a> {
        self.unused(own, "a flattened field");
        if let Some(tokens) = &field.skip_serializing_if {
            self.errors.at(
                tokens,
                "the fields of a flattened value can't all be left out: remove \
                 `skip_serializing_if` and flatten an `Option`",
            );
        }
        Field {
            name: field.name,
            aliases: field.aliases,
            presence: Presence::Flatten,
            element: Element { schema: Build::Plain(&field.original.ty), attributes: Vec::new() },
        }
    }

    fn unnamed(&mut self, field: &serde::Field<'a>) -> Option<Element<'a>> {
        let own = self.field_attributes(field)?;
        if let Some(optional) = &own.optional {
            self.errors.at(
                &optional.tokens,
                "a value without a name can't be left out: write `nullable` and an `Option`, or \
                 name the field",
            );
        }
        if let Some(tokens) = &field.skip_serializing_if {
            self.errors.at(
                tokens,
                "a value without a name can't be left out: remove `skip_serializing_if`, or name \
                 the field",
            );
        }
        let ty = &field.original.ty;
        Some(Element {
            schema: match own.nullable {
                Some(_) => Build::MayBeNull(ty),
                None => Build::Plain(ty),
            },
            attributes: attributes(own),
        })
    }

    /// The user's words on a field, `None` if serde skips it.
    fn field_attributes(&mut self, field: &serde::Field<'a>) -> Option<Attributes> {
        if field.skipped {
            self.unused_field(field, "a skipped field");
            return None;
        }
        let own = gemini_attributes::read(&field.original.attrs, Place::Field, self.errors);
        self.types.push(&field.original.ty);
        if !field.flatten {
            self.constraints(&own);
        }
        Some(own)
    }

    fn constraints(&mut self, own: &Attributes) {
        constraints::check(&own.constraints, self.errors);
        if let Some(example) = &own.example {
            Example::new(example).check(&own.constraints, self.errors);
        }
    }

    fn unused_field(&mut self, field: &serde::Field<'_>, place: &str) {
        let own = gemini_attributes::read(&field.original.attrs, Place::Field, self.errors);
        self.unused(&own, place);
    }

    fn unused(&mut self, own: &Attributes, place: &str) {
        for written in &own.written {
            let message = format!("`{}` has no effect on {place}: remove it", written.value);
            self.errors.at(&written.tokens, message);
        }
    }
}

fn attributes(own: Attributes) -> Vec<Attribute> {
    let description = own.description.map(|written| written.value).or(own.documentation);
    let limits = own.constraints;
    [
        own.title.map(|title| Attribute::Title(title.value)),
        description.map(Attribute::Description),
        own.example.map(|value| Attribute::Example(value.value)),
        limits.minimum.map(|limit| Attribute::Minimum(limit.value)),
        limits.maximum.map(|limit| Attribute::Maximum(limit.value)),
        limits.min_length.map(|limit| Attribute::MinLength(limit.value)),
        limits.max_length.map(|limit| Attribute::MaxLength(limit.value)),
        limits.pattern.map(|limit| Attribute::Pattern(limit.value)),
        limits.format.map(|limit| Attribute::Format(limit.value)),
        limits.min_items.map(|limit| Attribute::MinItems(limit.value)),
        limits.max_items.map(|limit| Attribute::MaxItems(limit.value)),
        own.nullable.map(|_| Attribute::Nullable),
    ]
    .into_iter()
    .flatten()
    .collect()
}

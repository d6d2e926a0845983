//! Brings together what serde does and what the user wrote, and reports what contradicts itself.

mod constraints;
mod fields;
mod integers;
mod names;

use proc_macro2::TokenStream;
use quote::ToTokens;

use self::constraints::Example;
use self::names::{Claim, Names};
use crate::bounds;
use crate::errors::Errors;
use crate::gemini_attributes::{self, Attributes, Place};
use crate::model::{Attribute, Bounds, Content, Element, Model, Shape, Tagging, Variant};
use crate::serde_attributes::{self as serde, Container, Data};

pub(crate) use self::integers::check as check_integers;

pub(crate) fn check<'a>(
    input: &'a syn::DeriveInput,
    own: Attributes,
    serde: Container<'a>,
    errors: &mut Errors,
) -> Model<'a> {
    let mut checker = Checker { errors, default: serde.default, types: Vec::new() };
    checker.closed_by_serde(&serde);
    let closed = serde.deny_unknown_fields.is_some();
    let shape = match serde.data {
        Data::Proxy(ty) => Shape::Structure { tag: None, content: checker.proxy(input, ty) },
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
    let bounds = match &own.bound {
        Some(bound) => Bounds::Written(bound.value.clone()),
        None => Bounds::Schemas(bounds::needed(&input.generics, checker.types)),
    };
    Model {
        input,
        bounds,
        name: serde.name,
        writing: serde.writing,
        closed,
        attributes: attributes(own),
        shape,
    }
}

struct Checker<'e> {
    errors: &'e mut Errors,
    /// Whether the whole type has a default.
    default: bool,
    /// The types whose schemas are part of this one.
    types: Vec<TokenStream>,
}

impl Checker<'_> {
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
            Data::Proxy(_) => false,
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
        self.many_values(own);
    }

    fn many_values(&mut self, own: &Attributes) {
        for written in own.constraints_written() {
            let message = format!(
                "`{}` limits one value, and this type is more than one: write it before the field \
                 that it limits",
                written.value
            );
            self.errors.at(&written.tokens, message);
        }
    }

    /// The type that serde reads instead of this one; nothing inside of this one counts.
    fn proxy<'a>(&mut self, input: &syn::DeriveInput, ty: syn::Type) -> Content<'a> {
        const PLACE: &str = "a type that serde reads from another one";
        match &input.data {
            syn::Data::Struct(data) => self.unused_fields(&data.fields, PLACE),
            syn::Data::Enum(data) => {
                for variant in &data.variants {
                    let own = gemini_attributes::read(&variant.attrs, Place::Variant, self.errors);
                    self.unused(&own, PLACE);
                    self.unused_fields(&variant.fields, PLACE);
                }
            }
            syn::Data::Union(_) => {}
        }
        self.types.push(ty.to_token_stream());
        Content::Newtype(Element::of(ty))
    }

    fn variants<'a>(
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
                let Variant { name, aliases, writing, .. } = &variant;
                names.claim(Claim::of(name, aliases, writing), &original.ident, self.errors);
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

    fn variant<'a>(&mut self, variant: serde::Variant<'a>, is_string: bool) -> Option<Variant<'a>> {
        let own = gemini_attributes::read(&variant.original.attrs, Place::Variant, self.errors);
        if variant.skipped {
            self.unused(&own, "a skipped variant");
            self.unused_fields(&variant.original.fields, "a skipped variant");
            return None;
        }
        if let Some(title) = own.title.as_ref().filter(|_| is_string) {
            let message = "a string of an enumeration has no title: write `description`";
            self.errors.at(&title.tokens, message);
        }
        let content = match self.substitute(&own, variant.custom.as_ref()) {
            Some(source) if variant.custom.is_none() => {
                let message = format!(
                    "a variant takes `{}` only beside serde's `with`: write it before the field",
                    source.key
                );
                self.errors.at(&source.tokens, message);
                Content::Unit
            }
            Some(source) => {
                self.unused_fields(&variant.original.fields, "a variant with another schema");
                Content::Newtype(Element::from(source.value))
            }
            None => self.content(variant.fields, None),
        };
        Some(Variant {
            name: variant.name,
            aliases: variant.aliases,
            writing: variant.writing,
            untagged: variant.untagged,
            other: variant.other,
            attributes: attributes(own),
            content,
        })
    }

    fn constraints(&mut self, own: &Attributes) {
        constraints::check(&own.constraints, self.errors);
        if let Some(example) = &own.example {
            Example::new(example).check(&own.constraints, self.errors);
        }
    }

    fn unused_fields(&mut self, fields: &syn::Fields, place: &str) {
        for field in fields {
            self.unused_field(field, place);
        }
    }

    fn unused_field(&mut self, field: &syn::Field, place: &str) {
        let own = gemini_attributes::read(&field.attrs, Place::Field, self.errors);
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
        limits.min_properties.map(|limit| Attribute::MinProperties(limit.value)),
        limits.max_properties.map(|limit| Attribute::MaxProperties(limit.value)),
        own.nullable.map(|_| Attribute::Nullable),
        own.max_depth.map(|depth| Attribute::MaxDepth(depth.value)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

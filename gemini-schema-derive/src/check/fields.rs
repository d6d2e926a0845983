use proc_macro2::TokenStream;
use quote::ToTokens;

use super::names::{Claim, Names};
use super::{Checker, attributes};
use crate::gemini_attributes::{self, Attributes, Place};
use crate::model::{Attribute, Build, Content, Element, Field, Presence, Refusal, Source, Writing};
use crate::serde_attributes::{self as serde, Fields, Skipped};

/// Where the schema of a field comes from, if not from its type, with the words that say so.
pub(super) struct Substitute {
    pub(super) key: &'static str,
    pub(super) value: Source,
    pub(super) tokens: TokenStream,
}

impl Checker<'_> {
    pub(super) fn structure<'a>(&mut self, fields: Fields<'a>, tag: Option<&str>) -> Content<'a> {
        if let Fields::Newtype(field) = &fields
            && matches!(field.skipped, Skipped::Always)
        {
            self.errors.at(
                field.original,
                "the only field of this struct is skipped, so nothing is left to read: remove \
                 the field or the `skip`",
            );
        }
        self.content(fields, tag)
    }

    pub(super) fn transparent<'a>(&mut self, fields: Fields<'a>) -> Content<'a> {
        let mut content = Content::Unit;
        for field in fields.into_vec() {
            if !field.transparent {
                self.unused_field(field.original, "a field that a transparent type does not show");
            } else if let Some(element) = self.unnamed(&field) {
                content = Content::Newtype(element);
            }
        }
        content
    }

    pub(super) fn content<'a>(&mut self, fields: Fields<'a>, tag: Option<&str>) -> Content<'a> {
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

    /// What the user says the schema is; serde's functions in `custom` cannot do without.
    pub(super) fn substitute(
        &mut self,
        own: &Attributes,
        custom: Option<&serde::Custom>,
    ) -> Option<Substitute> {
        if let (Some(_), Some(schema)) = (&own.with, &own.schema) {
            self.errors.at(&schema.tokens, "`with` says already what the schema is: keep one");
        }
        if let Some(with) = &own.with {
            self.types.push(with.value.to_token_stream());
            let value = Source::Type(Box::new(with.value.clone()));
            return Some(Substitute { key: "with", value, tokens: with.tokens.clone() });
        }
        if let Some(schema) = &own.schema {
            let value = Source::Function(schema.value.clone());
            return Some(Substitute { key: "schema", value, tokens: schema.tokens.clone() });
        }
        if let Some(custom) = custom {
            let message = format!(
                "`{}` changes the JSON behind the type: say what it is with `#[gemini(with = \
                 \"Type\")]`, a type with that schema, or `#[gemini(schema = \
                 \"path::to::function\")]`",
                custom.key
            );
            self.errors.at(&custom.tokens, message);
        }
        None
    }

    fn named_fields<'a>(
        &mut self,
        fields: Vec<serde::Field<'a>>,
        tag: Option<&str>,
    ) -> Vec<Field<'a>> {
        let mut names = Names::of("field");
        names.reserve(tag, "the tag");
        let mut kept = Vec::new();
        for field in fields {
            let original = field.original;
            let Some(field) = self.named(field) else {
                continue;
            };
            let claim = match field.presence {
                Presence::Flatten => None,
                Presence::Unread => Some(Claim::written(&field.name)),
                Presence::Required | Presence::Optional => {
                    Some(Claim::of(&field.name, &field.aliases, &field.writing))
                }
            };
            if let Some(claim) = claim {
                names.claim(claim, &original.ident, self.errors);
            }
            kept.push(field);
        }
        kept
    }

    fn named<'a>(&mut self, field: serde::Field<'a>) -> Option<Field<'a>> {
        if let Skipped::Reading(tokens) = &field.skipped {
            if field.flatten {
                self.half_skipped(tokens, "skip_deserializing", "a flattened field");
            }
            self.unused_field(field.original, "a field that serde does not read");
            return Some(unread(field));
        }
        let own = self.field_attributes(&field)?;
        let instead = self.source(&own, &field);
        if field.flatten {
            return Some(self.flattened(field, instead, own));
        }
        let (presence, refuses) = self.presence(&own, &field);
        let never_written = field.skipped.writing().is_some();
        let schema = Build::Field { ty: &field.original.ty, instead, refuses };
        Some(Field {
            name: field.name,
            aliases: field.aliases,
            writing: if never_written { Writing::Never } else { field.writing },
            presence,
            element: Element { schema, attributes: attributes(own) },
        })
    }

    /// Whether a field has to be there, and what its type has to be read from if it does not.
    fn presence(&mut self, own: &Attributes, field: &serde::Field<'_>) -> (Presence, Refusal) {
        let optional = own.optional.as_ref().map(|written| written.tokens.clone());
        let absence =
            optional.or_else(|| field.skip_serializing_if.clone()).or(field.skipped.writing());
        let refuses_null = if own.nullable.is_some() { Refusal::Null } else { Refusal::Nothing };
        if let Some(required) = &own.required {
            if absence.is_some() {
                self.errors.at(
                    &required.tokens,
                    "this field may be left out when it is written, so that it can't be required: \
                     remove one of the two",
                );
            }
            return (Presence::Required, refuses_null);
        }
        match absence {
            _ if field.default || self.default => (Presence::Optional, refuses_null),
            Some(tokens) => {
                if field.custom.as_ref().is_some_and(|custom| custom.reads) {
                    self.errors.at(
                        tokens,
                        "serde calls no function for a field that is left out: add \
                         `#[serde(default)]`",
                    );
                }
                (Presence::Optional, Refusal::Absence)
            }
            None => (Presence::Required, refuses_null),
        }
    }

    fn flattened<'a>(
        &mut self,
        field: serde::Field<'a>,
        source: Option<Source>,
        own: Attributes,
    ) -> Field<'a> {
        for written in own.written.iter().filter(|written| !written.value.is_source()) {
            let message =
                format!("`{}` has no effect on a flattened field: remove it", written.value);
            self.errors.at(&written.tokens, message);
        }
        if let Some(tokens) = &field.skip_serializing_if {
            self.errors.at(
                tokens,
                "the fields of a flattened value can't all be left out: remove \
                 `skip_serializing_if` and flatten an `Option`",
            );
        }
        if let Some(tokens) = field.skipped.writing() {
            self.half_skipped(&tokens, "skip_serializing", "a flattened field");
        }
        let schema =
            Build::Field { ty: &field.original.ty, instead: source, refuses: Refusal::Nothing };
        let attributes = own.documentation.map(Attribute::Description).into_iter().collect();
        Field {
            name: field.name,
            aliases: Vec::new(),
            writing: Writing::AsRead,
            presence: Presence::Flatten,
            element: Element { schema, attributes },
        }
    }

    fn unnamed<'a>(&mut self, field: &serde::Field<'a>) -> Option<Element<'a>> {
        if let Skipped::Reading(tokens) = &field.skipped {
            self.half_skipped(tokens, "skip_deserializing", "a value without a name");
            return None;
        }
        if let Some(tokens) = field.skipped.writing() {
            self.half_skipped(&tokens, "skip_serializing", "a value without a name");
        }
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
        let source = self.source(&own, field);
        let refuses = if own.nullable.is_some() { Refusal::Null } else { Refusal::Nothing };
        let schema = Build::Field { ty: &field.original.ty, instead: source, refuses };
        Some(Element { schema, attributes: attributes(own) })
    }

    /// The user's words on a field, `None` if serde skips it.
    fn field_attributes(&mut self, field: &serde::Field<'_>) -> Option<Attributes> {
        if matches!(field.skipped, Skipped::Always) {
            self.unused_field(field.original, "a skipped field");
            return None;
        }
        let own = gemini_attributes::read(&field.original.attrs, Place::Field, self.errors);
        if !field.flatten {
            self.constraints(&own);
        }
        Some(own)
    }

    /// Where the schema comes from, if not from the field's type.
    fn source(&mut self, own: &Attributes, field: &serde::Field<'_>) -> Option<Source> {
        let substitute = self.substitute(own, field.custom.as_ref());
        if substitute.is_none() {
            self.types.push(field.original.ty.to_token_stream());
        }
        substitute.map(|substitute| substitute.value)
    }

    fn half_skipped(&mut self, tokens: &TokenStream, key: &str, place: &str) {
        let half = match key {
            "skip_serializing" => "reads it but doesn't write it",
            _ => "writes it but doesn't read it",
        };
        let message = format!(
            "`{key}` alone on {place} means that serde {half}, which no schema can say: write \
             `skip` to leave it out both ways"
        );
        self.errors.at(tokens, message);
    }
}

/// A field that serde writes and does not read.
fn unread(field: serde::Field<'_>) -> Field<'_> {
    Field {
        name: field.written_name,
        aliases: Vec::new(),
        writing: Writing::AsRead,
        presence: Presence::Unread,
        element: Element { schema: Build::Unread, attributes: Vec::new() },
    }
}

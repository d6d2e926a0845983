use quote::ToTokens;
use syn::ext::IdentExt;

use super::{Checker, attributes};
use crate::errors::Errors;
use crate::gemini_attributes::{self, Attributes, Key, Place};
use crate::model::{Bounds, IntegerVariant, Model, Shape, Writing};
use crate::serde_words::Words;

/// An enum that is written as its discriminants, which serde's own derive knows nothing of.
pub(crate) fn check<'a>(
    input: &'a syn::DeriveInput,
    own: Attributes,
    errors: &mut Errors,
) -> Model<'a> {
    let mut checker = Checker { errors, default: false, types: Vec::new() };
    checker.many_values(&own);
    Words::read(&input.attrs).refuse_all(&[], checker.errors);
    let variants = match &input.data {
        syn::Data::Enum(data) => {
            data.variants.iter().map(|variant| checker.integer(variant)).collect()
        }
        syn::Data::Struct(_) | syn::Data::Union(_) => Vec::new(),
    };
    if variants.is_empty() {
        checker.errors.at(
            &input.ident,
            "`integer` is for enums, whose variants stand for their discriminants: remove it",
        );
    }
    Model {
        input,
        bounds: Bounds::Schemas(Vec::new()),
        name: input.ident.unraw().to_string(),
        writing: Writing::AsRead,
        closed: false,
        attributes: attributes(own),
        shape: Shape::Integers(variants),
    }
}

impl Checker<'_> {
    fn integer<'a>(&mut self, variant: &'a syn::Variant) -> IntegerVariant<'a> {
        let own = gemini_attributes::read(&variant.attrs, Place::Variant, self.errors);
        for written in own.written.iter().filter(|written| written.value != Key::Description) {
            let message = format!("`{}` has no effect on a number: remove it", written.value);
            self.errors.at(&written.tokens, message);
        }
        let words = Words::read(&variant.attrs);
        words.refuse_all(&["other"], self.errors);
        if !matches!(variant.fields, syn::Fields::Unit) {
            self.errors.at(
                variant.to_token_stream(),
                "a variant with fields is no number: remove the fields, or `integer`",
            );
        }
        IntegerVariant {
            ident: &variant.ident,
            name: variant.ident.unraw().to_string(),
            other: words.find("other").is_some(),
            attributes: attributes(own),
        }
    }
}

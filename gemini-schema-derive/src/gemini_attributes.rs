//! Reads `#[gemini(..)]` and doc comments: what the user wrote, with its tokens kept for messages.

mod documentation;
mod keys;
mod values;

use proc_macro2::TokenStream;
use syn::Meta;

use crate::entries::{Entry, entries};
use crate::errors::Errors;
use crate::model::Number;

pub(crate) use self::keys::{Key, Place};
pub(crate) use self::values::{literal_number, literal_string};

#[derive(Default)]
pub(crate) struct Attributes {
    pub(crate) library: Option<Written<syn::Path>>,
    pub(crate) documentation: Option<String>,
    pub(crate) description: Option<Written<String>>,
    pub(crate) title: Option<Written<String>>,
    pub(crate) example: Option<Written<TokenStream>>,
    pub(crate) constraints: Constraints,
    pub(crate) with: Option<Written<syn::Type>>,
    pub(crate) schema: Option<Written<syn::Path>>,
    pub(crate) bound: Option<Written<Vec<syn::WherePredicate>>>,
    pub(crate) integer: Option<Written<()>>,
    pub(crate) max_depth: Option<Written<u32>>,
    pub(crate) nullable: Option<Written<()>>,
    pub(crate) optional: Option<Written<()>>,
    pub(crate) required: Option<Written<()>>,
    /// Every entry in the order in which it was written.
    pub(crate) written: Vec<Written<Key>>,
}

/// What limits a value.
#[derive(Default)]
pub(crate) struct Constraints {
    pub(crate) minimum: Option<Written<Number>>,
    pub(crate) maximum: Option<Written<Number>>,
    pub(crate) min_length: Option<Written<u64>>,
    pub(crate) max_length: Option<Written<u64>>,
    pub(crate) pattern: Option<Written<String>>,
    pub(crate) format: Option<Written<String>>,
    pub(crate) min_items: Option<Written<u64>>,
    pub(crate) max_items: Option<Written<u64>>,
    pub(crate) min_properties: Option<Written<u64>>,
    pub(crate) max_properties: Option<Written<u64>>,
}

pub(crate) struct Written<T> {
    pub(crate) value: T,
    /// The whole entry, `key = value`.
    pub(crate) tokens: TokenStream,
}

pub(crate) fn read(attributes: &[syn::Attribute], place: Place, errors: &mut Errors) -> Attributes {
    let mut found =
        Attributes { documentation: documentation::read(attributes), ..Attributes::default() };
    for attribute in attributes {
        if !attribute.path().is_ident("gemini") {
            continue;
        }
        let Meta::List(list) = &attribute.meta else {
            errors.at(&attribute.meta, "write the attributes in parentheses: `#[gemini(..)]`");
            continue;
        };
        for entry in entries(list.tokens.clone()) {
            match entry {
                Ok(entry) => found.add(entry, place, errors),
                Err(tokens) if tokens.is_empty() => errors.at(list, "one comma too many"),
                Err(tokens) => {
                    errors.at(tokens, "expected `name`, `name = value`, separated by commas")
                }
            }
        }
    }
    found
}

impl Attributes {
    pub(crate) fn constraints_written(&self) -> impl Iterator<Item = &Written<Key>> {
        let written = self.written.iter();
        written.filter(|written| written.value.is_constraint())
    }

    fn add(&mut self, entry: Entry, place: Place, errors: &mut Errors) {
        let key = match Key::parse(&entry.key, place) {
            Ok(key) => key,
            Err(error) => return errors.push(error),
        };
        if self.written.iter().any(|written| written.value == key) {
            let message = format!("`{key}` is given twice: keep one of the two");
            return errors.at(&entry.tokens, message);
        }
        self.written.push(Written { value: key, tokens: entry.tokens.clone() });
        if let Err(error) = self.set(key, entry) {
            errors.push(error);
        }
    }

    fn set(&mut self, key: Key, entry: Entry) -> syn::Result<()> {
        let constraints = &mut self.constraints;
        match key {
            Key::Crate => self.library = Some(values::path(key, entry)?),
            Key::Description => self.description = Some(values::text(key, entry)?),
            Key::Title => self.title = Some(values::text(key, entry)?),
            Key::Example => self.example = Some(values::expression(key, entry)?),
            Key::Minimum => constraints.minimum = Some(values::number(key, entry)?),
            Key::Maximum => constraints.maximum = Some(values::number(key, entry)?),
            Key::MinLength => constraints.min_length = Some(values::count(key, entry)?),
            Key::MaxLength => constraints.max_length = Some(values::count(key, entry)?),
            Key::Pattern => constraints.pattern = Some(values::text(key, entry)?),
            Key::Format => constraints.format = Some(values::text(key, entry)?),
            Key::MinItems => constraints.min_items = Some(values::count(key, entry)?),
            Key::MaxItems => constraints.max_items = Some(values::count(key, entry)?),
            Key::MinProperties => constraints.min_properties = Some(values::count(key, entry)?),
            Key::MaxProperties => constraints.max_properties = Some(values::count(key, entry)?),
            Key::Nullable => self.nullable = Some(values::flag(key, entry)?),
            Key::Optional => self.optional = Some(values::flag(key, entry)?),
            Key::Required => self.required = Some(values::flag(key, entry)?),
            Key::With => self.with = Some(values::ty(key, entry)?),
            Key::Schema => self.schema = Some(values::path(key, entry)?),
            Key::Bound => self.bound = Some(values::bound(key, entry)?),
            Key::Integer => self.integer = Some(values::flag(key, entry)?),
            Key::MaxDepth => self.max_depth = Some(values::depth(key, entry)?),
        }
        Ok(())
    }
}

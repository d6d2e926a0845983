//! What the expansion of the derive calls. Not part of the public API.

mod attribute;
mod content;
mod enumeration;
mod flatten;

use std::rc::Rc;
use std::sync::Arc;

use serde::Serialize;

pub use attribute::{Attribute, Example, Number, example};
pub use content::{Container, Content, Element, Field, Presence, Writing, structure};
pub use enumeration::{IntegerVariant, Tagging, Variant, enumeration, integers};

pub use crate::{GeminiSchema, Generator, Identity, Schema};

/// Builds the schema of one type.
pub type Build = fn(&mut Generator) -> Schema;

/// The identity of a type.
#[must_use]
pub fn identity<T: ?Sized>() -> Identity {
    Identity::of::<T>()
}

/// A [`Build`] for fields that may be left out although they have no default.
#[must_use]
pub fn optional<T: GeminiSchema + MayBeAbsent>(generator: &mut Generator) -> Schema {
    T::schema(generator)
}

/// A [`Build`] for fields that may be `null`.
#[must_use]
pub fn nullable<T: GeminiSchema + MayBeNull>(generator: &mut Generator) -> Schema {
    T::schema(generator)
}

/// The schema of a field of another type that may be left out although it has no default.
#[must_use]
pub fn absent<T: MayBeAbsent + ?Sized>(generator: &mut Generator, schema: Build) -> Schema {
    schema(generator)
}

/// The schema of a field of another type that may be `null`.
#[must_use]
pub fn null<T: MayBeNull + ?Sized>(generator: &mut Generator, schema: Build) -> Schema {
    schema(generator)
}

/// A [`Build`] for fields that have no place in the schema.
#[must_use]
pub fn unread(_: &mut Generator) -> Schema {
    Schema::null()
}

/// A type that serde can read from nothing at all: an `Option`.
#[diagnostic::on_unimplemented(
    message = "the model may leave this field out, and `{Self}` cannot be read from nothing",
    label = "neither an `Option` nor a field with a default",
    note = "make the field an `Option`, or add `#[serde(default)]`"
)]
pub trait MayBeAbsent {}

/// A type that serde can read from `null`.
#[diagnostic::on_unimplemented(
    message = "the model may set this field to `null`, and `{Self}` cannot be read from it",
    label = "not an `Option`",
    note = "make the field an `Option`, or remove `nullable`"
)]
pub trait MayBeNull {}

impl<T> MayBeAbsent for Option<T> {}
impl<T> MayBeNull for Option<T> {}
impl MayBeNull for () {}
impl MayBeNull for serde_json::Value {}

macro_rules! through {
    ($($pointer:ident),*) => {$(
        #[diagnostic::do_not_recommend]
        impl<T: MayBeAbsent> MayBeAbsent for $pointer<T> {}
        #[diagnostic::do_not_recommend]
        impl<T: MayBeNull> MayBeNull for $pointer<T> {}
    )*};
}

through!(Box, Rc, Arc);

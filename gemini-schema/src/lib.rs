#![doc = include_str!("../docs/guide.md")]

extern crate self as gemini_schema;

mod bridge;
mod check;
#[doc(hidden)]
pub mod codegen;
mod coerce;
mod decode;
mod dialect;
mod foreign;
mod format;
mod generator;
mod impls;
mod json;
mod json_schema;
mod lift;
mod lower;
mod lowered;
mod metrics;
mod name;
mod number;
mod path;
mod problem;
mod schema;
mod violation;
mod watch;

#[cfg(feature = "schemars1")]
pub use bridge::Schemars;
pub use decode::{DecodeError, DecodeErrorKind};
pub use dialect::Dialect;
pub use format::Format;
pub use generator::{Generator, Identity};
pub use json::OrderedJson;
pub use lowered::{Lowered, Note};
pub use metrics::{Metrics, Warning};
pub use number::{Integer, Number};
pub use problem::{Problem, SchemaError};
pub use schema::{
    Additional, Annotations, ArrayShape, EnumMember, IntegerMember, IntegerShape, MapShape,
    NumberShape, ObjectShape, Pattern, Property, Schema, Shape, StringShape, Writing,
};
pub use violation::Violation;
pub use {serde, serde_json};

pub use gemini_schema_derive::GeminiSchema;

#[doc(hidden)]
pub use codegen as __private;

/// A type whose JSON form a schema describes.
///
/// Derive it: the derive reads serde's attributes, so that the schema and serde agree. A type
/// that cannot derive builds its [`Schema`] by hand.
///
/// # Examples
///
/// ```
/// use gemini_schema::{GeminiSchema, Generator, Schema};
///
/// struct Sku(String);
///
/// impl GeminiSchema for Sku {
///     fn schema(_: &mut Generator) -> Schema {
///         Schema::string().with_description("stock keeping unit, such as AB-1234")
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no schema for Gemini",
    label = "needs `GeminiSchema`",
    note = "add `#[derive(GeminiSchema)]` to `{Self}`, or, for a type of another crate, wrap it in a type of your own that implements `GeminiSchema`"
)]
pub trait GeminiSchema {
    /// Builds the schema; `generator` is for the schemas of the parts.
    fn schema(generator: &mut Generator) -> Schema;
}

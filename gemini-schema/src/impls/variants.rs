//! Enums that serde writes as an object with the name of the variant.

use crate::{GeminiSchema, Generator, Property, Schema};

impl<T: GeminiSchema, E: GeminiSchema> GeminiSchema for Result<T, E> {
    fn schema(generator: &mut Generator) -> Schema {
        let value = external("Ok", T::schema(generator));
        Schema::any_of([value, external("Err", E::schema(generator))])
    }
}

/// A variant with one field.
pub(crate) fn external(variant: &'static str, content: Schema) -> Schema {
    Schema::object([Property::required(variant, content)]).closed()
}

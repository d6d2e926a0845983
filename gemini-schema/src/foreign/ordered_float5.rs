//! `ordered-float` 5.

use ordered_float::{NotNan, OrderedFloat};

use crate::{GeminiSchema, Generator, Schema};

impl<T: GeminiSchema> GeminiSchema for OrderedFloat<T> {
    fn schema(generator: &mut Generator) -> Schema {
        T::schema(generator)
    }
}

impl<T: GeminiSchema> GeminiSchema for NotNan<T> {
    fn schema(generator: &mut Generator) -> Schema {
        T::schema(generator)
    }
}

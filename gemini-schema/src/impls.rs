//! The schemas of the types of `std` and `serde_json`.

pub(crate) mod maps;
mod net;
mod numbers;
mod pointers;
mod ranges;
mod sequences;
pub(crate) mod text;
pub(crate) mod times;
mod tuples;
pub(crate) mod variants;

use std::marker::PhantomData;

use crate::{GeminiSchema, Generator, Schema, Shape};

impl GeminiSchema for bool {
    fn schema(_: &mut Generator) -> Schema {
        Schema::boolean()
    }
}

impl GeminiSchema for () {
    fn schema(_: &mut Generator) -> Schema {
        Schema::null()
    }
}

impl<T: ?Sized> GeminiSchema for PhantomData<T> {
    fn schema(_: &mut Generator) -> Schema {
        Schema::null()
    }
}

impl<T: GeminiSchema> GeminiSchema for Option<T> {
    fn schema(generator: &mut Generator) -> Schema {
        let schema = T::schema(generator);
        match schema.shape {
            Shape::Any | Shape::Null | Shape::Invalid(_) => schema,
            _ => schema.nullable(),
        }
    }
}

impl GeminiSchema for serde_json::Value {
    fn schema(_: &mut Generator) -> Schema {
        Schema::any()
    }
}

impl GeminiSchema for serde_json::Number {
    fn schema(_: &mut Generator) -> Schema {
        Schema::number()
    }
}

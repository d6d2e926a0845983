//! `arrayvec` 0.7.

use arrayvec::{ArrayString, ArrayVec};

use crate::schema::{ArrayShape, StringShape};
use crate::{GeminiSchema, Generator, Schema, Shape};

impl<T: GeminiSchema, const CAPACITY: usize> GeminiSchema for ArrayVec<T, CAPACITY> {
    fn schema(generator: &mut Generator) -> Schema {
        let items = Box::new(T::schema(generator));
        let max_items = Some(CAPACITY as u64);
        Schema::from(Shape::Array(ArrayShape { items, min_items: None, max_items }))
            .enforced_by_type()
    }
}

impl<const CAPACITY: usize> GeminiSchema for ArrayString<CAPACITY> {
    fn schema(_: &mut Generator) -> Schema {
        let max_length = Some(CAPACITY as u64);
        Schema::from(Shape::String(StringShape { max_length, ..StringShape::default() }))
            .enforced_by_type()
            .with_caveat("text that takes more bytes than it may have characters")
    }
}

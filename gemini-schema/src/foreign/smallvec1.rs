//! `smallvec` 1.

use smallvec::{Array, SmallVec};

use crate::{GeminiSchema, Generator, Schema};

impl<A: Array> GeminiSchema for SmallVec<A>
where
    A::Item: GeminiSchema,
{
    fn schema(generator: &mut Generator) -> Schema {
        Schema::array(A::Item::schema(generator))
    }
}

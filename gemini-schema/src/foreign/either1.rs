//! `either` 1.

use either::Either;

use crate::impls::variants::external;
use crate::{GeminiSchema, Generator, Schema};

impl<L: GeminiSchema, R: GeminiSchema> GeminiSchema for Either<L, R> {
    fn schema(generator: &mut Generator) -> Schema {
        let left = external("Left", L::schema(generator));
        Schema::any_of([left, external("Right", R::schema(generator))])
    }
}

//! Tuples.

use crate::{GeminiSchema, Generator, Schema};

macro_rules! tuples {
    ($($name:ident)*) => { tuples!(@ [] $($name)*); };
    (@ [$($done:ident)*]) => {};
    (@ [$($done:ident)*] $next:ident $($rest:ident)*) => {
        impl<$($done: GeminiSchema,)* $next: GeminiSchema> GeminiSchema for ($($done,)* $next,) {
            fn schema(generator: &mut Generator) -> Schema {
                Schema::tuple([$($done::schema(generator),)* $next::schema(generator)])
            }
        }
        tuples!(@ [$($done)* $next] $($rest)*);
    };
}

tuples!(A B C D E F G H I J K L M N O P);

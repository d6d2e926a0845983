//! Ranges and their ends.

use std::ops::{Bound, Range, RangeFrom, RangeInclusive, RangeTo};

use super::variants::external;
use crate::{GeminiSchema, Generator, Property, Schema};

/// What the end of a range without `=` means.
const EXCLUDED: &str = "The end, which is not in the range.";

/// What the end of a range with `=` means.
const INCLUDED: &str = "The end, which is in the range.";

macro_rules! ranges {
    ($($range:ident: $ends:expr;)*) => {$(
        impl<T: GeminiSchema> GeminiSchema for $range<T> {
            fn schema(generator: &mut Generator) -> Schema {
                range(&T::schema(generator), &$ends)
            }
        }
    )*};
}

ranges! {
    Range: [("start", None), ("end", Some(EXCLUDED))];
    RangeInclusive: [("start", None), ("end", Some(INCLUDED))];
    RangeFrom: [("start", None)];
    RangeTo: [("end", Some(EXCLUDED))];
}

impl<T: GeminiSchema> GeminiSchema for Bound<T> {
    fn schema(generator: &mut Generator) -> Schema {
        let value = T::schema(generator);
        Schema::any_of([
            Schema::enumeration(["Unbounded"]).enforced_by_type(),
            external("Included", value.clone()),
            external("Excluded", value),
        ])
    }
}

/// An object with the ends of a range; the words say what an end means, unless its type does.
fn range(value: &Schema, ends: &[(&str, Option<&str>)]) -> Schema {
    Schema::object(ends.iter().map(|(name, words)| {
        let mut value = value.clone();
        let own = value.annotations.description.take();
        value.annotations.description = own.or(words.map(str::to_owned));
        Property::required(*name, value)
    }))
    .closed()
}

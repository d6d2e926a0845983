//! Lists, arrays and sets.

use std::collections::{BTreeSet, BinaryHeap, HashSet, LinkedList, VecDeque};

use crate::schema::ArrayShape;
use crate::{GeminiSchema, Generator, Schema, Shape};

macro_rules! sequences {
    ($([$($generics:tt)*] $sequence:ty),* $(,)?) => {$(
        impl<T: GeminiSchema, $($generics)*> GeminiSchema for $sequence {
            fn schema(generator: &mut Generator) -> Schema {
                Schema::array(T::schema(generator))
            }
        }
    )*};
}

sequences! {
    [] [T],
    [] Vec<T>,
    [] VecDeque<T>,
    [] LinkedList<T>,
    [] BinaryHeap<T>,
    [] BTreeSet<T>,
    [S] HashSet<T, S>,
}

impl<T: GeminiSchema, const N: usize> GeminiSchema for [T; N] {
    fn schema(generator: &mut Generator) -> Schema {
        let items = Box::new(T::schema(generator));
        let count = Some(N as u64);
        Schema::from(Shape::Array(ArrayShape { items, min_items: count, max_items: count }))
            .enforced_by_type()
    }
}

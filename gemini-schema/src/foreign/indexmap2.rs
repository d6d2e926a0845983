//! `indexmap` 2.

use indexmap::{IndexMap, IndexSet};

use crate::impls::maps::map;
use crate::{GeminiSchema, Generator, Schema};

impl<K: GeminiSchema, V: GeminiSchema, S> GeminiSchema for IndexMap<K, V, S> {
    fn schema(generator: &mut Generator) -> Schema {
        map::<K, V>(generator)
    }
}

impl<T: GeminiSchema, S> GeminiSchema for IndexSet<T, S> {
    fn schema(generator: &mut Generator) -> Schema {
        Schema::array(T::schema(generator))
    }
}

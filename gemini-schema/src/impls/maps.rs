//! Maps.

use std::collections::{BTreeMap, HashMap};

use crate::{GeminiSchema, Generator, Schema};

impl<K: GeminiSchema, V: GeminiSchema, S> GeminiSchema for HashMap<K, V, S> {
    fn schema(generator: &mut Generator) -> Schema {
        map::<K, V>(generator)
    }
}

impl<K: GeminiSchema, V: GeminiSchema> GeminiSchema for BTreeMap<K, V> {
    fn schema(generator: &mut Generator) -> Schema {
        map::<K, V>(generator)
    }
}

impl GeminiSchema for serde_json::Map<String, serde_json::Value> {
    fn schema(generator: &mut Generator) -> Schema {
        map::<String, serde_json::Value>(generator)
    }
}

pub(crate) fn map<K: GeminiSchema, V: GeminiSchema>(generator: &mut Generator) -> Schema {
    let keys = K::schema(generator);
    let values = V::schema(generator);
    Schema::map(keys, values)
}

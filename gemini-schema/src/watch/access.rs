//! Handing the limits of the parts on.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::CowStrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::{Limits, Watch};
use crate::{Property, Schema, Shape};

/// A sequence that counts its elements.
pub(super) struct WatchSequence<'s, A> {
    inner: A,
    limits: Limits<'s>,
    count: usize,
}

impl<'s, A> WatchSequence<'s, A> {
    pub(super) fn new(inner: A, limits: Limits<'s>) -> Self {
        WatchSequence { inner, limits, count: 0 }
    }

    pub(super) fn end(self) {
        if let Shape::Array(shape) = &self.limits.schema.shape {
            let count = self.count as u64;
            let is_long_enough = shape.min_items.is_none_or(|least| least <= count);
            self.limits.hold(is_long_enough && shape.max_items.is_none_or(|most| count <= most));
        }
    }

    fn next(&self) -> Option<&'s Schema> {
        match &self.limits.schema.shape {
            Shape::Array(shape) => Some(&shape.items),
            Shape::Tuple(places) => places.get(self.count),
            _ => None,
        }
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for WatchSequence<'_, A> {
    type Error = A::Error;

    #[inline]
    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, A::Error> {
        let schema = self.next();
        let element = self.inner.next_element_seed(WatchSeed::new(seed, schema, self.limits))?;
        self.count += usize::from(element.is_some());
        Ok(element)
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

/// A map that knows which property comes next.
pub(super) struct WatchMap<'s, A> {
    inner: A,
    limits: Limits<'s>,
    next: Option<&'s Schema>,
    /// Where the next property is looked for first: they mostly come in order.
    likely: usize,
}

impl<'s, A> WatchMap<'s, A> {
    pub(super) fn new(inner: A, limits: Limits<'s>) -> Self {
        let next = match &limits.schema.shape {
            Shape::Map(shape) => Some(&*shape.values),
            _ => None,
        };
        WatchMap { inner, limits, next, likely: 0 }
    }

    #[inline]
    fn find(&mut self, properties: &'s [Property], name: &str) -> Option<&'s Schema> {
        let is_likely = properties.get(self.likely).is_some_and(|likely| likely.name == name);
        if !is_likely {
            self.likely = properties.iter().position(|property| property.answers_to(name))?;
        }
        let found = properties.get(self.likely)?;
        self.likely += 1;
        Some(&found.schema)
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for WatchMap<'_, A> {
    type Error = A::Error;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        let shape = match &self.limits.schema.shape {
            Shape::Object(shape) => shape,
            Shape::Map(shape) => {
                let seed = WatchSeed::new(seed, Some(&shape.keys), self.limits);
                return self.inner.next_key_seed(seed);
            }
            _ => return self.inner.next_key_seed(seed),
        };
        let Some(name) = self.inner.next_key_seed(Name)? else {
            return Ok(None);
        };
        self.next = self.find(&shape.properties, &name);
        seed.deserialize(CowStrDeserializer::new(name)).map(Some)
    }

    #[inline]
    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, A::Error> {
        self.inner.next_value_seed(WatchSeed::new(seed, self.next, self.limits))
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

/// A part, watched if it has limits.
struct WatchSeed<'s, T> {
    inner: T,
    limits: Option<Limits<'s>>,
}

impl<'s, T> WatchSeed<'s, T> {
    fn new(inner: T, schema: Option<&'s Schema>, limits: Limits<'s>) -> Self {
        let watched = schema.filter(|schema| schema.annotations.is_constrained);
        let limits = watched.map(|schema| limits.of(schema));
        WatchSeed { inner, limits }
    }
}

impl<'de, T: DeserializeSeed<'de>> DeserializeSeed<'de> for WatchSeed<'_, T> {
    type Value = T::Value;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T::Value, D::Error> {
        match self.limits {
            Some(limits) => self.inner.deserialize(Watch { inner: deserializer, limits }),
            None => self.inner.deserialize(deserializer),
        }
    }
}

/// The name of a property, borrowed where the text has it as it is.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the name of a property")
    }

    #[inline]
    fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }

    #[inline]
    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.to_owned()))
    }
}

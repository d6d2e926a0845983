//! Handing the limits of the parts on.

use std::cell::Cell;
use std::iter;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess};

use super::{Limits, Watch};
use crate::name::NameSeed;
use crate::schema::Side;
use crate::{MapShape, ObjectShape, Schema, Shape};

/// A sequence that counts its elements.
pub(super) struct WatchSequence<'s, A> {
    inner: A,
    limits: Limits<'s>,
    /// What each element of a list is watched for, if for anything.
    each: Option<Limits<'s>>,
    count: usize,
}

impl<'s, A> WatchSequence<'s, A> {
    #[inline]
    pub(super) fn new(inner: A, limits: Limits<'s>) -> Self {
        let each = match &limits.schema.shape {
            Shape::Array(shape) => limits.of_part(&shape.items),
            _ => None,
        };
        WatchSequence { inner, limits, each, count: 0 }
    }

    #[inline]
    pub(super) fn end(self) {
        if let Shape::Array(shape) = &self.limits.schema.shape {
            let count = self.count as u64;
            let is_long_enough = shape.min_items.is_none_or(|least| least <= count);
            self.limits.hold(is_long_enough && shape.max_items.is_none_or(|most| count <= most));
        }
    }

    #[inline]
    fn next(&self) -> Option<Limits<'s>> {
        match &self.limits.schema.shape {
            Shape::Tuple(places) => {
                places.get(self.count).and_then(|place| self.limits.of_part(place))
            }
            _ => self.each,
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
        let limits = self.next();
        let element = self.inner.next_element_seed(WatchSeed { inner: seed, limits });
        self.count += usize::from(matches!(element, Ok(Some(_))));
        element
    }

    #[inline]
    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

/// A map that knows which property comes next.
pub(super) struct WatchMap<'s, A> {
    inner: A,
    limits: Limits<'s>,
    /// What the next value is watched for, if for anything.
    next: Option<&'s Schema>,
    /// Where the next property is looked for first: they mostly come in order.
    likely: usize,
    /// How many entries of a map there were.
    count: u64,
}

impl<'s, A> WatchMap<'s, A> {
    #[inline]
    pub(super) fn new(inner: A, limits: Limits<'s>) -> Self {
        let next = match &limits.schema.shape {
            Shape::Map(shape) => Some(&*shape.values).filter(is_constrained),
            _ => None,
        };
        WatchMap { inner, limits, next, likely: 0, count: 0 }
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for WatchMap<'_, A> {
    type Error = A::Error;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        match &self.limits.schema.shape {
            Shape::Object(shape) => {
                let (likely, next) = (&mut self.likely, &mut self.next);
                let limits = self.limits;
                let glances = &limits.schema.annotations.glances;
                let found = |name: &str| match glances.get(*likely) {
                    Some(known) if known.is_of(name) => {
                        let property = shape.properties.get(*likely);
                        *next = property.filter(|_| known.is_watched).map(|found| &found.schema);
                        *likely += 1;
                    }
                    _ => *next = find(shape, likely, name).filter(is_constrained),
                };
                self.inner.next_key_seed(NameSeed::new(seed, found))
            }
            Shape::Map(shape) => {
                let limits = self.limits.of_part(&shape.keys);
                let key = self.inner.next_key_seed(WatchSeed { inner: seed, limits })?;
                match key {
                    Some(_) => self.count += 1,
                    None => self.limits.hold(shape.holds(self.count)),
                }
                Ok(key)
            }
            _ => self.inner.next_key_seed(seed),
        }
    }

    #[inline]
    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, A::Error> {
        let limits = self.next.map(|schema| Limits { schema, ..self.limits });
        self.inner.next_value_seed(WatchSeed { inner: seed, limits })
    }

    #[inline]
    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

impl MapShape {
    /// Whether there can be this many entries. Keys may be repeated, so that two entries need not
    /// be two: this is looked at slowly.
    fn holds(&self, count: u64) -> bool {
        let least = self.min_properties.unwrap_or(0);
        count >= least && least < 2 && self.max_properties.is_none_or(|most| count <= most)
    }
}

fn is_constrained(schema: &&Schema) -> bool {
    schema.annotations.is_constrained
}

/// Looks for a property where it should be, and then everywhere.
#[cold]
fn find<'s>(shape: &'s ObjectShape, likely: &mut usize, name: &str) -> Option<&'s Schema> {
    let is_meant = |at: &usize| {
        shape.properties.get(*at).is_some_and(|property| property.answers_to(name, Side::Read))
    };
    let mut places = iter::once(*likely).chain(0..shape.properties.len());
    match places.find(is_meant) {
        Some(at) => {
            *likely = at + 1;
            shape.properties.get(at).map(|property| &property.schema)
        }
        None => shape.additional.as_ref().map(|additional| &additional.values),
    }
}

/// A part, watched if it has limits.
pub(crate) struct WatchSeed<'s, T> {
    inner: T,
    limits: Option<Limits<'s>>,
}

impl<'s, T> WatchSeed<'s, T> {
    /// The whole, watched if there is a schema. `is_broken` is set when a limit is broken.
    pub(crate) fn root(inner: T, schema: Option<&'s Schema>, is_broken: &'s Cell<bool>) -> Self {
        WatchSeed { inner, limits: schema.map(|schema| Limits { schema, is_broken }) }
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

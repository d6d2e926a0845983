//! Maps that were sent as lists of entries.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::marker::PhantomData;

use serde::de::value::CowStrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::{LiftSeed, unusual};
use crate::lift::{KEY, Lift, Lifts, VALUE};
use crate::name::Name;

/// The entries, each with a key that was not there before.
pub(super) struct Entries<'de, 'l, A> {
    inner: A,
    values: &'l Lift,
    lifts: &'l Lifts,
    seen: HashSet<Cow<'de, str>>,
}

impl<'l, A> Entries<'_, 'l, A> {
    pub(super) fn new(inner: A, values: &'l Lift, lifts: &'l Lifts) -> Self {
        Entries { inner, values, lifts, seen: HashSet::new() }
    }
}

impl<'de, A: SeqAccess<'de>> MapAccess<'de> for Entries<'de, '_, A> {
    type Error = A::Error;

    /// Keys and values come from one element of a list, so they can't be asked for one by one.
    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        _: K,
    ) -> Result<Option<K::Value>, A::Error> {
        Err(unusual())
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, _: V) -> Result<V::Value, A::Error> {
        Err(unusual())
    }

    #[inline]
    fn next_entry_seed<K: DeserializeSeed<'de>, V: DeserializeSeed<'de>>(
        &mut self,
        key: K,
        value: V,
    ) -> Result<Option<(K::Value, V::Value)>, A::Error> {
        let value = LiftSeed { inner: value, lift: self.values, lifts: self.lifts };
        self.inner.next_element_seed(Entry { key, value, seen: &mut self.seen })
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

struct Entry<'s, 'de, K, V> {
    key: K,
    value: V,
    seen: &'s mut HashSet<Cow<'de, str>>,
}

impl<'de, K, V> DeserializeSeed<'de> for Entry<'_, 'de, K, V>
where
    K: DeserializeSeed<'de>,
    V: DeserializeSeed<'de>,
{
    type Value = (K::Value, V::Value);

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, K, V> Visitor<'de> for Entry<'_, 'de, K, V>
where
    K: DeserializeSeed<'de>,
    V: DeserializeSeed<'de>,
{
    type Value = (K::Value, V::Value);

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a key and a value")
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        if map.next_key_seed(Name)?.is_none_or(|name| name != KEY) {
            return Err(unusual());
        }
        let key = map.next_value_seed(Key)?;
        let deserializer = KeyDeserializer { name: key.clone(), error: PhantomData };
        let typed = self.key.deserialize(deserializer)?;
        if !self.seen.insert(key) || map.next_key_seed(Name)?.is_none_or(|name| name != VALUE) {
            return Err(unusual());
        }
        Ok((typed, map.next_value_seed(self.value)?))
    }
}

/// A key as it stands in an object: its text, or the digits of an integer.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Cow<'de, str>;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a text or an integer")
    }

    #[inline]
    fn visit_borrowed_str<E: Error>(self, key: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(key))
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(key.to_owned()))
    }

    fn visit_i64<E: Error>(self, key: i64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(key.to_string()))
    }

    fn visit_u64<E: Error>(self, key: u64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(key.to_string()))
    }
}

/// Reads a key from its text, as from an object.
struct KeyDeserializer<'de, E> {
    name: Cow<'de, str>,
    error: PhantomData<E>,
}

macro_rules! integers {
    ($($method:ident $visit:ident $type:ty,)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
            // Only an integer that JSON writes in the same way.
            match self.name.parse::<$type>() {
                Ok(value) if value.to_string() == self.name => visitor.$visit(value),
                _ => Err(unusual()),
            }
        }
    )*};
}

impl<'de, E: Error> Deserializer<'de> for KeyDeserializer<'de, E> {
    type Error = E;

    integers! {
        deserialize_i8 visit_i8 i8,
        deserialize_i16 visit_i16 i16,
        deserialize_i32 visit_i32 i32,
        deserialize_i64 visit_i64 i64,
        deserialize_i128 visit_i128 i128,
        deserialize_u8 visit_u8 u8,
        deserialize_u16 visit_u16 u16,
        deserialize_u32 visit_u32 u32,
        deserialize_u64 visit_u64 u64,
        deserialize_u128 visit_u128 u128,
    }

    #[inline]
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        CowStrDeserializer::new(self.name).deserialize_any(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, E> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, E> {
        CowStrDeserializer::new(self.name).deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        bool f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map
        struct identifier ignored_any
    }
}

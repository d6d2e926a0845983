//! Reading the name of a member, and seeing it on the way.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::CowStrDeserializer;
use serde::de::{DeserializeSeed, Deserializer, Error, Visitor};
use serde::forward_to_deserialize_any;

/// Reads a name for somebody else, and shows it to `look`.
pub(crate) struct NameSeed<K, F> {
    inner: K,
    look: F,
}

impl<K, F> NameSeed<K, F> {
    #[inline]
    pub(crate) fn new(inner: K, look: F) -> Self {
        NameSeed { inner, look }
    }
}

impl<'de, K: DeserializeSeed<'de>, F: FnMut(&str)> DeserializeSeed<'de> for NameSeed<K, F> {
    type Value = K::Value;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<K::Value, D::Error> {
        self.inner.deserialize(Seen { inner: deserializer, look: self.look })
    }
}

/// A deserializer, or a visitor, of a name that is shown to `look`.
struct Seen<D, F> {
    inner: D,
    look: F,
}

impl<'de, D: Deserializer<'de>, F: FnMut(&str)> Seen<D, F> {
    fn read(mut self) -> Result<CowStrDeserializer<'de, D::Error>, D::Error> {
        let name = Name.deserialize(self.inner)?;
        (self.look)(&name);
        Ok(CowStrDeserializer::new(name))
    }
}

impl<'de, D: Deserializer<'de>, F: FnMut(&str)> Deserializer<'de> for Seen<D, F> {
    type Error = D::Error;

    /// What a derived struct asks for.
    #[inline]
    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.inner.deserialize_identifier(Seen { inner: visitor, look: self.look })
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.read()?.deserialize_any(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.read()?.deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map struct ignored_any
    }
}

impl<'de, V: Visitor<'de>, F: FnMut(&str)> Visitor<'de> for Seen<V, F> {
    type Value = V::Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(formatter)
    }

    #[inline]
    fn visit_str<E: Error>(mut self, name: &str) -> Result<V::Value, E> {
        (self.look)(name);
        self.inner.visit_str(name)
    }

    #[inline]
    fn visit_borrowed_str<E: Error>(mut self, name: &'de str) -> Result<V::Value, E> {
        (self.look)(name);
        self.inner.visit_borrowed_str(name)
    }

    #[inline]
    fn visit_string<E: Error>(mut self, name: String) -> Result<V::Value, E> {
        (self.look)(&name);
        self.inner.visit_string(name)
    }
}

/// A text, borrowed where the document has it as it is.
pub(crate) struct Name;

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
        formatter.write_str("a text")
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

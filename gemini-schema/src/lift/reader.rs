//! Reading an answer that has to be turned back, straight from its text.
//!
//! A [`Lifting`] shows the type what serde expects while serde_json reads what was sent. It is for
//! answers as they should be: at whatever is unusual, such as a value before its key, it gives
//! up with an error, and the answer is turned back as a text.

mod access;
mod entry;
mod visitor;

use std::cell::Cell;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Visitor};

use super::{Lift, Lifts, Rest, VALUE};
use crate::Schema;
use crate::name::Name;
use crate::watch::WatchSeed;

use visitor::LiftVisitor;

/// Whether answers can be read without their text being turned back: not if alternatives need
/// different ways back, or if values decide which members are there.
pub(crate) fn is_possible(lifts: &Lifts) -> bool {
    let is_known = |lift: &Lift| match lift {
        Lift::AnyOf(_) => false,
        Lift::Members(members, rest) => {
            members.iter().all(|member| !member.null_is_absence)
                && !matches!(rest, Rest::Entries { .. })
        }
        _ => true,
    };
    let is_possible = |lift: &Lift| lift.all(&is_known);
    is_possible(&lifts.root) && lifts.definitions.values().all(is_possible)
}

/// Reads a value; `None` if the answer is unusual, or breaks a limit of the schema.
pub(crate) fn read<'de, T: Deserialize<'de>>(
    lifts: &Lifts,
    watched: Option<&Schema>,
    text: &'de str,
) -> Option<T> {
    let is_broken = Cell::new(false);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let seed = WatchSeed::root(PhantomData::<T>, watched, &is_broken);
    let value = match &lifts.root {
        Lift::Wrapped(inner) => {
            let seed = LiftSeed { inner: seed, lift: inner, lifts };
            deserializer.deserialize_map(Wrapper(seed)).ok()?
        }
        root => LiftSeed { inner: seed, lift: root, lifts }.deserialize(&mut deserializer).ok()?,
    };
    deserializer.end().ok()?;
    (!is_broken.get()).then_some(value)
}

/// A part, with the way back from what was sent for it.
struct LiftSeed<'l, T> {
    inner: T,
    lift: &'l Lift,
    lifts: &'l Lifts,
}

impl<'de, T: DeserializeSeed<'de>> DeserializeSeed<'de> for LiftSeed<'_, T> {
    type Value = T::Value;

    #[inline]
    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<T::Value, D::Error> {
        let LiftSeed { inner: seed, mut lift, lifts } = self;
        while let Lift::Reference(name) = lift {
            lift = lifts.definitions.get(name).unwrap_or(&Lift::Same);
        }
        match lift {
            Lift::Same => seed.deserialize(inner),
            lift => seed.deserialize(Lifting { inner, lift, lifts }),
        }
    }
}

/// A deserializer of what was sent, as what serde expects.
struct Lifting<'l, D> {
    inner: D,
    lift: &'l Lift,
    lifts: &'l Lifts,
}

impl<'de, 'l, D: Deserializer<'de>> Lifting<'l, D> {
    fn visitor<V>(&self, inner: V) -> LiftVisitor<'l, V> {
        LiftVisitor { inner, lift: self.lift, lifts: self.lifts }
    }

    /// Whether a text stands for the value, as JSON of its own.
    fn is_text(&self) -> bool {
        matches!(self.lift, Lift::Json | Lift::Names(_) | Lift::Constant { .. })
    }

    fn read_text<V: Visitor<'de>>(
        self,
        visit: impl FnOnce(&mut Inner<'_>) -> serde_json::Result<V::Value>,
    ) -> Result<V::Value, D::Error> {
        let text = Name.deserialize(self.inner)?;
        let text = match self.lift {
            Lift::Constant { lifted, .. } => lifted,
            Lift::Names(names) => {
                let found = names.iter().find(|(name, _)| *name == text);
                found.map(|(_, number)| &number[..]).ok_or_else(unusual)?
            }
            _ => &text[..],
        };
        // From a reader nothing is borrowed: the text does not live on.
        let mut inner = serde_json::Deserializer::from_reader(text.as_bytes());
        let value = visit(&mut inner).map_err(D::Error::custom)?;
        inner.end().map_err(D::Error::custom)?;
        Ok(value)
    }
}

macro_rules! lifted {
    ($($method:ident($($name:ident: $type:ty),*))*) => {$(
        #[inline]
        fn $method<V: Visitor<'de>>(
            self,
            $($name: $type,)*
            visitor: V,
        ) -> Result<V::Value, D::Error> {
            if self.is_text() {
                return self.read_text::<V>(|inner| inner.$method($($name,)* visitor));
            }
            match self.lift {
                Lift::Entries(_) => {
                    let visitor = self.visitor(visitor);
                    self.inner.deserialize_seq(visitor)
                }
                Lift::Tuple(_) => {
                    let visitor = self.visitor(visitor);
                    self.inner.deserialize_map(visitor)
                }
                _ => {
                    let visitor = self.visitor(visitor);
                    self.inner.$method($($name,)* visitor)
                }
            }
        }
    )*};
}

macro_rules! through {
    ($($method:ident($($name:ident: $type:ty),*))*) => {$(
        #[inline]
        fn $method<V: Visitor<'de>>(
            self,
            $($name: $type,)*
            visitor: V,
        ) -> Result<V::Value, D::Error> {
            if self.is_text() {
                return self.read_text::<V>(|inner| inner.$method($($name,)* visitor));
            }
            let visitor = self.visitor(visitor);
            self.inner.$method($($name,)* visitor)
        }
    )*};
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Lifting<'_, D> {
    type Error = D::Error;

    lifted! {
        deserialize_any() deserialize_bool() deserialize_i8() deserialize_i16() deserialize_i32()
        deserialize_i64() deserialize_i128() deserialize_u8() deserialize_u16()
        deserialize_u32() deserialize_u64() deserialize_u128() deserialize_f32() deserialize_f64()
        deserialize_char() deserialize_str() deserialize_string() deserialize_bytes()
        deserialize_byte_buf() deserialize_unit() deserialize_seq() deserialize_map()
        deserialize_identifier() deserialize_ignored_any()
        deserialize_unit_struct(name: &'static str)
        deserialize_tuple(length: usize)
        deserialize_tuple_struct(name: &'static str, length: usize)
        deserialize_struct(name: &'static str, fields: &'static [&'static str])
    }

    through! {
        deserialize_option()
        deserialize_newtype_struct(name: &'static str)
        deserialize_enum(name: &'static str, variants: &'static [&'static str])
    }
}

/// What was wrapped into an object.
struct Wrapper<T>(T);

impl<'de, T: DeserializeSeed<'de>> Visitor<'de> for Wrapper<T> {
    type Value = T::Value;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("an object with a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T::Value, A::Error> {
        match map.next_key_seed(Name)? {
            Some(name) if name == VALUE => map.next_value_seed(self.0),
            _ => Err(unusual()),
        }
    }
}

/// What makes the reader give up.
fn unusual<E: Error>() -> E {
    E::custom("not as it was asked for")
}

/// Reads JSON that does not live on, so that nothing is borrowed from it.
type Inner<'t> = serde_json::Deserializer<serde_json::de::IoRead<&'t [u8]>>;

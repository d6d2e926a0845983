//! Reading a value and noticing on the way whether it breaks a limit.
//!
//! A [`Watch`] stands between serde_json and the type. It says only *that* a limit was broken:
//! what exactly is found out by `check`, on a tree that a good answer never needs.

mod access;
mod glance;
mod visitor;

use std::cell::Cell;

use serde::de::{Deserializer, Visitor};

use crate::{Schema, Shape};

pub(crate) use access::WatchSeed;
pub(crate) use glance::Glance;
use visitor::WatchVisitor;

/// Whether limits of this schema can be watched: not those inside alternatives, of which only
/// serde knows which one it took.
pub(crate) fn is_possible(schema: &Schema) -> bool {
    match &schema.shape {
        Shape::AnyOf(_) => !schema.annotations.is_constrained,
        Shape::Reference(_) => false,
        shape => shape.children().all(is_possible),
    }
}

/// A deserializer that watches the limits of a schema.
struct Watch<'s, D> {
    inner: D,
    limits: Limits<'s>,
}

/// What is watched, and where a broken limit is noted.
#[derive(Clone, Copy)]
struct Limits<'s> {
    schema: &'s Schema,
    is_broken: &'s Cell<bool>,
}

impl<'s> Limits<'s> {
    /// Those of a part, if it has any.
    #[inline]
    fn of_part(self, schema: &'s Schema) -> Option<Self> {
        schema.annotations.is_constrained.then_some(Limits { schema, ..self })
    }

    #[inline]
    fn hold(self, holds: bool) {
        if !holds {
            self.is_broken.set(true);
        }
    }
}

macro_rules! forward {
    ($($method:ident)*) => {$(
        #[inline]
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            self.inner.$method(WatchVisitor::new(visitor, self.limits))
        }
    )*};
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Watch<'_, D> {
    type Error = D::Error;

    forward! {
        deserialize_any deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32
        deserialize_i64 deserialize_i128 deserialize_u8 deserialize_u16 deserialize_u32
        deserialize_u64 deserialize_u128 deserialize_f32 deserialize_f64 deserialize_char
        deserialize_str deserialize_string deserialize_bytes deserialize_byte_buf
        deserialize_option deserialize_unit deserialize_seq deserialize_map
        deserialize_identifier deserialize_ignored_any
    }

    #[inline]
    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.inner.deserialize_unit_struct(name, WatchVisitor::new(visitor, self.limits))
    }

    #[inline]
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.inner.deserialize_newtype_struct(name, WatchVisitor::new(visitor, self.limits))
    }

    #[inline]
    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.inner.deserialize_tuple(length, WatchVisitor::new(visitor, self.limits))
    }

    #[inline]
    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.inner.deserialize_tuple_struct(name, length, WatchVisitor::new(visitor, self.limits))
    }

    #[inline]
    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.inner.deserialize_struct(name, fields, WatchVisitor::new(visitor, self.limits))
    }

    #[inline]
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.inner.deserialize_enum(name, variants, WatchVisitor::new(visitor, self.limits))
    }
}

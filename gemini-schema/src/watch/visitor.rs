//! Looking at values as they are visited.

use std::fmt;

use serde::de::{Deserializer, EnumAccess, Error, MapAccess, SeqAccess, Visitor};

use super::access::{WatchMap, WatchSequence};
use super::{Limits, Watch};
use crate::schema::Side;
use crate::{Integer, Shape};

pub(super) struct WatchVisitor<'s, V> {
    inner: V,
    limits: Limits<'s>,
}

impl<'s, V> WatchVisitor<'s, V> {
    #[inline]
    pub(super) fn new(inner: V, limits: Limits<'s>) -> Self {
        WatchVisitor { inner, limits }
    }

    #[inline]
    fn text(&self, text: &str) {
        match &self.limits.schema.shape {
            Shape::String(shape) => self.limits.hold(shape.holds(text)),
            Shape::Enum(members) => {
                let is_member = members.iter().any(|member| member.answers_to(text, Side::Read));
                self.limits.hold(is_member);
            }
            _ => self.limits.hold(false),
        }
    }

    #[inline]
    fn integer(&self, value: Integer) {
        match &self.limits.schema.shape {
            Shape::Integer(shape) => {
                self.limits.hold(shape.minimum <= value && value <= shape.maximum);
            }
            Shape::IntegerEnum(members) => {
                let mut members = members.iter();
                self.limits.hold(members.any(|member| member.catches_all || member.value == value));
            }
            Shape::Number(_) => self.float(value.to_f64()),
            _ => self.limits.hold(false),
        }
    }

    #[inline]
    fn float(&self, value: f64) {
        match &self.limits.schema.shape {
            Shape::Number(shape) => {
                let most = shape.maximum.is_none_or(|most| value <= most);
                self.limits.hold(most && shape.minimum.is_none_or(|least| least <= value));
            }
            // An integer from a float: rare enough to be looked at slowly.
            _ => self.limits.hold(false),
        }
    }
}

macro_rules! watched {
    ($($method:ident($value:ident: $type:ty) => $look:ident($seen:expr)),* $(,)?) => {$(
        #[inline]
        fn $method<E: Error>(self, $value: $type) -> Result<V::Value, E> {
            self.$look($seen);
            self.inner.$method($value)
        }
    )*};
}

impl<'de, V: Visitor<'de>> Visitor<'de> for WatchVisitor<'_, V> {
    type Value = V::Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(formatter)
    }

    watched! {
        visit_i64(value: i64) => integer(Integer::from(i128::from(value))),
        visit_u64(value: u64) => integer(Integer::from(u128::from(value))),
        visit_i128(value: i128) => integer(Integer::from(value)),
        visit_u128(value: u128) => integer(Integer::from(value)),
        visit_f64(value: f64) => float(value),
        visit_str(value: &str) => text(value),
        visit_borrowed_str(value: &'de str) => text(value),
        visit_string(value: String) => text(&value),
    }

    #[inline]
    fn visit_bool<E: Error>(self, value: bool) -> Result<V::Value, E> {
        self.inner.visit_bool(value)
    }

    #[inline]
    fn visit_bytes<E: Error>(self, value: &[u8]) -> Result<V::Value, E> {
        self.inner.visit_bytes(value)
    }

    #[inline]
    fn visit_borrowed_bytes<E: Error>(self, value: &'de [u8]) -> Result<V::Value, E> {
        self.inner.visit_borrowed_bytes(value)
    }

    #[inline]
    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_unit()
    }

    #[inline]
    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_none()
    }

    #[inline]
    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<V::Value, D::Error> {
        self.inner.visit_some(Watch { inner: deserializer, limits: self.limits })
    }

    #[inline]
    fn visit_newtype_struct<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<V::Value, D::Error> {
        self.inner.visit_newtype_struct(Watch { inner: deserializer, limits: self.limits })
    }

    #[inline]
    fn visit_seq<A: SeqAccess<'de>>(self, sequence: A) -> Result<V::Value, A::Error> {
        // Serde reads structs from arrays too, without names for what is in them.
        let is_expected = matches!(self.limits.schema.shape, Shape::Array(_) | Shape::Tuple(_));
        self.limits.hold(is_expected);
        let mut watch = WatchSequence::new(sequence, self.limits);
        let value = self.inner.visit_seq(&mut watch);
        watch.end();
        value
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        let is_expected = matches!(self.limits.schema.shape, Shape::Object(_) | Shape::Map(_));
        self.limits.hold(is_expected);
        self.inner.visit_map(WatchMap::new(map, self.limits))
    }

    #[inline]
    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<V::Value, A::Error> {
        // An enum with a single variant: rare enough to be looked at slowly.
        self.limits.hold(false);
        self.inner.visit_enum(data)
    }
}

impl crate::StringShape {
    #[inline]
    fn holds(&self, text: &str) -> bool {
        let least = self.min_length.unwrap_or(0);
        let most = self.max_length.unwrap_or(u64::MAX);
        // A character takes one to four bytes: mostly that is enough to know.
        let bytes = text.len() as u64;
        if bytes > most || bytes / 4 < least {
            let length = text.chars().count() as u64;
            if length < least || length > most {
                return false;
            }
        }
        self.pattern.as_ref().is_none_or(|pattern| pattern.is_match(text))
            && self.format.is_none_or(|format| format.is_match(text))
    }
}

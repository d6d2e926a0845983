//! What is found where something was sent.

use std::fmt;

use serde::de::{Deserializer, EnumAccess, Error, MapAccess, SeqAccess, Visitor};

use super::access::{LiftMap, LiftSequence, Places};
use super::entry::Entries;
use super::{Lifting, unusual};
use crate::lift::{Lift, Lifts};

pub(super) struct LiftVisitor<'l, V> {
    pub(super) inner: V,
    pub(super) lift: &'l Lift,
    pub(super) lifts: &'l Lifts,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for LiftVisitor<'_, V> {
    type Value = V::Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.expecting(formatter)
    }

    #[inline]
    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.inner.visit_none()
    }

    #[inline]
    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        self.inner.visit_some(Lifting { inner, lift: self.lift, lifts: self.lifts })
    }

    #[inline]
    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        self.inner.visit_newtype_struct(Lifting { inner, lift: self.lift, lifts: self.lifts })
    }

    #[inline]
    fn visit_seq<A: SeqAccess<'de>>(self, sequence: A) -> Result<V::Value, A::Error> {
        match self.lift {
            Lift::Entries(values) => {
                self.inner.visit_map(Entries::new(sequence, values, self.lifts))
            }
            Lift::Items(_) | Lift::Places(_) => {
                self.inner.visit_seq(LiftSequence::new(sequence, self.lift, self.lifts))
            }
            _ => Err(unusual()),
        }
    }

    #[inline]
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        match self.lift {
            Lift::Tuple(places) => self.inner.visit_seq(Places::new(map, places, self.lifts)),
            Lift::Members(..) | Lift::Values(_) => {
                self.inner.visit_map(LiftMap::new(map, self.lift, self.lifts))
            }
            _ => Err(unusual()),
        }
    }

    fn visit_enum<A: EnumAccess<'de>>(self, _: A) -> Result<V::Value, A::Error> {
        Err(unusual())
    }
}

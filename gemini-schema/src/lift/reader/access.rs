//! Lists, tuples and objects.

use serde::de::value::{CowStrDeserializer, StrDeserializer};
use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess};

use super::{Inner, LiftSeed, unusual};
use crate::lift::{Lift, Lifts, Member, Rest};
use crate::name::{Name, NameSeed};

/// A list with something to turn back in its elements.
pub(super) struct LiftSequence<'l, A> {
    inner: A,
    lift: &'l Lift,
    lifts: &'l Lifts,
    count: usize,
}

impl<'l, A> LiftSequence<'l, A> {
    pub(super) fn new(inner: A, lift: &'l Lift, lifts: &'l Lifts) -> Self {
        LiftSequence { inner, lift, lifts, count: 0 }
    }
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for LiftSequence<'_, A> {
    type Error = A::Error;

    #[inline]
    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, A::Error> {
        let lift = match self.lift {
            Lift::Items(lift) => lift,
            Lift::Places(lifts) => lifts.get(self.count).unwrap_or(&Lift::Same),
            _ => &Lift::Same,
        };
        self.count += 1;
        self.inner.next_element_seed(LiftSeed { inner: seed, lift, lifts: self.lifts })
    }

    fn size_hint(&self) -> Option<usize> {
        self.inner.size_hint()
    }
}

/// The places of a tuple that was sent as an object.
pub(super) struct Places<'l, A> {
    inner: A,
    places: &'l [Lift],
    lifts: &'l Lifts,
    count: usize,
}

impl<'l, A> Places<'l, A> {
    pub(super) fn new(inner: A, places: &'l [Lift], lifts: &'l Lifts) -> Self {
        Places { inner, places, lifts, count: 0 }
    }
}

impl<'de, A: MapAccess<'de>> SeqAccess<'de> for Places<'_, A> {
    type Error = A::Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, A::Error> {
        let Some(name) = self.inner.next_key_seed(Name)? else { return Ok(None) };
        let lift = self.places.get(self.count).filter(|_| is_place(&name, self.count));
        let Some(lift) = lift else {
            return Err(unusual());
        };
        self.count += 1;
        let seed = LiftSeed { inner: seed, lift, lifts: self.lifts };
        self.inner.next_value_seed(seed).map(Some)
    }
}

/// An object with something to turn back in its members.
pub(super) struct LiftMap<'l, A> {
    inner: A,
    lifts: &'l Lifts,
    /// The lift of the next value.
    next: &'l Lift,
    members: &'l [Member],
    /// The lift of members with free names.
    rest: &'l Lift,
    /// Where the next member is looked for first: they mostly come in order.
    likely: usize,
    fills: Fills,
}

/// The members that have to be filled in if they are not there.
#[derive(Default)]
struct Fills {
    /// Whether each member was found; empty if none has to be filled in.
    found: Vec<bool>,
    /// What the next value is filled in with.
    next: Option<&'static str>,
}

impl<'l, A> LiftMap<'l, A> {
    pub(super) fn new(inner: A, lift: &'l Lift, lifts: &'l Lifts) -> Self {
        let (rest, members): (&Lift, &[Member]) = match lift {
            Lift::Values(lift) => (lift, &[]),
            Lift::Members(members, Rest::Values(lift)) => (lift, members),
            Lift::Members(members, _) => (&Lift::Same, members),
            _ => (&Lift::Same, &[]),
        };
        let mut fills = Fills::default();
        if members.iter().any(|member| member.fill.is_some()) {
            fills.found = vec![false; members.len()];
        }
        LiftMap { inner, lifts, next: rest, members, rest, likely: 0, fills }
    }
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for LiftMap<'_, A> {
    type Error = A::Error;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, A::Error> {
        if self.members.is_empty() {
            return self.inner.next_key_seed(seed);
        }
        if !self.fills.found.is_empty() {
            return self.next_filled(seed);
        }
        let (members, rest) = (self.members, self.rest);
        let (likely, next) = (&mut self.likely, &mut self.next);
        let look = |name: &str| {
            *next = match find(members, likely, name) {
                Some((_, member)) => &member.lift,
                None => rest,
            };
        };
        self.inner.next_key_seed(NameSeed::new(seed, look))
    }

    #[inline]
    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, A::Error> {
        if let Some(fill) = self.fills.next.take() {
            let mut inner = Inner::from_reader(fill.as_bytes());
            return seed.deserialize(&mut inner).map_err(A::Error::custom);
        }
        let seed = LiftSeed { inner: seed, lift: self.next, lifts: self.lifts };
        self.inner.next_value_seed(seed)
    }

    fn size_hint(&self) -> Option<usize> {
        if self.fills.found.is_empty() { self.inner.size_hint() } else { None }
    }
}

impl<A> LiftMap<'_, A> {
    /// The next name in the text, then those that have to be filled in.
    fn next_filled<'de, K>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error>
    where
        A: MapAccess<'de>,
        K: DeserializeSeed<'de>,
    {
        if let Some(name) = self.inner.next_key_seed(Name)? {
            self.next = self.rest;
            if let Some((at, member)) = find(self.members, &mut self.likely, &name) {
                self.next = &member.lift;
                if let Some(is_found) = self.fills.found.get_mut(at) {
                    *is_found = true;
                }
            }
            return seed.deserialize(CowStrDeserializer::new(name)).map(Some);
        }
        let missing = self.members.iter().zip(&mut self.fills.found);
        let mut missing = missing.filter(|(member, is_found)| member.fill.is_some() && !**is_found);
        let Some((member, is_found)) = missing.next() else { return Ok(None) };
        *is_found = true;
        self.fills.next = member.fill;
        seed.deserialize(StrDeserializer::new(&member.name)).map(Some)
    }
}

#[inline]
fn find<'l>(members: &'l [Member], likely: &mut usize, name: &str) -> Option<(usize, &'l Member)> {
    if members.get(*likely).is_none_or(|member| member.name != name) {
        *likely = members.iter().position(|member| member.name == name)?;
    }
    let at = *likely;
    *likely += 1;
    members.get(at).map(|member| (at, member))
}

/// Whether a name is that of this place of a tuple.
fn is_place(name: &str, index: usize) -> bool {
    let Some(digits) = name.strip_prefix('_') else { return false };
    let is_plain = digits == "0" || !digits.starts_with(['0', '+']);
    is_plain && digits.parse() == Ok(index)
}

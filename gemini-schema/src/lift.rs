//! The way back from what was sent to what serde expects.
//!
//! Where a dialect cannot say what serde writes, lowering changes the shape and records here how
//! an answer of that shape is turned back. Most types need nothing of it.

mod cursor;
mod encode;
mod lifter;
mod reader;

use std::collections::BTreeMap;

use serde::Deserialize;

pub(crate) use encode::Encoder;

use crate::{OrderedJson, Schema, Violation};

/// How one part of an answer becomes what serde expects.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) enum Lift {
    /// It is that already.
    #[default]
    Same,
    /// Each element of a list.
    Items(Box<Lift>),
    /// Each place of a list of fixed length.
    Places(Vec<Lift>),
    /// The values of a map.
    Values(Box<Lift>),
    /// The members of an object: the known ones, and those with free names.
    Members(Vec<Member>, Rest),
    /// A tuple that was sent as an object with the members `_0`, `_1`, ...
    Tuple(Vec<Lift>),
    /// A map that was sent as a list of objects with a key and a value.
    Entries(Box<Lift>),
    /// One of several shapes that were sent, in their order; each with the place of the
    /// alternative that it stands for.
    AnyOf(Vec<(usize, Lift)>),
    /// A definition.
    Reference(String),
    /// A number that was sent by its name; the names with the numbers.
    Names(Vec<(String, String)>),
    /// Any value, sent as a text that holds JSON.
    Json,
    /// The one value that is left, whatever stands for it, and the members that were cut away.
    Constant { sent: &'static str, lifted: String, members: Vec<Member> },
    /// A value that was wrapped into an object.
    Wrapped(Box<Lift>),
}

/// A member of an object, as it was sent.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) lift: Lift,
    /// What serde gets if the member is not there.
    pub(crate) fill: Option<&'static str>,
    /// Whether `null` stands for a member that is not there.
    pub(crate) null_is_absence: bool,
    /// Whether it is sent, and not cut away with the recursion behind it.
    pub(crate) is_sent: bool,
    /// The one value that it can have where it is cut away.
    pub(crate) rest: Option<&'static str>,
    /// Whether it has to be there although serde may leave it out.
    pub(crate) is_forced: bool,
}

/// How the members of an object with free names were sent.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) enum Rest {
    /// As they are, if there are any.
    #[default]
    Same,
    /// In their places, each lifted by itself.
    Values(Box<Lift>),
    /// Together, as a list of objects with a key and a value.
    Entries { name: String, lift: Box<Lift> },
}

/// The lift of a whole schema.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Lifts {
    pub(crate) root: Lift,
    pub(crate) definitions: BTreeMap<String, Lift>,
    /// Whether answers can be read without turning their text back.
    pub(crate) is_readable: bool,
}

/// The names under which entries and wrapped values are sent.
pub(crate) const KEY: &str = "key";
pub(crate) const VALUE: &str = "value";

/// The name under which a place of a tuple is sent.
pub(crate) fn place(index: usize) -> String {
    format!("_{index}")
}

impl Lifts {
    pub(crate) fn is_same(&self) -> bool {
        self.root.is_plain() && self.definitions.values().all(Lift::is_plain)
    }

    pub(crate) fn new(root: Lift, definitions: BTreeMap<String, Lift>) -> Lifts {
        let mut lifts = Lifts { root, definitions, is_readable: false };
        lifts.is_readable = reader::is_possible(&lifts);
        lifts
    }

    /// Reads an answer straight from its text; `None` if it is unusual, or breaks a limit of the
    /// schema that is watched.
    pub(crate) fn read<'de, T: Deserialize<'de>>(
        &self,
        watched: Option<&Schema>,
        text: &'de str,
    ) -> Option<T> {
        if self.is_readable { reader::read(self, watched, text) } else { None }
    }

    /// Turns the text of an answer, which has to be JSON, into what serde expects.
    ///
    /// A part of another shape than the one that was sent is left as it is, for serde to refuse.
    pub(crate) fn apply(&self, sent: &Schema, text: &str) -> Result<String, Vec<Violation>> {
        lifter::apply(self, sent, text)
    }

    /// Turns the text that serde writes, which has to conform, into the shape that is sent.
    pub(crate) fn encode(&self, schema: &Schema, text: &str) -> OrderedJson {
        encode::encode(self, schema, text)
    }
}

impl Lift {
    /// Whether nothing is turned back, definitions aside.
    fn is_plain(&self) -> bool {
        self.all(&|lift| match lift {
            Lift::Members(members, rest) => {
                let is_kept = |member: &Member| member.fill.is_none() && !member.null_is_absence;
                members.iter().all(is_kept) && !matches!(rest, Rest::Entries { .. })
            }
            Lift::Tuple(_)
            | Lift::Entries(_)
            | Lift::Names(_)
            | Lift::Json
            | Lift::Constant { .. }
            | Lift::Wrapped(_) => false,
            _ => true,
        })
    }

    /// Whether something holds for this and for everything in it, definitions left aside.
    fn all(&self, holds: &dyn Fn(&Lift) -> bool) -> bool {
        let inner = match self {
            Lift::Items(lift) | Lift::Values(lift) | Lift::Entries(lift) | Lift::Wrapped(lift) => {
                lift.all(holds)
            }
            Lift::Places(lifts) | Lift::Tuple(lifts) => lifts.iter().all(|lift| lift.all(holds)),
            Lift::AnyOf(lifts) => lifts.iter().all(|(_, lift)| lift.all(holds)),
            Lift::Members(members, rest) => {
                members.iter().all(|member| member.lift.all(holds))
                    && match rest {
                        Rest::Same => true,
                        Rest::Values(lift) | Rest::Entries { lift, .. } => lift.all(holds),
                    }
            }
            Lift::Same
            | Lift::Reference(_)
            | Lift::Names(_)
            | Lift::Json
            | Lift::Constant { .. } => true,
        };
        inner && holds(self)
    }
}

impl Member {
    /// A member that is sent as it is.
    pub(crate) fn new(name: &str, lift: Lift) -> Member {
        let (null_is_absence, is_forced) = (false, false);
        Member {
            name: name.to_owned(),
            lift,
            fill: None,
            null_is_absence,
            is_sent: true,
            rest: None,
            is_forced,
        }
    }

    /// Whether nothing at all is done with it, neither on the way there nor on the way back.
    pub(crate) fn is_plain_same(&self) -> bool {
        let is_kept = self.fill.is_none() && !self.null_is_absence;
        is_kept && self.is_sent && !self.is_forced && self.lift == Lift::Same
    }
}

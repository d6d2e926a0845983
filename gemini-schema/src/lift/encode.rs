//! Turning what serde writes into the shape that is sent.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::cursor::Cursor;
use super::{KEY, Lift, Lifts, Member, Rest, VALUE, place};
use crate::check::Checker;
use crate::coerce::whole;
use crate::json::number;
use crate::schema::{EnumMember, ObjectShape, Side};
use crate::{Integer, Number, OrderedJson, Schema, Shape};

type Members = Vec<(Cow<'static, str>, OrderedJson)>;

pub(super) fn encode(lifts: &Lifts, schema: &Schema, text: &str) -> OrderedJson {
    let value = tree(&mut Cursor::new(text));
    let encoder = Encoder { definitions: &lifts.definitions, root: schema };
    encoder.visit(&lifts.root, schema, value)
}

/// The value that comes next; `serde_json` would round integers of 128 bits.
fn tree(cursor: &mut Cursor<'_>) -> OrderedJson {
    match cursor.peek() {
        Some(b'[') => {
            let mut elements = Vec::new();
            cursor.bracket();
            while cursor.element() {
                elements.push(tree(cursor));
            }
            cursor.bracket();
            OrderedJson::Array(elements)
        }
        Some(b'{') => {
            let mut members = Members::new();
            cursor.bracket();
            while cursor.element() {
                let name: String = serde_json::from_str(cursor.name()).unwrap_or_default();
                members.push((name.into(), tree(cursor)));
            }
            cursor.bracket();
            OrderedJson::Object(members)
        }
        Some(b'-' | b'0'..=b'9') => {
            number(cursor.value()).map_or(OrderedJson::Null, OrderedJson::Number)
        }
        _ => serde_json::from_str(cursor.value()).unwrap_or(OrderedJson::Null),
    }
}

/// Writes values as a schema is sent.
pub(crate) struct Encoder<'a> {
    /// The lifts of the definitions.
    pub(crate) definitions: &'a BTreeMap<String, Lift>,
    /// Where the definitions are.
    pub(crate) root: &'a Schema,
}

impl Encoder<'_> {
    /// `schema` is what serde's value conforms to; properties are put in its order.
    pub(crate) fn visit(&self, lift: &Lift, schema: &Schema, value: OrderedJson) -> OrderedJson {
        match (lift, &schema.shape, value) {
            (Lift::Reference(name), _, value) => {
                let lift = self.definitions.get(name).unwrap_or(&Lift::Same);
                self.visit(lift, schema, value)
            }
            (_, _, OrderedJson::Null)
                if schema.annotations.nullable && !matches!(lift, Lift::Wrapped(_)) =>
            {
                OrderedJson::Null
            }
            (lift, Shape::Reference(name), value) => match self.root.definitions.get(name) {
                Some(definition) => self.visit(lift, definition, value),
                None => value,
            },
            (Lift::Wrapped(lift), _, value) => {
                OrderedJson::Object(vec![(VALUE.into(), self.visit(lift, schema, value))])
            }
            (Lift::Json, _, value) => value.to_string().into(),
            (Lift::Constant { sent, members, .. }, _, value) if is_cut(members, &value) => {
                OrderedJson::from(*sent)
            }
            (Lift::Names(names), _, value) => name(names, value),
            (_, Shape::Enum(members), OrderedJson::String(text)) => member(members, text),
            (lift, Shape::AnyOf(branches), value) => self.any_of(lift, branches, value),
            (lift, Shape::Array(shape), OrderedJson::Array(elements)) => {
                let inner = match lift {
                    Lift::Items(inner) => inner,
                    _ => &Lift::Same,
                };
                let elements = elements.into_iter();
                let elements = elements.map(|element| self.visit(inner, &shape.items, element));
                elements.collect::<Vec<_>>().into()
            }
            (lift, Shape::Tuple(places), OrderedJson::Array(elements)) => {
                self.tuple(lift, places, elements)
            }
            (lift, Shape::Map(shape), OrderedJson::Object(members)) => {
                self.map(lift, &shape.keys, &shape.values, members)
            }
            (lift, Shape::Object(shape), OrderedJson::Object(members)) => {
                self.object(lift, shape, members)
            }
            (_, _, value) => value,
        }
    }

    fn any_of(&self, lift: &Lift, branches: &[Schema], value: OrderedJson) -> OrderedJson {
        // Not by `to_value`, which has no integers of 128 bits.
        let Ok(plain) = serde_json::from_str(&value.to_string()) else { return value };
        let found = Checker::new(self.root, Side::Written).alternative(branches, &plain);
        let Some(branch) = found else { return value };
        let index = branches.iter().position(|other| std::ptr::eq(other, branch));
        let inner = match lift {
            Lift::AnyOf(lifts) => {
                let mut lifts = lifts.iter();
                lifts.find(|(place, _)| Some(*place) == index).map_or(&Lift::Same, |(_, lift)| lift)
            }
            other => other,
        };
        self.visit(inner, branch, value)
    }

    fn tuple(&self, lift: &Lift, places: &[Schema], elements: Vec<OrderedJson>) -> OrderedJson {
        let lifts = match lift {
            Lift::Tuple(lifts) | Lift::Places(lifts) => lifts.as_slice(),
            _ => &[],
        };
        let mut parts =
            places.iter().zip(elements).enumerate().map(|(index, (schema, element))| {
                (index, self.visit(lifts.get(index).unwrap_or(&Lift::Same), schema, element))
            });
        if matches!(lift, Lift::Tuple(_)) {
            OrderedJson::Object(parts.map(|(index, part)| (place(index).into(), part)).collect())
        } else {
            parts.by_ref().map(|(_, part)| part).collect::<Vec<_>>().into()
        }
    }

    fn map(&self, lift: &Lift, keys: &Schema, values: &Schema, members: Members) -> OrderedJson {
        let inner = match lift {
            Lift::Entries(inner) | Lift::Values(inner) => inner,
            _ => &Lift::Same,
        };
        let values =
            members.into_iter().map(|(name, value)| (name, self.visit(inner, values, value)));
        if !matches!(lift, Lift::Entries(_)) {
            return OrderedJson::Object(values.collect());
        }
        let is_text = matches!(keys.shape, Shape::String(_));
        entries(values, is_text)
    }

    /// The members in the order of the properties, those with free names last.
    fn object(&self, lift: &Lift, shape: &ObjectShape, mut members: Members) -> OrderedJson {
        let (lifts, rest): (&[Member], &Rest) = match lift {
            Lift::Members(lifts, rest) => (lifts, rest),
            _ => (&[], &Rest::Same),
        };
        let mut sorted = Vec::with_capacity(members.len());
        for property in &shape.properties {
            let lift = lifts.iter().find(|member| member.name == property.name);
            let at = members.iter().position(|(name, _)| property.answers_to(name, Side::Written));
            let name = || Cow::from(property.name.clone());
            match at {
                // What is cut away and says something stays, and does not conform then.
                Some(at) if members.get(at).is_some_and(|(_, value)| is_rest(lift, value)) => {
                    members.remove(at);
                }
                Some(at) => {
                    let (_, value) = members.remove(at);
                    let inner = lift.map_or(&Lift::Same, |member| &member.lift);
                    sorted.push((name(), self.visit(inner, &property.schema, value)));
                }
                None if lift.is_some_and(|member| member.is_forced) => {
                    sorted.push((name(), OrderedJson::Null));
                }
                None => {}
            }
        }
        members.retain(|(name, _)| !shape.unread.iter().any(|unread| unread == name));
        if let Some(additional) = &shape.additional {
            let inner = match rest {
                Rest::Values(lift) | Rest::Entries { lift, .. } => lift,
                Rest::Same => &Lift::Same,
            };
            for (_, value) in &mut members {
                let plain = std::mem::replace(value, OrderedJson::Null);
                *value = self.visit(inner, &additional.values, plain);
            }
        }
        match rest {
            Rest::Entries { name, .. } => {
                sorted.push((name.clone().into(), entries(members.into_iter(), true)));
            }
            Rest::Same | Rest::Values(_) => sorted.extend(members),
        }
        OrderedJson::Object(sorted)
    }
}

/// Whether an object says nothing but what is left of its members.
fn is_cut(members: &[Member], value: &OrderedJson) -> bool {
    value.as_object().is_some_and(|present| {
        present
            .iter()
            .all(|(name, value)| is_rest(members.iter().find(|member| member.name == *name), value))
    })
}

/// Whether a member was cut away, and this is the value that is left of it.
fn is_rest(member: Option<&Member>, value: &OrderedJson) -> bool {
    let rest = member.filter(|member| !member.is_sent).and_then(|member| member.rest);
    rest.is_some_and(|rest| match value {
        OrderedJson::Null => rest == "null",
        OrderedJson::Array(elements) => rest == "[]" && elements.is_empty(),
        OrderedJson::Object(members) => rest == "{}" && members.is_empty(),
        _ => false,
    })
}

/// The number that a key stands for, with all its digits.
fn key_number(name: &str) -> Option<Number> {
    if let Ok(integer) = name.parse::<i128>() {
        return Some(Number::from(integer));
    }
    if let Ok(integer) = name.parse::<u128>() {
        return Some(Number::from(Integer::from(integer)));
    }
    name.parse().ok().filter(|number: &f64| number.is_finite()).map(Number::Float)
}

/// The members of an object as a list of keys and values.
fn entries(
    members: impl Iterator<Item = (Cow<'static, str>, OrderedJson)>,
    is_text: bool,
) -> OrderedJson {
    let entries = members.map(|(name, value)| {
        let key = if is_text { None } else { key_number(&name) };
        let key = key.map_or(OrderedJson::String(name), OrderedJson::Number);
        OrderedJson::Object(vec![(KEY.into(), key), (VALUE.into(), value)])
    });
    entries.collect::<Vec<_>>().into()
}

/// The name of a member of an enumeration as it is read.
fn member(members: &[EnumMember], text: Cow<'static, str>) -> OrderedJson {
    let found = members.iter().find(|member| member.answers_to(&text, Side::Written));
    found.map_or(OrderedJson::String(text), |member| member.value.clone().into())
}

/// The name that stands for a number.
fn name(names: &[(String, String)], value: OrderedJson) -> OrderedJson {
    let written = value.to_string();
    let text = whole(&written).unwrap_or(written);
    let found = names.iter().find(|(_, number)| *number == text);
    found.map_or(value, |(name, _)| name.clone().into())
}

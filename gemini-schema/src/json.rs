//! JSON that keeps the order of its members.

use std::borrow::Cow;
use std::fmt;
use std::num::ParseFloatError;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::{Integer, Number};

/// A JSON value whose objects keep the order of their members.
///
/// The order of a schema's properties steers the model, so a lowered schema has to keep it
/// whichever features `serde_json` is built with. This type serializes its members in the order
/// in which they stand, and [`Display`](fmt::Display) prints it as compact JSON.
///
/// # Examples
///
/// ```
/// use gemini_schema::OrderedJson;
///
/// let value: OrderedJson = serde_json::from_str(r#"{"z": 1, "a": [true, null]}"#)?;
/// assert_eq!(value.to_string(), r#"{"z":1,"a":[true,null]}"#);
/// assert_eq!(value.get("z"), Some(&OrderedJson::from(1)));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum OrderedJson {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, integers of 128 bits included.
    Number(Number),
    /// A string.
    String(Cow<'static, str>),
    /// An array.
    Array(Vec<OrderedJson>),
    /// An object; its members in order.
    Object(Vec<(Cow<'static, str>, OrderedJson)>),
}

impl OrderedJson {
    /// The member of an object with this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&OrderedJson> {
        self.as_object()?.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The members of an object, in order.
    #[must_use]
    pub fn as_object(&self) -> Option<&[(Cow<'static, str>, OrderedJson)]> {
        match self {
            OrderedJson::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The elements of an array.
    #[must_use]
    pub fn as_array(&self) -> Option<&[OrderedJson]> {
        match self {
            OrderedJson::Array(elements) => Some(elements),
            _ => None,
        }
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            OrderedJson::String(text) => Some(text),
            _ => None,
        }
    }
}

impl fmt::Display for OrderedJson {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = serde_json::to_string(self).map_err(|_| fmt::Error)?;
        formatter.write_str(&text)
    }
}

macro_rules! from {
    ($($source:ty => $convert:expr),* $(,)?) => {$(
        impl From<$source> for OrderedJson {
            fn from(value: $source) -> Self {
                let convert: fn($source) -> OrderedJson = $convert;
                convert(value)
            }
        }
    )*};
}

from! {
    bool => OrderedJson::Bool,
    i32 => |value| OrderedJson::Number(Number::from(i128::from(value))),
    u64 => |value| OrderedJson::Number(Number::from(i128::from(value))),
    Number => OrderedJson::Number,
    &'static str => |value| OrderedJson::String(Cow::Borrowed(value)),
    String => |value| OrderedJson::String(Cow::Owned(value)),
    Vec<OrderedJson> => OrderedJson::Array,
}

impl Serialize for OrderedJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            OrderedJson::Null => serializer.serialize_unit(),
            OrderedJson::Bool(value) => serializer.serialize_bool(*value),
            OrderedJson::Number(value) => value.serialize(serializer),
            OrderedJson::String(value) => serializer.serialize_str(value),
            OrderedJson::Array(elements) => serializer.collect_seq(elements),
            OrderedJson::Object(members) => {
                let mut map = serializer.serialize_map(Some(members.len()))?;
                for (name, value) in members {
                    map.serialize_entry(name, value)?;
                }
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for OrderedJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OrderedVisitor)
    }
}

/// The name that stands before the digits of a number where another crate has switched on
/// `serde_json`'s feature `arbitrary_precision`.
const ARBITRARY_PRECISION: &str = "$serde_json::private::Number";

/// Reads a number, integers of 128 bits included.
pub(crate) fn number(digits: &str) -> Result<Number, ParseFloatError> {
    if let Ok(value) = digits.parse::<i128>() {
        return Ok(Number::from(value));
    }
    match digits.parse::<u128>() {
        Ok(value) => Ok(Number::Integer(Integer::from(value))),
        Err(_) => digits.parse().map(Number::Float),
    }
}

struct OrderedVisitor;

impl<'de> Visitor<'de> for OrderedVisitor {
    type Value = OrderedJson;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<OrderedJson, E> {
        Ok(OrderedJson::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<OrderedJson, E> {
        Ok(OrderedJson::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<OrderedJson, E> {
        Ok(OrderedJson::Number(Number::from(i128::from(value))))
    }

    fn visit_u64<E>(self, value: u64) -> Result<OrderedJson, E> {
        Ok(OrderedJson::Number(Number::from(i128::from(value))))
    }

    fn visit_f64<E>(self, value: f64) -> Result<OrderedJson, E> {
        Ok(OrderedJson::Number(Number::Float(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<OrderedJson, E> {
        Ok(OrderedJson::String(Cow::Owned(value.to_owned())))
    }

    fn visit_string<E>(self, value: String) -> Result<OrderedJson, E> {
        Ok(OrderedJson::String(Cow::Owned(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<OrderedJson, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = sequence.next_element()? {
            elements.push(element);
        }
        Ok(OrderedJson::Array(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<OrderedJson, A::Error> {
        let mut members = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            if name == ARBITRARY_PRECISION {
                let digits: String = map.next_value()?;
                return number(&digits).map(OrderedJson::Number).map_err(Error::custom);
            }
            let value = map.next_value()?;
            members.push((Cow::Owned(name), value));
        }
        Ok(OrderedJson::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use serde::de::value::{Error, MapDeserializer};

    use super::*;

    #[test]
    fn numbers_of_arbitrary_precision_are_numbers() {
        for digits in ["7", "-7", "3.5", "340282366920938463463374607431768211455"] {
            let members = [(ARBITRARY_PRECISION, digits)].into_iter();
            let value = OrderedJson::deserialize(MapDeserializer::<_, Error>::new(members));
            assert_eq!(value.unwrap().to_string(), digits);
        }
    }
}

//! Recognizing properties in passing.

use std::collections::HashSet;

use crate::ObjectShape;
use crate::schema::Side;

/// What is seen of a property's name at a glance, and whether its value has limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Glance {
    name: u32,
    pub(super) is_watched: bool,
}

impl Glance {
    /// Of all properties in their order, if a glance tells every name apart from the others; else
    /// of none. A name that looks like a known one and isn't is passed over by serde, so that it
    /// does no harm to watch its value: a limit that seems to be broken is looked at again.
    pub(crate) fn of_properties(shape: &ObjectShape) -> Vec<Glance> {
        let names = || shape.properties.iter().flat_map(|property| property.names(Side::Read));
        let seen: HashSet<u32> = names().map(glance).collect();
        if shape.additional.is_some() || seen.len() < names().count() {
            return Vec::new();
        }
        let properties = shape.properties.iter().map(|property| Glance {
            name: glance(&property.name),
            is_watched: property.schema.annotations.is_constrained,
        });
        properties.collect()
    }

    #[inline]
    pub(super) fn is_of(self, name: &str) -> bool {
        self.name == glance(name)
    }
}

/// The length, the first and the last byte.
#[inline]
fn glance(name: &str) -> u32 {
    let bytes = name.as_bytes();
    let at = |byte: Option<&u8>| u32::from(byte.copied().unwrap_or_default());
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    (length << 16) | (at(bytes.first()) << 8) | at(bytes.last())
}

#[cfg(test)]
mod tests {
    use super::Glance;
    use crate::{Property, Schema, Shape};

    fn count(names: &[&str], change: impl FnOnce(&mut Property)) -> usize {
        let mut properties: Vec<_> =
            names.iter().map(|name| Property::required(*name, Schema::boolean())).collect();
        change(&mut properties[0]);
        match Schema::object(properties).shape() {
            Shape::Object(shape) => Glance::of_properties(shape).len(),
            _ => panic!("an object has the shape of one"),
        }
    }

    #[test]
    fn names_are_recognized_where_all_look_different() {
        assert_eq!(count(&["name", "kind", "size"], |_| {}), 3);
        assert_eq!(count(&["name", "none", "size"], |_| {}), 0);
        assert_eq!(count(&["name", "size"], |name| name.aliases.push("some".into())), 0);
        assert_eq!(count(&["", "\0"], |_| {}), 2);
    }
}

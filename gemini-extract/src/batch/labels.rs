//! What values are counted by: the one choice that a type holds, and abstentions.

use std::collections::BTreeMap;

use gemini_schema::{EnumMember, Schema, Shape};
use serde_json::Value;

use crate::response::{json, named};

/// Counts of values by their label.
#[derive(Clone, Debug)]
pub(super) struct Labels {
    place: Place,
    members: Vec<EnumMember>,
    counts: BTreeMap<String, u64>,
    abstained: u64,
}

#[derive(Clone, Debug)]
enum Place {
    /// The value is the label.
    Root,
    /// In the property with this name.
    Property(String),
}

impl Labels {
    /// The labels of a type that is an enum, or an object with one enum among its properties; none
    /// of another type, where `null` alone is counted.
    pub(super) fn of(schema: &Schema) -> Self {
        let (place, members) = match schema.shape() {
            Shape::Enum(members) => (Place::Root, members.clone()),
            Shape::Object(object) => {
                let mut choices = object.properties.iter().filter_map(|property| {
                    let Shape::Enum(members) = property.schema.shape() else { return None };
                    Some((Place::Property(property.name.clone()), members.clone()))
                });
                let only = choices.next().filter(|_| choices.next().is_none());
                only.unwrap_or((Place::Root, Vec::new()))
            }
            _ => (Place::Root, Vec::new()),
        };
        let counts = members.iter().map(|member| (member.value.clone(), 0)).collect();
        Self { place, members, counts, abstained: 0 }
    }

    /// Counts a value by the answer that it was read from.
    pub(super) fn add(&mut self, answer: &str) {
        let named = match self.place {
            Place::Root => named(&self.members, answer),
            Place::Property(_) => None,
        };
        let label = match named {
            Some(member) => Some(member.value.clone()),
            None => match self.said(answer) {
                Some(Value::Null) => {
                    self.abstained += 1;
                    return;
                }
                Some(Value::String(text)) => label(&self.members, &text),
                _ => None,
            },
        };
        let Some(label) = label else { return };
        let is_other = |member: &EnumMember| member.is_other() && member.value == label;
        self.abstained += u64::from(self.members.iter().any(is_other));
        if let Some(count) = self.counts.get_mut(&label) {
            *count += 1;
        }
    }

    /// What stands where the label is expected.
    fn said(&self, answer: &str) -> Option<Value> {
        let value = json(answer).and_then(|json| serde_json::from_str(&json).ok());
        match &self.place {
            Place::Root => value.or_else(|| Some(Value::from(answer.trim()))),
            Place::Property(name) => match value? {
                Value::Null => Some(Value::Null),
                object => object.get(name).cloned(),
            },
        }
    }

    pub(super) fn counts(&self) -> BTreeMap<String, u64> {
        let counted = self.counts.iter().filter(|(_, count)| **count > 0);
        counted.map(|(label, count)| (label.clone(), *count)).collect()
    }

    /// How many values say that there is no answer.
    pub(super) fn abstained(&self) -> u64 {
        self.abstained
    }
}

/// The label that a text stands for.
pub(super) fn label(members: &[EnumMember], text: &str) -> Option<String> {
    let named = members.iter().find(|member| member.is_named(text));
    let member = named.or_else(|| members.iter().find(|member| member.is_other()))?;
    Some(member.value.clone())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use gemini_schema::{GeminiSchema, Property, Schema};

    use super::Labels;

    fn counts(schema: &Schema, answers: &[&str]) -> BTreeMap<String, u64> {
        counted(schema, answers).0
    }

    fn counted(schema: &Schema, answers: &[&str]) -> (BTreeMap<String, u64>, u64) {
        let mut labels = Labels::of(schema);
        answers.iter().for_each(|answer| labels.add(answer));
        (labels.counts(), labels.abstained())
    }

    #[test]
    fn the_one_choice_of_a_type_is_counted() {
        let sides = || Schema::enumeration(["left", "right"]);
        let expected = BTreeMap::from([("left".to_owned(), 2), ("right".to_owned(), 1)]);
        assert_eq!(counts(&sides(), &["left", " \"left\"\n", "right", "up"]), expected);
        let side = Property::required("side", sides());
        let why = || Property::required("why", Schema::string());
        let object = Schema::object([why(), side.clone()]);
        let answer = |side: &str| format!(r#"{{"why":"left","side":"{side}"}}"#);
        let answers = [answer("left"), answer("right"), answer("left"), "{".to_owned()];
        assert_eq!(counts(&object, &answers.each_ref().map(String::as_str)), expected);
        let two = Schema::object([side, Property::required("other", sides())]);
        assert!(counts(&two, &[&answer("left")]).is_empty());
        assert!(counts(&Schema::string(), &["left"]).is_empty());
    }

    #[test]
    fn abstentions_are_counted() {
        #[derive(GeminiSchema, serde::Deserialize)]
        #[serde(rename_all = "snake_case", crate = "gemini_schema::serde")]
        #[allow(dead_code, reason = "its schema alone is used")]
        enum Side {
            #[serde(alias = "port")]
            Left,
            #[serde(other)]
            Elsewhere,
        }
        let said = ["left", "port", "nowhere", "\"elsewhere\"", " elsewhere\n"];
        let expected = BTreeMap::from([("left".to_owned(), 2), ("elsewhere".to_owned(), 3)]);
        assert_eq!(counted(&Schema::of::<Side>(), &said), (expected, 3));
        let expected = BTreeMap::from([("left".to_owned(), 1)]);
        let said = [r#""left""#, "null", " null\n"];
        assert_eq!(counted(&Schema::of::<Option<Side>>(), &said), (expected, 2));
        assert_eq!(counted(&Schema::of::<Option<u8>>(), &["null", "7"]), (BTreeMap::new(), 1));
        let side = Property::required("side", Schema::of::<Option<Side>>());
        let object = Schema::object([side]);
        let said = [r#"{"side":null}"#, r#"{"side":"elsewhere"}"#, r#"{"side":"left"}"#];
        assert_eq!(counted(&object, &said).1, 2);
    }
}

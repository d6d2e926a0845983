//! What values are counted by: the one choice that a type holds.

use std::collections::BTreeMap;

use gemini_schema::{Schema, Shape};
use serde_json::Value;

/// Counts of values by their label.
#[derive(Clone, Debug)]
pub(super) struct Labels {
    place: Place,
    counts: BTreeMap<String, u64>,
}

#[derive(Clone, Debug)]
enum Place {
    /// The value is the label.
    Root,
    /// In the property with this name.
    Property(String),
}

impl Labels {
    /// The labels of a type that is an enum, or an object with one enum among its properties.
    pub(super) fn of(schema: &Schema) -> Option<Self> {
        let members = |schema: &Schema| match schema.shape() {
            Shape::Enum(members) => Some(members.clone()),
            _ => None,
        };
        let (place, members) = match schema.shape() {
            Shape::Object(object) => {
                let mut choices = object.properties.iter().filter_map(|property| {
                    Some((Place::Property(property.name.clone()), members(&property.schema)?))
                });
                choices.next().filter(|_| choices.next().is_none())?
            }
            _ => (Place::Root, members(schema)?),
        };
        let counts = members.into_iter().map(|member| (member.value, 0)).collect();
        Some(Self { place, counts })
    }

    /// Counts a value by the answer that it was read from.
    pub(super) fn add(&mut self, answer: &str) {
        let answer = answer.trim();
        let label = match &self.place {
            Place::Root if self.counts.contains_key(answer) => Some(answer.to_owned()),
            Place::Root => serde_json::from_str(answer).ok(),
            Place::Property(name) => serde_json::from_str::<Value>(answer)
                .ok()
                .and_then(|value| Some(value.get(name)?.as_str()?.to_owned())),
        };
        if let Some(count) = label.and_then(|label| self.counts.get_mut(&label)) {
            *count += 1;
        }
    }

    pub(super) fn counts(&self) -> BTreeMap<String, u64> {
        let counted = self.counts.iter().filter(|(_, count)| **count > 0);
        counted.map(|(label, count)| (label.clone(), *count)).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use gemini_schema::{Property, Schema};

    use super::Labels;

    fn counts(schema: &Schema, answers: &[&str]) -> Option<BTreeMap<String, u64>> {
        let mut labels = Labels::of(schema)?;
        answers.iter().for_each(|answer| labels.add(answer));
        Some(labels.counts())
    }

    #[test]
    fn the_one_choice_of_a_type_is_counted() {
        let sides = || Schema::enumeration(["left", "right"]);
        let expected = Some(BTreeMap::from([("left".to_owned(), 2), ("right".to_owned(), 1)]));
        assert_eq!(counts(&sides(), &["left", " \"left\"\n", "right", "up"]), expected);
        let side = Property::required("side", sides());
        let why = || Property::required("why", Schema::string());
        let object = Schema::object([why(), side.clone()]);
        let answer = |side: &str| format!(r#"{{"why":"left","side":"{side}"}}"#);
        let answers = [answer("left"), answer("right"), answer("left"), "{".to_owned()];
        assert_eq!(counts(&object, &answers.each_ref().map(String::as_str)), expected);
        let two = Schema::object([side, Property::required("other", sides())]);
        assert_eq!(counts(&two, &[]), None);
        assert_eq!(counts(&Schema::string(), &[]), None);
    }
}

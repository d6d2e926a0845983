//! Objects and maps.

use super::{Generator, Impossible};
use crate::json::{Json, Members};
use crate::schema::{ObjectRule, Rule};

/// How often a new name is tried for an entry of a map.
const NAME_ATTEMPTS: usize = 20;

impl<'a> Generator<'a> {
    pub(super) fn object(&mut self, rule: &'a ObjectRule) -> Result<Json, Impossible> {
        let most = rule.max_properties.unwrap_or(usize::MAX);
        let mut room = most.checked_sub(rule.required.len()).ok_or_else(too_few)?;
        // How many optional properties must be there for `minProperties`.
        let mut wanted = rule.min_properties.saturating_sub(rule.required.len());
        let mut members = Members::new();
        for (name, shape) in &rule.properties {
            if rule.required.contains(name) {
                members.insert(name.clone(), self.value(shape)?);
                continue;
            }
            let is_chosen = wanted > 0 || (!self.is_deep() && self.random.chance(3, 4));
            if room == 0 || !is_chosen {
                continue;
            }
            // An optional property that no value fits is left out.
            if let Ok(value) = self.value(shape) {
                members.insert(name.clone(), value);
                room -= 1;
                wanted = wanted.saturating_sub(1);
            }
        }
        let unnamed = rule.required.iter().filter(|&name| !rule.properties.contains_key(name));
        for name in unnamed {
            members.insert(name.clone(), self.value(&rule.additional)?);
        }
        self.entries(rule, wanted, room, &mut members)?;
        Ok(Json::Object(members))
    }

    /// Adds properties whose names the schema leaves open.
    fn entries(
        &mut self,
        rule: &'a ObjectRule,
        wanted: usize,
        room: usize,
        members: &mut Members,
    ) -> Result<(), Impossible> {
        let is_map = !matches!(rule.additional.rule, Rule::Any | Rule::Never);
        let welcome = if is_map && !self.is_deep() { self.random.between(1, 3) } else { 0 };
        self.spend(wanted)?;
        for _ in 0..wanted.max(welcome).min(room) {
            let Some(name) = self.new_name(rule, members) else {
                break;
            };
            let value = self.value(&rule.additional)?;
            members.insert(name, value);
        }
        if members.len() < rule.min_properties { Err(too_few()) } else { Ok(()) }
    }

    fn new_name(&mut self, rule: &ObjectRule, members: &Members) -> Option<String> {
        let is_free =
            |name: &String| !members.contains_key(name) && !rule.properties.contains_key(name);
        for _ in 0..NAME_ATTEMPTS {
            let name = self.words.plain(self.random);
            if is_free(&name) {
                return Some(name);
            }
        }
        let base = self.words.plain(self.random);
        (2..=members.len() + rule.properties.len() + 2)
            .map(|number| format!("{base}{number}"))
            .find(is_free)
    }
}

fn too_few() -> Impossible {
    Impossible::new("minProperties, maxProperties and required leave no room for an object")
}

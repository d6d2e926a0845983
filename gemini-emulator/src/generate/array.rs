//! Arrays and tuples.

use super::words::ID;
use super::{Generator, Impossible};
use crate::json::Json;
use crate::schema::{ArrayRule, Rule, shape_accepts};

/// How many items an array gets beyond its minimum, at most.
const FEW: usize = 2;
/// How often an item is made anew when it must differ from the others.
const UNIQUE_ATTEMPTS: usize = 20;

impl<'a> Generator<'a> {
    pub(super) fn array(&mut self, rule: &'a ArrayRule) -> Result<Json, Impossible> {
        let ids = self.ids(rule);
        let length = if ids.is_empty() { self.array_length(rule)? } else { ids.len() };
        self.spend(length)?;
        let mut items = Vec::new();
        for _ in 0..length {
            match self.next_item(rule, &items)? {
                Some(item) => items.push(item),
                None if items.len() >= rule.min_items => break,
                None => {
                    let reason = "not enough different items were found for an array";
                    return Err(Impossible::new(reason));
                }
            }
        }
        for (item, id) in items.iter_mut().zip(ids) {
            if let Json::Object(members) = item
                && let Some(place) = members.get_mut(ID)
            {
                place.clone_from(id);
            }
        }
        Ok(Json::Array(items))
    }

    /// The ids that the objects of a list are to have: those of the prompt's parts, where the answer
    /// may be a list of as many objects with such ids.
    fn ids(&self, rule: &'a ArrayRule) -> &'a [Json] {
        let ids = self.words.ids();
        let lengths = rule.min_items..=rule.max_items.unwrap_or(usize::MAX);
        let is_whole = self.depth == 1 && rule.prefix.is_empty() && lengths.contains(&ids.len());
        let shape = match &rule.items.rule {
            Rule::Object(object) if is_whole => object.properties.get(ID),
            _ => None,
        };
        let is_kept =
            shape.is_some_and(|shape| ids.iter().all(|id| shape_accepts(self.schema, shape, id)));
        if is_kept { ids } else { &[] }
    }

    /// The next item; none if only repetitions of earlier ones were found where none may be.
    fn next_item(
        &mut self,
        rule: &'a ArrayRule,
        before: &[Json],
    ) -> Result<Option<Json>, Impossible> {
        let shape = rule.prefix.get(before.len()).unwrap_or(&rule.items);
        for _ in 0..UNIQUE_ATTEMPTS {
            let item = self.value(shape)?;
            if !rule.unique || !before.contains(&item) {
                return Ok(Some(item));
            }
        }
        Ok(None)
    }

    fn array_length(&mut self, rule: &ArrayRule) -> Result<usize, Impossible> {
        let most = rule.max_items.unwrap_or(usize::MAX);
        if rule.min_items > most {
            return Err(Impossible::new("minItems is larger than maxItems"));
        }
        let tuple = rule.prefix.len();
        let is_closed = matches!(rule.items.rule, Rule::Never);
        let most = if is_closed { most.min(tuple) } else { most };
        let least = rule.min_items.max(tuple.min(most));
        if self.is_deep() || is_closed || (tuple > 0 && matches!(rule.items.rule, Rule::Any)) {
            return Ok(least);
        }
        let likely_least = least.max(1).min(most);
        Ok(self.random.between(likely_least, likely_least.saturating_add(FEW).min(most)))
    }
}

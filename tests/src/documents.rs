//! Documents that a decoder bound to a schema can write.

mod choices;
mod leaves;
mod pattern;
#[cfg(test)]
mod tests;

use std::collections::HashSet;

use crate::json::{Json, quoted};
use crate::model::{Kind, List, Model, Node, Obey, Reading, Record};
use crate::seed::Seed;
use choices::{Choices, Site};

/// More references inside each other than this are left out where the schema lets them.
const DEEPEST: usize = 3;
/// Longer lists than this are not written, unless the schema asks for them: on the outside, and
/// inside other lists.
const LONGEST: [usize; 2] = [8, 3];

/// The documents of one schema.
#[derive(Debug)]
pub struct Documents {
    model: Model,
    reading: Reading,
}

impl Documents {
    /// Reads the schema.
    ///
    /// # Errors
    ///
    /// What has no meaning.
    pub fn of(schema: &Json, reading: Reading) -> Result<Documents, String> {
        let model = reading.model(schema)?;
        Ok(Documents { model, reading })
    }

    /// Documents that show every alternative at every node at least once: each bound of a
    /// number, each length, each member, each branch, each property there and left out.
    #[must_use]
    pub fn systematic(&self) -> Vec<String> {
        let mut waiting = vec![Vec::new()];
        let mut seen = HashSet::new();
        let mut documents = Vec::new();
        while let Some(prefix) = waiting.pop() {
            let free = prefix.len();
            let mut choices = Choices::along(prefix);
            documents.push(self.document(&mut choices));
            let taken = choices.taken();
            for index in free..taken.len() {
                for alternative in 1..taken[index].of {
                    if seen.insert((taken[index].site, alternative)) {
                        let path = taken[..index].iter().map(|choice| choice.chosen);
                        waiting.push(path.chain([alternative]).collect());
                    }
                }
            }
        }
        documents.sort_unstable();
        documents.dedup();
        documents
    }

    /// Documents in which every choice is made by chance.
    #[must_use]
    pub fn random(&self, seed: &str, count: usize) -> Vec<String> {
        let choices = |index| Choices::by_chance(Seed::of(&format!("{index}{seed}")));
        (0..count).map(|index| self.document(&mut choices(index))).collect()
    }

    fn document(&self, choices: &mut Choices) -> String {
        let mut writer = Writer {
            model: &self.model,
            reading: self.reading,
            choices,
            text: String::new(),
            depth: 0,
            lists: 0,
        };
        writer.node(&self.model.root);
        writer.text
    }
}

struct Writer<'a> {
    model: &'a Model,
    reading: Reading,
    choices: &'a mut Choices,
    text: String,
    /// How many references are being followed.
    depth: usize,
    /// How many lists are being written inside each other.
    lists: usize,
}

impl Writer<'_> {
    fn pick<T>(&mut self, part: &T, role: &'static str, of: usize) -> usize {
        self.choices.pick(Site::new(part, role), of)
    }

    fn is_deep(&self) -> bool {
        self.depth >= DEEPEST
    }

    fn node(&mut self, node: &Node) {
        let is_null = node.nullable && (self.is_deep() || self.pick(node, "null", 2) == 1);
        if is_null {
            self.text.push_str("null");
            return;
        }
        match &node.kind {
            Kind::Text(rules) => leaves::text(rules, self.choices, &mut self.text),
            Kind::Enum(members) => {
                let chosen = self.pick(node, "member", members.len());
                self.text.push_str(&quoted(&members[chosen]));
            }
            Kind::Integer { minimum, maximum } => {
                // A reader that knows no schema does not take 7.0 for an integer.
                let has_spellings = self.reading.obey == Obey::Everything;
                let numbers = leaves::integers(*minimum, *maximum, has_spellings);
                self.one_of(node, &numbers);
            }
            Kind::Number { minimum, maximum } => {
                self.one_of(node, &leaves::numbers(*minimum, *maximum));
            }
            Kind::Boolean => self.one_of(node, &["true", "false"]),
            Kind::Null => self.text.push_str("null"),
            Kind::Anything => self.one_of(node, &leaves::ANYTHING),
            Kind::JsonText => self.one_of(node, &leaves::ANYTHING.map(quoted)),
            Kind::List(list) => self.list(list),
            Kind::Record(record) => self.record(record),
            Kind::Choice(branches) => self.choice(branches),
            Kind::Reference(name) => {
                let definition = &self.model.definitions[name];
                self.depth += 1;
                self.node(definition);
                self.depth -= 1;
            }
        }
    }

    fn one_of<S: AsRef<str>>(&mut self, node: &Node, texts: &[S]) {
        let chosen = self.pick(node, "one", texts.len());
        self.text.push_str(texts[chosen].as_ref());
    }

    fn choice(&mut self, branches: &[Node]) {
        let chosen = if self.is_deep() {
            let height = |branch: &Node| self.model.height(branch, &mut Vec::new());
            (0..branches.len()).min_by_key(|index| height(&branches[*index]).unwrap_or(usize::MAX))
        } else {
            Some(self.pick(&branches[0], "branch", branches.len()))
        };
        self.node(&branches[chosen.unwrap_or(0)]);
    }

    fn list(&mut self, list: &List) {
        let longest = LONGEST[usize::from(self.lists > 0)].max(list.min_items);
        let most = list.max_items.map_or(longest, |most| most.min(longest));
        let most = most.max(list.min_items);
        let mut counts = vec![2.clamp(list.min_items, most)];
        let near = [list.min_items, list.min_items + 1, 0, 1, 3, most.saturating_sub(1), most];
        for count in near {
            if (list.min_items..=most).contains(&count) && !counts.contains(&count) {
                counts.push(count);
            }
        }
        let count = if self.is_deep() {
            list.min_items
        } else {
            counts[self.pick(list, "count", counts.len())]
        };
        self.lists += 1;
        self.text.push('[');
        for index in 0..count {
            self.comma(index);
            let outer = self.choices.is_free;
            // Every element could be varied on its own; the first and the last stand for all.
            self.choices.is_free |= list.places.is_empty() && index > 0 && index + 1 < count;
            self.node(list.places.get(index).unwrap_or(&list.items));
            self.choices.is_free = outer;
        }
        self.text.push(']');
        self.lists -= 1;
    }

    fn record(&mut self, record: &Record) {
        let optional = record.properties.iter().filter(|property| !property.required);
        let presence = self.presence(record, optional.count());
        let mut optional = presence.into_iter();
        let mut present: Vec<_> = record
            .properties
            .iter()
            .filter(|property| property.required || optional.next() == Some(true))
            .collect();
        let has_order = self.reading.carrier.has_order();
        if !has_order && present.len() > 1 && self.pick(record, "order", 2) == 1 {
            present.reverse();
        }
        self.text.push('{');
        for (index, property) in present.iter().enumerate() {
            self.comma(index);
            self.text.push_str(&quoted(&property.name));
            self.text.push(':');
            self.node(&property.node);
        }
        if let Some(others) = &record.others {
            self.others(record, others, present.len());
        }
        self.text.push('}');
    }

    /// Which of the optional members are there: all, none, each alone, all but each, or any.
    fn presence(&mut self, record: &Record, count: usize) -> Vec<bool> {
        if self.is_deep() || count == 0 {
            return vec![false; count];
        }
        let singles = if count > 1 { 2 * count } else { 0 };
        let chosen = self.pick(record, "presence", 2 + singles + usize::from(count > 2));
        match chosen {
            0 => vec![true; count],
            1 => vec![false; count],
            _ if chosen < 2 + count => (0..count).map(|index| index == chosen - 2).collect(),
            _ if chosen < 2 + singles => {
                let missing = chosen - 2 - count;
                (0..count).map(|index| index != missing).collect()
            }
            _ => (0..count).map(|_| self.choices.chance(2) == 1).collect(),
        }
    }

    /// Members with free names.
    fn others(&mut self, record: &Record, node: &Node, before: usize) {
        let known = |name: &str| record.properties.iter().any(|property| property.name == name);
        let count = match (self.is_deep(), record.properties.is_empty()) {
            (true, _) => 0,
            (false, true) => [2, 0, 1, 4][self.pick(record, "entries", 4)],
            (false, false) => self.pick(record, "entries", 2),
        };
        let most = record.max_properties.unwrap_or(usize::MAX).saturating_sub(before);
        let count = count.max(record.min_properties.saturating_sub(before)).min(most);
        let first = self.pick(record, "first name", leaves::NAMES.len());
        let mut written = Vec::new();
        // Names are tried, since those that are there already do not count.
        for index in 0..count * 16 {
            if written.len() == count {
                break;
            }
            let name = if let Some(names) = &record.names {
                let start = self.text.len();
                let outer = self.choices.is_free;
                self.choices.is_free |= index >= count;
                self.node(names);
                self.choices.is_free = outer;
                self.text.split_off(start)
            } else {
                quoted(leaves::NAMES[(first + index) % leaves::NAMES.len()])
            };
            let parsed = Json::parse(&name);
            let is_known = matches!(&parsed, Ok(Json::String(text)) if known(text));
            if is_known || written.contains(&parsed) {
                continue;
            }
            self.comma(before + written.len());
            self.text.push_str(&name);
            self.text.push(':');
            self.node(node);
            written.push(parsed);
        }
    }

    fn comma(&mut self, index: usize) {
        if index > 0 {
            self.text.push(',');
        }
    }
}

impl Model {
    /// The number of nodes in the shortest way to a complete value, if there is one.
    fn height<'a>(&'a self, node: &'a Node, passed: &mut Vec<&'a str>) -> Option<usize> {
        if node.nullable {
            return Some(1);
        }
        let below = match &node.kind {
            Kind::Choice(branches) => {
                let heights = branches.iter().filter_map(|branch| self.height(branch, passed));
                heights.min()?
            }
            Kind::Record(record) => {
                let required = record.properties.iter().filter(|property| property.required);
                let heights: Option<Vec<_>> =
                    required.map(|property| self.height(&property.node, passed)).collect();
                heights?.into_iter().max().unwrap_or(0)
            }
            Kind::List(list) if list.min_items == 0 => 0,
            Kind::List(list) => {
                let nodes = list.places.iter().chain([&*list.items]);
                let heights: Option<Vec<_>> =
                    nodes.take(list.min_items).map(|node| self.height(node, passed)).collect();
                heights?.into_iter().max().unwrap_or(0)
            }
            Kind::Reference(name) if passed.contains(&&name[..]) => return None,
            Kind::Reference(name) => {
                passed.push(name);
                let height = self.height(self.definitions.get(name)?, passed);
                passed.pop();
                height?
            }
            _ => 0,
        };
        Some(below + 1)
    }
}

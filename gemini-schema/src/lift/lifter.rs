//! Turning an answer back, from text to text.

use std::collections::HashSet;

use serde::de::IgnoredAny;
use serde_json::Value;

use super::cursor::Cursor;
use super::{KEY, Lift, Lifts, Member, Rest, VALUE, place};
use crate::check::Checker;
use crate::coerce::whole;
use crate::path::Path;
use crate::schema::Side;
use crate::{Schema, Shape, Violation};

pub(super) fn apply(lifts: &Lifts, sent: &Schema, text: &str) -> Result<String, Vec<Violation>> {
    let mut lifter = Lifter {
        lifts,
        root: sent,
        cursor: Cursor::new(text),
        path: Vec::new(),
        violations: Vec::new(),
    };
    lifter.visit(&lifts.root, Some(sent));
    if lifter.violations.is_empty() { Ok(lifter.cursor.finish()) } else { Err(lifter.violations) }
}

struct Lifter<'a> {
    lifts: &'a Lifts,
    root: &'a Schema,
    cursor: Cursor<'a>,
    path: Vec<Step<'a>>,
    violations: Vec<Violation>,
}

enum Step<'a> {
    Index(usize),
    Name(&'a str),
}

impl<'a> Lifter<'a> {
    /// Goes past one value, turning it back. `sent` is what tells alternatives apart.
    fn visit(&mut self, lift: &'a Lift, sent: Option<&'a Schema>) {
        let next = self.cursor.peek();
        match (lift, next) {
            (Lift::Constant { lifted, .. }, Some(b'"')) => {
                let mark = self.cursor.mark();
                self.cursor.value();
                self.cursor.replace(mark, lifted);
            }
            (Lift::Reference(name), _) => match self.lifts.definitions.get(name) {
                Some(lift) => self.visit(lift, self.root.definitions.get(name)),
                None => self.skip(),
            },
            (Lift::AnyOf(lifts), _) => self.any_of(lifts, sent),
            (Lift::Items(lift), Some(b'[')) => {
                let items = sent.and_then(items);
                self.elements(|lifter, _| lifter.visit(lift, items));
            }
            (Lift::Places(lifts), Some(b'[')) => {
                self.elements(|lifter, index| match lifts.get(index) {
                    Some(lift) => lifter.visit(lift, sent.and_then(|sent| nth(sent, index))),
                    None => lifter.skip(),
                })
            }
            (Lift::Values(lift), Some(b'{')) => {
                let values = sent.and_then(values);
                self.cursor.bracket();
                while self.cursor.element() {
                    let name = self.cursor.name();
                    self.step(Step::Name(name), |lifter| lifter.visit(lift, values));
                }
                self.cursor.bracket();
            }
            (Lift::Members(members, rest), Some(b'{')) => self.members(members, rest, sent),
            (Lift::Names(names), Some(b'"')) => self.number(names),
            (Lift::Tuple(lifts), Some(b'{')) => self.tuple(lifts, sent),
            (Lift::Entries(lift), Some(b'[')) => self.entries(lift, sent),
            (Lift::Wrapped(lift), Some(b'{')) => self.wrapped(lift, sent),
            (Lift::Json, Some(b'"')) => self.json(),
            _ => self.skip(),
        }
    }

    fn skip(&mut self) {
        self.cursor.value();
    }

    fn step<R>(&mut self, step: Step<'a>, visit: impl FnOnce(&mut Self) -> R) -> R {
        self.path.push(step);
        let result = visit(self);
        self.path.pop();
        result
    }

    fn elements(&mut self, mut visit: impl FnMut(&mut Self, usize)) {
        self.cursor.bracket();
        let mut index = 0;
        while self.cursor.element() {
            self.step(Step::Index(index), |lifter| visit(lifter, index));
            index += 1;
        }
        self.cursor.bracket();
    }

    fn any_of(&mut self, lifts: &'a [(usize, Lift)], sent: Option<&'a Schema>) {
        let mark = self.cursor.mark();
        let text = self.cursor.value();
        let Some(Schema { shape: Shape::AnyOf(branches), .. }) = sent else { return };
        let value: Option<Value> = serde_json::from_str(text).ok();
        let found = value
            .and_then(|value| Checker::new(self.root, Side::Read).alternative(branches, &value));
        let position =
            found.and_then(|found| branches.iter().position(|branch| std::ptr::eq(branch, found)));
        if let Some(at) = position
            && let Some((_, lift)) = lifts.get(at)
        {
            self.cursor.reset(mark);
            self.visit(lift, branches.get(at));
        }
    }

    fn members(&mut self, members: &'a [Member], rest: &'a Rest, sent: Option<&'a Schema>) {
        self.cursor.bracket();
        self.cursor.insert("");
        let mut seen = HashSet::new();
        let mut separator = "";
        loop {
            let begin = self.cursor.mark();
            if !self.cursor.element() {
                break;
            }
            self.cursor.replace(begin, separator);
            let raw = self.cursor.name();
            let member = members.iter().find(|member| is_name(raw, &member.name));
            let is_null = self.cursor.peek() == Some(b'n');
            match member {
                Some(member) if member.null_is_absence && is_null => {
                    self.skip();
                    self.cursor.replace(begin, "");
                    continue;
                }
                Some(member) => {
                    seen.insert(&member.name);
                    let value = sent.and_then(|sent| property(sent, &member.name));
                    self.step(Step::Name(raw), |lifter| lifter.visit(&member.lift, value));
                }
                None => match rest {
                    Rest::Entries { name, lift } if is_name(raw, name) => {
                        let list = sent.and_then(|sent| property(sent, name));
                        let known = |key: &str| members.iter().any(|member| member.name == key);
                        let entries =
                            self.step(Step::Name(raw), |lifter| lifter.listed(lift, list, known));
                        if entries.is_empty() {
                            self.cursor.replace(begin, "");
                            continue;
                        }
                        self.cursor.replace(begin, &format!("{separator}{}", entries.join(",")));
                    }
                    Rest::Values(lift) => {
                        let values = sent.and_then(values);
                        self.step(Step::Name(raw), |lifter| lifter.visit(lift, values));
                    }
                    Rest::Same | Rest::Entries { .. } => self.skip(),
                },
            }
            separator = ",";
        }
        for member in members.iter().filter(|member| !seen.contains(&member.name)) {
            if let Some(fill) = member.fill {
                let name = Value::from(member.name.as_str());
                self.cursor.insert(&format!("{separator}{name}:{fill}"));
                separator = ",";
            }
        }
        self.cursor.bracket();
    }

    fn tuple(&mut self, lifts: &'a [Lift], sent: Option<&'a Schema>) {
        let begin = self.cursor.mark();
        let mut places: Vec<Option<String>> = vec![None; lifts.len()];
        self.cursor.bracket();
        while self.cursor.element() {
            let raw = self.cursor.name();
            let index = (0..lifts.len()).find(|index| is_name(raw, &place(*index)));
            let part = index.and_then(|index| Some((lifts.get(index)?, places.get_mut(index)?)));
            let Some((lift, slot)) = part else {
                self.skip();
                continue;
            };
            let value = sent.and_then(|sent| property(sent, raw.trim_matches('"')));
            *slot = Some(self.capture(Step::Name(raw), |lifter| lifter.visit(lift, value)));
        }
        self.cursor.bracket();
        let found: Vec<String> = places.into_iter().map_while(|found| found).collect();
        self.cursor.replace(begin, &format!("[{}]", found.join(",")));
    }

    fn entries(&mut self, lift: &'a Lift, sent: Option<&'a Schema>) {
        let begin = self.cursor.mark();
        if let Some(entries) = self.pairs(lift, sent, |_| false) {
            self.cursor.replace(begin, &format!("{{{}}}", entries.join(",")));
        }
    }

    /// The entries that stand for members with free names; `known` are those that have others.
    fn listed(
        &mut self,
        lift: &'a Lift,
        sent: Option<&'a Schema>,
        known: impl Fn(&str) -> bool,
    ) -> Vec<String> {
        if self.cursor.peek() != Some(b'[') {
            self.skip();
            self.violate("type", "an array of entries");
            return Vec::new();
        }
        let entries = self.pairs(lift, sent, known);
        if entries.is_none() {
            self.violate("required", "entries with a key and a value");
        }
        entries.unwrap_or_default()
    }

    /// The entries of a list as members of an object; `None` if one of them is none.
    fn pairs(
        &mut self,
        lift: &'a Lift,
        sent: Option<&'a Schema>,
        known: impl Fn(&str) -> bool,
    ) -> Option<Vec<String>> {
        let entry = sent.and_then(items);
        let mut written = Some(Vec::new());
        let mut seen = HashSet::new();
        self.elements(|lifter, _| {
            let Some((key, value)) = lifter.entry(lift, entry) else {
                written = None;
                return;
            };
            let name = match key.starts_with('"') {
                true => key.to_owned(),
                // Serde reads no key such as 7.0, although JSON Schema takes it for an integer.
                false => format!("\"{}\"", whole(key).unwrap_or_else(|| key.to_owned())),
            };
            if let Some(written) = &mut written {
                written.push(format!("{name}:{value}"));
            }
            let decoded = serde_json::from_str::<String>(&name).unwrap_or(name);
            if known(&decoded) || !seen.insert(decoded) {
                lifter
                    .violate("uniqueItems", "an entry for each key, and this key is there already");
            }
        });
        written
    }

    /// The key and the value of an entry; `None` if it is none.
    fn entry(&mut self, lift: &'a Lift, sent: Option<&'a Schema>) -> Option<(&'a str, String)> {
        if self.cursor.peek() != Some(b'{') {
            self.skip();
            return None;
        }
        let (mut key, mut value) = (None, None);
        self.cursor.bracket();
        while self.cursor.element() {
            let raw = self.cursor.name();
            if is_name(raw, KEY) && !matches!(self.cursor.peek(), Some(b'{' | b'[' | b'n')) {
                key = Some(self.cursor.value());
            } else if is_name(raw, VALUE) {
                let schema = sent.and_then(|sent| property(sent, VALUE));
                let text = self.capture(Step::Name(raw), |lifter| lifter.visit(lift, schema));
                value = Some(text);
            } else {
                self.skip();
            }
        }
        self.cursor.bracket();
        key.zip(value)
    }

    fn wrapped(&mut self, lift: &'a Lift, sent: Option<&'a Schema>) {
        let begin = self.cursor.mark();
        let mut inner = None;
        self.cursor.bracket();
        while self.cursor.element() {
            let raw = self.cursor.name();
            if is_name(raw, VALUE) {
                let schema = sent.and_then(|sent| property(sent, VALUE));
                inner = Some(self.capture(Step::Name(raw), |lifter| lifter.visit(lift, schema)));
            } else {
                self.skip();
            }
        }
        self.cursor.bracket();
        if let Some(inner) = inner {
            self.cursor.replace(begin, &inner);
        }
    }

    fn number(&mut self, names: &'a [(String, String)]) {
        let begin = self.cursor.mark();
        let raw = self.cursor.value();
        if let Some((_, number)) = names.iter().find(|(name, _)| is_name(raw, name)) {
            self.cursor.replace(begin, number);
        }
    }

    fn json(&mut self) {
        let begin = self.cursor.mark();
        let text: Option<String> = serde_json::from_str(self.cursor.value()).ok();
        match text.filter(|text| serde_json::from_str::<IgnoredAny>(text).is_ok()) {
            Some(text) => self.cursor.replace(begin, &text),
            None => self.violate("contentMediaType", "a text that holds JSON"),
        }
    }

    fn capture(&mut self, step: Step<'a>, visit: impl FnOnce(&mut Self)) -> String {
        let begin = self.cursor.begin_capture();
        self.step(step, visit);
        self.cursor.end_capture(begin)
    }

    fn violate(&mut self, keyword: &'static str, expected: &str) {
        let mut path = Path::default();
        for step in &self.path {
            match step {
                Step::Index(index) => path.push(index),
                Step::Name(raw) => {
                    path.push(serde_json::from_str(raw).unwrap_or_else(|_| String::new()))
                }
            }
        }
        self.violations.push(Violation::new(path.as_str(), keyword, expected));
    }
}

/// Whether a name as it stands in the text is this one.
fn is_name(raw: &str, name: &str) -> bool {
    let inner = raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"'));
    match inner {
        Some(inner) if !inner.contains('\\') => inner == name,
        _ => serde_json::from_str::<String>(raw).is_ok_and(|raw| raw == name),
    }
}

fn items(sent: &Schema) -> Option<&Schema> {
    match &sent.shape {
        Shape::Array(shape) => Some(&shape.items),
        _ => None,
    }
}

fn nth(sent: &Schema, index: usize) -> Option<&Schema> {
    match &sent.shape {
        Shape::Tuple(places) => places.get(index),
        _ => items(sent),
    }
}

fn values(sent: &Schema) -> Option<&Schema> {
    match &sent.shape {
        Shape::Map(shape) => Some(&shape.values),
        Shape::Object(shape) => shape.additional.as_ref().map(|additional| &additional.values),
        _ => None,
    }
}

fn property<'a>(sent: &'a Schema, name: &str) -> Option<&'a Schema> {
    match &sent.shape {
        Shape::Object(shape) => shape.property(name).map(|property| &property.schema),
        _ => None,
    }
}

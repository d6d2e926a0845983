//! Whether a value conforms to a schema.

use std::collections::HashMap;

use regex::{Regex, RegexBuilder};

use super::format::has_format;
use super::{ArrayRule, Document, MAX_DEPTH, NumberRule, ObjectRule, Rule, Shape, TextRule};
use crate::json::{Json, Members};

/// A judge that takes more steps than this gives up: the schema branches more than it says.
const MOST_STEPS: usize = 2_000_000;
/// Bytes that a compiled pattern may take.
const LARGEST_PATTERN: usize = 1 << 20;

/// Whether a value conforms to the schema. A schema that is too deep or too branched to be judged
/// accepts nothing.
pub(crate) fn conforms(document: &Document, value: &Json) -> bool {
    shape_accepts(document, &document.root, value)
}

/// Whether a value conforms to one shape of the schema.
pub(crate) fn shape_accepts(document: &Document, shape: &Shape, value: &Json) -> bool {
    Judge { document, steps: 0, depth: 0, patterns: HashMap::new() }.accepts(shape, value)
}

/// A pattern of a schema, ready to search in texts.
pub(crate) fn compile(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(pattern).size_limit(LARGEST_PATTERN).build().ok()
}

struct Judge<'a> {
    document: &'a Document,
    steps: usize,
    depth: usize,
    patterns: HashMap<&'a str, Option<Regex>>,
}

impl<'a> Judge<'a> {
    fn accepts(&mut self, shape: &'a Shape, value: &Json) -> bool {
        self.steps += 1;
        if self.steps > MOST_STEPS || self.depth == MAX_DEPTH {
            return false;
        }
        self.depth += 1;
        let accepts = (shape.nullable && *value == Json::Null) || self.follows(&shape.rule, value);
        self.depth -= 1;
        accepts
    }

    fn follows(&mut self, rule: &'a Rule, value: &Json) -> bool {
        match (rule, value) {
            (Rule::Any, _) | (Rule::Null, Json::Null) | (Rule::Boolean, Json::Bool(_)) => true,
            (Rule::Literals(values), value) => values.contains(value),
            (Rule::Text(rule), Json::String(text)) => self.text_fits(rule, text),
            (Rule::Integer(rule), Json::Number(number)) => number
                .as_f64()
                .is_some_and(|number| number.fract() == 0.0 && number_fits(rule, number)),
            (Rule::Number(rule), Json::Number(number)) => {
                number.as_f64().is_some_and(|number| number_fits(rule, number))
            }
            (Rule::Array(rule), Json::Array(items)) => self.array_fits(rule, items),
            (Rule::Object(rule), Json::Object(members)) => self.object_fits(rule, members),
            (Rule::AnyOf { base, branches }, value) => {
                base.as_ref().is_none_or(|base| self.accepts(base, value))
                    && branches.iter().any(|branch| self.accepts(branch, value))
            }
            (Rule::Reference(name), value) => {
                let document = self.document;
                document.definition(name).is_some_and(|shape| self.accepts(shape, value))
            }
            _ => false,
        }
    }

    fn text_fits(&mut self, rule: &'a TextRule, text: &str) -> bool {
        let length = text.chars().count();
        let length_fits =
            length >= rule.min_length && rule.max_length.is_none_or(|most| length <= most);
        let format_fits = rule.format.as_ref().is_none_or(|format| has_format(text, format));
        length_fits
            && format_fits
            && rule.pattern.as_deref().is_none_or(|pattern| {
                let compiled = self.patterns.entry(pattern).or_insert_with(|| compile(pattern));
                compiled.as_ref().is_some_and(|pattern| pattern.is_match(text))
            })
    }

    fn array_fits(&mut self, rule: &'a ArrayRule, items: &[Json]) -> bool {
        let length = items.len();
        let length_fits =
            length >= rule.min_items && rule.max_items.is_none_or(|most| length <= most);
        let is_unique = || {
            let mut seen: Vec<String> = items.iter().map(Json::to_string).collect();
            seen.sort_unstable();
            seen.windows(2).all(|pair| pair.first() != pair.last())
        };
        let shapes = rule.prefix.iter().chain(std::iter::repeat(&rule.items));
        length_fits
            && (!rule.unique || is_unique())
            && items.iter().zip(shapes).all(|(item, shape)| self.accepts(shape, item))
    }

    fn object_fits(&mut self, rule: &'a ObjectRule, members: &Members) -> bool {
        let count = members.len();
        count >= rule.min_properties
            && rule.max_properties.is_none_or(|most| count <= most)
            && rule.required.iter().all(|name| members.contains_key(name))
            && members.iter().all(|(name, value)| {
                let shape = rule.properties.get(name).unwrap_or(&rule.additional);
                self.accepts(shape, value)
            })
    }
}

fn number_fits(rule: &NumberRule, number: f64) -> bool {
    rule.minimum.is_none_or(|limit| number >= limit)
        && rule.maximum.is_none_or(|limit| number <= limit)
        && rule.exclusive_minimum.is_none_or(|limit| number > limit)
        && rule.exclusive_maximum.is_none_or(|limit| number < limit)
        && rule.multiple_of.is_none_or(|step| is_multiple(number, step))
}

/// Whether a number is a multiple of a step, as far as doubles can tell.
fn is_multiple(number: f64, step: f64) -> bool {
    let quotient = number / step;
    (quotient - quotient.round()).abs() <= 1e-9 * quotient.abs().max(1.0)
}

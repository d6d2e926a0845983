use std::cmp::Ordering;

use proc_macro2::TokenStream;
use regex_lite::Regex;

use crate::errors::Errors;
use crate::gemini_attributes::{Constraints, Written, literal_number, literal_string};
use crate::model::Number;

const FORMATS: [&str; 8] = ["date-time", "date", "time", "email", "ipv4", "ipv6", "uri", "uuid"];
const NUMBER_FORMATS: [&str; 4] = ["int32", "int64", "float", "double"];

pub(super) fn check(constraints: &Constraints, errors: &mut Errors) {
    one_shape(constraints, errors);
    let Constraints {
        minimum,
        maximum,
        min_length,
        max_length,
        pattern,
        format,
        min_items,
        max_items,
        min_properties,
        max_properties,
    } = constraints;
    in_order(["minimum", "maximum"], [minimum, maximum], errors);
    let lengths = [min_length, max_length].map(|limit| limit.as_ref().map(number));
    in_order(["min_length", "max_length"], lengths.each_ref(), errors);
    let items = [min_items, max_items].map(|limit| limit.as_ref().map(number));
    in_order(["min_items", "max_items"], items.each_ref(), errors);
    let entries = [min_properties, max_properties].map(|limit| limit.as_ref().map(number));
    in_order(["min_properties", "max_properties"], entries.each_ref(), errors);
    if let Some(pattern) = pattern
        && let Err(error) = Regex::new(&pattern.value)
    {
        let message = format!("`pattern` is no regular expression: {error}");
        errors.at(&pattern.tokens, message);
    }
    if let Some(format) = format {
        known_format(format, errors);
    }
}

/// An example, as far as it can be judged before the program runs.
pub(super) struct Example<'a> {
    tokens: &'a TokenStream,
    text: Option<String>,
    number: Option<Number>,
}

impl<'a> Example<'a> {
    pub(super) fn new(example: &'a Written<TokenStream>) -> Example<'a> {
        Example {
            tokens: &example.tokens,
            text: literal_string(example.value.clone()),
            number: literal_number(example.value.clone()).and_then(Result::ok),
        }
    }

    pub(super) fn check(&self, constraints: &Constraints, errors: &mut Errors) {
        if let Some(text) = &self.text {
            self.check_text(text, constraints, errors);
        }
        if let Some(number) = self.number {
            self.check_number(number, constraints, errors);
        }
    }

    fn check_text(&self, text: &str, constraints: &Constraints, errors: &mut Errors) {
        let length = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
        let too_short = constraints.min_length.as_ref().filter(|limit| length < limit.value);
        let too_long = constraints.max_length.as_ref().filter(|limit| length > limit.value);
        for limit in [too_short, too_long].into_iter().flatten() {
            let message =
                format!("the example has {length} characters, against `{}`", limit.tokens);
            errors.at(self.tokens, message);
        }
        if let Some(pattern) = &constraints.pattern
            && Regex::new(&pattern.value).is_ok_and(|regex| !regex.is_match(text))
        {
            let message = format!("the example does not match `{}`", pattern.tokens);
            errors.at(self.tokens, message);
        }
    }

    fn check_number(&self, number: Number, constraints: &Constraints, errors: &mut Errors) {
        let outside = |limit: &&Written<Number>, side| number.compare(limit.value) == Some(side);
        let limits = [
            constraints.minimum.as_ref().filter(|limit| outside(limit, Ordering::Less)),
            constraints.maximum.as_ref().filter(|limit| outside(limit, Ordering::Greater)),
        ];
        for limit in limits.into_iter().flatten() {
            let message = format!("the example is out of range, against `{}`", limit.tokens);
            errors.at(self.tokens, message);
        }
    }
}

impl Number {
    fn compare(self, other: Number) -> Option<Ordering> {
        match (self, other) {
            (Number::Integer(left), Number::Integer(right)) => Some(left.cmp(&right)),
            _ => self.as_float().partial_cmp(&other.as_float()),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "bounds are compared, not kept")]
    fn as_float(self) -> f64 {
        match self {
            Number::Integer(value) => value as f64,
            Number::Float(value) => value,
        }
    }
}

/// No value is of two kinds at once.
fn one_shape(constraints: &Constraints, errors: &mut Errors) {
    let Constraints {
        minimum,
        maximum,
        min_length,
        max_length,
        pattern,
        format,
        min_items,
        max_items,
        min_properties,
        max_properties,
    } = constraints;
    let numbers = [tokens(minimum), tokens(maximum)].into_iter().flatten();
    let strings = [tokens(min_length), tokens(max_length), tokens(pattern), tokens(format)]
        .into_iter()
        .flatten();
    let lists = [tokens(min_items), tokens(max_items)].into_iter().flatten();
    let maps = [tokens(min_properties), tokens(max_properties)].into_iter().flatten();
    let mut shapes = [
        ("strings", strings.collect::<Vec<_>>()),
        ("numbers", numbers.collect()),
        ("lists", lists.collect()),
        ("maps", maps.collect()),
    ]
    .into_iter()
    .filter(|(_, given)| !given.is_empty());
    let Some((first, _)) = shapes.next() else {
        return;
    };
    for (shape, given) in shapes {
        for tokens in given {
            let message = format!(
                "`{tokens}` limits {shape}, and there are constraints for {first} here already: \
                 keep those that fit the field's type"
            );
            errors.at(tokens, message);
        }
    }
}

fn tokens<T>(written: &Option<Written<T>>) -> Option<&TokenStream> {
    written.as_ref().map(|written| &written.tokens)
}

fn in_order(names: [&str; 2], limits: [&Option<Written<Number>>; 2], errors: &mut Errors) {
    let [Some(low), Some(high)] = limits else {
        return;
    };
    if low.value.compare(high.value) == Some(Ordering::Greater) {
        let [low_name, high_name] = names;
        let message = format!(
            "`{low_name}` is greater than `{high_name}`, so no value is possible: write a smaller \
             `{low_name}` or a greater `{high_name}`"
        );
        errors.at(&low.tokens, message);
    }
}

fn number(limit: &Written<u64>) -> Written<Number> {
    Written { value: Number::Integer(limit.value.into()), tokens: limit.tokens.clone() }
}

fn known_format(format: &Written<String>, errors: &mut Errors) {
    let name = format.value.as_str();
    if NUMBER_FORMATS.contains(&name) {
        let message = format!("the format `{name}` is chosen from the Rust type: remove it");
        errors.at(&format.tokens, message);
    } else if !FORMATS.contains(&name) {
        let message = format!(
            "unknown format `{name}`: write one of `{}`, or a `pattern`",
            FORMATS.join("`, `")
        );
        errors.at(&format.tokens, message);
    }
}

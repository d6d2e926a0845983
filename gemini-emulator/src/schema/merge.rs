//! Two shapes in one: what conforms to the result conforms to both.

use super::{ArrayRule, NumberRule, ObjectRule, Rule, Shape, TextRule};

/// A shape within both, if the two are of a kind that the emulator can merge. What it makes of
/// patterns and formats is checked afterwards.
pub(crate) fn merge(base: &Shape, branch: &Shape) -> Option<Shape> {
    let rule = match (&base.rule, &branch.rule) {
        (Rule::Any, rule) | (rule, Rule::Any) => rule.clone(),
        (Rule::Literals(left), Rule::Literals(right)) => {
            Rule::Literals(left.iter().filter(|value| right.contains(value)).cloned().collect())
        }
        (Rule::Literals(values), _) | (_, Rule::Literals(values)) => Rule::Literals(values.clone()),
        (Rule::Text(left), Rule::Text(right)) => Rule::Text(merge_text(left, right)),
        (Rule::Number(left), Rule::Number(right)) => Rule::Number(merge_number(left, right)),
        (Rule::Integer(left), Rule::Integer(right) | Rule::Number(right))
        | (Rule::Number(left), Rule::Integer(right)) => Rule::Integer(merge_number(left, right)),
        (Rule::Array(left), Rule::Array(right)) => Rule::Array(Box::new(merge_array(left, right)?)),
        (Rule::Object(left), Rule::Object(right)) => {
            Rule::Object(Box::new(merge_object(left, right)?))
        }
        (Rule::Null, Rule::Null) => Rule::Null,
        (Rule::Boolean, Rule::Boolean) => Rule::Boolean,
        _ => return None,
    };
    Some(Shape { nullable: base.nullable && branch.nullable, rule })
}

/// The tighter of two limits.
pub(super) fn tighten<T>(left: Option<T>, right: Option<T>, tighter: fn(T, T) -> T) -> Option<T> {
    match (left, right) {
        (Some(left), Some(right)) => Some(tighter(left, right)),
        (left, right) => left.or(right),
    }
}

fn merge_text(left: &TextRule, right: &TextRule) -> TextRule {
    TextRule {
        format: right.format.clone().or_else(|| left.format.clone()),
        pattern: right.pattern.clone().or_else(|| left.pattern.clone()),
        min_length: left.min_length.max(right.min_length),
        max_length: tighten(left.max_length, right.max_length, usize::min),
    }
}

fn merge_number(left: &NumberRule, right: &NumberRule) -> NumberRule {
    NumberRule {
        minimum: tighten(left.minimum, right.minimum, f64::max),
        maximum: tighten(left.maximum, right.maximum, f64::min),
        exclusive_minimum: tighten(left.exclusive_minimum, right.exclusive_minimum, f64::max),
        exclusive_maximum: tighten(left.exclusive_maximum, right.exclusive_maximum, f64::min),
        multiple_of: right.multiple_of.or(left.multiple_of),
    }
}

fn merge_array(left: &ArrayRule, right: &ArrayRule) -> Option<ArrayRule> {
    if !left.prefix.is_empty() && !right.prefix.is_empty() {
        return None;
    }
    let prefix = if right.prefix.is_empty() { &left.prefix } else { &right.prefix };
    Some(ArrayRule {
        prefix: prefix.clone(),
        items: merge(&left.items, &right.items)?,
        min_items: left.min_items.max(right.min_items),
        max_items: tighten(left.max_items, right.max_items, usize::min),
        unique: left.unique || right.unique,
    })
}

fn merge_object(left: &ObjectRule, right: &ObjectRule) -> Option<ObjectRule> {
    let mut properties = left.properties.clone();
    for (name, shape) in &right.properties {
        let merged = match properties.get(name) {
            Some(held) => merge(held, shape)?,
            None => shape.clone(),
        };
        properties.insert(name.clone(), merged);
    }
    let additional = match (&left.additional.rule, &right.additional.rule) {
        (Rule::Never, _) | (_, Rule::Any) => &left.additional,
        _ => &right.additional,
    };
    Some(ObjectRule {
        properties,
        required: left.required.union(&right.required).cloned().collect(),
        additional: additional.clone(),
        min_properties: left.min_properties.max(right.min_properties),
        max_properties: tighten(left.max_properties, right.max_properties, usize::min),
    })
}

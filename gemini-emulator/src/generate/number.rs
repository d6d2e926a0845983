//! Numbers within bounds, near to what people write.

use serde_json::Number;

use super::{Impossible, Random};
use crate::json::Json;
use crate::schema::NumberRule;

/// How far from the nearer bound a number is taken.
const SPAN: f64 = 100.0;

pub(super) fn integer(rule: &NumberRule, random: &mut Random) -> Result<Json, Impossible> {
    let step = rule.multiple_of.unwrap_or(1.0);
    let whole_step = whole_multiple(step).ok_or_else(|| no_number(rule))?;
    let multiple = multiple_within(rule, whole_step, random).ok_or_else(|| no_number(rule))?;
    // Zero without a sign, and every digit of what a double holds exactly.
    let digits = format!("{:.0}", multiple * whole_step + 0.0);
    let parsed = digits.parse::<i64>().map(Number::from);
    let number = parsed.or_else(|_| digits.parse::<u64>().map(Number::from));
    number.map(Json::Number).map_err(|_| no_number(rule))
}

pub(super) fn number(rule: &NumberRule, random: &mut Random) -> Result<Json, Impossible> {
    let value = match rule.multiple_of {
        Some(step) => {
            let multiple = multiple_within(rule, step, random);
            multiple.and_then(|multiple| rounded(multiple * step, step))
        }
        None => multiple_within(rule, 0.25, random)
            .map(|multiple| multiple * 0.25)
            .or_else(|| between_bounds(rule, random)),
    };
    let number = value.and_then(|value| Number::from_f64(value + 0.0));
    number.map(Json::Number).ok_or_else(|| no_number(rule))
}

/// A whole number `n`, so that `n * step` keeps the bounds.
fn multiple_within(rule: &NumberRule, step: f64, random: &mut Random) -> Option<f64> {
    let mut low = rule.minimum.map(|limit| (limit / step).ceil());
    let mut high = rule.maximum.map(|limit| (limit / step).floor());
    if let Some(limit) = rule.exclusive_minimum {
        let next = (limit / step).floor() + 1.0;
        low = Some(low.map_or(next, |low| low.max(next)));
    }
    if let Some(limit) = rule.exclusive_maximum {
        let next = (limit / step).ceil() - 1.0;
        high = Some(high.map_or(next, |high| high.min(next)));
    }
    let span = (SPAN / step).floor().max(1.0);
    let (low, high) = match (low, high) {
        (None, None) => (0.0, span),
        (Some(low), None) => (low.max(0.0), low.max(0.0) + span),
        (None, Some(high)) if high >= 0.0 => (0.0, high.min(span)),
        (None, Some(high)) => (high - span, high),
        (Some(low), Some(high)) if low > high => return None,
        (Some(low), Some(high)) if low > 0.0 => (low, high.min(low + span)),
        (Some(low), Some(high)) if high < 0.0 => (low.max(high - span), high),
        (Some(_), Some(high)) => (0.0, high.min(span)),
    };
    Some(low + random_whole(high - low, random))
}

/// A whole number from 0 to `most`.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "`most` is between 0 and 1e6 here"
)]
fn random_whole(most: f64, random: &mut Random) -> f64 {
    let most = most.clamp(0.0, 1e6) as usize;
    random.between(0, most) as f64
}

/// A number between bounds that are closer than a quarter.
fn between_bounds(rule: &NumberRule, random: &mut Random) -> Option<f64> {
    let low = rule.minimum.into_iter().chain(rule.exclusive_minimum).reduce(f64::max)?;
    let high = rule.maximum.into_iter().chain(rule.exclusive_maximum).reduce(f64::min)?;
    let part = [0.5, 0.25, 0.75].get(random.below(3)).copied().unwrap_or(0.5);
    (low <= high).then_some(low + (high - low) * part)
}

/// The smallest whole number that is a multiple of `step`, for steps such as 0.5.
fn whole_multiple(step: f64) -> Option<f64> {
    (1..=1000).map(f64::from).map(|count| count * step).find(|product| product.fract() == 0.0)
}

/// The value with as many decimal places as the step, so that 3 * 0.1 is 0.3.
fn rounded(value: f64, step: f64) -> Option<f64> {
    let text = step.to_string();
    let places = text.split_once('.').map_or(0, |(_, places)| places.len());
    format!("{value:.places$}").parse().ok()
}

fn no_number(rule: &NumberRule) -> Impossible {
    let bounds = [
        ("minimum", rule.minimum),
        ("maximum", rule.maximum),
        ("exclusiveMinimum", rule.exclusive_minimum),
        ("exclusiveMaximum", rule.exclusive_maximum),
        ("multipleOf", rule.multiple_of),
    ];
    let given = bounds.iter().filter_map(|(name, bound)| Some(format!("{name} {}", (*bound)?)));
    let given: Vec<String> = given.collect();
    Impossible::new(format!("no number was found that keeps {}", given.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(minimum: f64, maximum: f64) -> NumberRule {
        NumberRule { minimum: Some(minimum), maximum: Some(maximum), ..NumberRule::default() }
    }

    #[test]
    fn integers_keep_tight_and_far_bounds() {
        let mut random = Random::new(3);
        let rules = [
            (7.0, 7.0),
            (-3.5, -2.5),
            (0.0, 255.0),
            (-9.2e18, 9.2e18),
            (1e19, 1.8e19),
            (-0.5, 0.5),
        ];
        for (low, high) in rules {
            for _ in 0..50 {
                let value = integer(&rule(low, high), &mut random).unwrap();
                let number = value.as_f64().unwrap();
                assert!((low..=high).contains(&number), "{value} in {low}..={high}");
                assert!(!value.to_string().contains(['.', 'e', 'E']), "{value}");
            }
        }
    }

    #[test]
    fn contradictions_are_reported() {
        let mut random = Random::new(3);
        assert!(integer(&rule(2.0, 1.0), &mut random).is_err());
        assert!(integer(&rule(0.2, 0.8), &mut random).is_err());
        assert!(number(&rule(2.0, 1.0), &mut random).is_err());
        let open = NumberRule {
            exclusive_minimum: Some(1.0),
            exclusive_maximum: Some(2.0),
            ..NumberRule::default()
        };
        assert!(integer(&open, &mut random).is_err());
        assert!(number(&open, &mut random).is_ok());
    }

    #[test]
    fn multiples_have_no_trailing_dust() {
        let mut random = Random::new(3);
        let tenths = NumberRule { multiple_of: Some(0.1), ..rule(0.0, 1.0) };
        for _ in 0..50 {
            let value = number(&tenths, &mut random).unwrap().to_string();
            assert!(value.len() <= 3, "{value}");
        }
        let sevens = NumberRule { multiple_of: Some(7.0), ..rule(1.0, 20.0) };
        for _ in 0..20 {
            let value = integer(&sevens, &mut random).unwrap();
            assert!(matches!(value.as_i64(), Some(7 | 14)), "{value}");
        }
    }
}

//! Whole numbers of 128 bits and a sign of their own.

use std::cmp::Ordering;
use std::fmt;

/// A whole number between -(2^128 - 1) and 2^128 - 1, as a schema bounds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whole {
    is_negative: bool,
    magnitude: u128,
}

impl Whole {
    /// A small number.
    #[must_use]
    pub fn new(value: i64) -> Whole {
        Whole { is_negative: value < 0, magnitude: u128::from(value.unsigned_abs()) }
    }

    /// Reads digits with or without a sign.
    #[must_use]
    pub fn parse(text: &str) -> Option<Whole> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let magnitude = digits.parse().ok()?;
        Some(Whole { is_negative: digits.len() < text.len() && magnitude != 0, magnitude })
    }

    /// The next greater number, if this is not the greatest.
    #[must_use]
    pub fn next(self) -> Option<Whole> {
        if self.is_negative {
            let magnitude = self.magnitude - 1;
            let is_negative = magnitude != 0;
            return Some(Whole { is_negative, magnitude });
        }
        let magnitude = self.magnitude.checked_add(1)?;
        Some(Whole { magnitude, ..self })
    }

    /// The next smaller number, if this is not the least.
    #[must_use]
    pub fn previous(self) -> Option<Whole> {
        self.negated().next().map(Whole::negated)
    }

    fn negated(self) -> Whole {
        Whole { is_negative: !self.is_negative && self.magnitude != 0, magnitude: self.magnitude }
    }
}

impl Ord for Whole {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.is_negative, other.is_negative) {
            (false, false) => self.magnitude.cmp(&other.magnitude),
            (true, true) => other.magnitude.cmp(&self.magnitude),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Whole {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Whole {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.is_negative { "-" } else { "" };
        write!(formatter, "{sign}{}", self.magnitude)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_and_order_pass_zero() {
        let zero = Whole::new(0);
        assert_eq!(zero.previous(), Some(Whole::new(-1)));
        assert_eq!(Whole::new(-1).next(), Some(zero));
        assert!(Whole::new(-2) < Whole::new(-1) && Whole::new(-1) < zero);
        assert_eq!(Whole::parse(&u128::MAX.to_string()).and_then(Whole::next), None);
        assert_eq!(Whole::parse("-0"), Some(zero));
    }
}

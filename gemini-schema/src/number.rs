//! Numbers that hold every bound a Rust type can have.

use std::cmp::Ordering;
use std::fmt;

use serde::ser::{Serialize, Serializer};

/// An integer of any of Rust's types, from `i128::MIN` to `u128::MAX`.
///
/// # Examples
///
/// ```
/// use gemini_schema::Integer;
///
/// assert!(Integer::from(-1_i128) < Integer::from(u128::MAX));
/// assert_eq!(Integer::from(255_u128).to_string(), "255");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Integer(Repr);

// The order of the variants and of their contents is the order of the integers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Repr {
    Negative(i128),
    NonNegative(u128),
}

/// An integer or a finite float, as JSON writes numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// A number without a fraction.
    Integer(Integer),
    /// A number with a fraction or an exponent.
    Float(f64),
}

impl Integer {
    /// The nearest float.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn to_f64(self) -> f64 {
        match self.0 {
            Repr::Negative(value) => value as f64,
            Repr::NonNegative(value) => value as f64,
        }
    }

    /// The integer after this one, if there is one.
    pub(crate) fn next(self) -> Integer {
        match self.0 {
            Repr::Negative(value) => Integer::from(value + 1),
            Repr::NonNegative(value) => Integer::from(value.saturating_add(1)),
        }
    }

    /// The integer before this one, if there is one.
    pub(crate) fn previous(self) -> Integer {
        match self.0 {
            Repr::NonNegative(0) => Integer::from(-1_i128),
            Repr::NonNegative(value) => Integer::from(value - 1),
            Repr::Negative(value) => Integer::from(value.saturating_sub(1)),
        }
    }

    /// The same as an unsigned integer of 64 bits.
    pub(crate) fn to_u64(self) -> Option<u64> {
        match self.0 {
            Repr::Negative(_) => None,
            Repr::NonNegative(value) => u64::try_from(value).ok(),
        }
    }

    /// How this integer compares with a JSON number; exact where the number is an integer of 64
    /// bits.
    #[must_use]
    pub(crate) fn compare(self, number: &serde_json::Number) -> Option<Ordering> {
        if let Some(value) = number.as_i64() {
            Some(self.cmp(&Integer::from(i128::from(value))))
        } else if let Some(value) = number.as_u64() {
            Some(self.cmp(&Integer::from(u128::from(value))))
        } else {
            self.to_f64().partial_cmp(&number.as_f64()?)
        }
    }
}

impl Number {
    /// The nearest float.
    pub(crate) fn to_f64(self) -> f64 {
        match self {
            Number::Integer(value) => value.to_f64(),
            Number::Float(value) => value,
        }
    }

    /// The least integer that is not below, of 128 bits.
    pub(crate) fn ceil(self) -> Integer {
        match self {
            Number::Integer(value) => value,
            Number::Float(value) => whole(value.ceil()),
        }
    }

    /// The greatest integer that is not above, of 128 bits.
    pub(crate) fn floor(self) -> Integer {
        match self {
            Number::Integer(value) => value,
            Number::Float(value) => whole(value.floor()),
        }
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
fn whole(value: f64) -> Integer {
    if value < 0.0 { Integer::from(value as i128) } else { Integer::from(value as u128) }
}

impl From<i128> for Integer {
    fn from(value: i128) -> Self {
        Integer(u128::try_from(value).map_or(Repr::Negative(value), Repr::NonNegative))
    }
}

impl From<u128> for Integer {
    fn from(value: u128) -> Self {
        Integer(Repr::NonNegative(value))
    }
}

impl fmt::Display for Integer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Repr::Negative(value) => value.fmt(formatter),
            Repr::NonNegative(value) => value.fmt(formatter),
        }
    }
}

impl Serialize for Integer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Repr::Negative(value) => match i64::try_from(value) {
                Ok(value) => serializer.serialize_i64(value),
                Err(_) => serializer.serialize_i128(value),
            },
            Repr::NonNegative(value) => match u64::try_from(value) {
                Ok(value) => serializer.serialize_u64(value),
                Err(_) => serializer.serialize_u128(value),
            },
        }
    }
}

impl From<i128> for Number {
    fn from(value: i128) -> Self {
        Number::Integer(Integer::from(value))
    }
}

impl From<Integer> for Number {
    fn from(value: Integer) -> Self {
        Number::Integer(value)
    }
}

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Number::Integer(value) => value.serialize(serializer),
            Number::Float(value) => serializer.serialize_f64(*value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_ordered_across_the_sign() {
        let ordered = [i128::MIN, -2, -1, 0, 1, i128::MAX].map(Integer::from);
        assert!(ordered.is_sorted());
        assert!(Integer::from(u128::MAX) > Integer::from(i128::MAX));
    }

    #[test]
    fn the_extremes_are_written_exactly() {
        let text = |value: Integer| serde_json::to_string(&value).unwrap();
        assert_eq!(text(Integer::from(u128::MAX)), u128::MAX.to_string());
        assert_eq!(text(Integer::from(i128::MIN)), i128::MIN.to_string());
    }

    #[test]
    fn comparison_with_json_numbers_is_exact_at_64_bits() {
        let maximum = Integer::from(i128::from(u64::MAX) - 1);
        assert_eq!(maximum.compare(&u64::MAX.into()), Some(Ordering::Less));
        assert_eq!(maximum.compare(&(u64::MAX - 1).into()), Some(Ordering::Equal));
    }
}

//! `rust_decimal` 1.

use rust_decimal::Decimal;

use crate::impls::text::matching;
use crate::{GeminiSchema, Generator, Schema};

impl GeminiSchema for Decimal {
    /// Text, as without the features `serde-float` and `serde-arbitrary-precision`; whole parts
    /// of 29 digits are left aside, because most of them are too great.
    fn schema(_: &mut Generator) -> Schema {
        matching("^-?[0-9]{1,28}(\\.[0-9]{1,28})?$", "a decimal number such as 12.50")
    }
}

//! `bigdecimal` 0.4.

use bigdecimal::BigDecimal;

use crate::impls::text::matching;
use crate::{GeminiSchema, Generator, Schema};

impl GeminiSchema for BigDecimal {
    fn schema(_: &mut Generator) -> Schema {
        let pattern = "^-?[0-9]+(\\.[0-9]+)?([Ee][+-]?[0-9]{1,18})?$";
        matching(pattern, "a decimal number such as 12.50")
    }
}

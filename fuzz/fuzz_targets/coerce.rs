//! A number that is written with a fraction is read as the integer that it is, or not at all.
#![no_main]

use gemini_schema::{Dialect, Lowered};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|number: (i64, u8, i16, bool)| {
    let (value, zeros, exponent, is_lower) = number;
    let (zeros, exponent) = ("0".repeat(usize::from(zeros % 40)), exponent % 60);
    let letter = if is_lower { 'e' } else { 'E' };
    let text = format!("{value}.0{zeros}{letter}{exponent}");
    let power = 10_i128.checked_pow(u32::from(exponent.unsigned_abs()));
    let expected = match (power, exponent < 0) {
        (Some(power), false) => i128::from(value).checked_mul(power),
        (Some(power), true) => {
            let value = i128::from(value);
            (value % power == 0).then_some(value / power)
        }
        (None, _) => (value == 0).then_some(0),
    };
    let lowered = Lowered::of::<i128>(Dialect::GeminiJson).expect("integers have a schema");
    let read: Option<i128> = lowered.decode(&text).ok();
    if let Some(read) = read {
        assert_eq!(Some(read), expected, "{text}");
    }
    if expected.is_some_and(|expected| expected.unsigned_abs() < 1 << 100) {
        assert_eq!(read, expected, "{text}");
    }
    let list = format!("{{\"small\":{text},\"list\":[{text}]}}");
    gemini_fuzz::read_all(&list);
});

//! Numbers as they are written, digit by digit: a float would lose some.

/// As many digits as the greatest integer of 128 bits has.
const MOST_DIGITS: usize = 39;

/// A whole number that is written with a fraction or an exponent, such as `7.0` or `1e3`, written
/// as an integer. `None` if it is no whole number, is one already, or is too long for any type.
pub(crate) fn whole(token: &str) -> Option<String> {
    let (sign, unsigned) = match token.strip_prefix('-') {
        Some(unsigned) => ("-", unsigned),
        None => ("", token),
    };
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number || (unsigned.len() == whole.len() && token != "-0") {
        return None;
    }
    // The point stands before the digit with this index; zeros at the end may stand behind it.
    let point = i64::try_from(whole.len()).ok()?.checked_add(exponent.parse().ok()?)?;
    let needed = digits.trim_end_matches('0');
    let significant = needed.trim_start_matches('0');
    if significant.is_empty() {
        return Some("0".to_owned());
    }
    let zeros = usize::try_from(point).ok()?.checked_sub(needed.len())?;
    let fits = significant.len().checked_add(zeros)? <= MOST_DIGITS;
    fits.then(|| format!("{sign}{significant}{}", "0".repeat(zeros)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_written_as_integers() {
        for (token, expected) in [
            ("7.0", "7"),
            ("-0", "0"),
            ("-0.0e9", "0"),
            ("0e999999999999", "0"),
            ("1e3", "1000"),
            ("-1.50E+1", "-15"),
            ("0.0012e4", "12"),
            ("1200e-2", "12"),
            ("9007199254740993.0", "9007199254740993"),
            (
                "340282366920938463463374607431768211455.00",
                "340282366920938463463374607431768211455",
            ),
            ("1e38", "100000000000000000000000000000000000000"),
        ] {
            assert_eq!(whole(token).as_deref(), Some(expected), "{token}");
        }
    }

    #[test]
    fn everything_else_stays() {
        for token in
            ["7", "-7", "0", "7.5", "1e-1", "12e-2", "0.1", "1e39", "1e999999999999999999999"]
        {
            assert_eq!(whole(token), None, "{token}");
        }
        for token in ["true", "false", "null", "", "-", "e", "."] {
            assert_eq!(whole(token), None, "{token}");
        }
    }
}

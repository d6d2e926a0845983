//! Ranges of integers as regular expressions.

use crate::Integer;

/// An expression that matches the decimal text of exactly the integers between two bounds.
pub(super) fn range_pattern(minimum: Integer, maximum: Integer) -> String {
    let zero = Integer::from(0_i128);
    let (low, high) = (minimum.to_string(), maximum.to_string());
    let below = |text: &str| text.trim_start_matches('-').to_owned();
    let range = if minimum >= zero {
        numbers(&low, &high)
    } else if maximum < zero {
        format!("-({})", numbers(&below(&high), &below(&low)))
    } else {
        format!("-({})|{}", numbers("1", &below(&low)), numbers("0", &high))
    };
    format!("^({range})$")
}

/// The numbers from `low` to `high`, neither with a sign, by their length.
fn numbers(low: &str, high: &str) -> String {
    let ranges = (low.len()..=high.len()).map(|length| {
        let first = format!("1{}", "0".repeat(length - 1));
        let last = "9".repeat(length);
        let from = if length == low.len() { low } else { &first };
        between(from, if length == high.len() { high } else { &last })
    });
    ranges.collect::<Vec<_>>().join("|")
}

/// The numbers of one length between two of that length.
fn between(low: &str, high: &str) -> String {
    let length = low.len();
    let is_all = low.bytes().all(|digit| digit == b'0') && high.bytes().all(|digit| digit == b'9');
    if is_all {
        return if length == 0 { String::new() } else { format!("[0-9]{{{length}}}") };
    }
    let (Some(first), Some(last)) = (low.bytes().next(), high.bytes().next()) else {
        return String::new();
    };
    let (first_rest, last_rest) = (low.get(1..).unwrap_or(""), high.get(1..).unwrap_or(""));
    let digit = |byte: u8| char::from(byte);
    if first == last {
        return format!("{}{}", digit(first), between(first_rest, last_rest));
    }
    let (nines, zeros) = ("9".repeat(length - 1), "0".repeat(length - 1));
    let mut parts = vec![format!("{}{}", digit(first), between(first_rest, &nines))];
    if last - first > 1 {
        let rest = between(&zeros, &nines);
        parts.push(format!("[{}-{}]{rest}", digit(first + 1), digit(last - 1)));
    }
    parts.push(format!("{}{}", digit(last), between(&zeros, last_rest)));
    format!("({})", parts.join("|"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_the_integers_of_the_range_match() {
        for (low, high) in [(0, 255), (-128, 127), (1, 1), (-30, -7), (0, 0), (98, 1002), (-5, 0)] {
            let pattern = range_pattern(Integer::from(low), Integer::from(high));
            let pattern = regex_lite::Regex::new(&pattern).unwrap();
            for number in -1500..1500_i128 {
                let expected = low <= number && number <= high;
                assert_eq!(
                    pattern.is_match(&number.to_string()),
                    expected,
                    "{number} in {low}..={high}"
                );
            }
            for text in ["", "-0", "00", "01", "1.0", "+1", "1 ", "x"] {
                assert!(!pattern.is_match(text), "{text:?} in {low}..={high}");
            }
        }
    }
}

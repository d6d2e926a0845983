//! The formats of strings that the emulator can check.

/// Whether a text has a format. Formats that the emulator doesn't know are not checked.
pub(crate) fn has_format(text: &str, format: &str) -> bool {
    match format {
        "date" => is_date(text),
        "time" => is_time(text),
        "date-time" => {
            text.split_once(['T', 't']).is_some_and(|(date, time)| is_date(date) && is_time(time))
        }
        "uuid" => matches_mask(text, "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh"),
        _ => true,
    }
}

fn is_date(text: &str) -> bool {
    if !matches_mask(text, "dddd-dd-dd") {
        return false;
    }
    let part = |from: usize, to: usize| text.get(from..to).and_then(|part| part.parse().ok());
    let (Some(year), Some(month), Some(day)) = (part(0, 4), part(5, 7), part(8, 10)) else {
        return false;
    };
    (1..=days_in(year, month)).contains(&day)
}

/// The days of a month; none for what is no month.
fn days_in(year: u32, month: u32) -> u32 {
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 => 28 + u32::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

/// `hh:mm:ss`, with a fraction if wanted, and with an offset.
fn is_time(text: &str) -> bool {
    let (Some(clock), Some(rest)) = (text.get(..8), text.get(8..)) else {
        return false;
    };
    let fraction = rest.strip_prefix('.');
    let offset =
        fraction.map_or(rest, |rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    let has_digits = fraction.is_none_or(|fraction| fraction.len() > offset.len());
    let is_offset = matches!(offset, "Z" | "z")
        || offset.strip_prefix(['+', '-']).is_some_and(|offset| {
            matches_mask(offset, "dd:dd") && is_clock(&format!("{offset}:00"))
        });
    matches_mask(clock, "dd:dd:dd") && is_clock(clock) && has_digits && is_offset
}

fn is_clock(text: &str) -> bool {
    let limits = [23, 59, 59];
    let parts = text.split(':').map(|part| part.parse::<u32>().ok());
    parts.zip(limits).all(|(part, limit)| part.is_some_and(|part| part <= limit))
}

/// Whether each character is what the mask says: `d` a digit, `h` a hexadecimal one, else itself.
fn matches_mask(text: &str, mask: &str) -> bool {
    let fits = |(byte, mask): (u8, u8)| match mask {
        b'd' => byte.is_ascii_digit(),
        b'h' => byte.is_ascii_hexdigit(),
        mask => byte == mask,
    };
    text.len() == mask.len() && text.bytes().zip(mask.bytes()).all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times() {
        let right = [
            ("date", "2024-02-29"),
            ("time", "23:59:59Z"),
            ("time", "00:00:00.125+02:00"),
            ("date-time", "2026-12-31T08:30:00-05:30"),
            ("uuid", "0b8ac2a4-6c1f-4f0e-9a51-0d4a6f1f2a3b"),
            ("unheard-of", "anything"),
        ];
        for (format, text) in right {
            assert!(has_format(text, format), "{format} {text}");
        }
        let wrong = [
            ("date", "2023-02-29"),
            ("date", "2023-13-01"),
            ("date", "2023-04-31"),
            ("date", "23-04-30"),
            ("time", "24:00:00Z"),
            ("time", "10:00:00"),
            ("time", "10:00:00.Z"),
            ("time", "10:00:00+2"),
            ("time", "1ä:00:00Z"),
            ("date-time", "2026-12-31 08:30:00Z"),
            ("uuid", "0b8ac2a46c1f4f0e9a510d4a6f1f2a3b"),
        ];
        for (format, text) in wrong {
            assert!(!has_format(text, format), "{format} {text}");
        }
    }
}

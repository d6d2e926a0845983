//! Well-known forms of text.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

/// A well-known form of a string, as JSON Schema's `format` names it.
///
/// # Examples
///
/// ```
/// use gemini_schema::Format;
///
/// assert!(Format::Date.is_match("2024-02-29"));
/// assert!(!Format::Date.is_match("2023-02-29"));
/// assert_eq!(Format::from_name("date-time"), Some(Format::DateTime));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// `date-time`: RFC 3339, such as `2026-11-20T08:30:00Z`.
    DateTime,
    /// `date`: RFC 3339 full date, such as `2026-11-20`.
    Date,
    /// `time`: RFC 3339 full time, such as `08:30:00Z`.
    Time,
    /// `email`: a mailbox such as `ada@example.org`.
    Email,
    /// `ipv4`: such as `192.0.2.1`.
    Ipv4,
    /// `ipv6`: such as `2001:db8::1`.
    Ipv6,
    /// `uri`: RFC 3986 with a scheme, such as `https://example.org/a`.
    Uri,
    /// `uuid`: RFC 9562, such as `123e4567-e89b-12d3-a456-426614174000`.
    Uuid,
}

const ALL: [Format; 8] = [
    Format::DateTime,
    Format::Date,
    Format::Time,
    Format::Email,
    Format::Ipv4,
    Format::Ipv6,
    Format::Uri,
    Format::Uuid,
];

const DATE: &str = "^([0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])\
    |(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))\
    |([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)$";

const EMAIL: &str = "^[0-9A-Za-z!#$%&'*+/=?^_`{|}~-]+(\\.[0-9A-Za-z!#$%&'*+/=?^_`{|}~-]+)*\
    @[0-9A-Za-z]([0-9A-Za-z-]*[0-9A-Za-z])?(\\.[0-9A-Za-z]([0-9A-Za-z-]*[0-9A-Za-z])?)*$";

const IPV4: &str = "^(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\
    (\\.(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])){3}$";

const URI: &str = "^[A-Za-z][0-9A-Za-z+.-]*:([0-9A-Za-z._~:/?\\[\\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*\
    (#([0-9A-Za-z._~:/?\\[\\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)?$";

const UUID: &str = "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$";

impl Format {
    /// The form with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Format> {
        ALL.into_iter().find(|format| format.name() == name)
    }

    /// The name in JSON Schema.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Format::DateTime => "date-time",
            Format::Date => "date",
            Format::Time => "time",
            Format::Email => "email",
            Format::Ipv4 => "ipv4",
            Format::Ipv6 => "ipv6",
            Format::Uri => "uri",
            Format::Uuid => "uuid",
        }
    }

    /// Whether a text has this form.
    #[must_use]
    pub fn is_match(self, text: &str) -> bool {
        match self {
            Format::DateTime => {
                let separator = text.find(['T', 't']);
                separator.is_some_and(|at| is_date(&text[..at]) && is_time(&text[at + 1..]))
            }
            Format::Date => is_date(text),
            Format::Time => is_time(text),
            Format::Email => is_email(text),
            Format::Ipv4 => text.parse::<Ipv4Addr>().is_ok(),
            Format::Ipv6 => text.parse::<Ipv6Addr>().is_ok(),
            Format::Uri => is_uri(text),
            Format::Uuid => is_uuid(text),
        }
    }

    /// A regular expression that says exactly the same, where there is one of bearable length.
    pub(crate) fn pattern(self) -> Option<&'static str> {
        match self {
            Format::Date => Some(DATE),
            Format::Email => Some(EMAIL),
            Format::Ipv4 => Some(IPV4),
            Format::Uri => Some(URI),
            Format::Uuid => Some(UUID),
            Format::DateTime | Format::Time | Format::Ipv6 => None,
        }
    }

    /// The form in words, for a carrier that has no keyword for it.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Format::DateTime => "an RFC 3339 date and time such as 2026-11-20T08:30:00Z",
            Format::Date => "a date such as 2026-11-20",
            Format::Time => "an RFC 3339 time such as 08:30:00Z",
            Format::Email => "an e-mail address",
            Format::Ipv4 => "an IPv4 address",
            Format::Ipv6 => "an IPv6 address",
            Format::Uri => "an absolute URI",
            Format::Uuid => "a UUID such as 123e4567-e89b-12d3-a456-426614174000",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// Exactly `digits` decimal digits.
fn number(text: &str, digits: usize) -> Option<u32> {
    let right = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    right.then(|| text.parse().ok()).flatten()
}

fn is_date(text: &str) -> bool {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next(), parts.next(), parts.next());
    let (Some(year), Some(month), Some(day), None) = (year, month, day, parts.next()) else {
        return false;
    };
    match (number(year, 4), number(month, 2), number(day, 2)) {
        (Some(year), Some(month), Some(day)) => day >= 1 && day <= days_in(year, month),
        _ => false,
    }
}

fn days_in(year: u32, month: u32) -> u32 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => {
            29
        }
        2 => 28,
        _ => 0,
    }
}

/// `hh:mm:ss`, a fraction if any, and `Z` or an offset. A leap second ends a day in UTC.
fn is_time(text: &str) -> bool {
    let Some(zone_at) = text.find(['Z', 'z', '+', '-']) else {
        return false;
    };
    let (clock, zone) = text.split_at(zone_at);
    let (clock, fraction) = match clock.split_once('.') {
        Some((clock, fraction)) => (clock, Some(fraction)),
        None => (clock, None),
    };
    let fraction_is_right = fraction.is_none_or(|digits| {
        !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    });
    let mut parts = clock.split(':');
    let (hour, minute, second) = (parts.next(), parts.next(), parts.next());
    let (Some(hour), Some(minute), Some(second), None) = (hour, minute, second, parts.next())
    else {
        return false;
    };
    let (Some(hour), Some(minute), Some(second)) =
        (number(hour, 2), number(minute, 2), number(second, 2))
    else {
        return false;
    };
    let Some(offset) = offset_minutes(zone) else {
        return false;
    };
    let utc = (i64::from(hour * 60 + minute) - offset).rem_euclid(24 * 60);
    let leap = second == 60 && utc == 23 * 60 + 59;
    fraction_is_right && hour <= 23 && minute <= 59 && (second <= 59 || leap)
}

fn offset_minutes(zone: &str) -> Option<i64> {
    if matches!(zone, "Z" | "z") {
        return Some(0);
    }
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let (hour, minute) = zone.get(1..)?.split_once(':')?;
    let (hour, minute) = (number(hour, 2)?, number(minute, 2)?);
    (hour <= 23 && minute <= 59).then(|| sign * i64::from(hour * 60 + minute))
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let is_atom = |atom: &str| {
        !atom.is_empty()
            && atom
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte))
    };
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    local.split('.').all(is_atom) && domain.split('.').all(is_label)
}

fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    let mut characters = scheme.bytes();
    let scheme_is_right = characters.next().is_some_and(|byte| byte.is_ascii_alphabetic())
        && characters.all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let is_allowed =
        |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte);
    let is_escape =
        |part: &str| part.len() >= 2 && part.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
    scheme_is_right
        && rest.bytes().all(is_allowed)
        && rest.split('%').skip(1).all(is_escape)
        && rest.bytes().filter(|byte| *byte == b'#').count() <= 1
}

fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths = groups.iter().map(|group| group.len());
    lengths.eq([8, 4, 4, 4, 12])
        && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts of every form, near misses beside them.
    const TEXTS: &str = "|2024-02-29|2023-02-29|1900-02-29|2000-02-29|2024-13-01|2024-1-01|\
        2024-04-31|2024-04-00|2024-04|2024-04-01-01|08:30:00Z|08:30:00|08:30:00z|24:00:00Z|\
        08:60:00Z|08:30:00+01:00|08:30:00-0100|08:30:00.5Z|08:30:00.Z|23:59:60Z|22:59:60Z|\
        00:59:60+01:00|08:30:00+24:00|2026-11-20T08:30:00Z|2026-11-20 08:30:00Z|\
        2026-11-20t08:30:00z|2026-11-20T08:30:00|ada@example.org|ada|a@b|a..b@c.de|.a@b.c|\
        a@-b.c|@b.c|a@|a b@c.de|192.0.2.1|192.0.2.256|192.0.2|192.0.2.01|::1|2001:db8::1|\
        2001:db8::g|1::2::3|https://example.org/a?b#c|mailto:ada@example.org|urn:isbn:1|\
        //example.org|example|http://a b|http://a/%zz|http://a/%41|http://a/\u{e9}|1a:b|\
        123e4567-e89b-12d3-a456-426614174000|123E4567-E89B-12D3-A456-426614174000|\
        123e4567e89b12d3a456426614174000|123e4567-e89b-12d3-a456-42661417400g|a\u{e9}-b";

    #[test]
    fn the_forms_are_those_of_json_schema() {
        for format in ALL {
            let schema = serde_json::json!({"type": "string", "format": format.name()});
            let judge = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
            for text in TEXTS.split('|') {
                let expected = judge.is_valid(&serde_json::Value::from(text));
                assert_eq!(format.is_match(text), expected, "{format} of {text:?}");
            }
        }
    }

    #[test]
    fn digits_are_digits() {
        assert!(
            !Format::Date.is_match("+024-04-01"),
            "RFC 3339 has no signs, though the judge does"
        );
    }

    #[test]
    fn a_pattern_says_the_same_as_its_form() {
        for format in ALL {
            let Some(pattern) = format.pattern() else {
                continue;
            };
            let pattern = regex_lite::Regex::new(pattern).unwrap();
            for text in TEXTS.split('|') {
                assert_eq!(pattern.is_match(text), format.is_match(text), "{format} of {text:?}");
            }
        }
    }
}

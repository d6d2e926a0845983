//! Patterns of dates and times.

use crate::Format;

/// `hh:mm:ss`, from 00:00:00 to 23:59:59.
#[cfg(any(feature = "jiff02", feature = "time03"))]
pub(super) const CLOCK: &str = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]";

/// Nothing, or up to nine digits of a second.
#[cfg(any(feature = "chrono04", feature = "jiff02"))]
pub(super) const FRACTION: &str = "(\\.[0-9]{1,9})?";

/// The years 0000 to 9998: a day of 9999 can lie in 10000 elsewhere on earth.
#[cfg(any(feature = "jiff02", feature = "time03"))]
pub(super) const SAFE_YEAR: &str = "([0-8][0-9]{3}|9[0-8][0-9]{2}|99[0-8][0-9]|999[0-8])";

/// `yyyy-mm-dd`, from 0000-01-01 to 9999-12-31, every day a day of the calendar.
pub(super) fn date() -> &'static str {
    let pattern = Format::Date.pattern().unwrap_or_default();
    pattern.trim_start_matches('^').trim_end_matches('$')
}

/// The months as chrono and time write them.
#[cfg(any(feature = "chrono04", feature = "time03"))]
pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

//! `jiff` 0.2. Years below 0 are left aside: jiff writes them with a sign and six digits.

use jiff::civil::{Date, DateTime, ISOWeekDate, Time};
use jiff::{SignedDuration, Span, Timestamp, Zoned};

use super::calendar::{CLOCK, FRACTION, SAFE_YEAR, date};
use crate::impls::text::matching;
use crate::{Format, GeminiSchema, Generator, Schema, Shape};

impl GeminiSchema for Date {
    fn schema(_: &mut Generator) -> Schema {
        Schema::format(Format::Date).enforced_by_type()
    }
}

impl GeminiSchema for Time {
    fn schema(_: &mut Generator) -> Schema {
        matching(&format!("^{CLOCK}{FRACTION}$"), "a time without a zone such as 08:30:00")
    }
}

impl GeminiSchema for DateTime {
    fn schema(_: &mut Generator) -> Schema {
        let pattern = format!("^{}T{CLOCK}{FRACTION}$", date());
        matching(&pattern, "a date and time without a zone such as 2026-11-20T08:30:00")
    }
}

impl GeminiSchema for ISOWeekDate {
    fn schema(_: &mut Generator) -> Schema {
        let pattern = format!("^{SAFE_YEAR}-W(0[1-9]|[1-4][0-9]|5[0-3])-[1-7]$");
        matching(&pattern, "an ISO 8601 week date such as 2026-W47-5")
            .with_caveat("week 53 of a year with 52")
    }
}

impl GeminiSchema for Timestamp {
    /// RFC 3339, except for days of the year 9999 and for more than nine digits of a second,
    /// which jiff refuses.
    fn schema(_: &mut Generator) -> Schema {
        let offset = "([Zz]|[+-][0-9]{2}:[0-9]{2})";
        let pattern = format!("^{SAFE_YEAR}-[0-9-]+[Tt][0-9:]+{FRACTION}{offset}$");
        let mut schema = matching(&pattern, "in UTC, as the Z says");
        if let Shape::String(shape) = &mut schema.shape {
            shape.format = Some(Format::DateTime);
        }
        schema.annotations.form = None;
        schema
    }
}

impl GeminiSchema for Zoned {
    fn schema(_: &mut Generator) -> Schema {
        let date = date().replacen("[0-9]{4}", SAFE_YEAR, 1);
        let zone = "[+-][0-9]{2}:[0-9]{2}\\[[^\\[\\]]+\\]";
        let words = "a date, a time, its offset from UTC and its time zone such as \
                     2026-11-20T08:30:00+01:00[Europe/Paris]";
        matching(&format!("^{date}T{CLOCK}{FRACTION}{zone}$"), words)
            .with_caveat("a time zone that is not known, and an offset that the zone has not")
    }
}

impl GeminiSchema for Span {
    /// Each unit has one digit less than its greatest value, so that no span is too long.
    fn schema(_: &mut Generator) -> Schema {
        let days = units(&["[0-9]{1,4}Y", "[0-9]{1,5}M", "[0-9]{1,6}W", "[0-9]{1,6}D"]);
        let seconds = format!("[0-9]{{1,11}}{FRACTION}S");
        let hours = units(&["[0-9]{1,8}H", "[0-9]{1,10}M", &seconds]);
        let pattern = format!("^-?P({days}(T{hours})?|T{hours})$");
        matching(&pattern, "an ISO 8601 duration such as P1Y2M10DT2H30M")
    }
}

impl GeminiSchema for SignedDuration {
    /// Spans of more than 15 digits of hours, 100 billion years, are left aside.
    fn schema(_: &mut Generator) -> Schema {
        let seconds = format!("[0-9]{{1,15}}{FRACTION}S");
        let hours = units(&["[0-9]{1,15}H", "[0-9]{1,15}M", &seconds]);
        matching(&format!("^-?PT{hours}$"), "an ISO 8601 duration such as PT2H30M")
    }
}

/// At least one of several units, in this order.
fn units(units: &[&str]) -> String {
    let forms = (0..units.len()).filter_map(|first| {
        let (first, rest) = units.get(first..)?.split_first()?;
        let rest = rest.iter().map(|unit| format!("({unit})?"));
        Some(format!("{first}{}", rest.collect::<String>()))
    });
    format!("({})", forms.collect::<Vec<_>>().join("|"))
}

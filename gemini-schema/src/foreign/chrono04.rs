//! `chrono` 0.4. Years below 0 and above 9999 are left aside: chrono writes them with a sign,
//! which is in no standard that a model knows.

use chrono::{DateTime, Month, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Weekday};

use super::calendar::{FRACTION, MONTHS, date};
use crate::impls::text::matching;
use crate::impls::times::nanoseconds;
use crate::{Format, GeminiSchema, Generator, Schema};

/// `hh:mm:ss`; a leap second can be anywhere, because chrono knows no time zone here.
const CLOCK: &str = "([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)";

/// The seconds that leave room for every part of a second.
const MOST_SECONDS: i64 = i64::MAX / 1000 - 1;

impl GeminiSchema for NaiveDate {
    fn schema(_: &mut Generator) -> Schema {
        Schema::format(Format::Date).enforced_by_type()
    }
}

impl GeminiSchema for NaiveTime {
    fn schema(_: &mut Generator) -> Schema {
        matching(&format!("^{CLOCK}{FRACTION}$"), "a time without a zone such as 08:30:00")
    }
}

impl GeminiSchema for NaiveDateTime {
    fn schema(_: &mut Generator) -> Schema {
        let pattern = format!("^{}T{CLOCK}{FRACTION}$", date());
        matching(&pattern, "a date and time without a zone such as 2026-11-20T08:30:00")
    }
}

impl<Tz: TimeZone> GeminiSchema for DateTime<Tz> {
    fn schema(_: &mut Generator) -> Schema {
        Schema::format(Format::DateTime).enforced_by_type()
    }
}

impl GeminiSchema for TimeDelta {
    fn schema(_: &mut Generator) -> Schema {
        let seconds = Schema::integer(i128::from(-MOST_SECONDS), i128::from(MOST_SECONDS));
        Schema::tuple([
            seconds.enforced_by_type().with_description("Whole seconds."),
            nanoseconds().with_description("The nanoseconds beyond them."),
        ])
    }
}

impl GeminiSchema for Month {
    fn schema(_: &mut Generator) -> Schema {
        Schema::enumeration(MONTHS).enforced_by_type()
    }
}

impl GeminiSchema for Weekday {
    fn schema(_: &mut Generator) -> Schema {
        Schema::enumeration(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]).enforced_by_type()
    }
}

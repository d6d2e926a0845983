//! `time` 0.3, in the form of its feature `serde-human-readable`. Years below 0 and above 9999
//! are left aside: time writes them with a sign, and not without its feature `large-dates`.

use time::{
    Date, Month, OffsetDateTime, PlainDateTime, SignedDuration, Time, Timestamp, UtcDateTime,
    UtcOffset, Weekday,
};

use super::calendar::{CLOCK, MONTHS, SAFE_YEAR, date};
use crate::impls::text::matching;
use crate::{Format, GeminiSchema, Generator, Schema};

/// At least one digit of a second, as time writes it.
const FRACTION: &str = "\\.[0-9]{1,9}";

const OFFSET: &str = "[+-]([01][0-9]|2[0-5]):[0-5][0-9]:[0-5][0-9]";

impl GeminiSchema for Date {
    fn schema(_: &mut Generator) -> Schema {
        Schema::format(Format::Date).enforced_by_type()
    }
}

impl GeminiSchema for Time {
    fn schema(_: &mut Generator) -> Schema {
        matching(&format!("^{CLOCK}{FRACTION}$"), "a time such as 08:30:00.0")
    }
}

impl GeminiSchema for PlainDateTime {
    fn schema(_: &mut Generator) -> Schema {
        let pattern = format!("^{} {CLOCK}{FRACTION}$", date());
        matching(&pattern, "a date and time without a zone such as 2026-11-20 08:30:00.0")
    }
}

impl GeminiSchema for UtcDateTime {
    fn schema(_: &mut Generator) -> Schema {
        let pattern = format!("^{} {CLOCK}{FRACTION}$", date());
        matching(&pattern, "a date and time in UTC such as 2026-11-20 08:30:00.0")
    }
}

impl GeminiSchema for OffsetDateTime {
    fn schema(_: &mut Generator) -> Schema {
        let date = date().replacen("[0-9]{4}", SAFE_YEAR, 1);
        let pattern = format!("^{date} {CLOCK}{FRACTION} {OFFSET}$");
        let words = "a date, a time and its offset from UTC such as \
                     2026-11-20 08:30:00.0 +01:00:00";
        matching(&pattern, words)
    }
}

impl GeminiSchema for UtcOffset {
    fn schema(_: &mut Generator) -> Schema {
        matching(&format!("^{OFFSET}$"), "an offset from UTC such as +01:00:00")
    }
}

impl GeminiSchema for SignedDuration {
    /// Spans of more than 18 digits of seconds, 30 billion years, are left aside.
    fn schema(_: &mut Generator) -> Schema {
        let words = "seconds with a decimal point such as 90.500000000";
        matching("^-?[0-9]{1,18}\\.[0-9]{1,9}$", words)
    }
}

impl GeminiSchema for Timestamp {
    fn schema(_: &mut Generator) -> Schema {
        Schema::integer(Timestamp::MIN.as_nanoseconds(), Timestamp::MAX.as_nanoseconds())
            .enforced_by_type()
            .never_buffered("a timestamp of 128 bits")
            .with_description("Nanoseconds since 1970-01-01T00:00:00Z.")
    }
}

impl GeminiSchema for Month {
    fn schema(_: &mut Generator) -> Schema {
        Schema::enumeration(MONTHS).enforced_by_type()
    }
}

impl GeminiSchema for Weekday {
    fn schema(_: &mut Generator) -> Schema {
        Schema::enumeration([
            "Monday",
            "Tuesday",
            "Wednesday",
            "Thursday",
            "Friday",
            "Saturday",
            "Sunday",
        ])
        .enforced_by_type()
    }
}

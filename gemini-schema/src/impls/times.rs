//! Points and spans of time.

use std::time::{Duration, SystemTime};

use crate::{GeminiSchema, Generator, Property, Schema};

/// The last whole second since 1970 that every system time of this platform can hold.
const LAST_SECOND: i128 = if cfg!(windows) { 910_692_730_084 } else { i64::MAX as i128 };

impl GeminiSchema for Duration {
    fn schema(generator: &mut Generator) -> Schema {
        let properties = [
            Property::required("secs", u64::schema(generator)),
            Property::required("nanos", nanoseconds()),
        ];
        Schema::object(properties)
            .closed()
            .with_description("A span of time: whole seconds, and the nanoseconds beyond them.")
    }
}

impl GeminiSchema for SystemTime {
    fn schema(_: &mut Generator) -> Schema {
        let seconds = Schema::integer(0_i128, LAST_SECOND).enforced_by_type();
        let properties = [
            Property::required("secs_since_epoch", seconds),
            Property::required("nanos_since_epoch", nanoseconds()),
        ];
        Schema::object(properties).closed().with_description(
            "A point in time: whole seconds since 1970-01-01T00:00:00Z, and the nanoseconds \
             beyond them.",
        )
    }
}

/// The part of a second. Types that read more of them carry the rest over.
pub(crate) fn nanoseconds() -> Schema {
    Schema::integer(0_i128, 999_999_999_i128).enforced_by_type()
}

//! The types of time.

use serde_json::json;
use time::{
    Date, Month, OffsetDateTime, PlainDateTime, SignedDuration, Time, Timestamp, UtcDateTime,
    UtcOffset, Weekday,
};

use super::foreign;

fn date(year: i32) -> Date {
    Date::from_calendar_date(year, Month::February, 28).unwrap()
}

fn time() -> Time {
    Time::from_hms_nano(8, 30, 59, 120_000_000).unwrap()
}

#[test]
fn dates_and_times() {
    foreign::<Date>()
        .value(&date(2024).next_day().unwrap())
        .value(&date(0))
        .value(&date(9999))
        .texts(&["2023-02-29", "+12345-01-01"])
        .document(json!([2024, 60]))
        .reads_more()
        .prove();
    foreign::<Time>()
        .value(&time())
        .value(&Time::MIDNIGHT)
        .texts(&["24:00:00.0", "08:30:00", "08:30:60.0", "08:30:00.0000000001"])
        .document(json!([8, 30, 0, 0]))
        .reads_more()
        .prove();
    foreign::<PlainDateTime>()
        .value(&date(2024).with_time(time()))
        .texts(&["2024-02-28T08:30:00.0"])
        .document(json!([2024, 60, 8, 30, 0, 0]))
        .reads_more()
        .prove();
}

#[test]
fn points_in_time() {
    foreign::<UtcDateTime>()
        .value(&UtcDateTime::new(date(2024), time()))
        .document(json!([2024, 60, 8, 30, 0, 0]))
        .reads_more()
        .prove();
    let offset = UtcOffset::from_hms(-1, -30, -15).unwrap();
    foreign::<OffsetDateTime>()
        .value(&date(2024).with_time(time()).assume_offset(offset))
        .value(&OffsetDateTime::UNIX_EPOCH)
        .texts(&[
            "9998-12-31 23:59:59.9 -25:59:59",
            "0000-01-01 00:00:00.0 +25:59:59",
            "9999-12-31 23:59:59.9 -25:59:59",
            "2024-02-28 08:30:00.0 Z",
        ])
        .reads_more()
        .prove();
    foreign::<UtcOffset>()
        .value(&offset)
        .value(&UtcOffset::UTC)
        .texts(&["+25:59:59", "-25:59:59", "+26:00:00", "-00:00:00"])
        .document(json!([1]))
        .reads_more()
        .prove();
    foreign::<Timestamp>().value(&Timestamp::UNIX_EPOCH).prove();
}

#[test]
fn spans_and_names() {
    foreign::<SignedDuration>()
        .value(&SignedDuration::new(-90, -500_000_000))
        .value(&SignedDuration::ZERO)
        .texts(&["90", "9999999999999999999.0", "-999999999999999999.999999999", ".5"])
        .document(json!([1, 0]))
        .reads_more()
        .prove();
    foreign::<Month>().value(&Month::May).document(json!(5)).reads_more().prove();
    foreign::<Weekday>().value(&Weekday::Sunday).document(json!(7)).reads_more().prove();
}

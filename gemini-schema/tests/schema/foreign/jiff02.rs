//! The types of jiff.

use jiff::civil::{Date, DateTime, ISOWeekDate, Time, Weekday, date, time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp, ToSpan, Zoned};

use super::foreign;

#[test]
fn dates_and_times() {
    foreign::<Date>()
        .value(&date(2024, 2, 29))
        .value(&date(0, 1, 1))
        .value(&date(9999, 12, 31))
        .texts(&["2023-02-29", "20240229", "-000001-01-01"])
        .reads_more()
        .prove();
    foreign::<Time>()
        .value(&time(23, 59, 59, 1))
        .value(&Time::midnight())
        .texts(&["24:00:00", "08:30", "T08", "08:30:00.1234567891"])
        .reads_more()
        .prove();
    foreign::<DateTime>()
        .value(&date(2024, 2, 29).at(8, 30, 0, 250_000_000))
        .value(&DateTime::MAX)
        .texts(&["2024-02-29 08:30", "2024-02-29T08:30:00Z"])
        .reads_more()
        .prove();
    foreign::<ISOWeekDate>()
        .value(&ISOWeekDate::new(2024, 25, Weekday::Wednesday).unwrap())
        .value(&ISOWeekDate::new(2020, 53, Weekday::Sunday).unwrap())
        .texts(&["2024-W53-1", "2024-W00-1", "2024W251"])
        .reads_more()
        .refuses_more()
        .prove();
}

#[test]
fn points_in_time() {
    foreign::<Timestamp>()
        .value(&Timestamp::UNIX_EPOCH)
        .value(&Timestamp::new(1_732_000_000, 5).unwrap())
        .texts(&[
            "9998-12-31T23:59:59-23:59",
            "0000-01-01T00:00:00+23:59",
            "9999-12-31T23:59:59Z",
            "2016-12-31T23:59:60Z",
            "2016-12-31t23:59:59.123456789z",
            "2016-12-31T23:59:59.1234567891Z",
            "2016-12-31T23:59:59",
        ])
        .reads_more()
        .prove();
    let zoned = |zone: TimeZone| date(2024, 6, 19).at(15, 22, 45, 0).to_zoned(zone).unwrap();
    foreign::<Zoned>()
        .value(&zoned(TimeZone::UTC))
        .value(&zoned(TimeZone::get("Europe/Paris").unwrap()))
        .value(&zoned(TimeZone::fixed(jiff::tz::offset(-4))))
        .texts(&["2024-06-19T15:22:45+07:00[Europe/Paris]", "2024-06-19T15:22:45+00:00"])
        .reads_more()
        .refuses_more()
        .prove();
}

#[test]
fn spans() {
    foreign::<Span>()
        .value(&1.year().months(2).weeks(3).days(4).hours(5).minutes(6).milliseconds(7_250))
        .value(&-2.hours())
        .value(&Span::new())
        .texts(&[
            "P9999Y99999M999999W999999DT99999999H9999999999M99999999999.999999999S",
            "-P9999Y",
            "P",
            "PT",
            "P1DT",
            "PT1.5H",
            "2 hours",
            "P20000Y",
        ])
        .reads_more()
        .prove();
    foreign::<SignedDuration>()
        .value(&SignedDuration::new(-5_400, -1))
        .value(&SignedDuration::ZERO)
        .texts(&[
            "PT999999999999999H999999999999999M999999999999999.999999999S",
            "-PT999999999999999H999999999999999M999999999999999.999999999S",
            "P1D",
            "PT",
            "2h",
        ])
        .reads_more()
        .prove();
}

//! The types of chrono.

use chrono::{
    DateTime, FixedOffset, Month, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc, Weekday,
};
use std::collections::BTreeMap;

use gemini_schema::Lowered;
use serde_json::json;

use super::foreign;

fn date(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 2, 28).unwrap()
}

#[test]
fn dates_and_times() {
    foreign::<NaiveDate>()
        .value(&NaiveDate::from_ymd_opt(2024, 2, 29).unwrap())
        .value(&date(0))
        .value(&date(9999))
        .texts(&["2023-02-29", "2024-2-1", "+12345-01-01", "29.02.2024"])
        .reads_more()
        .prove();
    foreign::<NaiveTime>()
        .value(&NaiveTime::from_hms_opt(23, 59, 59).unwrap())
        .value(&NaiveTime::from_hms_nano_opt(0, 0, 59, 1_000_000_001).unwrap())
        .texts(&["24:00:00", "08:30", "08:30:00Z", "8:30 am"])
        .reads_more()
        .prove();
    foreign::<NaiveDateTime>()
        .value(&date(2024).and_hms_milli_opt(8, 30, 0, 250).unwrap())
        .texts(&["2024-02-28 08:30:00", "2023-02-29T08:30:00", "2024-02-28T08:30:00Z"])
        .reads_more()
        .prove();
}

#[test]
fn points_in_time() {
    foreign::<DateTime<Utc>>()
        .value(&date(2024).and_hms_nano_opt(8, 30, 0, 1).unwrap().and_utc())
        .value(&date(9999).and_hms_opt(0, 0, 0).unwrap().and_utc())
        .texts(&[
            "0000-01-01T00:00:00+23:59",
            "9999-12-31T23:59:59-23:59",
            "2016-12-31T23:59:60Z",
            "2016-12-31t23:59:00.0000000000001z",
            "2016-12-31T23:59:00-00:00",
            "2016-12-31 23:59:00Z",
            "2016-12-31T23:59:00",
        ])
        .reads_more()
        .prove();
    let zone = FixedOffset::east_opt(-5400).unwrap();
    foreign::<DateTime<FixedOffset>>()
        .value(&date(2024).and_hms_opt(8, 30, 0).unwrap().and_local_timezone(zone).unwrap())
        .reads_more()
        .prove();
}

#[test]
fn spans_and_names() {
    foreign::<TimeDelta>()
        .value(&TimeDelta::milliseconds(-1))
        .value(&TimeDelta::weeks(9))
        .document(json!([i64::MAX / 1000, 999_999_999]))
        .document(json!([i64::MAX / 1000, 0]))
        .document(json!([i64::MAX / 1000 - 1, 999_999_999]))
        .document(json!([1 - i64::MAX / 1000, 0]))
        .reads_more()
        .prove();
    foreign::<Month>().value(&Month::May).texts(&["may", "Feb", "13"]).reads_more().prove();
    foreign::<Weekday>().value(&Weekday::Sun).texts(&["sunday", "Su"]).reads_more().prove();
    type Days = BTreeMap<NaiveDate, u8>;
    foreign::<Days>()
        .value(&[(date(2024), 1)].into())
        .document(json!({"2024-2-1": 1}))
        .document(json!({"2023-02-29": 1}))
        .reads_more()
        .prove();
}

#[test]
fn the_form_stays_beside_the_words_of_a_field() {
    #[derive(gemini_schema::GeminiSchema)]
    #[allow(dead_code, reason = "only its schema is looked at")]
    struct Paid {
        /// When it was paid.
        at: NaiveTime,
    }
    let lowered = Lowered::of::<Paid>(gemini_schema::Dialect::GeminiJson).unwrap();
    let words = "When it was paid.\\nFormat: a time without a zone such as 08:30:00.";
    assert!(lowered.as_str().contains(words), "{lowered}");
}

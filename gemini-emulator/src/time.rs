//! Points in time as the service writes them: RFC 3339, in UTC.

use std::time::{Duration, SystemTime};

const DAY: u64 = 24 * 60 * 60;
/// Days from 0000-03-01 to 1970-01-01: years that start in March have their leap day at the end.
const DAYS_BEFORE_1970: u64 = 719_468;
const DAYS_IN_400_YEARS: u64 = 146_097;

/// `2026-11-21T07:17:36.5Z`; a time before 1970 is its start.
pub(crate) fn print(time: SystemTime) -> String {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let (days, second) = (since.as_secs() / DAY, since.as_secs() % DAY);
    let (year, month, day) = date(days);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let fraction = match since.subsec_micros() {
        0 => String::new(),
        micros => format!(".{micros:06}"),
    };
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}Z")
}

/// Reads a time of 1970 or later.
pub(crate) fn parse(text: &str) -> Option<SystemTime> {
    let (date, rest) = text.split_once(['T', 't'])?;
    let mut date = date.splitn(3, '-').map(str::parse::<u64>);
    let (year, month, day) = (date.next()?.ok()?, date.next()?.ok()?, date.next()?.ok()?);
    let zone = rest.find(['Z', 'z', '+', '-'])?;
    let (clock, zone) = rest.split_at_checked(zone)?;
    let mut clock = clock.splitn(3, ':');
    let (hours, minutes) = (clock.next()?.parse().ok()?, clock.next()?.parse().ok()?);
    let seconds: f64 = clock.next()?.parse().ok()?;
    let days = days(year, month, day)?;
    let time = Duration::from_secs(days.checked_mul(DAY)?).checked_add(span(hours, minutes)?)?;
    let local = time.checked_add(Duration::try_from_secs_f64(seconds).ok()?)?;
    let since = match zone.chars().next()? {
        '+' => local.checked_sub(offset(zone)?)?,
        '-' => local.checked_add(offset(zone)?)?,
        _ => local,
    };
    SystemTime::UNIX_EPOCH.checked_add(since)
}

/// Reads a protobuf duration such as `3.5s`, if it is not negative.
pub(crate) fn parse_duration(text: &str) -> Option<Duration> {
    let seconds = text.strip_suffix('s')?.parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

/// `+05:30` without its sign.
fn offset(zone: &str) -> Option<Duration> {
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    span(hours.parse().ok()?, minutes.parse().ok()?)
}

fn span(hours: u64, minutes: u64) -> Option<Duration> {
    let is_time = hours < 24 && minutes < 60;
    is_time.then(|| Duration::from_secs(hours * 3600 + minutes * 60))
}

/// Year, month and day of a number of days since 1970.
fn date(days: u64) -> (u64, u64, u64) {
    let days = days + DAYS_BEFORE_1970;
    let (era, day) = (days / DAYS_IN_400_YEARS, days % DAYS_IN_400_YEARS);
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, carry) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (400 * era + year + carry, month, day)
}

/// The number of days since 1970.
fn days(year: u64, month: u64, day: u64) -> Option<u64> {
    if year > 9999 || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let is_after_february = month > 2;
    let year = year.checked_sub(u64::from(!is_after_february))?;
    let month = if is_after_february { month - 3 } else { month + 9 };
    let (era, year) = (year / 400, year % 400);
    let day = (153 * month + 2) / 5 + day - 1 + 365 * year + year / 4 - year / 100;
    (era * DAYS_IN_400_YEARS + day).checked_sub(DAYS_BEFORE_1970)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_printed_and_read_back() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_795_245_456, "2026-11-21T07:17:36Z"),
            (4_107_542_399, "2100-02-28T23:59:59Z"),
        ] {
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
            assert_eq!(print(time), text);
            assert_eq!(parse(text), Some(time));
        }
        let time = SystemTime::UNIX_EPOCH + Duration::from_millis(1500);
        assert_eq!(print(time), "1970-01-01T00:00:01.500000Z");
        assert_eq!(parse("1970-01-01T02:30:01.5+02:30"), Some(time));
        assert_eq!(parse("1969-12-31T19:00:01.5-05:00"), None, "the date alone is before 1970");
        for wrong in ["", "1970-01-01", "1970-01-01T00:00Z", "x-01-01T00:00:00Z"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn durations_are_read() {
        assert_eq!(parse_duration("3.5s"), Some(Duration::from_millis(3500)));
        assert_eq!(parse_duration("-1s"), None);
        assert_eq!(parse_duration("1"), None);
    }
}

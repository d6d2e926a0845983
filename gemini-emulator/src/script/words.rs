//! Faults, rates and latencies by their names.

use std::str::FromStr;
use std::time::Duration;

use super::ScriptError;
use crate::fault::{Fault, Rate};
use crate::latency::Latency;
use crate::reply::{Event, Reply, Split};

const THOUGHT: &str = "This thought is emulated.";

/// `unavailable @ 1/10`.
pub(crate) fn fault_at_rate(text: &str) -> Result<(Fault, Rate), ScriptError> {
    let (fault, rate) = text
        .split_once('@')
        .ok_or_else(|| ScriptError::reason(format!("`{text}` has no rate, such as ` @ 1/10`")))?;
    Ok((fault.trim().parse()?, rate.trim().parse()?))
}

/// Reads the names that [`Script`](crate::Script) lists.
impl FromStr for Fault {
    type Err = ScriptError;

    fn from_str(text: &str) -> Result<Self, ScriptError> {
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name.trim(), Value(value.trim(), text)),
            None => (text.trim(), Value("", text)),
        };
        match instead(name, value)? {
            Some(reply) => Ok(reply.into()),
            None => change(name, value)?
                .ok_or_else(|| ScriptError::reason(format!("no fault has the name `{name}`"))),
        }
    }
}

/// Reads `always`, `every 3`, `first 2` and `1/10`.
impl FromStr for Rate {
    type Err = ScriptError;

    fn from_str(text: &str) -> Result<Self, ScriptError> {
        let number = |text: &str| text.trim().parse().ok();
        let rate = match text.trim() {
            "always" => Some(Rate::always()),
            text => match (text.split_once('/'), text.split_once(' ')) {
                (Some((hits, of)), _) => hits
                    .trim()
                    .parse()
                    .ok()
                    .zip(of.trim().parse().ok())
                    .map(|(hits, of)| Rate::chance(hits, of)),
                (None, Some(("every", n))) => number(n).map(Rate::every),
                (None, Some(("first", n))) => number(n).map(Rate::first),
                _ => None,
            },
        };
        let known = "`always`, `every 3`, `first 2` or `1/10`";
        rate.ok_or_else(|| ScriptError::reason(format!("`{text}` is no rate: {known}")))
    }
}

/// Reads `50ms`, `20ms..80ms`, and either with `, 2s every 50`.
impl FromStr for Latency {
    type Err = ScriptError;

    fn from_str(text: &str) -> Result<Self, ScriptError> {
        let (usual, slow) = match text.split_once(',') {
            Some((usual, slow)) => (usual, Some(slow)),
            None => (text, None),
        };
        let latency = match usual.split_once("..") {
            Some((low, high)) => Latency::uniform(duration(low)?, duration(high)?),
            None => Latency::fixed(duration(usual)?),
        };
        let Some(slow) = slow else {
            return Ok(latency);
        };
        let wrong = || ScriptError::reason(format!("`{slow}` must look like `2s every 50`"));
        let (slow, n) = slow.split_once("every").ok_or_else(wrong)?;
        Ok(latency.every(n.trim().parse().map_err(|_| wrong())?, duration(slow)?))
    }
}

/// What stands behind the `=`, and the whole text for messages.
#[derive(Clone, Copy)]
struct Value<'a>(&'a str, &'a str);

impl Value<'_> {
    fn number<T: FromStr>(self) -> Result<T, ScriptError> {
        let Value(value, whole) = self;
        value.parse().map_err(|_| ScriptError::reason(format!("`{whole}` needs a number")))
    }

    fn word(self) -> Result<String, ScriptError> {
        let Value(value, whole) = self;
        if value.is_empty() {
            return Err(ScriptError::reason(format!("`{whole}` needs a reason, such as SAFETY")));
        }
        Ok(value.to_owned())
    }
}

fn instead(name: &str, value: Value<'_>) -> Result<Option<Reply>, ScriptError> {
    Ok(Some(match name {
        "rate-limited" => Reply::rate_limited(duration(value.0)?),
        "daily-quota" => Reply::daily_quota(),
        "internal" => Reply::internal(),
        "unavailable" => Reply::unavailable(),
        "deadline-exceeded" => Reply::deadline_exceeded(),
        "html" => Reply::html(value.number()?),
        "malformed-body" => Reply::malformed_body(),
        "blocked" => Reply::blocked(value.word()?),
        "empty" => Reply::empty(value.word()?),
        "disconnect" => Reply::disconnect(),
        "reset" => Reply::reset(),
        _ => return Ok(None),
    }))
}

fn change(name: &str, value: Value<'_>) -> Result<Option<Fault>, ScriptError> {
    let overloaded = (503, "UNAVAILABLE", "The model is overloaded. Please try again later.");
    let (status, status_name, message) = overloaded;
    Ok(Some(match name {
        "truncated" => Fault::change(Reply::truncated),
        "malformed" => Fault::change(Reply::malformed),
        "looping" => with(value.number()?, Reply::looping),
        "to-be-continued" => Fault::change(Reply::to_be_continued),
        "finish" => with(value.word()?, Reply::finish_reason),
        "no-finish-reason" => Fault::change(Reply::without_finish_reason),
        "thought" => with(THOUGHT, Reply::with_thought),
        "null-fields" => Fault::change(Reply::null_fields),
        "sparse-events" => Fault::change(Reply::sparse_events),
        "error-after" => {
            let event = Event::error(status, status_name, message);
            with((value.number()?, event), |reply, (events, event)| {
                reply.error_after(events, event)
            })
        }
        "bare-error-after" => {
            let event = Event::bare_error(status, status_name, message);
            with((value.number()?, event), |reply, (events, event)| {
                reply.error_after(events, event)
            })
        }
        "end-after" => with(value.number()?, Reply::end_after),
        "cut" => with(value.number()?, Reply::cut_after),
        "reset-after" => with(value.number()?, Reply::reset_after),
        "split" => with(Split::every(value.number()?), Reply::split),
        "delay" => with(duration(value.0)?, Reply::delay),
        "slow" => with(duration(value.0)?, Reply::piece_delay),
        _ => return Ok(None),
    }))
}

/// A change that takes a value.
fn with<T: Clone + Send + Sync + 'static>(
    value: T,
    change: impl Fn(Reply, T) -> Reply + Send + Sync + 'static,
) -> Fault {
    Fault::change(move |reply| change(reply, value.clone()))
}

/// `50ms`, `2s`, `0.2s`.
fn duration(text: &str) -> Result<Duration, ScriptError> {
    let text = text.trim();
    let (number, unit) = match text.strip_suffix("ms") {
        Some(number) => (number, 1e-3),
        None => (text.strip_suffix('s').unwrap_or("no seconds"), 1.0),
    };
    let seconds = number.trim().parse::<f64>().ok().map(|number| number * unit);
    seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()).ok_or_else(|| {
        ScriptError::reason(format!("`{text}` is no duration, such as `50ms` or `0.2s`"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    fn applied(name: &str) -> Reply {
        name.parse::<Fault>().unwrap().apply(|| Reply::text("abcd"))
    }

    #[test]
    fn every_name_is_known() {
        let answer = || Reply::text("abcd");
        let cases = [
            ("rate-limited=0.2s", Reply::rate_limited(200 * MS)),
            ("daily-quota", Reply::daily_quota()),
            ("internal", Reply::internal()),
            ("deadline-exceeded", Reply::deadline_exceeded()),
            ("html=502", Reply::html(502)),
            ("malformed-body", Reply::malformed_body()),
            ("blocked=SAFETY", Reply::blocked("SAFETY")),
            ("empty=SAFETY", Reply::empty("SAFETY")),
            ("disconnect", Reply::disconnect()),
            ("reset", Reply::reset()),
            ("malformed", answer().malformed()),
            ("looping = 3", answer().looping(3)),
            ("to-be-continued", answer().to_be_continued()),
            ("finish=RECITATION", answer().finish_reason("RECITATION")),
            ("no-finish-reason", answer().without_finish_reason()),
            ("thought", answer().with_thought(THOUGHT)),
            ("sparse-events", answer().sparse_events()),
            ("end-after=2", answer().end_after(2)),
            ("cut=2", answer().cut_after(2)),
            ("reset-after=2", answer().reset_after(2)),
            ("split=1", answer().split(Split::every(1))),
            ("delay=2s", answer().delay(2000 * MS)),
            ("slow=5ms", answer().piece_delay(5 * MS)),
        ];
        for (name, expected) in cases {
            assert_eq!(applied(name), expected, "{name}");
        }
        assert_ne!(applied("error-after=1"), applied("bare-error-after=1"));
        for wrong in
            ["html", "html=x", "finish", "rate-limited=5", "rate-limited=-5s", "", "cut=-1"]
        {
            assert!(wrong.parse::<Fault>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn rates_and_latencies_are_read() {
        for (text, rate) in [
            ("always", Rate::always()),
            ("every 3", Rate::every(3)),
            ("first 2", Rate::first(2)),
            (" 1 / 10 ", Rate::chance(1, 10)),
        ] {
            assert_eq!(text.parse::<Rate>().unwrap(), rate);
        }
        for (text, latency) in [
            ("50ms", Latency::fixed(50 * MS)),
            ("20ms..0.08s", Latency::uniform(20 * MS, 80 * MS)),
            ("50ms, 2s every 50", Latency::fixed(50 * MS).every(50, 2000 * MS)),
        ] {
            assert_eq!(text.parse::<Latency>().unwrap(), latency);
        }
        for wrong in ["", "50ms, 2s", "50ms, 2s every x", "1h"] {
            assert!(wrong.parse::<Latency>().is_err(), "{wrong}");
        }
    }
}

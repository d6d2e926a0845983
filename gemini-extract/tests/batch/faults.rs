//! Services that fail in many ways, and disks that are full.

use std::collections::BTreeSet;
use std::env;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use gemini_emulator::{Emulator, Fault, ManualClock, Rate, RateLimits, Reply};
use gemini_extract::batch::{End, JournalReader, Source};
use gemini_extract::{ExponentialBackoff, Retry};

use crate::journals::Scratch;
use crate::scene::{Sentiment, all, batch, by_key, prompt, server, start};

#[tokio::test]
async fn a_third_of_the_requests_may_fail() {
    let emulator = server()
        .seed(3)
        .fault(Reply::unavailable(), Rate::chance(1, 12))
        .fault(Reply::disconnect(), Rate::chance(1, 12))
        .fault(Reply::error(500, "INTERNAL", "x"), Rate::chance(1, 12))
        .fault(Fault::change(Reply::truncated), Rate::chance(1, 12))
        .start()
        .await
        .unwrap();
    let scratch = Scratch::new("third");
    let backoff = ExponentialBackoff::default().longest(Duration::from_millis(5));
    let records = || (0..1_000).map(|n| format!("{} {n}", if n % 2 == 0 { "good" } else { "x" }));
    let mut starts = 0;
    loop {
        starts += 1;
        let retry = Retry::default().attempts(3).backoff(backoff.clone());
        let mut run = batch(&emulator, records()).with_retry(retry).journal(scratch.run()).start();
        let outcomes = by_key(&mut run).await;
        assert_eq!(outcomes.len(), 1_000, "every record has its outcome");
        for outcome in outcomes.values().filter(|outcome| outcome.result.is_ok()) {
            let is_good = outcome.position % 2 == 0;
            let expected = if is_good { Sentiment::Positive } else { Sentiment::Negative };
            assert_eq!(*outcome.result.as_ref().unwrap(), expected);
        }
        if run.report().await.progress.failed == 0 {
            break;
        }
        assert!(starts < 10, "failures are asked again until there are none");
    }
    let answered = emulator.requests().into_iter().filter(|it| it.status == Some(200));
    let mut asked: Vec<String> = answered.map(|request| prompt(&request).to_owned()).collect();
    let requests = asked.len();
    asked.sort_unstable();
    asked.dedup();
    assert_eq!(asked.len(), 1_000);
    assert!(requests < 1_500, "{requests}: only what was cut is asked again");
}

/// A service that fails in mixed ways, a third of all times, and takes so many requests a day.
async fn failing(clock: &ManualClock, a_day: u64) -> Emulator {
    let failures = [
        Reply::unavailable(),
        Reply::error(500, "INTERNAL", "x"),
        Reply::html(502),
        Reply::rate_limited(Duration::from_millis(1)),
        Reply::disconnect(),
        Reply::reset(),
    ];
    let server = server().seed(5).clock(clock.clone());
    let server = server.rate_limits(RateLimits::new().requests_per_day(a_day));
    let add = |server: gemini_emulator::EmulatorBuilder, failure| {
        server.fault(failure, Rate::chance(1, 15))
    };
    failures.into_iter().fold(server, add).start().await.unwrap()
}

#[tokio::test]
async fn it_goes_on_after_a_quota_per_day_amid_failures() {
    let (clock, scratch) = (ManualClock::new(), Scratch::new("quota"));
    let emulator = failing(&clock, 400).await;
    let backoff = ExponentialBackoff::default().longest(Duration::from_millis(5));
    let records = || (0..1_000).map(|n| format!("{} {n}", if n % 2 == 0 { "good" } else { "x" }));
    let (mut answered, mut used_up, mut starts) = (BTreeSet::new(), 0, 0);
    while answered.len() < 1_000 {
        starts += 1;
        assert!(starts < 12, "{} are answered", answered.len());
        let retry = Retry::default().attempts(3).backoff(backoff.clone());
        let mut run = batch(&emulator, records()).with_retry(retry).journal(scratch.run()).start();
        for (key, outcome) in by_key(&mut run).await {
            let Ok(label) = outcome.result else {
                assert!(!answered.contains(&key), "the answer of {key} is lost");
                continue;
            };
            let is_good = outcome.position % 2 == 0;
            assert_eq!(label, if is_good { Sentiment::Positive } else { Sentiment::Negative });
            assert_eq!(outcome.source == Source::Asked, answered.insert(key));
        }
        let report = run.report().await;
        if report.end.is_complete() {
            continue;
        }
        assert!(report.to_string().contains("per day"), "{report}");
        used_up += 1;
        clock.advance(Duration::from_secs(24 * 60 * 60));
    }
    assert_eq!(used_up, 3, "a day has some 270 answers beside its failures");
    let requests = emulator.requests();
    let failed = requests.iter().filter(|request| request.status != Some(200)).count();
    assert!(failed * 10 > requests.len() * 3, "{failed} of {} failed", requests.len());
    assert_eq!(requests.len() - failed, 1_000, "nothing is asked again that was answered");
}

/// In a process whose files can have a few kilobytes only.
#[cfg(unix)]
#[tokio::test]
async fn a_disk_that_fills_up_ends_it_and_nothing_is_lost() {
    const FOLDER: &str = "GEMINI_EXTRACT_TEST_FOLDER";
    let records = || (0..500).map(|n| format!("good {n}"));
    let emulator = start().await;
    if let Some(folder) = env::var_os(FOLDER).map(PathBuf::from) {
        let batch = batch(&emulator, records()).concurrency(4).buffer(8);
        let mut run = batch.journal(&folder).start();
        let outcomes = all(&mut run).await;
        let answered = outcomes.iter().filter(|outcome| outcome.result.is_ok()).count();
        let end = run.report().await.end;
        assert!(matches!(&end, End::Failed { kind, .. } if kind == "Journal"), "{end:?}");
        assert!(end.to_string().contains("cannot be written"), "{end}");
        assert_eq!(answered, emulator.request_count(), "what was paid for is handed out");
        let kept = JournalReader::open(&folder).unwrap().entries().unwrap().len();
        assert!(kept > 5 && kept < answered, "{kept} of {answered}");
        return;
    }
    let scratch = Scratch::new("fills-up");
    let test = "faults::a_disk_that_fills_up_ends_it_and_nothing_is_lost";
    let script = "trap '' XFSZ; ulimit -f 16; exec \"$0\" --exact \"$1\"";
    let mut command = Command::new("sh");
    command.args(["-c", script]).arg(env::current_exe().unwrap()).arg(test);
    let output = command.env(FOLDER, scratch.run()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
    let kept = JournalReader::open(scratch.run()).unwrap().entries().unwrap().len();
    let report = batch(&emulator, records()).journal(scratch.run()).start().report().await;
    assert!(report.end.is_complete());
    assert_eq!(report.progress.from_journal, u64::try_from(kept).unwrap());
    assert_eq!(report.progress.requests, 500 - report.progress.from_journal);
}

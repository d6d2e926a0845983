//! Services that fail in many ways, and disks that are full.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use gemini_emulator::{Fault, Rate, Reply};
use gemini_extract::batch::{End, JournalReader};
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
    let backoff = ExponentialBackoff::default().longest(std::time::Duration::from_millis(5));
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

/// In a process whose files can have a few kilobytes only.
#[cfg(unix)]
#[tokio::test]
async fn a_disk_that_fills_up_ends_it_and_nothing_is_lost() {
    const FOLDER: &str = "GEMINI_EXTRACT_TEST_FOLDER";
    let records = || (0..500).map(|n| format!("good {n}"));
    let emulator = start().await;
    if let Some(folder) = env::var_os(FOLDER).map(PathBuf::from) {
        let mut run = batch(&emulator, records()).concurrency(4).journal(&folder).start();
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

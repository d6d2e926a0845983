//! Runs that are stopped, killed and damaged, and go on.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use gemini_emulator::Emulator;
use gemini_extract::batch::{Batch, End, Failures, JournalReader, Source};
use gemini_extract::{Error, ErrorKind, Price, Prices};

use crate::scene::{KEY, Sentiment, all, batch, builder, by_key, held, in_flight, start};

/// A folder that is gone with this.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new(name: &str) -> Self {
        let name = format!("gemini-extract-batch-{name}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    pub(crate) fn run(&self) -> PathBuf {
        self.0.join("run")
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn records(count: usize) -> impl Iterator<Item = (String, String)> + Send + 'static {
    (0..count).map(|n| (format!("k{n}"), format!("{} {n}", if n % 2 == 0 { "good" } else { "x" })))
}

fn journaled(emulator: &Emulator, count: usize, scratch: &Scratch) -> Batch<Sentiment> {
    batch(emulator, records(count)).journal(scratch.run())
}

/// The one error of a batch that doesn't start.
async fn refused(batch: Batch<Sentiment>) -> Error {
    let mut outcomes = all(&mut batch.start()).await;
    assert_eq!(outcomes.len(), 1);
    outcomes.remove(0).result.expect_err("it does not start")
}

fn segment(scratch: &Scratch) -> PathBuf {
    scratch.run().join("000001.journal")
}

#[tokio::test]
async fn what_was_answered_is_not_asked_again() {
    let (emulator, scratch) = (start().await, Scratch::new("resume"));
    let first = by_key(&mut journaled(&emulator, 50, &scratch).start()).await;
    assert!(first.values().all(|outcome| outcome.source == Source::Asked));
    assert_eq!(emulator.request_count(), 50);
    let mut run = journaled(&emulator, 60, &scratch).start();
    let second = by_key(&mut run).await;
    assert_eq!((second.len(), emulator.request_count()), (60, 60));
    for (key, outcome) in &second {
        let is_old = first.get(key).map(|old| old.result.as_ref().unwrap());
        let source = if is_old.is_some() { Source::Journal } else { Source::Asked };
        assert_eq!(outcome.source, source);
        assert!(is_old.is_none_or(|old| old == outcome.result.as_ref().unwrap()));
    }
    let report = run.report().await;
    assert_eq!((report.progress.from_journal, report.progress.requests), (50, 10));
    assert_eq!(report.progress.labels["Positive"], 30);
}

#[tokio::test]
async fn a_run_goes_on_wherever_it_was_dropped() {
    let scratch = Scratch::new("dropped");
    let (emulator, clock) = held().await;
    let mut run = journaled(&emulator, 12, &scratch).concurrency(4).start();
    in_flight(&emulator, &clock, 4).await;
    clock.advance(Duration::from_secs(1));
    let mut safe = Vec::new();
    for _ in 0..4 {
        safe.push(run.next().await.unwrap().key);
    }
    in_flight(&emulator, &clock, 4).await;
    drop(run);
    while emulator.in_flight() > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(emulator.request_count(), 8);
    let quick = start().await;
    let rest = by_key(&mut journaled(&quick, 12, &scratch).start()).await;
    assert_eq!((rest.len(), quick.request_count()), (12, 8), "the four on their way are again");
    for (key, outcome) in &rest {
        assert_eq!(outcome.source == Source::Journal, safe.contains(key), "{key}");
    }
}

#[tokio::test]
async fn duplicates_are_noted_once() {
    let (emulator, scratch) = (start().await, Scratch::new("duplicates"));
    let records = || (0..30).map(|n| (format!("k{n}"), ["good", "x"][n % 2]));
    let batch = || batch(&emulator, records()).journal(scratch.run());
    assert_eq!(batch().start().report().await.progress.duplicates, 28);
    let length = fs::metadata(segment(&scratch)).unwrap().len();
    for _ in 0..2 {
        let report = batch().start().report().await;
        assert_eq!((report.progress.from_journal, report.progress.requests), (30, 0));
        assert_eq!(fs::metadata(segment(&scratch)).unwrap().len(), length);
    }
    let entries = JournalReader::open(scratch.run()).unwrap().entries().unwrap();
    assert_eq!(entries.len(), 30);
    assert_eq!(entries.iter().filter(|entry| entry.is_duplicate).count(), 28);
    assert!(entries.iter().all(|entry| entry.answer.is_some()));
}

#[tokio::test]
async fn the_last_outcome_of_each_record_counts() {
    let (emulator, scratch) = (start().await, Scratch::new("last"));
    let texts = ["good", "down", "good", "unsafe", "down"];
    for _ in 0..3 {
        batch(&emulator, texts).journal(scratch.run()).start().report().await;
    }
    let reader = JournalReader::open(scratch.run()).unwrap();
    let mut written = Vec::new();
    reader.for_each(|entry| written.push(entry)).unwrap();
    assert_eq!(written.len(), 3 + 3 * 2, "the failures are there three times");
    let outcomes: Vec<_> = reader.outcomes().unwrap().map(Result::unwrap).collect();
    let mut keys: Vec<&str> = outcomes.iter().map(|entry| &*entry.key).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["0", "1", "2", "3", "4"]);
    assert_eq!(outcomes, reader.entries().unwrap());
    assert!(outcomes.iter().all(|entry| written.contains(entry)));
    let shared = outcomes.iter().find(|entry| entry.is_duplicate).unwrap();
    assert_eq!(shared.answer.as_deref(), Some("Positive"));
}

#[tokio::test]
async fn failures_are_asked_again_and_refusals_are_not() {
    let (emulator, scratch) = (start().await, Scratch::new("failures"));
    let batch = || batch(&emulator, ["good", "down", "unsafe"]).journal(scratch.run());
    batch().start().report().await;
    for (failures, requests) in
        [(Failures::AskAgain, 1), (Failures::Keep, 0), (Failures::AskAllAgain, 2)]
    {
        let before = emulator.request_count();
        let outcomes = by_key(&mut batch().failures(failures).start()).await;
        assert_eq!(emulator.request_count() - before, requests, "{failures:?}");
        let kinds = ["1", "2"].map(|key| outcomes[key].result.as_ref().unwrap_err().kind());
        assert_eq!(kinds, [ErrorKind::Unavailable, ErrorKind::Safety]);
    }
}

#[tokio::test]
async fn a_changed_job_is_refused_with_what_changed() {
    let (emulator, scratch) = (start().await, Scratch::new("changed"));
    journaled(&emulator, 3, &scratch).start().report().await;
    let changed = || {
        journaled(&emulator, 3, &scratch)
            .model("another")
            .instruction("Something else.")
            .example("nice", &Sentiment::Positive)
            .temperature(0.1)
    };
    let error = refused(changed()).await;
    assert_eq!((error.kind(), error.problems().count()), (ErrorKind::Journal, 5), "{error}");
    for word in ["models/another", "instruction", "examples", "parameters"] {
        assert!(error.problems().any(|problem| problem.contains(word)), "{word}: {error}");
    }
    assert!(!format!("{error:?}").contains("Something else"), "no prompt in messages");
    let client = builder(&emulator).build().unwrap();
    let other = client.batch::<bool, _>(records(3)).instruction("Classify the review.");
    let mut run = other.journal(scratch.run()).start();
    let error = all(&mut run).await.remove(0).result.unwrap_err();
    assert!(error.to_string().contains("the schema has changed"), "{error}");
    let report = changed().restart_changed().start().report().await;
    assert_eq!((report.end, report.progress.requests), (End::Complete, 3));
    assert!(scratch.run().join("replaced-1/000001.journal").exists());
    assert_eq!(
        JournalReader::open(scratch.run().join("replaced-1")).unwrap().entries().unwrap().len(),
        3
    );
    assert_eq!(changed().start().report().await.progress.requests, 0);
}

#[tokio::test]
async fn a_torn_tail_is_cut_at_every_byte() {
    let (emulator, scratch) = (start().await, Scratch::new("torn"));
    journaled(&emulator, 3, &scratch).concurrency(1).start().report().await;
    let whole = fs::read(segment(&scratch)).unwrap();
    for cut in 0..whole.len() {
        fs::write(segment(&scratch), &whole[..cut]).unwrap();
        let kept = JournalReader::open(scratch.run()).unwrap().entries().unwrap().len();
        let report = journaled(&emulator, 3, &scratch).start().report().await;
        assert!(report.end.is_complete(), "{cut}: {report}");
        let requests = usize::try_from(report.progress.requests).unwrap();
        assert_eq!(kept + requests, 3, "{cut}");
    }
}

#[tokio::test]
async fn a_damaged_middle_is_told_and_can_be_repaired() {
    let (emulator, scratch) = (start().await, Scratch::new("damaged"));
    journaled(&emulator, 20, &scratch).start().report().await;
    let mut bytes = fs::read(segment(&scratch)).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 0x55;
    fs::write(segment(&scratch), &bytes).unwrap();
    let error = refused(journaled(&emulator, 20, &scratch)).await;
    assert_eq!(error.kind(), ErrorKind::Journal);
    for word in ["000001.journal", "damaged at byte", "repair"] {
        assert!(error.to_string().contains(word), "{error}");
    }
    assert_eq!(fs::read(segment(&scratch)).unwrap(), bytes, "nothing was touched");
    let reader = JournalReader::open(scratch.run()).unwrap();
    assert!(reader.entries().is_err());
    let copy = scratch.0.join("copy");
    let repaired = reader.repair(&copy).unwrap();
    assert!(repaired.kept == 19 && repaired.lost_bytes > 0, "{repaired:?}");
    assert!(reader.repair(&copy).is_err(), "the copy exists");
    let report = batch(&emulator, records(20)).journal(&copy).start().report().await;
    assert_eq!((report.progress.from_journal, report.progress.requests), (19, 1));
}

#[tokio::test]
async fn a_missing_file_is_told_and_can_be_repaired() {
    let (emulator, scratch) = (start().await, Scratch::new("gap"));
    journaled(&emulator, 5, &scratch).start().report().await;
    fs::rename(segment(&scratch), scratch.run().join("000002.journal")).unwrap();
    let error = refused(journaled(&emulator, 5, &scratch)).await;
    for word in ["000001.journal", "missing", "repair"] {
        assert!(error.to_string().contains(word), "{error}");
    }
    let reader = JournalReader::open(scratch.run()).unwrap();
    assert!(reader.entries().is_err());
    let copy = scratch.0.join("copy");
    assert_eq!(reader.repair(&copy).unwrap().kept, 5);
    let report = batch(&emulator, records(5)).journal(&copy).start().report().await;
    assert_eq!(report.progress.requests, 0);
}

#[tokio::test]
async fn one_process_writes_a_run_at_a_time() {
    let (emulator, scratch) = (start().await, Scratch::new("lock"));
    let (slow, clock) = held().await;
    let run = journaled(&slow, 3, &scratch).start();
    in_flight(&slow, &clock, 3).await;
    let error = refused(journaled(&emulator, 3, &scratch)).await;
    assert!(error.to_string().contains("another process is writing it"), "{error}");
    assert!(JournalReader::open(scratch.run()).unwrap().entries().unwrap().is_empty());
    drop(run);
    assert!(journaled(&emulator, 3, &scratch).start().report().await.end.is_complete());
}

#[tokio::test]
async fn the_key_is_nowhere_in_the_folder() {
    let (emulator, scratch) = (start().await, Scratch::new("canary"));
    let texts = ["good".to_owned(), format!("down {KEY}"), "unsafe".to_owned()];
    batch(&emulator, texts).journal(scratch.run()).start().report().await;
    let holds = |canary: &str| files(&scratch.run()).iter().any(|text| text.contains(canary));
    assert!(holds("Positive") && holds("Classify the review."), "the search finds what is there");
    assert!(!holds(KEY));
}

fn files(folder: &Path) -> Vec<String> {
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths.map(|path| String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned()).collect()
}

#[tokio::test]
async fn a_copied_run_goes_on() {
    let (emulator, scratch) = (start().await, Scratch::new("copied"));
    journaled(&emulator, 10, &scratch).start().report().await;
    let copy = scratch.0.join("copy");
    fs::create_dir(&copy).unwrap();
    for entry in fs::read_dir(scratch.run()).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, copy.join(path.file_name().unwrap())).unwrap();
    }
    let report = batch(&emulator, records(10)).journal(&copy).start().report().await;
    assert_eq!((report.progress.from_journal, report.progress.requests), (10, 0), "{report:?}");
}

#[tokio::test]
async fn earlier_costs_count_towards_the_most() {
    let (emulator, scratch) = (start().await, Scratch::new("costs"));
    let prices = Prices::default().model("priced", Price::per_million(1e6, 1e6));
    let client = builder(&emulator).with_prices(prices).build().unwrap();
    let batch = |count: usize| {
        let batch = client.batch::<Sentiment, _>(records(count)).model("priced");
        batch.max_output_tokens(10).journal(scratch.run())
    };
    let first = batch(5).start().report().await.progress.cost.unwrap();
    let report = batch(1_000).max_cost(first + 100.0).start().report().await;
    assert_eq!((report.end, report.progress.requests), (End::MaxCost, 0));
    assert_eq!(report.progress.earlier_cost, Some(first));
    let report = batch(1_000).max_cost(first + 1_000.0).start().report().await;
    assert!(report.end == End::MaxCost && report.progress.requests > 5);
    assert!(report.progress.cost.unwrap() <= 1_000.0);
}

#[tokio::test]
async fn an_answer_that_does_not_fit_any_more_is_asked_again() {
    let (emulator, scratch) = (start().await, Scratch::new("validated"));
    journaled(&emulator, 4, &scratch).start().report().await;
    let before = emulator.request_count();
    let strict = |value: &Sentiment| match value {
        Sentiment::Positive => Ok(()),
        Sentiment::Negative => Err("it must be positive"),
    };
    let outcomes =
        by_key(&mut journaled(&emulator, 4, &scratch).with_validator(strict).start()).await;
    assert_eq!(emulator.request_count() - before, 2);
    assert_eq!(outcomes["k1"].result.as_ref().unwrap_err().kind(), ErrorKind::Rejected);
    assert_eq!(outcomes["k0"].source, Source::Journal);
}

//! Runs with open batches that are stopped, killed and cancelled, and go on.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use gemini_emulator::{BatchRules, Emulator, Fault, Latency, ManualClock, Rate, Reply};
use gemini_extract::batch::{
    Batch, BatchApi, BatchRun, Dedupe, End, JournalReader, OpenBatch, Source,
};

use gemini_extract::{ErrorKind, Price, Prices};

use crate::api::{asked, by_api, is_right, quick, records, serving};
use crate::journals::Scratch;
use crate::scene::{KEY, Sentiment, all, batch, builder, by_key, server};

const HOUR: Duration = Duration::from_secs(60 * 60);
const COUNT: usize = 30;

/// A server whose batches take an hour on this clock.
async fn slow() -> (Emulator, ManualClock) {
    let clock = ManualClock::new();
    let rules = BatchRules::new().running(HOUR);
    let emulator = server().batches(rules).clock(clock.clone()).start().await;
    (emulator.expect("a port is free"), clock)
}

fn journaled(emulator: &Emulator, scratch: &Scratch, api: BatchApi) -> Batch<Sentiment> {
    by_api(emulator, COUNT, api).journal(scratch.run())
}

fn open(scratch: &Scratch) -> Vec<OpenBatch> {
    let reader = JournalReader::open(scratch.run());
    reader.and_then(|reader| reader.open_batches()).unwrap_or_default()
}

/// Waits until something is so.
async fn until(is_so: impl Fn() -> bool) {
    while !is_so() {
        tokio::task::yield_now().await;
    }
}

/// Waits until the run has so many batches, and has noted their names.
async fn noted(scratch: &Scratch, count: usize) {
    until(|| {
        let open = open(scratch);
        open.len() == count && open.iter().all(|batch| batch.name.is_some())
    })
    .await;
}

/// Whether all records have their answers.
async fn is_whole(run: &mut BatchRun<Sentiment>) -> bool {
    let outcomes = by_key(run).await;
    outcomes.len() == COUNT && outcomes.iter().all(|(key, outcome)| is_right(key, outcome))
}

fn notes(scratch: &Scratch) -> Vec<PathBuf> {
    let files = fs::read_dir(scratch.run().join("batches")).into_iter().flatten();
    files.map(|file| file.unwrap().path()).collect()
}

#[tokio::test]
async fn a_run_that_is_killed_before_its_batch_is_made_makes_it_later() {
    let (clock, scratch) = (ManualClock::new(), Scratch::new("api-before"));
    let latency = Latency::fixed(Duration::from_secs(1));
    let emulator = server().clock(clock.clone()).latency(latency).start().await.unwrap();
    let run = journaled(&emulator, &scratch, quick().inline(0)).start();
    until(|| emulator.in_flight() == 1 && clock.sleepers() == 1).await;
    drop(run);
    until(|| emulator.in_flight() == 0).await;
    assert_eq!((emulator.batches().len(), open(&scratch)[0].name.as_ref()), (0, None));
    let ticking = tokio::spawn(ticking(clock));
    assert!(is_whole(&mut journaled(&emulator, &scratch, quick()).start()).await);
    assert_eq!((emulator.batches().len(), notes(&scratch).len()), (1, 0));
    ticking.abort();
}

/// Moves the clock on and on.
async fn ticking(clock: ManualClock) {
    loop {
        clock.advance(Duration::from_secs(1));
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_batch_whose_name_was_not_noted_is_found() {
    let (clock, scratch) = (ManualClock::new(), Scratch::new("api-unnoted"));
    let latency = Latency::fixed(Duration::from_secs(1));
    let emulator = server().clock(clock.clone()).latency(latency).start().await.unwrap();
    let run = journaled(&emulator, &scratch, quick()).start();
    until(|| emulator.batches().len() == 1 && clock.sleepers() == 1).await;
    drop(run);
    until(|| emulator.in_flight() == 0).await;
    assert_eq!(open(&scratch)[0].name, None);
    let ticking = tokio::spawn(ticking(clock));
    assert!(is_whole(&mut journaled(&emulator, &scratch, quick()).start()).await);
    assert_eq!((emulator.batches().len(), notes(&scratch).len()), (1, 0), "none is made twice");
    ticking.abort();
}

#[tokio::test]
async fn a_batch_whose_making_got_no_answer_is_found() {
    let lost = Fault::change(|_| Reply::disconnect());
    let emulator = server().fault(lost, Rate::first(1)).start().await.unwrap();
    let outcomes = by_key(&mut by_api(&emulator, COUNT, quick()).start()).await;
    assert!(outcomes.iter().all(|(key, outcome)| is_right(key, outcome)));
    assert_eq!(emulator.batches().len(), 1);
    assert_eq!(asked(&emulator.requests(), "POST", ":batchGenerateContent"), 1);
}

#[tokio::test]
async fn a_service_that_is_away_for_a_while_ends_nothing() {
    let emulator = serving(BatchRules::new()).await;
    // The making, and the looks for what came of it.
    for _ in 0..6 {
        emulator.enqueue(Reply::disconnect());
    }
    let mut run = by_api(&emulator, COUNT, quick()).start();
    assert!(is_whole(&mut run).await);
    let requests = emulator.requests();
    assert_eq!(asked(&requests, "POST", ":batchGenerateContent"), 2);
    assert_eq!((asked(&requests, "GET", "/batches?"), emulator.batches().len()), (7, 1));
}

#[tokio::test]
async fn a_run_that_is_dropped_takes_its_batches_up_again() {
    let ((emulator, clock), scratch) = (slow().await, Scratch::new("api-running"));
    let api = || quick().rows(10).open(2);
    let run = journaled(&emulator, &scratch, api()).start();
    noted(&scratch, 2).await;
    let open = open(&scratch);
    assert_eq!(open.iter().map(|batch| batch.records).sum::<usize>(), 20);
    drop(run);
    clock.advance(HOUR);
    let mut run = journaled(&emulator, &scratch, api()).start();
    let mut outcomes = Vec::new();
    for _ in 0..20 {
        outcomes.push(run.next().await.unwrap());
    }
    until(|| emulator.batches().len() == 3).await;
    clock.advance(HOUR);
    outcomes.extend(all(&mut run).await);
    assert!(outcomes.iter().all(|outcome| is_right(&outcome.key, outcome)));
    assert_eq!((outcomes.len(), emulator.batches().len()), (COUNT, 3), "none is made twice");
    assert_eq!(notes(&scratch).len(), 0);
    let report = journaled(&emulator, &scratch, api()).start().report().await;
    assert_eq!((report.progress.from_journal, report.progress.requests), (30, 0));
}

#[tokio::test]
async fn answers_that_were_not_kept_are_taken_again() {
    let ((emulator, clock), scratch) = (slow().await, Scratch::new("api-unkept"));
    let mut run = journaled(&emulator, &scratch, quick()).start();
    noted(&scratch, 1).await;
    let note = notes(&scratch).remove(0);
    let text = fs::read(&note).unwrap();
    clock.advance(HOUR);
    assert!(is_whole(&mut run).await);
    drop(run);
    // As if the run had been killed while the answers were written.
    fs::write(&note, text).unwrap();
    let journal = scratch.run().join("000001.journal");
    let length = fs::metadata(&journal).unwrap().len();
    fs::OpenOptions::new().write(true).open(&journal).unwrap().set_len(length / 2).unwrap();
    let outcomes = by_key(&mut journaled(&emulator, &scratch, quick()).start()).await;
    assert!(outcomes.iter().all(|(key, outcome)| is_right(key, outcome)));
    let kept = outcomes.values().filter(|outcome| outcome.source == Source::Journal).count();
    assert!(kept > 5 && kept < COUNT, "{kept}");
    assert_eq!((emulator.batches().len(), notes(&scratch).len()), (1, 0));
}

#[tokio::test]
async fn a_note_without_open_rows_is_taken_away() {
    let ((emulator, clock), scratch) = (slow().await, Scratch::new("api-stale"));
    let mut run = journaled(&emulator, &scratch, quick()).start();
    noted(&scratch, 1).await;
    let note = notes(&scratch).remove(0);
    let text = fs::read(&note).unwrap();
    clock.advance(HOUR);
    assert!(is_whole(&mut run).await);
    drop(run);
    fs::write(&note, text).unwrap();
    let before = emulator.request_count();
    assert!(is_whole(&mut journaled(&emulator, &scratch, quick()).start()).await);
    assert_eq!((emulator.request_count(), notes(&scratch).len()), (before, 0));
}

#[tokio::test]
async fn stopping_leaves_batches_open_for_the_next_start() {
    let ((emulator, clock), scratch) = (slow().await, Scratch::new("api-stopped"));
    let mut run = journaled(&emulator, &scratch, quick()).start();
    noted(&scratch, 1).await;
    let note = fs::read_to_string(&notes(&scratch)[0]).unwrap();
    assert!(note.contains(&emulator.batches()[0].name) && !note.contains(KEY));
    run.stop();
    let outcomes = all(&mut run).await;
    assert_eq!(outcomes.len(), COUNT);
    for outcome in &outcomes {
        let error = outcome.result.as_ref().unwrap_err();
        assert_eq!((error.kind(), outcome.attempts), (ErrorKind::NotAsked, 0));
        assert!(error.to_string().contains("goes on at the service"), "{error}");
    }
    assert_eq!(run.report().await.end, End::Stopped);
    clock.advance(HOUR);
    assert!(is_whole(&mut journaled(&emulator, &scratch, quick()).start()).await);
    assert_eq!(emulator.batches().len(), 1);
}

#[tokio::test]
async fn without_a_journal_stopping_waits_for_open_batches() {
    let (emulator, clock) = slow().await;
    let mut run = by_api(&emulator, COUNT, quick().rows(10).open(1)).start();
    until(|| emulator.batches().len() == 1).await;
    // The answer to its making must have arrived.
    until(|| asked(&emulator.requests(), "GET", "/batches/") > 0).await;
    run.stop();
    clock.advance(HOUR);
    let outcomes = all(&mut run).await;
    let answered = outcomes.iter().filter(|outcome| outcome.result.is_ok()).count();
    assert_eq!((answered, outcomes.len(), emulator.batches().len()), (10, 10, 1));
}

#[tokio::test]
async fn cancelling_cancels_the_open_batches() {
    for is_journaled in [true, false] {
        let ((emulator, clock), scratch) = (slow().await, Scratch::new("api-cancelled"));
        let batch = || {
            let batch = by_api(&emulator, COUNT, quick().rows(15));
            if is_journaled { batch.journal(scratch.run()) } else { batch }
        };
        let mut run = batch().start();
        until(|| {
            let (batches, requests) = (emulator.batches(), emulator.requests());
            batches.len() == 2
                && batches.iter().all(|batch| asked(&requests, "GET", &batch.name) > 0)
        })
        .await;
        run.handle().cancel();
        let outcomes = all(&mut run).await;
        let kind = |outcome: &gemini_extract::batch::Outcome<_>| {
            outcome.result.as_ref().err().map(gemini_extract::Error::kind)
        };
        let cancelled = Some(ErrorKind::Cancelled);
        assert_eq!(outcomes.iter().map(kind).collect::<Vec<_>>(), [cancelled; COUNT]);
        let states: Vec<_> = emulator.batches().into_iter().map(|batch| batch.state).collect();
        assert_eq!(states, ["BATCH_STATE_CANCELLED"; 2]);
        assert_eq!((run.report().await.end, notes(&scratch).len()), (End::Stopped, 0));
        if is_journaled {
            let mut run = batch().start();
            noted(&scratch, 2).await;
            clock.advance(HOUR);
            assert!(is_whole(&mut run).await);
            assert_eq!(emulator.batches().len(), 4);
        }
    }
}

#[tokio::test]
async fn what_came_to_nothing_at_an_earlier_start_is_asked_anew() {
    for is_deleted in [true, false] {
        let (clock, scratch) = (ManualClock::new(), Scratch::new("api-expired"));
        let rules = BatchRules::new().running(HOUR).expiring(Rate::first(1));
        let emulator = server().batches(rules).clock(clock.clone()).start().await.unwrap();
        let run = journaled(&emulator, &scratch, quick()).start();
        noted(&scratch, 1).await;
        drop(run);
        if is_deleted {
            let reply = Reply::error(404, "NOT_FOUND", "Requested entity was not found.");
            emulator.enqueue(reply);
        } else {
            clock.advance(HOUR * 49);
        }
        let mut run = journaled(&emulator, &scratch, quick()).start();
        until(|| emulator.batches().len() == 2).await;
        clock.advance(HOUR);
        assert!(is_whole(&mut run).await, "{is_deleted}");
        assert_eq!(notes(&scratch).len(), 0);
    }
}

#[tokio::test]
async fn batches_of_another_job_are_put_aside() {
    let ((emulator, clock), scratch) = (slow().await, Scratch::new("api-changed"));
    let run = journaled(&emulator, &scratch, quick()).start();
    noted(&scratch, 1).await;
    drop(run);
    let other = || batch(&emulator, ["good"]).instruction("Another one.").via(quick());
    let error = all(&mut other().journal(scratch.run()).start()).await.remove(0).result;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Journal);
    let mut run = other().journal(scratch.run()).restart_changed().start();
    until(|| emulator.batches().len() == 2).await;
    clock.advance(HOUR);
    assert_eq!(all(&mut run).await.len(), 1);
    assert!(scratch.run().join("replaced-1/batches").exists());
}

#[tokio::test]
async fn what_is_open_counts_towards_the_most_that_it_may_cost() {
    let ((emulator, clock), scratch) = (slow().await, Scratch::new("api-cost"));
    let prices = Prices::default().model("priced", Price::per_million(1e6, 1e6));
    let client = builder(&emulator).with_prices(prices).build().unwrap();
    let start = |count: usize, most| {
        let batch = client.batch::<Sentiment, _>(records(count)).model("priced");
        let batch = batch.max_output_tokens(10).max_cost(most).via(quick().rows(10));
        batch.journal(scratch.run()).start()
    };
    let run = start(10, 5_000.0);
    noted(&scratch, 1).await;
    drop(run);
    let note = fs::read(&notes(&scratch)[0]).unwrap();
    let note: serde_json::Value = serde_json::from_slice(&note).unwrap();
    let dearest = note["dearest"].as_f64().unwrap();
    assert!(dearest > 100.0, "{dearest}");
    let mut run = start(20, dearest * 1.15);
    until(|| run.progress().read == 20).await;
    until(|| asked(&emulator.requests(), "GET", "/batches/") > 2).await;
    let in_second = emulator.batches().get(1).map_or(0, |batch| batch.keys.len());
    assert!(in_second <= 1, "{in_second} rows beside ten");
    run.stop();
    assert_eq!(all(&mut run).await.len(), 20);
    clock.advance(HOUR);
}

#[tokio::test]
async fn equal_records_that_are_asked_each_are_found_again() {
    let ((emulator, clock), scratch) = (slow().await, Scratch::new("api-each"));
    let start = || {
        let same = (0..COUNT).map(|n| (format!("k{n}"), "good"));
        let batch = batch(&emulator, same).dedupe(Dedupe::Off).via(quick());
        batch.journal(scratch.run()).start()
    };
    let run = start();
    noted(&scratch, 1).await;
    assert_eq!(open(&scratch)[0].records, COUNT);
    drop(run);
    clock.advance(HOUR);
    assert_eq!(start().report().await.progress.answered, 30);
    assert_eq!((emulator.batches().len(), notes(&scratch).len()), (1, 0));
}

#[tokio::test]
async fn a_repaired_journal_knows_its_open_batches() {
    let ((emulator, clock), scratch) = (slow().await, Scratch::new("api-repaired"));
    let run = journaled(&emulator, &scratch, quick()).start();
    noted(&scratch, 1).await;
    drop(run);
    let into = scratch.run().with_file_name("repaired");
    JournalReader::open(scratch.run()).unwrap().repair(&into).unwrap();
    clock.advance(HOUR);
    let mut run = by_api(&emulator, COUNT, quick()).journal(into).start();
    assert!(is_whole(&mut run).await);
    assert_eq!(emulator.batches().len(), 1);
}

#[tokio::test]
async fn a_damaged_note_is_told() {
    let (emulator, scratch) = (serving(BatchRules::new()).await, Scratch::new("api-damaged"));
    let report = journaled(&emulator, &scratch, quick()).start().report().await;
    assert_eq!(report.end, End::Complete);
    fs::write(scratch.run().join("batches/x.json"), "{}").unwrap();
    let outcome = all(&mut journaled(&emulator, &scratch, quick()).start()).await.remove(0);
    let error = outcome.result.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Journal);
    assert!(error.to_string().contains("x.json is damaged"), "{error}");
}

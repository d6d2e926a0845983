//! Processes that are killed in the middle, with batches open.

use std::collections::BTreeMap;
use std::env;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use gemini_emulator::BatchRules;
use gemini_extract::Client;
use gemini_extract::batch::Source;

use crate::api::{is_right, quick, records, serving};
use crate::journals::Scratch;
use crate::scene::{KEY, Sentiment, by_key};

const FOLDER: &str = "GEMINI_EXTRACT_TEST_API_KILLED";
const SERVER: &str = "GEMINI_EXTRACT_TEST_API_SERVER";
const TEST: &str = "api_kills::no_row_is_sent_twice";
const RECORDS: usize = 400;
const KILLS: usize = 12;

/// A batch of this folder.
fn batch(url: String, folder: PathBuf) -> gemini_extract::batch::Batch<Sentiment> {
    let client = Client::builder().api_key(KEY).base_url(url).build().unwrap();
    let batch = client.batch::<Sentiment, _>(records(RECORDS)).instruction("Classify the review.");
    // Every second one goes by a file.
    batch.via(quick().rows(20).open(3).inline(4_500)).journal(folder)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_row_is_sent_twice() {
    if let (Some(folder), Ok(url)) = (env::var_os(FOLDER), env::var(SERVER)) {
        batch(url, folder.into()).start().report().await;
        return;
    }
    let emulator = serving(BatchRules::new().running(Duration::from_millis(30))).await;
    let scratch = Scratch::new("api-killed");
    for kill in 0..KILLS {
        let mut child = Command::new(env::current_exe().unwrap());
        child.args(["--exact", TEST]).env(FOLDER, scratch.run());
        child.env(SERVER, emulator.url()).stdout(Stdio::null());
        let mut child = child.spawn().unwrap();
        let wanted = emulator.request_count() + 2 + kill * 3;
        while emulator.request_count() < wanted && child.try_wait().unwrap().is_none() {
            tokio::task::yield_now().await;
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let mut run = batch(emulator.url().to_owned(), scratch.run()).start();
    let outcomes = by_key(&mut run).await;
    assert_eq!(outcomes.len(), RECORDS);
    assert!(outcomes.iter().all(|(key, outcome)| is_right(key, outcome)));
    let kept = outcomes.values().filter(|outcome| outcome.source == Source::Journal).count();
    assert!(kept > 0, "the last ones were late enough");
    let mut sent: BTreeMap<String, usize> = BTreeMap::new();
    for key in emulator.batches().into_iter().flat_map(|batch| batch.keys) {
        *sent.entry(key.unwrap()).or_default() += 1;
    }
    assert_eq!(sent.len(), RECORDS);
    let twice = sent.values().filter(|times| **times > 1).count();
    assert_eq!(twice, 0, "rows that were paid for twice");
    let notes = std::fs::read_dir(scratch.run().join("batches")).unwrap();
    let notes: Vec<_> = notes.map(|note| note.unwrap().file_name()).collect();
    assert!(notes.is_empty(), "{notes:?}");
}

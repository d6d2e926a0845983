//! Processes that are killed in the middle.

use std::collections::HashSet;
use std::env;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use gemini_extract::batch::JournalReader;
use gemini_extract::{Client, Repair, Retry};

use crate::journals::Scratch;
use crate::packs::{inputs, server};
use crate::scene::{KEY, Sentiment, batch, by_key};

const FOLDER: &str = "GEMINI_EXTRACT_TEST_KILLED";
const SERVER: &str = "GEMINI_EXTRACT_TEST_SERVER";
const RECORDS: usize = 600;
const KILLS: usize = 10;

fn records(pack: usize) -> impl Iterator<Item = String> + Send + 'static {
    (0..RECORDS * pack).map(|n| format!("{} {n}", if n % 2 == 0 { "good" } else { "x" }))
}

/// The batch in a process that will be killed; `false` in the process of the test.
async fn is_child(pack: usize) -> bool {
    let (Some(folder), Ok(url)) = (env::var_os(FOLDER).map(PathBuf::from), env::var(SERVER)) else {
        return false;
    };
    let client = Client::builder().api_key(KEY).base_url(url).with_retry(Retry::never());
    let client = client.with_repair(Repair::never()).build().unwrap();
    let batch = client.batch::<Sentiment, _>(records(pack)).instruction("Classify the review.");
    batch.concurrency(8).pack(pack).journal(folder).start().report().await;
    true
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_was_kept_is_asked_again() {
    kill("kills::nothing_that_was_kept_is_asked_again", 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_was_kept_is_asked_again_in_packs() {
    kill("kills::nothing_that_was_kept_is_asked_again_in_packs", 3).await;
}

/// Kills this test's own process again and again.
async fn kill(test: &str, pack: usize) {
    if is_child(pack).await {
        return;
    }
    let (emulator, scratch) = (server().await, Scratch::new(&format!("killed-{pack}")));
    let mut kept = HashSet::new();
    let mut seen = 0;
    for kill in 0..KILLS {
        let mut child = Command::new(env::current_exe().unwrap());
        child.args(["--exact", test]);
        child.env(FOLDER, scratch.run()).env(SERVER, emulator.url()).stdout(Stdio::null());
        let mut child = child.spawn().unwrap();
        let wanted = emulator.request_count() + 10 + kill * 7;
        while emulator.request_count() < wanted && child.try_wait().unwrap().is_none() {
            tokio::task::yield_now().await;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let requests = emulator.requests();
        let mut asked = requests[seen..].iter().flat_map(inputs);
        seen = requests.len();
        assert!(asked.all(|text| !kept.contains(&text)), "asked again at kill {kill}");
        let Ok(journal) = JournalReader::open(scratch.run()) else { continue };
        let texts: Vec<String> = records(pack).collect();
        for entry in journal.entries().unwrap() {
            kept.insert(texts[usize::try_from(entry.position).unwrap()].clone());
        }
    }
    assert!(kept.len() > KILLS && kept.len() < RECORDS * pack, "{} are kept", kept.len());
    let rest = batch(&emulator, records(pack)).pack(pack).journal(scratch.run());
    let outcomes = by_key(&mut rest.start()).await;
    let requests = emulator.requests();
    assert!(requests[seen..].iter().flat_map(inputs).all(|text| !kept.contains(&text)));
    assert_eq!(outcomes.len(), RECORDS * pack, "none is lost");
    for outcome in outcomes.values() {
        let is_good = outcome.position % 2 == 0;
        let expected = if is_good { Sentiment::Positive } else { Sentiment::Negative };
        assert_eq!(*outcome.result.as_ref().unwrap(), expected);
    }
}

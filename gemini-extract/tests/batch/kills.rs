//! Processes that are killed in the middle.

use std::collections::HashSet;
use std::env;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use gemini_extract::batch::JournalReader;
use gemini_extract::{Client, Repair, Retry};

use crate::journals::Scratch;
use crate::scene::{KEY, Sentiment, batch, by_key, prompt, start};

const FOLDER: &str = "GEMINI_EXTRACT_TEST_KILLED";
const SERVER: &str = "GEMINI_EXTRACT_TEST_SERVER";
const RECORDS: usize = 600;
const KILLS: usize = 10;

fn records() -> impl Iterator<Item = String> + Send + 'static {
    (0..RECORDS).map(|n| format!("{} {n}", if n % 2 == 0 { "good" } else { "x" }))
}

/// The batch in a process that will be killed; `false` in the process of the test.
async fn is_child() -> bool {
    let (Some(folder), Ok(url)) = (env::var_os(FOLDER).map(PathBuf::from), env::var(SERVER)) else {
        return false;
    };
    let client = Client::builder().api_key(KEY).base_url(url).with_retry(Retry::never());
    let client = client.with_repair(Repair::never()).build().unwrap();
    let batch = client.batch::<Sentiment, _>(records()).instruction("Classify the review.");
    batch.concurrency(8).journal(folder).start().report().await;
    true
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_was_kept_is_asked_again() {
    if is_child().await {
        return;
    }
    let (emulator, scratch) = (start().await, Scratch::new("killed"));
    let mut kept = HashSet::new();
    let mut seen = 0;
    for kill in 0..KILLS {
        let mut child = Command::new(env::current_exe().unwrap());
        child.args(["--exact", "kills::nothing_that_was_kept_is_asked_again"]);
        child.env(FOLDER, scratch.run()).env(SERVER, emulator.url()).stdout(Stdio::null());
        let mut child = child.spawn().unwrap();
        let wanted = emulator.request_count() + 10 + kill * 7;
        while emulator.request_count() < wanted && child.try_wait().unwrap().is_none() {
            tokio::task::yield_now().await;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let requests = emulator.requests();
        let asked: Vec<&str> = requests[seen..].iter().map(prompt).collect();
        seen = requests.len();
        assert!(asked.iter().all(|text| !kept.contains(*text)), "asked again at kill {kill}");
        let Ok(journal) = JournalReader::open(scratch.run()) else { continue };
        let texts: Vec<String> = records().collect();
        for entry in journal.entries().unwrap() {
            kept.insert(texts[usize::try_from(entry.position).unwrap()].clone());
        }
    }
    assert!(kept.len() > KILLS && kept.len() < RECORDS, "{} are kept", kept.len());
    let rest = batch(&emulator, records()).journal(scratch.run());
    let outcomes = by_key(&mut rest.start()).await;
    let requests = emulator.requests();
    assert!(requests[seen..].iter().all(|request| !kept.contains(prompt(request))));
    assert_eq!(outcomes.len(), RECORDS, "none is lost");
    for outcome in outcomes.values() {
        let is_good = outcome.position % 2 == 0;
        let expected = if is_good { Sentiment::Positive } else { Sentiment::Negative };
        assert_eq!(*outcome.result.as_ref().unwrap(), expected);
    }
}

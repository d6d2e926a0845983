//! Answers that batches share.

use gemini_extract::ErrorKind;
use gemini_extract::batch::{Cache, Source};

use crate::journals::Scratch;
use crate::scene::{KEY, batch, by_key, start};

#[tokio::test]
async fn what_another_batch_has_paid_for_is_not_asked() {
    let (emulator, scratch) = (start().await, Scratch::new("cache"));
    let path = scratch.run();
    let records = || (0..20).map(|n| format!("good {}", n % 10));
    let cache = Cache::open(&path).unwrap();
    let first = batch(&emulator, records()).cache(&cache).start().report().await;
    assert_eq!((first.progress.requests, first.progress.from_cache), (10, 0));
    let second = by_key(&mut batch(&emulator, records()).cache(&cache).start()).await;
    assert_eq!((second.len(), emulator.request_count()), (20, 10));
    let sources = |source| second.values().filter(|outcome| outcome.source == source).count();
    assert_eq!((sources(Source::Cache), sources(Source::Duplicate)), (10, 10));
    let other = batch(&emulator, records()).instruction("Another.").cache(&cache);
    assert_eq!(other.start().report().await.progress.requests, 10, "another job, other answers");
    assert_eq!(Cache::open(&path).unwrap_err().kind(), ErrorKind::Journal);
    let bytes = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
    assert!(bytes.contains("Positive") && !bytes.contains(KEY) && !bytes.contains("good 1"));
}

#[tokio::test]
async fn failures_are_not_shared_and_journals_keep_what_was() {
    let (emulator, scratch) = (start().await, Scratch::new("cached-journal"));
    std::fs::create_dir(scratch.run()).unwrap();
    let cache = Cache::open(scratch.run().join("cache")).unwrap();
    let make = || batch(&emulator, ["good", "down", "unsafe"]).cache(&cache);
    make().start().report().await;
    let folder = scratch.run().join("journal");
    let report = make().journal(&folder).start().report().await;
    assert_eq!((report.progress.from_cache, report.progress.requests), (1, 2));
    let report = make().journal(&folder).start().report().await;
    assert_eq!((report.progress.from_cache, report.progress.from_journal), (0, 2));
    assert_eq!(report.progress.answered, 1);
}

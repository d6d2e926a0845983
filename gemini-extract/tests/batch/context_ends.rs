//! Caches that end before their batch, and batches that end before their cache.

use std::time::Duration;

use gemini_emulator::{Emulator, Latency, ManualClock, RecordedRequest, Reply};
use gemini_extract::batch::{Batch, BatchRun, ContextCache, Report};
use gemini_extract::{ErrorKind, Price, Prices};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::contexts::{Same, asked, instruction, long, records, sent};
use crate::journals::Scratch;
use crate::scene::{Sentiment, all, builder, is_asked, server, start};

const MINUTE: Duration = Duration::from_secs(60);

/// Records that come when they are sent.
struct Records(UnboundedReceiver<String>);

impl futures_core::Stream for Records {
    type Item = String;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<String>> {
        self.0.poll_recv(context)
    }
}

/// A batch that is fed by hand, by a clock that is moved by hand.
struct Fed {
    emulator: Emulator,
    clock: ManualClock,
    records: UnboundedSender<String>,
    run: BatchRun<Sentiment>,
    count: usize,
}

impl Fed {
    /// With a clock for both sides, or one that only the service goes by.
    async fn new(is_clock_shared: bool) -> Self {
        Self::with(is_clock_shared, |batch| batch).await
    }

    async fn with(
        is_clock_shared: bool,
        set: impl FnOnce(Batch<Sentiment>) -> Batch<Sentiment>,
    ) -> Self {
        let clock = ManualClock::new();
        let emulator = server().clock(clock.clone()).start().await.unwrap();
        let own = if is_clock_shared { clock.clone() } else { ManualClock::new() };
        let price = Price::per_million(1.0, 1.0).cached(0.1).storage(120.0);
        let prices = Prices::default().model("gemini-flash-latest", price);
        let client = builder(&emulator).with_clock(Same::new(&own)).with_prices(prices);
        let client = client.build().unwrap();
        let (records, receiver) = unbounded_channel();
        let batch = client.batch_stream::<Sentiment, _>(Records(receiver));
        let batch = batch.instruction(instruction(5_000)).context_cache(ContextCache::auto());
        Self { emulator, clock, records, run: set(batch).start(), count: 0 }
    }

    /// Has one more record asked; the last request for it.
    async fn ask(&mut self) -> RecordedRequest {
        self.count += 1;
        self.records.send(format!("good {}", self.count)).unwrap();
        let outcome = self.run.next().await.unwrap();
        assert_eq!(outcome.result.unwrap(), Sentiment::Positive);
        asked(&self.emulator).pop().unwrap()
    }

    /// Waits until so many of these were answered.
    async fn until(&self, method: &str, count: usize) {
        let answered = || sent(&self.emulator, method, "/cachedContents").into_iter();
        while answered().filter(|request| request.status.is_some()).count() < count {
            tokio::task::yield_now().await;
        }
    }

    async fn end(self) -> (Report, Emulator) {
        drop(self.records);
        (self.run.report().await, self.emulator)
    }
}

/// Waits until the cache was deleted.
async fn deleted(emulator: &Emulator) {
    while !sent(emulator, "DELETE", "/cachedContents/").iter().any(|it| it.status == Some(200)) {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn it_is_kept_alive_while_the_batch_runs() {
    let mut fed = Fed::new(true).await;
    let first = fed.ask().await;
    for renewals in 1..=4 {
        while fed.clock.sleepers() == 0 {
            tokio::task::yield_now().await;
        }
        fed.clock.advance(MINUTE * 5);
        fed.until("PATCH", renewals).await;
        let request = fed.ask().await;
        assert_eq!(request.body["cachedContent"], first.body["cachedContent"]);
    }
    let (report, emulator) = fed.end().await;
    let renewed = sent(&emulator, "PATCH", "/cachedContents/");
    assert!(renewed.iter().all(|it| it.body["ttl"] == "600s" && it.status == Some(200)));
    assert_eq!((renewed.len(), report.progress.context.created), (4, 1));
    let hours = report.progress.context.million_token_hours;
    let expected = 5_000.0 / 1e6 * 20.0 / 60.0;
    assert!((hours - expected).abs() < 1e-5, "{hours} for {expected}");
    assert_eq!(sent(&emulator, "DELETE", "/cachedContents/").len(), 1);
}

#[tokio::test]
async fn one_that_becomes_too_dear_is_given_up() {
    // Making it costs 0.005, and five minutes of it 0.05; ten minutes are paid ahead.
    let mut fed = Fed::with(true, |batch| batch.max_cost(0.17).max_output_tokens(10)).await;
    fed.ask().await;
    for _ in 0..2 {
        while fed.clock.sleepers() == 0 {
            tokio::task::yield_now().await;
        }
        fed.clock.advance(MINUTE * 5);
        fed.until("PATCH", 1).await;
    }
    deleted(&fed.emulator).await;
    let last = fed.ask().await;
    assert!(last.body["systemInstruction"].is_object());
    let (report, emulator) = fed.end().await;
    assert_eq!(sent(&emulator, "PATCH", "/cachedContents/").len(), 1);
    let context = &report.progress.context;
    assert!(context.unused.as_ref().unwrap().contains("leaves no room"), "{context:?}");
    assert!((context.storage_cost.unwrap() - 0.1).abs() < 1e-6, "{context:?}");
    assert!(report.end.is_complete() && report.progress.cost.unwrap() < 0.17, "{report}");
}

#[tokio::test]
async fn one_that_expires_makes_room_for_another() {
    let mut fed = Fed::new(false).await;
    let first = fed.ask().await;
    fed.clock.advance(MINUTE * 11);
    let second = fed.ask().await;
    let requests = asked(&fed.emulator);
    let statuses: Vec<_> = requests.iter().map(|request| request.status).collect();
    assert_eq!(statuses, [Some(200), Some(403), Some(200)]);
    assert!(second.body["cachedContent"].is_string());
    assert_ne!(first.body["cachedContent"], second.body["cachedContent"]);
    let (report, emulator) = fed.end().await;
    let progress = &report.progress;
    assert_eq!((progress.answered, progress.requests, progress.failed), (2, 3, 0));
    assert_eq!((progress.context.created, progress.context.requests), (2, 3));
    assert_eq!(progress.context.cached_tokens, 2 * progress.context.tokens.unwrap());
    assert!(report.to_string().contains("2 caches, one after the other"), "{report}");
    let deleted = sent(&emulator, "DELETE", "/cachedContents/");
    let statuses: Vec<_> = deleted.iter().map(|request| request.status).collect();
    assert_eq!(statuses, [Some(403), Some(200)], "the first one is gone");
}

/// A server that doesn't like requests with a cache.
async fn dislikes(reply: fn() -> Reply) -> Emulator {
    let emulator = Emulator::builder().respond(move |request| {
        let is_cached = request.body["cachedContent"].is_string();
        let answer = || if is_cached { reply() } else { Reply::text("Positive") };
        is_asked(request).then(answer)
    });
    emulator.start().await.unwrap()
}

#[tokio::test]
async fn ones_that_are_lost_at_once_are_given_up() {
    let emulator = dislikes(|| {
        Reply::error(403, "PERMISSION_DENIED", "CachedContent not found (or permission denied)")
    })
    .await;
    let report = long(&emulator, 40).start().report().await;
    assert_eq!((report.progress.answered, report.progress.failed), (40, 0));
    let context = &report.progress.context;
    assert_eq!(context.created, 2);
    assert!(context.unused.as_ref().unwrap().contains("2 of them were lost at once"));
    let deleted = sent(&emulator, "DELETE", "/cachedContents/");
    assert_eq!(deleted.iter().filter(|request| request.status == Some(200)).count(), 2);
    let answered = asked(&emulator).iter().filter(|it| it.status == Some(200)).count();
    assert_eq!(answered, 40, "each is answered once");
    let tokens: u64 = report.progress.tokens.input;
    let own = 2 * context.tokens.unwrap() + 40 * 5_000;
    assert!(tokens > own && tokens < own + 1_000, "{tokens}: nothing is counted twice");
}

#[tokio::test]
async fn one_that_no_request_may_have_is_given_up() {
    let emulator =
        dislikes(|| Reply::error(400, "INVALID_ARGUMENT", "Request contains an invalid argument."))
            .await;
    let report = long(&emulator, 40).start().report().await;
    assert_eq!((report.progress.answered, report.progress.failed), (40, 0));
    let context = &report.progress.context;
    assert!(context.unused.as_ref().unwrap().contains("refuses requests with it"), "{report}");
    assert_eq!(context.created, 1);
    assert_eq!(sent(&emulator, "DELETE", "/cachedContents/").len(), 1);
}

#[tokio::test]
async fn a_record_that_is_refused_is_not_the_cache_s_fault() {
    let emulator = start().await;
    let client = builder(&emulator).with_prices(Prices::default()).build().unwrap();
    let texts =
        records(40).enumerate().map(|(n, text)| if n == 7 { "malformed".into() } else { text });
    let batch = client.batch::<Sentiment, _>(texts).instruction(instruction(5_000)).concurrency(4);
    let mut run = batch.context_cache(ContextCache::auto()).start();
    for outcome in all(&mut run).await {
        let is_bad = outcome.position == 7;
        assert_eq!(outcome.result.is_err(), is_bad);
        assert_eq!(outcome.attempts, if is_bad { 2 } else { 1 });
        if let Err(error) = outcome.result {
            assert_eq!((error.kind(), error.earlier().len()), (ErrorKind::InvalidArgument, 1));
        }
    }
    let report = run.report().await;
    assert_eq!((report.progress.context.created, report.progress.context.requests), (1, 40));
    assert_eq!(report.progress.context.unused, None);
}

#[tokio::test]
async fn what_fails_for_now_is_tried_again_later() {
    let mut fed = Fed::new(true).await;
    // The first request counts tokens.
    fed.emulator.enqueue(Reply::unavailable());
    let first = fed.ask().await;
    assert!(first.body["systemInstruction"].is_object());
    let unused = fed.run.progress().context.unused.unwrap();
    assert!(unused.contains("could not be counted"), "{unused}");
    let second = fed.ask().await;
    assert!(second.body["systemInstruction"].is_object());
    while fed.clock.sleepers() == 0 {
        tokio::task::yield_now().await;
    }
    fed.clock.advance(MINUTE * 5);
    loop {
        if fed.ask().await.body["cachedContent"].is_string() {
            break;
        }
        assert!(fed.count < 100, "it is made when the time is over");
        tokio::task::yield_now().await;
    }
    let (report, _) = fed.end().await;
    assert_eq!((report.progress.context.created, report.progress.context.unused), (1, None));
}

#[tokio::test]
async fn it_is_deleted_when_the_batch_is_stopped_or_dropped() {
    for is_dropped in [false, true] {
        let emulator = start().await;
        let mut run = long(&emulator, 100_000).start();
        run.next().await.unwrap();
        if is_dropped {
            drop(run);
            deleted(&emulator).await;
        } else {
            run.stop();
            run.report().await;
        }
        assert_eq!(sent(&emulator, "DELETE", "/cachedContents/").len(), 1);
        assert_eq!(sent(&emulator, "POST", "/cachedContents").len(), 1);
    }
}

#[tokio::test]
async fn one_that_is_still_being_made_is_deleted_too() {
    let clock = ManualClock::new();
    let latency = Latency::fixed(Duration::from_secs(1));
    let emulator = server().clock(clock.clone()).latency(latency).start().await.unwrap();
    let run = long(&emulator, 100).start();
    while clock.sleepers() == 0 {
        tokio::task::yield_now().await;
    }
    let made = || sent(&emulator, "POST", "/cachedContents");
    assert_eq!((made().len(), made()[0].status), (1, None));
    drop(run);
    while !sent(&emulator, "DELETE", "/cachedContents/").iter().any(|it| it.status == Some(200)) {
        clock.advance(Duration::from_secs(1));
        tokio::task::yield_now().await;
    }
    assert_eq!((asked(&emulator).len(), made().len()), (0, 1));
}

/// Starts a batch in a runtime that ends in its middle, as if the process was killed.
fn killed(make: impl FnOnce() -> Batch<Sentiment> + Send + 'static) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let mut run = make().start();
        for _ in 0..10 {
            run.next().await.unwrap();
        }
        std::mem::forget(run);
    });
    runtime.shutdown_background();
}

fn journaled(emulator: &Emulator, scratch: &Scratch) -> Batch<Sentiment> {
    let prices = Prices::default()
        .model("gemini-flash-latest", Price::per_million(1.0, 1.0).cached(0.1).storage(1.0));
    let client = builder(emulator).with_prices(prices).build().unwrap();
    let batch = client.batch::<Sentiment, _>(records(300)).instruction(instruction(5_000));
    let batch = batch.concurrency(4).buffer(50).journal(scratch.run());
    batch.context_cache(ContextCache::auto())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_batch_goes_on_with_its_cache() {
    let (emulator, scratch) = (start().await, Scratch::new("context-killed"));
    let first = journaled(&emulator, &scratch);
    tokio::task::spawn_blocking(move || killed(move || first)).await.unwrap();
    assert_eq!(sent(&emulator, "DELETE", "/cachedContents/").len(), 0);
    let note = std::fs::read_to_string(scratch.run().join("context.json")).unwrap();
    assert!(note.contains("cachedContents/") && !note.contains(crate::scene::KEY), "{note}");
    let report = journaled(&emulator, &scratch).start().report().await;
    assert!(report.end.is_complete(), "{report}");
    let context = &report.progress.context;
    assert_eq!((context.created, context.creation_cost), (0, Some(0.0)));
    assert!(context.requests > 0 && context.requests == report.progress.requests);
    assert_eq!(sent(&emulator, "POST", "/cachedContents").len(), 1, "there is only one");
    assert_eq!(sent(&emulator, "DELETE", "/cachedContents/").len(), 1);
    // What making it cost at the first start is among the costs of that start.
    let made = 5_000.0 / 1e6;
    let answers = 0.0006 * f64::from(u32::try_from(report.progress.from_journal).unwrap());
    let earlier = report.progress.earlier_cost.unwrap();
    assert!(earlier >= made && earlier < made + answers + 0.001, "{earlier}");
    let note = std::fs::read_to_string(scratch.run().join("context.json")).unwrap();
    assert!(!note.contains("cachedContents/"), "{note}");
    let again = journaled(&emulator, &scratch).start().report().await;
    assert_eq!((again.progress.requests, again.progress.context.requests), (0, 0));
    assert!(again.progress.earlier_cost.unwrap() > earlier);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_killed_batch_left_is_deleted_where_it_is_of_no_use() {
    let (emulator, scratch) = (start().await, Scratch::new("context-left"));
    let first = journaled(&emulator, &scratch);
    tokio::task::spawn_blocking(move || killed(move || first)).await.unwrap();
    let off = journaled(&emulator, &scratch).context_cache(ContextCache::off());
    let report = off.start().report().await;
    assert!(report.end.is_complete(), "using a cache or not is no other job: {report}");
    assert_eq!(sent(&emulator, "DELETE", "/cachedContents/").len(), 1);
    assert_eq!(report.progress.context, Default::default());
}

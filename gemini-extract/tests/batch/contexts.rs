//! What all records have in common, in a cache of the service.

use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant, SystemTime};

use gemini_emulator::{Clock as _, Emulator, ManualClock, RecordedRequest, Reply};
use gemini_extract::batch::{Batch, ContextCache, End, Report};
use gemini_extract::{Client, Clock, Price, Prices, Repair, Retry};
use serde_json::{Value, json};

use crate::scene::{KEY, Sentiment, all, batch, builder, by_key, is_asked, prompt, server, start};

/// An instruction of so many tokens, as the emulator counts them.
pub(crate) fn instruction(tokens: usize) -> String {
    "word".repeat(tokens)
}

/// The emulator's clock, as the client has it.
#[derive(Clone, Debug)]
pub(crate) struct Same(pub(crate) ManualClock, Instant);

impl Same {
    pub(crate) fn new(clock: &ManualClock) -> Self {
        Self(clock.clone(), Instant::now())
    }
}

impl Clock for Same {
    fn now(&self) -> Instant {
        self.1 + self.0.now().duration_since(SystemTime::UNIX_EPOCH).unwrap()
    }

    fn sleep(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.0.sleep(time)
    }
}

/// Records that are all different.
pub(crate) fn records(count: usize) -> impl ExactSizeIterator<Item = String> + Send + 'static {
    (0..count).map(|n| format!("{} {n}", if n % 2 == 0 { "good" } else { "x" }))
}

/// A batch with an instruction of 5,000 tokens.
pub(crate) fn long(emulator: &Emulator, count: usize) -> Batch<Sentiment> {
    let batch = batch(emulator, records(count)).concurrency(8);
    batch.instruction(instruction(5_000)).context_cache(ContextCache::auto())
}

/// What was sent by this method to a path with this in it.
pub(crate) fn sent(emulator: &Emulator, method: &str, part: &str) -> Vec<RecordedRequest> {
    let requests = emulator.requests().into_iter();
    requests.filter(|it| it.method == method && it.path.contains(part)).collect()
}

pub(crate) fn asked(emulator: &Emulator) -> Vec<RecordedRequest> {
    sent(emulator, "POST", ":generateContent")
}

fn is_cached(request: &RecordedRequest) -> bool {
    assert_ne!(
        request.body["cachedContent"].is_string(),
        request.body["systemInstruction"].is_object()
    );
    request.body["cachedContent"].is_string()
}

/// That all went well without a cache, and why.
async fn went_without(emulator: &Emulator, batch: Batch<Sentiment>, why: &str) -> Report {
    let report = batch.start().report().await;
    assert_eq!((&report.end, report.progress.failed), (&End::Complete, 0));
    let context = &report.progress.context;
    assert!(context.unused.as_ref().is_some_and(|reason| reason.contains(why)), "{context:?}");
    assert!(report.to_string().contains("no cache: "), "{report}");
    assert!(!asked(emulator).iter().any(is_cached));
    assert_eq!((context.created, context.requests), (0, 0));
    report
}

#[tokio::test]
async fn a_cache_is_made_once_used_by_all_and_deleted() {
    let emulator = start().await;
    let batch = long(&emulator, 100).example("Fine.", &Sentiment::Positive);
    let mut run = batch.start();
    let outcomes = by_key(&mut run).await;
    let report = run.report().await;
    for (n, outcome) in outcomes.values().map(|outcome| (outcome.position, outcome)) {
        let expected = if n % 2 == 0 { Sentiment::Positive } else { Sentiment::Negative };
        assert_eq!(*outcome.result.as_ref().unwrap(), expected);
        assert_eq!(outcome.attempts, 1);
    }
    let made = sent(&emulator, "POST", "/cachedContents");
    let [made] = &made[..] else { panic!("{} caches were made", made.len()) };
    assert_eq!(made.body["model"], "models/gemini-flash-latest");
    assert_eq!(made.body["ttl"], "600s");
    assert!(made.body["displayName"].as_str().unwrap().starts_with("gemini-extract "));
    assert_eq!(made.body["contents"][1]["parts"][0]["text"], "Positive");
    assert!(made.body["systemInstruction"].is_object());
    let requests = asked(&emulator);
    assert_eq!(requests.len(), 100);
    for request in &requests {
        assert!(is_cached(request));
        assert_eq!(request.body["contents"].as_array().unwrap().len(), 1);
        assert!(request.body["generationConfig"]["responseSchema"].is_object());
    }
    let deleted = sent(&emulator, "DELETE", "/cachedContents/");
    assert_eq!(deleted.len(), 1);
    assert!(deleted[0].path.ends_with(requests[0].body["cachedContent"].as_str().unwrap()));
    assert_eq!(deleted[0].status, Some(200));
    let context = &report.progress.context;
    let tokens = context.tokens.unwrap();
    assert!(tokens > 5_000 && tokens < 5_010, "{tokens}");
    assert_eq!((context.created, context.requests), (1, 100));
    assert_eq!(context.cached_tokens, 100 * tokens);
    assert_eq!((context.saved, &context.unused), (None, &None));
    assert_eq!(report.progress.tokens.cached, 100 * tokens);
    assert!(report.to_string().contains("100 requests with a cache"), "{report}");
    assert_eq!(report.progress.requests, 100);
    let all = emulator.requests();
    assert!(all.iter().all(|it| !format!("{} {}", it.path, it.body).contains(KEY)));
}

#[tokio::test]
async fn without_a_word_there_is_none() {
    let emulator = start().await;
    let batch = batch(&emulator, records(20)).instruction(instruction(5_000));
    let report = batch.start().report().await;
    assert_eq!(emulator.request_count(), 20);
    assert!(!report.to_string().contains("context"), "{report}");
    assert_eq!(report.progress.context, Default::default());
}

#[tokio::test]
async fn what_is_too_small_or_too_rare_goes_without() {
    let emulator = start().await;
    let short = || batch(&emulator, records(20)).context_cache(ContextCache::always());
    went_without(&emulator, short(), "too few for the 4096").await;
    assert_eq!(sent(&emulator, "POST", ":countTokens").len(), 0, "bytes are enough to know");
    let counted = short().instruction(instruction(2_050));
    went_without(&emulator, counted, "have 2051 tokens, and a cache has 4096").await;
    let rare = || long(&emulator, 15);
    went_without(&emulator, rare(), "15 requests are too few").await;
    assert_eq!(sent(&emulator, "POST", "/cachedContents").len(), 0);
    let smaller = short().instruction(instruction(2_050)).model("gemini-2.5-flash");
    let always = rare().context_cache(ContextCache::always());
    for batch in [smaller, always] {
        assert_eq!(batch.start().report().await.progress.context.created, 1);
    }
}

#[tokio::test]
async fn where_nothing_is_common_there_is_none() {
    let emulator = start().await;
    let batch = client(&emulator, Price::per_million(1.0, 1.0)).batch::<Sentiment, _>(records(20));
    let report = batch.context_cache(ContextCache::always()).start().report().await;
    assert!(report.to_string().contains("neither an instruction nor an example"), "{report}");
    assert_eq!(emulator.request_count(), 20);
}

#[tokio::test]
async fn a_service_without_caches_is_asked_without() {
    let emulator = start().await;
    let express = Client::builder().vertex_express().api_key(KEY).base_url(emulator.url());
    let batch = express.build().unwrap().batch::<Sentiment, _>(records(20));
    let batch = batch.instruction(instruction(5_000)).context_cache(ContextCache::auto());
    went_without(&emulator, batch, "Vertex AI has no cachedContents").await;
    assert_eq!(emulator.request_count(), 20);
}

fn client(emulator: &Emulator, price: Price) -> Client {
    let prices = Prices::default().model("priced", price);
    builder(emulator).with_prices(prices).model("priced").build().unwrap()
}

/// A batch whose cached tokens cost a tenth.
fn priced(emulator: &Emulator, storage: f64, count: usize) -> Batch<Sentiment> {
    let price = Price::per_million(10.0, 20.0).cached(1.0).storage(storage);
    let batch = client(emulator, price).batch::<Sentiment, _>(records(count)).concurrency(4);
    batch.instruction(instruction(5_000)).context_cache(ContextCache::auto())
}

#[tokio::test]
async fn all_of_it_is_on_the_bill() {
    let emulator = start().await;
    let mut run = priced(&emulator, 3.0, 10).start();
    let outcomes = all(&mut run).await;
    let asked: f64 = outcomes.iter().map(|outcome| outcome.cost.unwrap()).sum();
    let report = run.report().await;
    let context = &report.progress.context;
    let tokens = context.tokens.unwrap();
    assert_eq!(context.creation_cost, Some(tokens as f64 * 10.0 / 1e6));
    // It was there for a moment only.
    let stored = context.storage_cost.unwrap();
    assert!((0.0..1e-4).contains(&stored) && context.million_token_hours < 1e-4, "{context:?}");
    let saved = context.cached_tokens as f64 * 9.0 / 1e6;
    assert!((context.saved.unwrap() - saved).abs() < 1e-9, "{context:?}");
    let cost = asked + context.creation_cost.unwrap() + stored;
    assert!((report.progress.cost.unwrap() - cost).abs() < 1e-9, "{report}");
    let net = context.saved_after_costs().unwrap();
    assert!(net > 0.3 && net < saved, "{net}");
    let input: u64 = outcomes.iter().map(|outcome| outcome.usage.prompt_tokens).sum();
    assert_eq!(report.progress.tokens.input, input + tokens);
    assert!(report.to_string().contains("0.4500 saved, for 0.0500 to make it"), "{report}");
}

#[tokio::test]
async fn it_has_to_pay() {
    let emulator = start().await;
    went_without(&emulator, priced(&emulator, 0.0, 1), "1 requests would cost 0.0450 less").await;
    // Ten minutes of storage cost more than ten requests save.
    went_without(&emulator, priced(&emulator, 600.0, 10), "and the cache itself 0.5").await;
    let report = priced(&emulator, 0.0, 2).start().report().await;
    assert_eq!(report.progress.context.created, 1);
}

#[tokio::test]
async fn the_most_that_it_may_cost_holds_for_caches_too() {
    let emulator = start().await;
    // A request without a cache counts at 0.2 before it is sent, and costs 0.05.
    let most = |cost| priced(&emulator, 0.0, 1_000).max_output_tokens(10).max_cost(cost);
    let report = most(0.04).start().report().await;
    assert_eq!((&report.end, report.progress.requests), (&End::MaxCost, 0));
    assert!(report.to_string().contains("leaves no room"), "{report}");
    assert_eq!(sent(&emulator, "POST", "/cachedContents").len(), 0);
    let report = most(0.5).start().report().await;
    assert_eq!(report.end, End::MaxCost);
    let cost = report.progress.cost.unwrap();
    assert!(cost <= 0.5 && cost > 0.4, "{report}");
    assert!(report.progress.answered > 50, "{report}");
    assert_eq!(sent(&emulator, "DELETE", "/cachedContents/").len(), 1);
}

#[tokio::test]
async fn a_bad_answer_is_asked_for_again_with_the_cache() {
    let emulator = server().start().await.unwrap();
    let batch = long(&emulator, 16).with_repair(Repair::default()).concurrency(1);
    let batch = batch.with_validator(|value: &Sentiment| match value {
        Sentiment::Positive => Ok(()),
        Sentiment::Negative => Err("it must be positive"),
    });
    let report = batch.start().report().await;
    assert_eq!((report.progress.answered, report.progress.failed), (8, 8));
    let requests = asked(&emulator);
    assert_eq!(requests.len(), 24);
    assert!(requests.iter().all(is_cached));
    let turns = |request: &RecordedRequest| request.body["contents"].as_array().unwrap().len();
    assert_eq!(requests.iter().filter(|request| turns(request) == 3).count(), 8);
    assert_eq!(report.progress.context.requests, 24);
}

#[tokio::test]
async fn other_models_are_asked_without_it() {
    let refuse = |request: &RecordedRequest| {
        let is_main = request.path.contains("gemini-flash-latest");
        is_main.then(|| Reply::error(429, "RESOURCE_EXHAUSTED", "x"))
    };
    let answer =
        move |request: &RecordedRequest| refuse(request).unwrap_or(Reply::text("Positive"));
    let emulator = Emulator::builder().respond(move |it| is_asked(it).then(|| answer(it)));
    let emulator = emulator.start().await.unwrap();
    let retry = Retry::never().fallback("gemini-3.5-flash-lite");
    let report = long(&emulator, 20).with_retry(retry).start().report().await;
    assert_eq!(report.progress.answered, 20, "{report}");
    for request in asked(&emulator) {
        assert_eq!(is_cached(&request), request.path.contains("gemini-flash-latest"));
        assert_ne!(prompt(&request), "");
    }
}

#[tokio::test]
async fn a_service_that_makes_none_is_asked_without() {
    // The service wants more tokens than the batch knows of.
    let rules = gemini_emulator::CacheRules::new().min_tokens(1_000_000);
    let emulator = server().caches(rules).start().await.unwrap();
    went_without(&emulator, long(&emulator, 20), "it could not be made: ").await;
    let report = long(&emulator, 20).start().report().await;
    assert!(report.to_string().contains("Cached content is too small"), "{report}");
    assert_eq!(sent(&emulator, "POST", "/cachedContents").len(), 2, "once for each batch");
}

#[tokio::test]
async fn it_has_the_name_and_the_time_that_it_is_given() {
    let emulator = start().await;
    let cache = ContextCache::always().display_name("reviews").records(3);
    let cache = cache.time_to_live(Duration::from_secs(90));
    long(&emulator, 16).context_cache(cache).start().report().await;
    let made = &sent(&emulator, "POST", "/cachedContents")[0].body;
    assert_eq!([&made["displayName"], &made["ttl"]], ["reviews", "90s"]);
    let short = ContextCache::auto().time_to_live(Duration::from_secs(1));
    let mut refused = long(&emulator, 16).context_cache(short).start();
    let outcome = refused.next().await.unwrap();
    let error = outcome.result.unwrap_err();
    assert!(error.to_string().contains("a minute to 30 days"), "{error}");
}

#[test]
fn the_report_is_json_too() {
    let report = serde_json::to_value(gemini_extract::batch::ContextUse::default()).unwrap();
    assert_eq!((&report["created"], &report["unused"]), (&json!(0), &Value::Null));
}

#[tokio::test]
async fn packs_have_a_cache_of_their_own() {
    let emulator = Emulator::start().await.unwrap();
    let batch = long(&emulator, 100).example("Fine.", &Sentiment::Positive).pack(5);
    let report = batch.context_cache(ContextCache::auto()).start().report().await;
    assert_eq!(report.progress.answered, 100, "{report}");
    let made = sent(&emulator, "POST", "/cachedContents");
    assert_eq!(made.len(), 1);
    let parts = made[0].body["systemInstruction"]["parts"].as_array().unwrap();
    assert_eq!(parts.len(), 2, "the instruction, and how packs are answered");
    let (cached, alone): (Vec<_>, Vec<_>) = asked(&emulator).into_iter().partition(is_cached);
    let packs = report.progress.packs;
    assert_eq!(cached.len(), usize::try_from(packs.requests).unwrap());
    assert_eq!(alone.len(), usize::try_from(packs.again).unwrap());
    assert_eq!(report.progress.context.requests, packs.requests);
    let few = long(&emulator, 100).pack(10).start().report().await;
    let reason = few.progress.context.unused.unwrap();
    assert!(reason.contains("10 requests are too few"), "{reason}");
}

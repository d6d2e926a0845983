//! When a batch has a cache made.

use std::time::Duration;

use crate::{Price, Usage};

/// The fewest tokens that the service keeps, for most models.
const LEAST_TOKENS: u64 = 4_096;
/// Models that keep less.
const SMALLER: (&str, u64) = ("gemini-2.5-", 2_048);
/// How many requests pay for a cache where no prices are known.
const LEAST_REQUESTS: u64 = 16;
const TIME_TO_LIVE: Duration = Duration::from_secs(10 * 60);
const SHORTEST: Duration = Duration::from_secs(60);
const LONGEST: Duration = Duration::from_secs(30 * 24 * 60 * 60);
const LONGEST_NAME: usize = 128;
/// About how long a request takes.
const REQUEST: Duration = Duration::from_secs(1);

/// Whether what all requests of a batch have in common, the instruction and the examples, is kept
/// in a cache of the service (`cachedContents`), so that it costs less in each of them.
///
/// A batch has none unless [`Batch::context_cache`](super::super::Batch::context_cache) asks for
/// one: a cache holds the instruction and the examples in the project of the key and costs money as
/// long as it is there, while many models give some of the same discount by themselves.
///
/// It is made when the first record is asked, which all records wait for, renewed while the batch
/// runs, and deleted at its end, also when the batch is stopped or dropped. A process that is
/// killed leaves it behind for no longer than its [`time_to_live`](Self::time_to_live). Its name is
/// noted in the folder of the [`journal`](super::super::Batch::journal), so that the next start
/// goes on with it, or deletes it where it is of no use any more. Where a cache is lost another one
/// is made; where there can't be one, records are asked without. Answers don't depend on it.
///
/// [`Progress::context`](super::super::Progress::context) tells what it was good for, or why there
/// was none. On Vertex AI there are caches in projects, and none by an API key alone.
///
/// # Examples
///
/// ```no_run
/// # async fn run(client: gemini_extract::Client, reviews: Vec<String>, manual: String) {
/// use gemini_extract::batch::ContextCache;
///
/// let batch = client.batch::<bool, _>(reviews).model("gemini-3.8-flash").instruction(manual);
/// let report = batch.context_cache(ContextCache::auto()).start().report().await;
/// println!("{}", report.progress.context);
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct ContextCache {
    mode: Mode,
    least_tokens: Option<u64>,
    records: Option<u64>,
    time_to_live: Duration,
    display_name: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Off,
    Auto,
    Always,
}

/// What a decision rests on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Case<'a> {
    pub(super) model: &'a str,
    /// The tokens of what would be kept.
    pub(super) tokens: u64,
    /// How many requests would use it, where that is known.
    pub(super) requests: Option<u64>,
    /// How many requests are on their way at a time.
    pub(super) concurrency: u32,
    pub(super) price: Option<&'a Price>,
}

impl ContextCache {
    /// None. A cache that an earlier start of the same journal has left is deleted.
    pub fn off() -> Self {
        Self {
            mode: Mode::Off,
            least_tokens: None,
            records: None,
            time_to_live: TIME_TO_LIVE,
            display_name: None,
        }
    }

    /// One where it pays: where the instruction and the examples have as many tokens as the service
    /// keeps at least, by its own count, and the requests to come save more than the cache costs.
    ///
    /// That is reckoned by the client's [`Prices`](crate::Prices): of
    /// [`cached`](crate::Price::cached) tokens, and of their [`storage`](crate::Price::storage) at
    /// a second for each request. Without a price for the model, one is made for 16 requests and
    /// more. Where nobody knows how many requests there will be, they are taken for enough; see
    /// [`records`](Self::records).
    pub fn auto() -> Self {
        Self { mode: Mode::Auto, ..Self::off() }
    }

    /// One wherever the service keeps that many tokens, whether it pays or not.
    pub fn always() -> Self {
        Self { mode: Mode::Always, ..Self::off() }
    }

    /// The fewest tokens that the service keeps for the model; by default 2,048 for models of
    /// Gemini 2.5, and 4,096 for all others.
    pub fn least_tokens(mut self, tokens: u64) -> Self {
        self.least_tokens = Some(tokens);
        self
    }

    /// How many records there will be, where their source doesn't know it.
    pub fn records(mut self, records: u64) -> Self {
        self.records = Some(records);
        self
    }

    /// How long the cache outlives a batch that is killed: 10 minutes by default, from a minute to
    /// 30 days. While the batch runs it is renewed when half of that is over.
    pub fn time_to_live(mut self, time: Duration) -> Self {
        self.time_to_live = time;
        self
    }

    /// The name by which it is found among others in the project; by default `gemini-extract` and
    /// eight digits that stand for its contents.
    pub fn display_name(mut self, name: impl Into<String>) -> Self {
        self.display_name = Some(name.into());
        self
    }

    pub(in crate::batch) fn is_off(&self) -> bool {
        self.mode == Mode::Off
    }

    /// What is unusable.
    pub(in crate::batch) fn problem(&self) -> Option<String> {
        let length = self.display_name.as_ref().map_or(0, |name| name.chars().count());
        if !(SHORTEST..=LONGEST).contains(&self.time_to_live) {
            Some("the time that a cache lives must be from a minute to 30 days".to_owned())
        } else if length > LONGEST_NAME {
            Some("the name of a cache has 128 characters at most".to_owned())
        } else {
            None
        }
    }

    pub(super) fn ttl(&self) -> Duration {
        self.time_to_live
    }

    pub(super) fn name(&self) -> Option<&str> {
        self.display_name.as_deref()
    }

    pub(super) fn expected(&self) -> Option<u64> {
        self.records
    }

    /// Why so many bytes of text can't have as many tokens as are needed: a token has one byte at
    /// least.
    pub(super) fn too_short(&self, model: &str, bytes: usize) -> Option<String> {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        let least = self.least(model);
        (bytes < least).then(|| {
            format!(
                "the instruction and the examples have {bytes} bytes, too few for the {least} \
                 tokens of a cache"
            )
        })
    }

    /// Why there is to be no cache.
    pub(super) fn judge(&self, case: Case<'_>) -> Result<(), String> {
        let Case { model, tokens, requests, concurrency, price } = case;
        let least = self.least(model);
        if tokens < least {
            return Err(format!(
                "the instruction and the examples have {tokens} tokens, and a cache has {least} \
                 at least"
            ));
        }
        let Some(requests) = requests.filter(|_| self.mode == Mode::Auto) else { return Ok(()) };
        let Some(price) = price else {
            let too_few = || {
                format!("{requests} requests are too few for a cache, where no prices are known")
            };
            return if requests < LEAST_REQUESTS { Err(too_few()) } else { Ok(()) };
        };
        let usage = |cached| {
            let (prompt_tokens, cached_tokens) = (tokens, cached);
            Usage { prompt_tokens, cached_tokens, ..Usage::default() }
        };
        let seconds = REQUEST.as_secs().saturating_mul(requests / u64::from(concurrency.max(1)));
        let time = Duration::from_secs(seconds).max(self.time_to_live);
        let cost = price.cost(&usage(0)) + price.storage_cost(tokens, time);
        #[allow(clippy::cast_precision_loss, reason = "no batch has 2^53 requests")]
        let saved = price.saved(&usage(tokens)) * requests as f64;
        if saved > cost {
            Ok(())
        } else {
            Err(format!(
                "{requests} requests would cost {saved:.4} less, and the cache itself {cost:.4}"
            ))
        }
    }

    fn least(&self, model: &str) -> u64 {
        let (name, tokens) = SMALLER;
        let usual = if model.contains(name) { tokens } else { LEAST_TOKENS };
        self.least_tokens.unwrap_or(usual)
    }
}

impl Default for ContextCache {
    fn default() -> Self {
        Self::off()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Case, ContextCache};
    use crate::Price;

    const CASE: Case<'_> = Case {
        model: "models/gemini-3.8-flash",
        tokens: 10_000,
        requests: Some(100),
        concurrency: 1,
        price: None,
    };

    fn judge(case: Case<'_>) -> Result<(), String> {
        ContextCache::auto().judge(case)
    }

    #[test]
    fn a_cache_has_its_least() {
        for (model, least) in [("models/gemini-3.8-flash", 4_096), ("gemini-2.5-pro", 2_048)] {
            let case = Case { model, tokens: least, ..CASE };
            assert_eq!(judge(case), Ok(()));
            let reason = judge(Case { tokens: least - 1, ..case }).expect_err("too few");
            assert!(reason.contains(&least.to_string()), "{reason}");
            assert!(ContextCache::auto().too_short(model, 2_047).is_some());
        }
        let small = ContextCache::always().least_tokens(10);
        assert_eq!(small.judge(Case { tokens: 10, ..CASE }), Ok(()));
        assert!(small.judge(Case { tokens: 9, ..CASE }).is_err());
        assert_eq!(small.too_short("m", 10), None);
    }

    #[test]
    fn without_prices_there_are_enough_requests() {
        for (requests, is_made) in [(Some(15), false), (Some(16), true), (None, true)] {
            assert_eq!(judge(Case { requests, ..CASE }).is_ok(), is_made, "{requests:?}");
            let always = ContextCache::always().judge(Case { requests, ..CASE });
            assert_eq!(always, Ok(()));
        }
    }

    #[test]
    fn with_prices_it_has_to_pay() {
        // Each request saves 0.009 of the 0.01 that making it costs.
        let price = Price::per_million(1.0, 0.0).cached(0.1);
        let case = |requests, price| Case { requests: Some(requests), price: Some(price), ..CASE };
        assert!(judge(case(1, &price)).is_err());
        assert_eq!(judge(case(2, &price)), Ok(()));
        // An hour of ten thousand tokens costs 0.01 more.
        let stored = price.clone().storage(1.0);
        let hourly = |requests| {
            let cache = ContextCache::auto().time_to_live(Duration::from_secs(3_600));
            cache.judge(case(requests, &stored))
        };
        assert!(hourly(2).is_err());
        assert_eq!(hourly(3), Ok(()));
        let dear = Price::per_million(1.0, 0.0).cached(0.1).storage(1e6);
        assert!(judge(case(1_000_000, &dear)).is_err(), "all its time counts");
        let same = Price::per_million(1.0, 0.0);
        assert!(judge(case(1_000_000, &same)).is_err());
    }

    #[test]
    fn settings_are_checked() {
        let cache = ContextCache::auto();
        assert_eq!(cache.problem(), None);
        assert!(cache.clone().time_to_live(Duration::from_secs(59)).problem().is_some());
        assert!(cache.clone().time_to_live(Duration::MAX).problem().is_some());
        assert!(cache.display_name("x".repeat(129)).problem().is_some());
    }
}

//! What a call costs, by prices that the user supplies.

use std::collections::HashMap;

use crate::request::resource_name;
use crate::response::Usage;

const MILLION: f64 = 1e6;
/// What the Batch API takes of the usual price.
const BATCH: f64 = 0.5;

/// The price of a model's tokens, for a million of them, in any currency.
///
/// # Examples
///
/// ```
/// use gemini_extract::Price;
///
/// let price = Price::per_million(1.25, 10.0)
///     .cached(0.125)
///     .storage(4.5)
///     .above(200_000, Price::per_million(2.5, 15.0));
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct Price {
    input: f64,
    output: f64,
    cached: Option<f64>,
    /// What share of all this is due in batches.
    batch: f64,
    /// Of a million tokens for an hour.
    storage: f64,
    /// From how many tokens of the prompt on another price holds.
    above: Option<(u64, Box<Price>)>,
}

impl Price {
    /// The price of input and of output tokens; thoughts are output.
    pub fn per_million(input: f64, output: f64) -> Self {
        Self { input, output, cached: None, batch: BATCH, storage: 0.0, above: None }
    }

    /// The price of input tokens that come from a cache; that of the others by default.
    pub fn cached(mut self, cached: f64) -> Self {
        self.cached = Some(cached);
        self
    }

    /// The price of keeping a million tokens in a cache for an hour; nothing by default.
    pub fn storage(mut self, storage: f64) -> Self {
        self.storage = storage;
        self
    }

    /// The price of calls whose prompt has more tokens than this.
    pub fn above(mut self, tokens: u64, price: Price) -> Self {
        self.above = Some((tokens, Box::new(price)));
        self
    }

    /// What share of the price is due for calls by the Batch API, such as 0.4; half by default.
    pub fn batch(mut self, share: f64) -> Self {
        self.batch = share;
        self
    }

    /// What one answer costs.
    ///
    /// # Examples
    ///
    /// ```
    /// use gemini_extract::{Price, Usage};
    ///
    /// let mut usage = Usage::default();
    /// (usage.prompt_tokens, usage.answer_tokens) = (2_000_000, 1_000_000);
    /// assert_eq!(Price::per_million(0.75, 3.75).cost(&usage), 5.25);
    /// ```
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "no bill has 2^53 tokens")]
    pub fn cost(&self, usage: &Usage) -> f64 {
        if let Some(price) = self.dearer(usage) {
            return price.cost(usage);
        }
        let fresh = usage.input_tokens().saturating_sub(usage.cached_tokens);
        let input = self.input * fresh as f64;
        let cached = self.cached.unwrap_or(self.input) * usage.cached_tokens as f64;
        let output = self.output * usage.output_tokens() as f64;
        (input + cached + output) / MILLION
    }

    /// What one answer costs by the Batch API; see [`batch`](Self::batch).
    #[must_use]
    pub fn batch_cost(&self, usage: &Usage) -> f64 {
        match self.dearer(usage) {
            Some(price) => price.batch_cost(usage),
            None => self.cost(usage) * self.batch,
        }
    }

    /// The price in place of this one, for what is longer.
    fn dearer(&self, usage: &Usage) -> Option<&Price> {
        let (tokens, price) = self.above.as_ref()?;
        (usage.prompt_tokens > *tokens).then_some(price)
    }

    /// What it costs to keep tokens in a cache.
    #[cfg(feature = "batch")]
    #[allow(clippy::cast_precision_loss, reason = "no cache has 2^53 tokens")]
    pub(crate) fn storage_cost(&self, tokens: u64, time: std::time::Duration) -> f64 {
        self.storage * tokens as f64 / MILLION * time.as_secs_f64() / 3600.0
    }

    /// How much less an answer costs because of its cached tokens.
    #[cfg(feature = "batch")]
    pub(crate) fn saved(&self, usage: &Usage) -> f64 {
        let fresh = Usage { cached_tokens: 0, ..usage.clone() };
        self.cost(&fresh) - self.cost(usage)
    }

    fn is_usable(&self) -> bool {
        let own = [self.input, self.output, self.batch, self.storage];
        let mut prices = own.into_iter().chain(self.cached);
        let is_number = |price: f64| price.is_finite() && price >= 0.0;
        prices.all(is_number) && self.above.as_ref().is_none_or(|(_, price)| price.is_usable())
    }
}

/// The prices of models.
///
/// A client that has them tells what each call cost: see
/// [`Extraction::cost`](crate::Extraction::cost) and [`Error::cost`](crate::Error::cost).
///
/// # Examples
///
/// ```
/// # fn main() -> gemini_extract::Result<()> {
/// use gemini_extract::{Client, Price, Prices};
///
/// let prices = Prices::default()
///     .model("gemini-3.8-flash", Price::per_million(0.75, 3.75).cached(0.075))
///     .model("gemini-3.5-flash-lite", Price::per_million(0.3, 2.5));
/// let client = Client::builder()
///     .api_key("my-key")
///     .base_url("http://127.0.0.1:8080")
///     .with_prices(prices)
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[must_use]
pub struct Prices {
    models: HashMap<String, Price>,
}

impl Prices {
    /// The price of a model, by the name that calls give it, or by the version that answers when
    /// they ask for an alias such as `gemini-flash-latest`.
    pub fn model(mut self, model: impl Into<String>, price: Price) -> Self {
        let model = model.into();
        self.models.insert(resource_name(&model).unwrap_or(model), price);
        self
    }

    /// What is unusable.
    pub(crate) fn problem(&self) -> Option<String> {
        let is_usable = self.models.values().all(Price::is_usable);
        (!is_usable).then(|| "a price must be a number of at least zero".to_owned())
    }

    /// What an answer of a model costs, where its price is known.
    pub(crate) fn cost(&self, model: (&str, Option<&str>), usage: &Usage) -> Option<f64> {
        self.of(model.0, model.1).map(|price| price.cost(usage))
    }

    /// What an answer of a model costs in a batch, where its price is known.
    #[cfg(feature = "batch")]
    pub(crate) fn batch_cost(&self, model: (&str, Option<&str>), usage: &Usage) -> Option<f64> {
        self.of(model.0, model.1).map(|price| price.batch_cost(usage))
    }

    /// The price of a model by its resource name, or else by the version that answered.
    pub(crate) fn of(&self, model: &str, version: Option<&str>) -> Option<&Price> {
        let by_name = || self.models.get(last_segments(model));
        let by_version = || self.models.get(&resource_name(version?).ok()?);
        self.models.get(model).or_else(by_name).or_else(by_version)
    }
}

/// What a call has cost so far.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Bill {
    cost: f64,
    /// Whether something was billed whose price isn't known.
    is_open: bool,
}

impl Bill {
    /// Adds an answer of a model.
    pub(crate) fn add(
        &mut self,
        prices: &Prices,
        model: (&str, Option<&str>),
        usage: Option<&Usage>,
    ) {
        let Some(usage) = usage else { return };
        match prices.of(model.0, model.1) {
            Some(price) => self.cost += price.cost(usage),
            None => self.is_open = true,
        }
    }

    /// The whole cost, where all prices are known.
    pub(crate) fn cost(self) -> Option<f64> {
        (!self.is_open).then_some(self.cost)
    }
}

/// A resource name without its parents: `models/x` for a model of Vertex AI.
fn last_segments(name: &str) -> &str {
    let place = name.rmatch_indices('/').nth(1);
    place.map_or(name, |(place, _)| &name[place + 1..])
}

#[cfg(test)]
mod tests {
    use super::{Bill, Price, Prices};
    use crate::response::Usage;

    fn usage(prompt: u64, cached: u64, answer: u64) -> Usage {
        Usage {
            prompt_tokens: prompt,
            cached_tokens: cached,
            answer_tokens: answer,
            thoughts_tokens: 1_000_000,
            tool_tokens: 1_000_000,
            ..Usage::default()
        }
    }

    fn is(cost: Option<f64>, expected: f64) -> bool {
        cost.is_some_and(|cost| (cost - expected).abs() < 1e-9)
    }

    #[test]
    fn each_kind_of_token_has_its_price() {
        let price = Price::per_million(2.0, 8.0);
        assert!(is(Some(price.cost(&usage(3_000_000, 1_000_000, 500_000))), 20.0));
        assert!(is(Some(price.cached(0.5).cost(&usage(3_000_000, 1_000_000, 0))), 14.5));
    }

    #[test]
    fn long_prompts_have_a_price_of_their_own() {
        let price = Price::per_million(1.0, 0.0).above(2_000_000, Price::per_million(3.0, 0.0));
        assert!(is(Some(price.cost(&usage(2_000_000, 0, 0))), 3.0));
        assert!(is(Some(price.cost(&usage(2_000_001, 0, 0))), 9.000_003));
    }

    #[cfg(feature = "batch")]
    #[test]
    fn batches_have_their_share_of_the_price() {
        let price = Price::per_million(2.0, 8.0).above(5_000_000, Price::per_million(4.0, 0.0));
        assert!(is(Some(price.batch_cost(&usage(3_000_000, 0, 0))), 8.0));
        assert!(is(Some(price.batch_cost(&usage(6_000_000, 0, 0))), 14.0));
        assert!(is(Some(price.batch(0.25).batch_cost(&usage(3_000_000, 0, 0))), 4.0));
        let prices = Prices::default().model("a", Price::per_million(1.0, 1.0).batch(f64::NAN));
        assert!(prices.problem().is_some());
    }

    #[test]
    #[cfg(feature = "batch")]
    fn caches_are_stored_and_save() {
        let price = Price::per_million(2.0, 8.0).cached(0.5).storage(1.0);
        let time = std::time::Duration::from_secs(1_800);
        assert!(is(Some(price.storage_cost(3_000_000, time)), 1.5));
        assert!(is(Some(price.saved(&usage(3_000_000, 1_000_000, 0))), 1.5));
        assert!(is(Some(Price::per_million(2.0, 8.0).storage_cost(1, time)), 0.0));
        for storage in [-1.0, f64::NAN] {
            let prices =
                Prices::default().model("m", Price::per_million(1.0, 1.0).storage(storage));
            assert!(prices.problem().is_some());
        }
    }

    #[test]
    fn a_bill_is_whole_or_none() {
        let prices = Prices::default().model("a", Price::per_million(1.0, 1.0));
        let mut bill = Bill::default();
        assert!(is(bill.cost(), 0.0));
        bill.add(&prices, ("models/a", None), Some(&usage(0, 0, 0)));
        bill.add(&prices, ("models/a-latest", Some("a")), Some(&usage(0, 0, 0)));
        bill.add(&prices, ("models/b", None), None);
        bill.add(&prices, ("projects/p/locations/l/publishers/google/models/a", None), None);
        assert!(is(bill.cost(), 4.0));
        bill.add(&prices, ("models/b", Some("c")), Some(&usage(0, 0, 0)));
        assert_eq!(bill.cost(), None);
    }
}

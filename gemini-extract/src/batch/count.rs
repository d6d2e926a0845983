//! How many tokens a batch would send.

use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::Batch;
use super::many::Stage;
use super::pack::written;
use super::slots::Slots;
use crate::client::Rules;
use crate::{Error, Prompt, Result};

/// What a batch would send.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct BatchCount {
    /// The records that were counted.
    pub records: u64,
    /// The requests that these would take: fewer than records where they are
    /// [packed](Batch::pack), more where labels are asked for [in stages](Batch::label_codes) or
    /// records [several times](Batch::votes), of which all times are counted.
    pub requests: u64,
    /// The tokens of these requests, all in all.
    pub tokens: u64,
}

impl<T: DeserializeOwned + Send + 'static> Batch<T> {
    /// Counts the tokens of the requests that would be sent for the records, by `countTokens`,
    /// without asking the model: of a sample, to say before what all of them will cost.
    ///
    /// One request after the other is counted, which costs nothing; of several stages the later
    /// ones for the first group. Keys, equal records, the journal
    /// and the cache are left aside.
    ///
    /// # Errors
    ///
    /// What is wrong with the settings, and whatever counting fails with.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn run(client: gemini_extract::Client, sample: Vec<String>) -> gemini_extract::Result<()> {
    /// for size in [1, 20] {
    ///     let count = client.batch::<bool, _>(sample.clone()).pack(size).count_tokens().await?;
    ///     println!("{size}: {} tokens for {} records", count.tokens, count.records);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn count_tokens(mut self) -> Result<BatchCount> {
        let problems = self.problems();
        if !problems.is_empty() {
            return Err(Error::request(problems));
        }
        self.settle_carrier();
        let _pass = self.client.enter()?;
        let template = self.call.template(&self.client)?;
        let delivery = self.client.delivery(&self.call.policies).map_err(Error::request)?;
        let rules = Arc::new(Rules::default());
        let slots = Arc::new(Slots::new(1, Arc::clone(&rules)));
        let packing = self.packing(template.carried().carrier, (&slots, &rules))?;
        self.check_labels(&template.carried().lowered)?;
        let has_codes = self.choices.has_codes(&template.carried().lowered);
        let call = (&self.call, template.carried());
        let first = has_codes.then(|| Stage::first(&self.client, call, &self.choices));
        let first = first.transpose()?;
        let way = first.as_ref().map_or_else(|| vec![&template], Stage::way);
        let votes = u64::from(self.choices.votes);
        let mut counted = BatchCount::default();
        loop {
            let prompts = self.next_prompts().await;
            let requests = match (&*prompts, &packing) {
                ([], _) => return Ok(counted),
                ([prompt], _) | ([prompt, ..], None) => {
                    let json = written(prompt)?;
                    way.iter().map(|template| template.request(&json)).collect()
                }
                (prompts, Some(packing)) => vec![packing.request(prompts)?],
            };
            for request in requests {
                let mut trail = self.client.trail(&delivery);
                let count = self.client.count(request, &delivery, &mut trail).await;
                let tokens = count.map_err(|error| trail.end(error))?.total_tokens;
                counted.requests += votes;
                counted.tokens = counted.tokens.saturating_add(tokens.saturating_mul(votes));
            }
            counted.records += u64::try_from(prompts.len()).unwrap_or(u64::MAX);
        }
    }

    /// The prompts of the next request.
    async fn next_prompts(&mut self) -> Vec<Prompt> {
        let mut prompts = Vec::new();
        while prompts.len() < self.pack.max(1)
            && let Some(record) =
                std::future::poll_fn(|context| self.source.as_mut().poll_next(context)).await
        {
            prompts.push(record.into_parts().1);
        }
        prompts
    }
}

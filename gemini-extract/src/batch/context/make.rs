//! How a cache is made, if it is to be.

use std::time::Instant;

use serde_json::Value;

use super::Live;
use super::keeper::{Crowd, Keeper, Lease, NO_ROOM};
use super::note::Kept;
use super::policy::Case;
use super::service;
use crate::Error;
use crate::call::{Beginning, CachedContent};

const NOTHING: &str = "there is neither an instruction nor an example";

/// Why there is no cache.
pub(super) struct Refusal {
    pub(super) reason: String,
    /// Whether there may be one later.
    pub(super) may_pass: bool,
}

impl Keeper {
    /// Goes on with the cache of an earlier start, or makes one.
    pub(super) async fn make(&mut self) -> Result<(Lease, Live), Refusal> {
        if let Some(kept) = self.left.take()
            && let Some(lease) = self.take_over(kept).await
        {
            let live = self.live(&lease)?;
            return Ok((lease, live));
        }
        let tokens = self.judged().await?;
        let (service, ttl) = (&self.service, self.policy.ttl());
        let costs = [self.account.creation(tokens), self.account.storage(tokens, ttl)];
        let cost: f64 = costs.into_iter().flatten().sum();
        if !self.account.take(cost) {
            return Err(Refusal::for_good(NO_ROOM));
        }
        let begun = service.client().clock().now();
        let (name, told) = match service.create(self.body()).await {
            Ok(created) => created,
            Err(error) => {
                if !error.may_be_done() {
                    self.account.give_back(cost);
                }
                return Err(Refusal::of("it could not be made", &error));
            }
        };
        let tokens = told.unwrap_or(tokens);
        self.account.created(tokens);
        self.account.stored(tokens, ttl);
        let lease = self.lease(Kept { name, content: self.content.clone(), tokens }, begun);
        self.account.note(Some(lease.kept.clone())).await;
        let live = self.live(&lease)?;
        Ok((lease, live))
    }

    /// The cache of an earlier start, where it is still there.
    async fn take_over(&mut self, kept: Kept) -> Option<Lease> {
        let (begun, ttl) = (self.service.client().clock().now(), self.policy.ttl());
        let cost = self.account.storage(kept.tokens, ttl).unwrap_or_default();
        if !self.account.take(cost) {
            self.left = Some(kept);
            return None;
        }
        if self.service.renew(&kept.name, ttl).await.is_err() {
            self.account.give_back(cost);
            return None;
        }
        self.account.stored(kept.tokens, ttl);
        self.account.shared.tally().context().found(kept.tokens);
        self.account.note(Some(kept.clone())).await;
        Some(self.lease(kept, begun))
    }

    /// The tokens of what all records have in common, where a cache of it is to be made.
    async fn judged(&self) -> Result<u64, Refusal> {
        let Some(beginning) = &self.beginning else { return Err(Refusal::for_good(NOTHING)) };
        self.service.check().map_err(Refusal::for_good)?;
        let model = &beginning.model;
        if let Some(reason) = self.policy.too_short(model, beginning.json.len()) {
            return Err(Refusal::for_good(reason));
        }
        let tokens = self.service.count(beginning.counted.clone()).await;
        let tokens =
            tokens.map_err(|error| Refusal::of("its tokens could not be counted", &error))?;
        self.account.shared.tally().context().tokens = Some(tokens);
        let records = self.account.shared.tally().left(self.policy.expected());
        let Crowd { answered, pack, concurrency } = self.crowd;
        let records = records.map(|records| records.saturating_sub(answered));
        let requests = records.map(|records| records.div_ceil(pack));
        let price = self.account.price.as_ref();
        let case = Case { model, tokens, requests, concurrency, price };
        self.policy.judge(case).map_err(Refusal::for_good)?;
        Ok(tokens)
    }

    /// The request that makes a cache.
    fn body(&self) -> String {
        let Some(Beginning { model, json, .. }) = &self.beginning else { return String::new() };
        let name = self.policy.name().map_or_else(
            || format!("gemini-extract {}", Kept::short(&self.content)),
            str::to_owned,
        );
        let (model, name) = (Value::from(model.as_str()), Value::from(name));
        let ttl = service::seconds(self.policy.ttl());
        let rest = json.strip_prefix('{').unwrap_or(json);
        format!(r#"{{"model":{model},"displayName":{name},"ttl":"{ttl}",{rest}"#)
    }

    fn lease(&mut self, kept: Kept, begun: Instant) -> Lease {
        self.made += 1;
        let ttl = self.policy.ttl();
        Lease { kept, number: self.made, begun, expires: begun + ttl, due: begun + ttl / 2 }
    }

    /// The cache as records are asked with it.
    fn live(&self, lease: &Lease) -> Result<Live, Refusal> {
        let Kept { name, tokens, .. } = lease.kept.clone();
        let call = self.call.behind(CachedContent { name, tokens, is_own: true });
        let template = call.template(self.service.client());
        let template = template.map_err(|error| Refusal::for_good(error.to_string()))?;
        Ok(Live { number: lease.number, call, template })
    }
}

impl Refusal {
    fn for_good(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), may_pass: false }
    }

    fn of(what: &str, error: &Error) -> Self {
        let reason = format!("{what}: {}", error.with_words());
        Self { reason, may_pass: error.is_retryable() }
    }
}

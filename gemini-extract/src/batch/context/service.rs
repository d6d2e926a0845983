//! Caches at the service: made, kept, deleted.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::note::Kept;
use crate::client::Errand;
use crate::policies::Policies;
use crate::request::{Collection, Request, Resource};
use crate::{Client, Error, ErrorKind, Result};

/// How long the service may take to count, make or keep something; records wait for it.
const TIME: Duration = Duration::from_secs(60);
/// How long it may take to delete it; the end of the batch waits for it.
const TIME_AT_THE_END: Duration = Duration::from_secs(15);

/// The service, for the caches of a batch.
pub(super) struct Service {
    client: Client,
    policies: Policies,
}

/// A cache as the service tells it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    name: String,
    #[serde(default)]
    usage_metadata: Value,
}

impl Service {
    /// The service under the policies of a batch.
    pub(super) fn new(client: Client, policies: &Policies) -> Self {
        Self { client, policies: within(policies, TIME) }
    }

    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// What is wrong where the service has no caches.
    pub(super) fn check(&self) -> Result<(), String> {
        Resource::all(self.client.site(), Collection::CachedContents).map(drop)
    }

    /// How many tokens a request has.
    pub(super) async fn count(&self, request: Request) -> Result<u64> {
        let delivery = self.client.delivery(&self.policies).map_err(Error::request)?;
        let delivery = delivery.without_fallbacks();
        let mut trail = self.client.trail(&delivery);
        let counted = self.client.count(request, &delivery, &mut trail).await;
        counted.map(|count| count.total_tokens).map_err(|error| trail.end(error))
    }

    /// Makes a cache; its name, and its tokens where the service tells them.
    pub(super) async fn create(&self, body: String) -> Result<(String, Option<u64>)> {
        let all = Resource::all(self.client.site(), Collection::CachedContents).map_err(problem)?;
        let errand = Errand::send(all, http::HeaderMap::new(), body.into())?.once();
        let Told { name, usage_metadata } = self.client.fetch(errand, &self.policies).await?;
        // What isn't a name must not become a part of requests.
        self.named(&name)?;
        Ok((name, usage_metadata["totalTokenCount"].as_u64()))
    }

    /// Has a cache expire after so much time from now.
    pub(super) async fn renew(&self, name: &str, time: Duration) -> Result<()> {
        let cache = self.named(name)?.with("updateMask", "ttl");
        let errand = Errand::patch(cache, &json!({"ttl": seconds(time)}))?;
        self.client.run(errand, &self.policies).await.map(drop)
    }

    /// Deletes a cache. One that isn't there is deleted.
    pub(super) async fn delete(&self, name: &str) -> Result<()> {
        let errand = Errand::delete(self.named(name)?)?;
        let policies = within(&self.policies, TIME_AT_THE_END);
        match self.client.run(errand, &policies).await {
            Err(error) if !is_gone(&error) => Err(error),
            _ => Ok(()),
        }
    }

    fn named(&self, name: &str) -> Result<Resource<'_>> {
        let collection = Collection::CachedContents;
        Resource::named(self.client.site(), collection, name).map_err(problem)
    }
}

/// Whether a failure says that there is no such cache, or none for this key.
pub(super) fn is_gone(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::NotFound)
}

/// A length of time as the service writes it.
pub(super) fn seconds(time: Duration) -> String {
    format!("{}s", time.as_secs())
}

/// The hash that stands for a model and what is said to it.
pub(super) fn hash(model: &str, beginning: &str) -> String {
    let hash = xxhash_rust::xxh3::xxh3_128(format!("{model}\n{beginning}").as_bytes());
    format!("{hash:032x}")
}

impl Kept {
    /// The eight digits that stand for its contents.
    pub(super) fn short(content: &str) -> &str {
        content.get(..8).unwrap_or(content)
    }
}

fn within(policies: &Policies, time: Duration) -> Policies {
    let mine = policies.timeout.unwrap_or(time).min(time);
    Policies { timeout: Some(mine), ..policies.clone() }
}

fn problem(problem: String) -> Error {
    Error::request(vec![problem])
}

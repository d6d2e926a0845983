//! Cached contents: what is sent once and used by many requests.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use crate::error::Refusal;
use crate::json::Json;
use crate::request::least_cached_tokens;
use crate::store::{Shelf, id};
use crate::time;

const USUAL_TTL: Duration = Duration::from_secs(60 * 60);
pub(crate) const COLLECTION: &str = "cachedContents";

/// What may be cached, for [`EmulatorBuilder::caches`](crate::EmulatorBuilder::caches).
///
/// # Examples
///
/// ```
/// use gemini_emulator::{CacheRules, Emulator};
///
/// let builder = Emulator::builder().caches(CacheRules::new().min_tokens(10));
/// # let _ = builder;
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[must_use = "rules do nothing until an emulator has them"]
pub struct CacheRules {
    min_tokens: Option<usize>,
}

/// The caches that there are.
#[derive(Debug, Default)]
pub(crate) struct Caches {
    shelf: Shelf<Cache>,
}

/// One cache. Of its contents nothing but their size is needed.
#[derive(Debug, Clone)]
pub(crate) struct Cache {
    id: String,
    /// With `models/`.
    model: String,
    display_name: Option<String>,
    tokens: usize,
    created: SystemTime,
    updated: SystemTime,
    expires: SystemTime,
}

impl CacheRules {
    /// The service's own: at least 2048 tokens for models of Gemini 2.5, 4096 for all others.
    pub const fn new() -> Self {
        CacheRules { min_tokens: None }
    }

    /// Takes caches with so many tokens, whatever the model is.
    pub const fn min_tokens(mut self, tokens: usize) -> Self {
        self.min_tokens = Some(tokens);
        self
    }
}

impl Caches {
    /// Makes a cache of a message that was found to be in order, and of its number of tokens.
    pub(crate) fn create(
        &mut self,
        (message, tokens): (&Json, usize),
        rules: CacheRules,
        (seed, now): (u64, SystemTime),
    ) -> Result<&Cache, Refusal> {
        let text = |name| message.get(name).and_then(Json::as_str).map(str::to_owned);
        let model = text("model").unwrap_or_default();
        let least = rules.min_tokens.unwrap_or_else(|| least_cached_tokens(model_name(&model)));
        if tokens < least {
            return Err(Refusal::invalid_argument(format!(
                "Cached content is too small. total_token_count={tokens}, \
                 min_total_token_count={least}"
            )));
        }
        let expires = expiry(message, now)?;
        let id = id(seed, COLLECTION, self.shelf.next());
        let cache = Cache {
            id: id.clone(),
            model,
            display_name: text("displayName"),
            tokens,
            created: now,
            updated: now,
            expires: expires.or_else(|| now.checked_add(USUAL_TTL)).unwrap_or(now),
        };
        self.shelf.add(id.clone(), cache);
        self.get(&id)
    }

    /// Sets when a cache expires.
    pub(crate) fn update(
        &mut self,
        id: &str,
        message: &Json,
        now: SystemTime,
    ) -> Result<&Cache, Refusal> {
        let cache = self.shelf.get_mut(id).ok_or_else(no_access)?;
        if let Some(expires) = expiry(message, now)? {
            cache.expires = expires;
            cache.updated = now;
        }
        Ok(cache)
    }

    pub(crate) fn get(&self, id: &str) -> Result<&Cache, Refusal> {
        self.shelf.get(id).ok_or_else(no_access)
    }

    pub(crate) fn remove(&mut self, id: &str) -> Result<(), Refusal> {
        self.shelf.remove(id).map(drop).ok_or_else(no_access)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (u64, &Cache)> {
        self.shelf.iter()
    }

    /// How many tokens a request with this cache has before its own.
    pub(crate) fn tokens(&self, name: &str, model: &str) -> Result<usize, Refusal> {
        let id = name.strip_prefix(COLLECTION).and_then(|rest| rest.strip_prefix('/'));
        let cache = self.get(id.unwrap_or_default())?;
        if model_name(&cache.model) != model {
            return Err(Refusal::invalid_argument(format!(
                "Model used by GenerateContent request (models/{model}) and CachedContent ({}) has \
                 to be the same.",
                cache.model
            )));
        }
        Ok(cache.tokens)
    }

    /// Forgets what has expired.
    pub(crate) fn forget(&mut self, now: SystemTime) {
        let _ = self.shelf.retain(|cache| cache.expires > now);
    }
}

impl Cache {
    /// The cache as the service has it: without its contents.
    pub(crate) fn describe(&self) -> Value {
        let mut cache = json!({
            "name": format!("{COLLECTION}/{}", self.id),
            "model": self.model,
            "usageMetadata": {"totalTokenCount": self.tokens},
            "createTime": time::print(self.created),
            "updateTime": time::print(self.updated),
            "expireTime": time::print(self.expires),
        });
        if let Some(name) = &self.display_name {
            cache["displayName"] = name.as_str().into();
        }
        cache
    }
}

/// The name of a model without `models/`.
pub(crate) fn model_name(model: &str) -> &str {
    model.strip_prefix("models/").unwrap_or(model)
}

/// When a cache expires, if the message tells.
fn expiry(message: &Json, now: SystemTime) -> Result<Option<SystemTime>, Refusal> {
    let text = |name| message.get(name).and_then(Json::as_str);
    let expires = match (text("ttl"), text("expireTime")) {
        (Some(ttl), _) => time::parse_duration(ttl).and_then(|ttl| now.checked_add(ttl)),
        (None, Some(at)) => time::parse(at),
        (None, None) => return Ok(None),
    };
    let is_ahead = |expires: &SystemTime| *expires > now;
    expires.filter(is_ahead).map(Some).ok_or_else(|| {
        Refusal::invalid_argument(
            "* CachedContent.expiration: ttl must be positive and expire_time in the future\n",
        )
    })
}

fn no_access() -> Refusal {
    Refusal::new(403, "PERMISSION_DENIED", "CachedContent not found (or permission denied)")
}

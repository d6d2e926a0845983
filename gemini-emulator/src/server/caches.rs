//! Cached contents.

use serde_json::json;

use super::call::Access;
use super::route::{Question, ok};
use crate::caches::{COLLECTION, Cache, model_name};
use crate::error::Refusal;
use crate::json::Json;
use crate::page::{Page, PageSizes, parameter};
use crate::reply::Reply;
use crate::request::{read_cache, read_cache_update};

const PAGE_SIZES: PageSizes = PageSizes { usual: 50, largest: 1000 };
const CREATE: &str = "createCachedContent";

impl Question<'_> {
    pub(super) fn cache(&self, access: Access<'_>, version: &str) -> Result<Reply, Refusal> {
        let body = match access {
            Access::Create => return self.create_cache(version),
            Access::List => {
                let page = Page::read(self.query(), PAGE_SIZES)?;
                self.shared
                    .store(|store, _| page.of(COLLECTION, store.caches.iter(), Cache::describe))
            }
            Access::Get { id } => {
                self.shared.store(|store, _| store.caches.get(id).map(Cache::describe))?
            }
            Access::Update { id } => {
                let mask = parameter(self.query(), "updateMask");
                let change = read_cache_update(&self.json()?, mask)?;
                self.shared.store(|store, now| {
                    store.caches.update(id, &change, now).map(Cache::describe)
                })?
            }
            Access::Delete { id } => {
                self.shared.store(|store, _| store.caches.remove(id))?;
                json!({})
            }
        };
        Ok(ok(body))
    }

    fn create_cache(&self, version: &str) -> Result<Reply, Refusal> {
        let settings = &self.shared.settings;
        let (cache, attached) = read_cache(&self.json()?)?;
        let model = cache.get("model").and_then(Json::as_str).unwrap_or_default();
        let model = model_name(model);
        settings.models.check(model, (version, CREATE))?;
        self.shared.resolve(model, &attached)?;
        let tokens = attached.tokens;
        let described = self.shared.store(|store, now| {
            let place = (settings.seed, now);
            store.caches.create((&cache, tokens), settings.caches, place).map(Cache::describe)
        })?;
        Ok(ok(described))
    }
}

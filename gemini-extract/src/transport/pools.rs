//! A pool of connections for each runtime: a connection is driven by the runtime that it was
//! opened on, and stands still on another one while that runtime does.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Url, redirect};
use tokio::runtime::Id;

use super::is_loopback;
use crate::error::Fault;
use crate::{Error, Result};

const API_KEY: HeaderName = HeaderName::from_static("x-goog-api-key");
const API_CLIENT: HeaderName = HeaderName::from_static("x-goog-api-client");
const CLIENT_NAME: &str = concat!("gemini-extract/", env!("CARGO_PKG_VERSION"));
/// So many pools are kept; a program that starts runtimes all the time doesn't gather more.
const MOST_POOLS: usize = 16;

/// What every connection needs to know.
#[derive(Clone, Debug)]
pub(super) struct PoolSettings {
    /// Decides what the pool has to be able to do.
    pub(super) base: Url,
    pub(super) key: HeaderValue,
    pub(super) connect_timeout: Duration,
}

/// The pools, the one that was used last at the end.
#[derive(Debug)]
pub(super) struct Pools {
    settings: PoolSettings,
    known: Mutex<Vec<Pool>>,
}

#[derive(Debug)]
struct Pool {
    /// Absent before the first call.
    runtime: Option<Id>,
    client: reqwest::Client,
}

impl Pools {
    /// Makes the first pool, and so shows that it can be made.
    pub(super) fn new(settings: PoolSettings) -> Result<Self> {
        let pool = Pool { runtime: None, client: connect(&settings)? };
        Ok(Self { settings, known: Mutex::new(vec![pool]) })
    }

    /// The pool of a runtime.
    pub(super) fn of(&self, runtime: Id) -> Result<reqwest::Client> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let is_fit = |pool: &Pool| pool.runtime.is_none_or(|known| known == runtime);
        let client = match known.iter().position(is_fit) {
            Some(place) => known.remove(place).client,
            None => connect(&self.settings)?,
        };
        if known.len() >= MOST_POOLS {
            known.remove(0);
        }
        known.push(Pool { runtime: Some(runtime), client: client.clone() });
        Ok(client)
    }
}

fn connect(settings: &PoolSettings) -> Result<reqwest::Client> {
    let mut headers = HeaderMap::new();
    headers.insert(API_KEY, settings.key.clone());
    headers.insert(API_CLIENT, HeaderValue::from_static(CLIENT_NAME));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let builder = reqwest::Client::builder()
        .default_headers(headers)
        .user_agent(CLIENT_NAME)
        .connect_timeout(settings.connect_timeout)
        .redirect(redirect::Policy::none());
    let client = for_base(builder, &settings.base).build();
    client.map_err(|error| Error::fault(Fault::Tls, Some(error.without_url().into())))
}

/// Plain HTTP needs no certificates, so a machine without any can still use it; and a server on
/// this machine is never behind a proxy.
fn for_base(builder: reqwest::ClientBuilder, base: &Url) -> reqwest::ClientBuilder {
    let builder = if is_loopback(base) { builder.no_proxy() } else { builder };
    #[cfg(feature = "rustls")]
    let builder = if base.scheme() == "http" { builder.tls_certs_only([]) } else { builder };
    builder
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pools() -> Pools {
        let settings = PoolSettings {
            base: Url::parse("http://127.0.0.1:9").expect("a URL"),
            key: HeaderValue::from_static("key"),
            connect_timeout: Duration::from_secs(1),
        };
        Pools::new(settings).expect("pools")
    }

    #[test]
    fn a_runtime_keeps_its_pool_and_old_pools_are_dropped() {
        let pools = pools();
        let runtimes: Vec<_> = (0..=MOST_POOLS)
            .map(|_| tokio::runtime::Builder::new_current_thread().build().expect("a runtime"))
            .collect();
        let known = || {
            let known = pools.known.lock().expect("not poisoned");
            known.iter().filter_map(|pool| pool.runtime).collect::<Vec<_>>()
        };
        let ids: Vec<_> = runtimes.iter().map(|runtime| runtime.handle().id()).collect();
        for id in &ids[..MOST_POOLS] {
            pools.of(*id).expect("a pool");
        }
        assert_eq!(known(), ids[..MOST_POOLS]);
        pools.of(ids[0]).expect("a pool");
        assert_eq!(known().len(), MOST_POOLS);
        pools.of(ids[MOST_POOLS]).expect("a pool");
        assert_eq!(known().len(), MOST_POOLS);
        assert!(known().contains(&ids[0]) && !known().contains(&ids[1]), "the oldest goes");
    }
}

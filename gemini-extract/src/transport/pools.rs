//! A pool of connections for each runtime: a connection is driven by the runtime that it was
//! opened on, and stands still on another one while that runtime does.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use http::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{ClientBuilder, Url, redirect};
use tokio::runtime::Id;

use super::{Connections, ProxyChoice, is_loopback};
use crate::error::Fault;
use crate::{Error, Result};

const API_CLIENT: HeaderName = HeaderName::from_static("x-goog-api-client");
const CLIENT_NAME: &str = concat!("gemini-extract/", env!("CARGO_PKG_VERSION"));
/// So many pools are kept; a program that starts runtimes all the time doesn't gather more.
const MOST_POOLS: usize = 16;

/// What every connection needs to know.
#[derive(Clone, Debug)]
pub(super) struct PoolSettings {
    /// Decides what the pool has to be able to do.
    pub(super) base: Url,
    pub(super) connections: Connections,
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
    /// One; or several that take turns, because over HTTP/2 each has one connection only.
    clients: VecDeque<reqwest::Client>,
}

impl Pools {
    /// Makes the first pool, and so shows that it can be made.
    pub(super) fn new(settings: PoolSettings) -> Result<Self> {
        let pool = Pool { runtime: None, clients: connect_all(&settings)? };
        Ok(Self { settings, known: Mutex::new(vec![pool]) })
    }

    /// Drops all pools, and with them the connections that nobody uses.
    pub(super) fn close(&self) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The pool of a runtime.
    pub(super) fn of(&self, runtime: Id) -> Result<reqwest::Client> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let is_fit = |pool: &Pool| pool.runtime.is_none_or(|known| known == runtime);
        match known.iter().rposition(is_fit) {
            Some(place) => {
                known.get_mut(place..).into_iter().for_each(|later| later.rotate_left(1))
            }
            None => {
                let pool = Pool { runtime: None, clients: connect_all(&self.settings)? };
                if known.len() >= MOST_POOLS {
                    known.remove(0);
                }
                known.push(pool);
            }
        }
        let client = known.last_mut().and_then(|pool| {
            pool.runtime = Some(runtime);
            pool.clients.rotate_left(1);
            pool.clients.front().cloned()
        });
        client.map_or_else(|| connect(&self.settings), Ok)
    }
}

fn connect_all(settings: &PoolSettings) -> Result<VecDeque<reqwest::Client>> {
    (0..settings.connections.shards()).map(|_| connect(settings)).collect()
}

fn connect(settings: &PoolSettings) -> Result<reqwest::Client> {
    let mut headers = HeaderMap::new();
    headers.insert(API_CLIENT, HeaderValue::from_static(CLIENT_NAME));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let connections = &settings.connections;
    let builder = reqwest::Client::builder()
        .default_headers(headers)
        .user_agent(CLIENT_NAME)
        .connect_timeout(connections.connect_timeout())
        .redirect(redirect::Policy::none());
    let builder = match connections.idle_connections {
        Some(most) => builder.pool_max_idle_per_host(most),
        None => builder,
    };
    let builder = by_proxy(builder, settings);
    let client = with_http2(with_roots(builder, settings), settings).build();
    let fault = if connections.has_roots() { Fault::Roots } else { Fault::Tls };
    client.map_err(|error| Error::fault(fault, Some(error.without_url().into())))
}

/// A server on this machine is never behind the proxy of the environment.
fn by_proxy(builder: ClientBuilder, settings: &PoolSettings) -> ClientBuilder {
    let choice = &settings.connections.proxy;
    match choice.proxy() {
        Ok(Some(proxy)) => builder.proxy(proxy),
        _ if matches!(choice, ProxyChoice::None) || is_loopback(&settings.base) => {
            builder.no_proxy()
        }
        _ => builder,
    }
}

/// Plain HTTP needs no certificates, so a machine without any can still use it.
#[cfg(feature = "rustls")]
fn with_roots(builder: ClientBuilder, settings: &PoolSettings) -> ClientBuilder {
    let roots = settings.connections.roots().unwrap_or_default();
    match settings.base.scheme() {
        // A proxy may be reached over TLS all the same.
        "http" => builder.tls_certs_only(roots),
        _ => builder.tls_certs_merge(roots),
    }
}

#[cfg(not(feature = "rustls"))]
fn with_roots(builder: ClientBuilder, _: &PoolSettings) -> ClientBuilder {
    builder
}

/// Over TLS both sides agree on the version; without it the client has to know.
#[cfg(feature = "http2")]
fn with_http2(builder: ClientBuilder, settings: &PoolSettings) -> ClientBuilder {
    match (settings.connections.is_http2(), settings.base.scheme()) {
        (true, "http") => builder.http2_prior_knowledge(),
        (true, _) => builder,
        (false, _) => builder.http1_only(),
    }
}

#[cfg(not(feature = "http2"))]
fn with_http2(builder: ClientBuilder, _: &PoolSettings) -> ClientBuilder {
    builder
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pools() -> Pools {
        let settings = PoolSettings {
            base: Url::parse("http://127.0.0.1:9").expect("a URL"),
            connections: Connections::default(),
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

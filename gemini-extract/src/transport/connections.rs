//! How connections are made and kept.

use std::fmt;
use std::time::Duration;

use reqwest::{Proxy, Url};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const RESPONSE_LIMIT: usize = 32 * 1024 * 1024;

/// What was set; what wasn't has its default.
#[derive(Clone, Debug, Default)]
pub(crate) struct Connections {
    pub(crate) connect_timeout: Option<Duration>,
    /// How long a server may be silent within an answer.
    pub(crate) idle_timeout: Option<Duration>,
    pub(crate) response_limit: Option<usize>,
    pub(crate) proxy: ProxyChoice,
    /// Certificates in PEM.
    #[cfg(feature = "rustls")]
    pub(crate) roots: Vec<Vec<u8>>,
    pub(crate) idle_connections: Option<usize>,
    /// How many connections speak HTTP/2 at once.
    #[cfg(feature = "http2")]
    pub(crate) http2: Option<usize>,
}

/// Which proxy is used.
#[derive(Clone, Default)]
pub(crate) enum ProxyChoice {
    /// That of the environment.
    #[default]
    Environment,
    None,
    /// The one with this URL, which may hold a password.
    Url(String),
}

impl Connections {
    pub(crate) fn connect_timeout(&self) -> Duration {
        self.connect_timeout.unwrap_or(CONNECT_TIMEOUT)
    }

    pub(crate) fn idle_timeout(&self) -> Duration {
        self.idle_timeout.unwrap_or(Duration::MAX)
    }

    pub(crate) fn response_limit(&self) -> usize {
        self.response_limit.unwrap_or(RESPONSE_LIMIT)
    }

    /// How many clients share the calls.
    pub(super) fn shards(&self) -> usize {
        #[cfg(feature = "http2")]
        return self.http2.unwrap_or(1);
        #[cfg(not(feature = "http2"))]
        1
    }

    #[cfg(feature = "http2")]
    pub(super) fn is_http2(&self) -> bool {
        self.http2.is_some()
    }

    /// What is unusable. The texts don't repeat the proxy's URL.
    pub(crate) fn problems(&self) -> Vec<String> {
        let zero = |time: Option<Duration>| time.is_some_and(|time| time.is_zero());
        let checks = [
            (zero(self.connect_timeout), "the timeout for connecting must not be zero"),
            (zero(self.idle_timeout), "the timeout for silence must not be zero"),
            (self.response_limit == Some(0), "the response limit must not be zero"),
            (self.shards() == 0, "there must be at least one connection"),
            (self.proxy.proxy().is_err(), "the proxy must be an http:// or https:// URL"),
            #[cfg(feature = "rustls")]
            (self.roots().is_none(), "the root certificates must be in PEM"),
        ];
        let broken = checks.into_iter().filter(|(is_broken, _)| *is_broken);
        broken.map(|(_, text)| text.to_owned()).collect()
    }

    /// Whether root certificates were named.
    pub(super) fn has_roots(&self) -> bool {
        #[cfg(feature = "rustls")]
        return !self.roots.is_empty();
        #[cfg(not(feature = "rustls"))]
        false
    }

    /// The certificates; `None` where there is something else.
    #[cfg(feature = "rustls")]
    pub(super) fn roots(&self) -> Option<Vec<reqwest::Certificate>> {
        let bundles = self.roots.iter().map(|pem| {
            let bundle = reqwest::Certificate::from_pem_bundle(pem).ok();
            bundle.filter(|certificates| !certificates.is_empty())
        });
        Some(bundles.collect::<Option<Vec<_>>>()?.into_iter().flatten().collect())
    }
}

impl ProxyChoice {
    /// The proxy that was named.
    pub(super) fn proxy(&self) -> Result<Option<Proxy>, ()> {
        let Self::Url(text) = self else { return Ok(None) };
        let url = Url::parse(text).map_err(|_| ())?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(());
        }
        Proxy::all(url).map(Some).map_err(|_| ())
    }
}

impl fmt::Debug for ProxyChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Environment => "Environment",
            Self::None => "None",
            Self::Url(_) => "Url(***)",
        })
    }
}

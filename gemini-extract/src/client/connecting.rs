//! The settings of connections.

use std::time::Duration;

use super::ClientBuilder;
use crate::transport::ProxyChoice;

/// How connections are made and kept.
impl ClientBuilder {
    /// How long connecting may take, 10 seconds by default.
    pub fn with_connect_timeout(mut self, timeout: Duration) -> Self {
        self.connections.connect_timeout = Some(timeout);
        self
    }

    /// How long the service may be silent in the middle of an answer; by default as long as the
    /// call or the attempt may take. The time before the answer begins isn't silence.
    pub fn with_idle_timeout(mut self, timeout: Duration) -> Self {
        self.connections.idle_timeout = Some(timeout);
        self
    }

    /// How many bytes an answer may have, 32 MiB by default. No more is kept in memory.
    pub fn with_response_limit(mut self, bytes: usize) -> Self {
        self.connections.response_limit = Some(bytes);
        self
    }

    /// Sends everything through this proxy, an `http://` or `https://` URL that may hold a user
    /// name and a password, instead of the one that the environment names (`HTTPS_PROXY`,
    /// `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`).
    pub fn with_proxy(mut self, url: impl Into<String>) -> Self {
        self.connections.proxy = ProxyChoice::Url(url.into());
        self
    }

    /// Uses no proxy, whatever the environment names.
    pub fn without_proxy(mut self) -> Self {
        self.connections.proxy = ProxyChoice::None;
        self
    }

    /// Trusts these root certificates beside those of the system: one or several in PEM, for a
    /// gateway with a certificate of its own. Can be given several times.
    #[cfg(feature = "rustls")]
    pub fn with_root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.connections.roots.push(pem.into());
        self
    }

    /// How many idle connections are kept for reuse, as many as there were by default.
    pub fn with_idle_connections(mut self, connections: usize) -> Self {
        self.connections.idle_connections = Some(connections);
        self
    }

    /// Speaks HTTP/2 over so many connections: over TLS where the server does, and without TLS
    /// always.
    ///
    /// Calls take turns among the connections. A server limits how many of them are on their way
    /// on one connection, often to 100. HTTP/1.1, the default, opens as many connections as are
    /// needed.
    #[cfg(feature = "http2")]
    pub fn with_http2(mut self, connections: usize) -> Self {
        self.connections.http2 = Some(connections);
        self
    }
}

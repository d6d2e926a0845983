//! How connections are made, kept, trusted and closed.

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Waker};
use std::time::Duration;

use gemini_emulator::{Emulator, Reply};
use gemini_extract::{Error, ErrorKind, Retry};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::harness::{Leaping, RawServer, Then, builder, client, in_environment};

const ANSWER: &str = r#"{"candidates":[{"content":{"parts":[{"text":"7"}]}}]}"#;
const OPEN_ENDED: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n";
const SHORT: Duration = Duration::from_millis(60);

async fn ask(client: &gemini_extract::Client) -> Result<u8, Error> {
    client.extract("prompt").await
}

#[tokio::test]
async fn silence_within_an_answer_ends_it() {
    let beginning = format!("{OPEN_ENDED}{}", &ANSWER[..20]);
    let server = RawServer::start(beginning, Then::Wait).await;
    let client = builder(&server.url).with_idle_timeout(SHORT).build().unwrap();
    let error = ask(&client).await.expect_err("nothing more comes");
    assert_eq!((error.kind(), error.is_retryable()), (ErrorKind::Timeout, true));
    assert!(error.to_string().contains("nothing more of the answer for 60ms"), "{error}");
}

#[tokio::test]
async fn an_attempt_has_a_time_of_its_own() {
    let server = RawServer::start("", Then::Wait).await;
    let twice = builder(&server.url)
        .with_clock(Leaping::new())
        .with_retry(Retry::default().attempts(2))
        .with_attempt_timeout(SHORT);
    let error = ask(&twice.clone().build().unwrap()).await.expect_err("no answer comes");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Timeout, 2));
    assert!(error.to_string().contains("no whole answer to an attempt after 60ms"), "{error}");
    assert!(server.received().contains("x-server-timeout: 1\r\n"));

    let whole = twice.with_timeout(SHORT).with_attempt_timeout(SHORT * 2).build().unwrap();
    let error = ask(&whole).await.expect_err("no answer comes");
    assert!(error.to_string().contains("no whole answer after 60ms"), "{error}");
    assert_eq!(error.attempts(), 1);

    let call = client(&server.url).extract::<u8>("prompt").with_attempt_timeout(SHORT);
    let error = call.await.expect_err("no answer comes");
    assert!(error.to_string().contains("to an attempt after 60ms"), "{error}");
}

/// Answers requests over one connection, one after the other.
async fn serve(mut stream: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
    let mut request = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&request).to_lowercase();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length.and_then(|length| length.parse().ok()).unwrap_or(0) {
                let length = ANSWER.len();
                let answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{ANSWER}");
                stream.write_all(answer.as_bytes()).await?;
                request.clear();
            }
        }
        if stream.read_buf(&mut request).await? == 0 {
            return Ok(());
        }
    }
}

/// A server that keeps its connections, and how many there were.
async fn keeping_server() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let url = format!("http://{}", listener.local_addr().expect("it is bound"));
    let connections = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&connections);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(serve(stream));
        }
    });
    (url, connections)
}

#[tokio::test]
async fn connections_are_used_again() {
    let (url, connections) = keeping_server().await;
    let kept = client(&url);
    for _ in 0..5 {
        assert_eq!(ask(&kept.clone()).await.unwrap(), 7);
    }
    assert_eq!(connections.swap(0, Ordering::SeqCst), 1);

    let dropped = builder(&url).with_idle_connections(0).build().unwrap();
    for _ in 0..5 {
        assert_eq!(ask(&dropped).await.unwrap(), 7);
    }
    assert_eq!(connections.load(Ordering::SeqCst), 5);
}

#[tokio::test]
async fn a_proxy_that_is_named_is_used() {
    let proxy = RawServer::start(format!("{OPEN_ENDED}{ANSWER}"), Then::Close).await;
    let url = proxy.url.replace("http://", "http://user:planted-password@");
    let builder = builder("http://gemini.invalid").with_proxy(url);
    assert!(!format!("{builder:?}").contains("planted"), "{builder:?}");
    let client = builder.build().unwrap();
    assert!(!format!("{client:?}").contains("planted"), "{client:?}");
    assert_eq!(ask(&client).await.unwrap(), 7);
    let received = proxy.received();
    assert!(received.starts_with("POST http://gemini.invalid/v1beta/models/"), "{received}");
    assert!(received.to_lowercase().contains("proxy-authorization: basic"), "{received}");
}

/// `0.0.0.0` leads to this machine, and isn't known as one of its addresses.
#[cfg(target_os = "linux")]
#[test]
fn the_proxy_of_the_environment_can_be_left_out() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let proxy = RawServer::start(format!("{OPEN_ENDED}{ANSWER}"), Then::Close);
    let proxy = runtime.block_on(proxy);
    let name = "connections::the_proxy_of_the_environment_can_be_left_out";
    let was_started = in_environment(name, &[("HTTP_PROXY", proxy.url.as_str())], async {
        let server = RawServer::start(format!("{OPEN_ENDED}{ANSWER}"), Then::Close).await;
        let builder = builder(&server.url.replace("127.0.0.1", "0.0.0.0"));
        assert_eq!(ask(&builder.clone().build().unwrap()).await.unwrap(), 7);
        assert_eq!(server.received(), "", "the proxy answers");
        assert_eq!(ask(&builder.without_proxy().build().unwrap()).await.unwrap(), 7);
        assert!(server.received().starts_with("POST /v1beta"));
    });
    if was_started {
        assert!(proxy.received().starts_with("POST http://0.0.0.0:"));
    }
}

#[test]
fn bad_settings_are_told_without_repeating_them() {
    for url in ["nonsense", "ftp://planted@127.0.0.1", "socks5://planted@127.0.0.1", ""] {
        let error = builder("http://127.0.0.1:1").with_proxy(url).build().expect_err(url);
        let text = format!("{error} {error:?}");
        assert!(text.contains("the proxy must be") && !text.contains("planted"), "{text}");
    }
    let error = builder("http://127.0.0.1:1").with_idle_timeout(Duration::ZERO).build();
    assert!(error.expect_err("zero").to_string().contains("silence"));
}

#[tokio::test]
async fn a_closed_client_lets_calls_end_and_begins_none() {
    let (url, _) = keeping_server().await;
    let client = client(&url);
    assert_eq!(ask(&client).await.unwrap(), 7);
    client.close().await;
    client.close().await;
    for client in [client.clone(), client] {
        let error = ask(&client).await.expect_err("it is closed");
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Closed, 0));
        assert_eq!(error.to_string(), "the client is closed");
    }
}

#[tokio::test]
async fn closing_waits_for_calls_on_their_way() {
    for is_dropped in [false, true] {
        let server = RawServer::start("", Then::Wait).await;
        let client = builder(&server.url).with_timeout(SHORT * 5).build().unwrap();
        let call = tokio::spawn(client.extract::<u8>("prompt").into_future());
        while server.received().is_empty() {
            tokio::task::yield_now().await;
        }
        let mut closing = pin!(client.close());
        let early = closing.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert!(early.is_pending(), "the call is still on its way");
        if is_dropped {
            call.abort();
        }
        closing.await;
        assert_eq!(call.await.is_err(), is_dropped);
    }
}

#[tokio::test]
async fn an_emulator_answers_a_client_with_all_of_it() {
    let emulator = Emulator::start().await.unwrap();
    emulator.enqueue(Reply::text("7"));
    let client = builder(emulator.url())
        .with_connect_timeout(Duration::from_secs(5))
        .with_idle_timeout(Duration::from_secs(5))
        .with_idle_connections(2)
        .without_proxy();
    assert_eq!(ask(&client.build().unwrap()).await.unwrap(), 7);
}

#[cfg(feature = "rustls")]
mod tls {
    use gemini_extract::ErrorKind;
    use tokio::net::TcpListener;
    use tokio_rustls::TlsAcceptor;
    use tokio_rustls::rustls::ServerConfig;
    use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

    use super::{ask, serve};
    use crate::harness::builder;

    /// A server with a certificate of its own, which is given in PEM.
    async fn server() -> (String, String) {
        let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        let made = rcgen::generate_simple_self_signed(names).expect("a certificate");
        let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        let config = ServerConfig::builder().with_no_client_auth();
        let chain = vec![made.cert.der().clone()];
        let config = config.with_single_cert(chain, PrivateKeyDer::Pkcs8(key)).expect("a pair");
        let acceptor = TlsAcceptor::from(std::sync::Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let port = listener.local_addr().expect("it is bound").port();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                if let Ok(stream) = acceptor.accept(stream).await {
                    tokio::spawn(serve(stream));
                }
            }
        });
        (format!("https://localhost:{port}"), made.cert.pem())
    }

    #[tokio::test]
    async fn a_certificate_of_one_s_own_is_trusted_when_it_is_named() {
        let (url, pem) = server().await;
        let trusting = builder(&url).with_root_certificates(pem.as_str());
        assert_eq!(ask(&trusting.build().unwrap()).await.unwrap(), 7);
        // A machine without certificates makes no client for https.
        if let Ok(strict) = builder(&url).build() {
            let error = ask(&strict).await.expect_err("nobody knows it");
            assert_eq!(error.kind(), ErrorKind::Transport);
        }
        let (other, _) = server().await;
        let trusting = builder(&other).with_root_certificates(pem);
        let error = ask(&trusting.build().unwrap()).await.expect_err("another certificate");
        assert_eq!(error.kind(), ErrorKind::Transport);
    }

    #[test]
    fn certificates_must_be_in_pem() {
        for pem in ["", "nonsense"] {
            let error = builder("https://localhost").with_root_certificates(pem).build();
            let error = error.expect_err(pem);
            assert!(error.to_string().contains("must be in PEM"), "{error}");
        }
        let odd = "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n";
        let error = builder("https://localhost").with_root_certificates(odd).build();
        let error = error.expect_err("no certificate");
        assert!(error.to_string().contains("named by `with_root_certificates`"), "{error}");
    }
}

#[cfg(feature = "http2")]
mod http2 {
    use std::convert::Infallible;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use http_body_util::Full;
    use hyper::body::{Bytes, Incoming};
    use hyper::server::conn::http2;
    use hyper::service::service_fn;
    use hyper::{Request, Response};
    use hyper_util::rt::{TokioExecutor, TokioIo};
    use tokio::net::TcpListener;

    use super::{ANSWER, ask, keeping_server};
    use crate::harness::builder;

    /// A server that speaks nothing else, and how many connections it has had.
    async fn server() -> (String, Arc<AtomicUsize>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let url = format!("http://{}", listener.local_addr().expect("it is bound"));
        let connections = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&connections);
        let answer = async |_: Request<Incoming>| {
            Ok::<_, Infallible>(Response::new(Full::new(Bytes::from(ANSWER))))
        };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                let server = http2::Builder::new(TokioExecutor::new());
                tokio::spawn(server.serve_connection(TokioIo::new(stream), service_fn(answer)));
            }
        });
        (url, connections)
    }

    #[tokio::test]
    async fn it_is_spoken_when_it_is_asked_for() {
        let (url, _) = server().await;
        assert_eq!(ask(&builder(&url).with_http2(1).build().unwrap()).await.unwrap(), 7);
        ask(&builder(&url).build().unwrap()).await.expect_err("HTTP/1.1 by default");
        let (url, _) = keeping_server().await;
        ask(&builder(&url).with_http2(1).build().unwrap()).await.expect_err("it speaks HTTP/1.1");
    }

    #[tokio::test]
    async fn calls_take_turns_among_the_connections() {
        for (connections, expected) in [(1, 1), (3, 3)] {
            let (url, count) = server().await;
            let client = builder(&url).with_http2(connections).build().unwrap();
            for _ in 0..9 {
                assert_eq!(ask(&client).await.unwrap(), 7);
            }
            assert_eq!(count.load(Ordering::SeqCst), expected);
        }
        let error = builder("http://127.0.0.1:1").with_http2(0).build().expect_err("none");
        assert!(error.to_string().contains("at least one connection"), "{error}");
    }
}

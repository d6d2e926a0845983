//! What can go wrong on the line.

use std::error::Error as _;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use gemini_emulator::{Emulator, Reply};
use gemini_extract::{Client, ErrorKind};

use crate::harness::{KEY, RawServer, Then, builder, client, fail, in_environment};

const ANSWER: &str = r#"{"candidates":[{"content":{"parts":[{"text":"[1]"}]}}]}"#;
const OPEN_ENDED: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n";

#[tokio::test]
async fn a_connection_dropped_before_the_answer() {
    let error = fail(Reply::disconnect()).await;
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(error.is_retryable() && error.source().is_some());
    assert!(error.to_string().contains("before the answer"), "{error}");
}

#[tokio::test]
async fn a_connection_dropped_within_the_answer() {
    let error = fail(Reply::disconnect_mid_body()).await;
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert_eq!(error.status().map(|status| status.as_u16()), Some(200));
    assert!(error.to_string().contains("in the middle of the answer"), "{error}");
}

#[tokio::test]
async fn a_connection_dropped_within_an_error_keeps_the_status() {
    let reply = Reply::error(503, "UNAVAILABLE", "a long message").cut_after(10);
    let error = fail(reply).await;
    assert_eq!(error.kind(), ErrorKind::Unavailable);
}

#[tokio::test]
async fn an_error_whose_body_never_ends_keeps_the_status() {
    let server = RawServer::start("HTTP/1.1 503 \r\n\r\n{\"error\":", Then::Wait).await;
    let timeout = Duration::from_millis(200);
    let call = client(&server.url).extract::<u8>("prompt").with_timeout(timeout);
    let error = call.await.expect_err("it never ends");
    assert_eq!(error.kind(), ErrorKind::Unavailable);
}

#[tokio::test]
async fn nobody_listens() {
    // Port 1 belongs to a service that no machine runs any more.
    let call = client("http://127.0.0.1:1").extract::<u8>("prompt");
    let error = call.await.expect_err("nobody listens");
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(error.to_string().contains("could not connect"), "{error}");
}

#[tokio::test]
async fn an_answer_over_the_limit() {
    let emulator = Emulator::start().await.unwrap();
    let large = format!("[{}1]", "1,".repeat(50_000));
    emulator.enqueue(Reply::text(large));
    let client = builder(emulator.url()).with_response_limit(10_000).build().unwrap();
    let error = client.extract::<Vec<u8>>("prompt").await.expect_err("it is too large");
    assert_eq!(error.kind(), ErrorKind::ResponseTooLarge);
    assert!(error.to_string().contains("10000 bytes"), "{error}");
}

#[tokio::test]
async fn an_answer_without_a_length_is_cut_at_the_limit() {
    let endless = format!("{OPEN_ENDED}{}", " ".repeat(100_000));
    let server = RawServer::start(endless, Then::Wait).await;
    let client = builder(&server.url).with_response_limit(50_000).build().unwrap();
    let error = client.extract::<u8>("prompt").await.expect_err("it is too large");
    assert_eq!(error.kind(), ErrorKind::ResponseTooLarge);
}

#[tokio::test]
async fn an_answer_at_the_limit_is_read() {
    let server = RawServer::start(format!("{OPEN_ENDED}{ANSWER}"), Then::Close).await;
    let at = |limit| builder(&server.url).with_response_limit(limit).build().unwrap();
    let value: Vec<u8> = at(ANSWER.len()).extract("prompt").await.unwrap();
    assert_eq!(value, [1]);
    let error = at(ANSWER.len() - 1).extract::<Vec<u8>>("prompt").await.expect_err("over it");
    assert_eq!(error.kind(), ErrorKind::ResponseTooLarge);
}

#[tokio::test]
async fn a_body_that_never_ends_runs_into_the_timeout() {
    let beginning = format!("{OPEN_ENDED}{}", &ANSWER[..20]);
    let server = RawServer::start(beginning, Then::Wait).await;
    let timeout = Duration::from_millis(100);
    let call = client(&server.url).extract::<u8>("prompt").with_timeout(timeout);
    let error = call.await.expect_err("it never ends");
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.is_timeout() && error.is_retryable());
    assert_eq!(error.to_string(), "the call timed out: no whole answer after 100ms");
    assert!(server.received().contains("x-server-timeout: 1\r\n"));
}

#[tokio::test]
async fn the_client_has_a_timeout_too() {
    let server = RawServer::start("", Then::Wait).await;
    let client = builder(&server.url).with_timeout(Duration::from_millis(50)).build().unwrap();
    let error = client.extract::<u8>("prompt").await.expect_err("no answer comes");
    assert_eq!(error.kind(), ErrorKind::Timeout);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Emulator::start().await.unwrap();
    for status in [301, 302, 303, 307, 308] {
        let reply = Reply::raw(status, "text/html", "moved").header("Location", elsewhere.url());
        let error = fail(reply).await;
        assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
        assert_eq!(error.status().map(|found| found.as_u16()), Some(status));
        assert!(error.help().contains("Redirects"));
    }
    assert!(elsewhere.requests().is_empty(), "the key stays with one host");
}

#[tokio::test]
async fn the_call_can_move_between_threads_and_runs_in_a_task() {
    let server = RawServer::start(format!("{OPEN_ENDED}{ANSWER}"), Then::Close).await;
    let call = client(&server.url).extract::<Vec<u8>>("prompt");
    let task = tokio::spawn(async move { call.await.map(|value| value.len()) });
    assert_eq!(task.await.unwrap().unwrap(), 1);
}

#[test]
fn certificates_are_needed_for_https_only() {
    let none = [("SSL_CERT_FILE", "/nonexistent"), ("SSL_CERT_DIR", "/nonexistent")];
    in_environment("line::certificates_are_needed_for_https_only", &none, async {
        let server = RawServer::start(format!("{OPEN_ENDED}{ANSWER}"), Then::Close).await;
        let value: Vec<u8> = client(&server.url).extract("prompt").await.unwrap();
        assert_eq!(value, [1]);
        if cfg!(all(target_os = "linux", feature = "rustls")) {
            let error = Client::builder().api_key(KEY).build().expect_err("no certificates");
            assert_eq!(error.kind(), ErrorKind::Configuration);
            assert!(error.to_string().contains("root certificates"), "{error}");
        }
    });
}

#[test]
fn a_client_serves_several_runtimes() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let server = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let server = server.unwrap();
    let emulator = server.block_on(Emulator::start()).unwrap();
    let client = builder(emulator.url()).with_timeout(Duration::from_secs(5)).build().unwrap();
    // A connection of the first runtime stands still while the second one runs.
    let runtimes = [runtime(), runtime()];
    for runtime in [&runtimes[0], &runtimes[1], &runtimes[0]] {
        emulator.enqueue(Reply::text("[1]"));
        let value: Vec<u8> = runtime.block_on(client.extract("prompt").into_future()).unwrap();
        assert_eq!(value, [1]);
    }
}

#[test]
fn without_a_runtime_the_call_says_so() {
    let mut call = client("http://127.0.0.1:1").extract::<u8>("prompt").into_future();
    let poll = call.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    let Poll::Ready(Err(error)) = poll else { panic!("it fails at once") };
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(error.to_string().contains("Tokio runtime"), "{error}");
}

#[test]
fn a_server_on_this_machine_is_reached_without_a_proxy() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let proxy = runtime.block_on(RawServer::start("HTTP/1.1 502 \r\n\r\n", Then::Close));
    let variables = [("HTTP_PROXY", proxy.url.as_str()), ("HTTPS_PROXY", proxy.url.as_str())];
    let name = "line::a_server_on_this_machine_is_reached_without_a_proxy";
    let was_started = in_environment(name, &variables, async {
        // A machine without certificates makes no client for https.
        let clients = ["http", "https"].map(|scheme| builder(&format!("{scheme}://127.0.0.1:1")));
        for client in clients.into_iter().filter_map(|builder| builder.build().ok()) {
            let error = client.extract::<u8>("prompt").await.expect_err("nobody listens");
            assert_eq!(error.kind(), ErrorKind::Transport, "{error:?}");
        }
    });
    if was_started {
        assert_eq!(proxy.received(), "");
    }
}

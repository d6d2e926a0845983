//! Errands on real sockets.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use gemini_emulator::{Emulator, Reply};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};

use super::Errand;
use crate::policies::Policies;
use crate::request::{Collection, Resource};
use crate::transport::{self, Body};
use crate::{Client, Error, ErrorKind, ExponentialBackoff, Limits, Result, Retry};

const KEY: &str = "AIzaSyCanary-0123456789";

fn client(emulator: &Emulator) -> Client {
    let backoff = ExponentialBackoff::default().first(Duration::from_millis(1)).without_jitter();
    let builder = Client::builder().api_key(KEY).base_url(emulator.url());
    let builder = builder.with_retry(Retry::default().backoff(backoff));
    builder.with_limits(Limits::default().requests_per_minute(1)).build().expect("a client")
}

async fn start() -> Emulator {
    Emulator::start().await.expect("a port is free")
}

fn batches(client: &Client) -> Resource<'_> {
    Resource::all(client.site(), Collection::Batches).expect("it has batches")
}

async fn list(client: &Client) -> Result<Value> {
    client.fetch(Errand::get(batches(client))?, &Policies::default()).await
}

async fn create(client: &Client) -> Result<Value> {
    let resource = Resource::new_batch(client.site(), "m").expect("a name");
    let request = json!({"contents": [{"parts": [{"text": "x"}]}]});
    let rows = json!({"requests": [{"request": request, "metadata": {"key": "a"}}]});
    let body = json!({"batch": {"displayName": "d", "inputConfig": {"requests": rows}}});
    client.fetch(post(resource, &body, &[])?.once(), &Policies::default()).await
}

/// The headers of a step of an upload.
fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    let header = |(name, value): &(&'static str, &str)| {
        (HeaderName::from_static(name), HeaderValue::from_str(value).expect("plain"))
    };
    pairs.iter().map(header).collect()
}

fn post(resource: Resource<'_>, body: &Value, pairs: &[(&'static str, &str)]) -> Result<Errand> {
    Errand::send(resource, headers(pairs), body.to_string().into())
}

async fn begin(client: &Client) -> Result<String> {
    let resource = Resource::upload(client.site()).expect("it has files");
    let steps = [("x-goog-upload-protocol", "resumable"), ("x-goog-upload-command", "start")];
    let errand = post(resource, &json!({"file": {}}), &steps)?;
    let (reply, _) = client.run(errand, &Policies::default()).await?;
    let url = reply.upload_url.expect("there is a URL");
    Ok(url.to_str().expect("plain").to_owned())
}

async fn finish(client: &Client, url: &str) -> Result<Value> {
    let resource = Resource::upload(client.site()).expect("it has files");
    let errand = Errand::send(
        resource,
        headers(&[("x-goog-upload-command", "upload, finalize"), ("x-goog-upload-offset", "0")]),
        "hello".into(),
    )?;
    client.fetch(errand.redirected(client, url)?, &Policies::default()).await
}

async fn read(mut body: Box<dyn Body>) -> Vec<u8> {
    let mut bytes = Vec::new();
    while let Some(chunk) = std::future::poll_fn(|context| body.poll_chunk(context)).await {
        bytes.extend_from_slice(&chunk.expect("it is whole"));
    }
    bytes
}

#[tokio::test]
async fn a_batch_is_made_and_looked_at_and_deleted() {
    let emulator = start().await;
    let client = client(&emulator);
    let made = create(&client).await.expect("it is made");
    let name = made["name"].as_str().expect("it has a name");
    let named = |name| Resource::named(client.site(), Collection::Batches, name).expect(name);
    let policies = Policies::default();
    let errand = Errand::get(named(name)).expect("a URL");
    let found: Value = client.fetch(errand, &policies).await.expect("it is there");
    assert_eq!(found["metadata"]["displayName"], "d");
    assert_eq!(list(&client).await.expect("a list")["operations"][0]["name"], name);
    let errand = Errand::delete(named(name)).expect("a URL");
    client.run(errand, &policies).await.expect("it is deleted");
    let errand = Errand::get(named(name)).expect("a URL");
    let error = client.fetch::<Value>(errand, &policies).await.expect_err("it is gone");
    assert_eq!(error.kind(), ErrorKind::NotFound);
    // A request per minute for each model, and none of these was for one.
    assert_eq!(emulator.request_count(), 5);
    for request in emulator.requests() {
        assert!(!request.path.contains(KEY) && !request.path.contains("key="));
    }
}

#[tokio::test]
async fn caches_are_changed_in_part() {
    let emulator = start().await;
    let client = client(&emulator);
    let caches = || Resource::all(client.site(), Collection::CachedContents).expect("caches");
    let contents = json!([{"role": "user", "parts": [{"text": "word ".repeat(5_000)}]}]);
    let body = json!({"model": "models/gemini-3.8-flash", "contents": contents, "ttl": "60s"});
    let errand = post(caches(), &body, &[]).expect("a URL").once();
    let policies = Policies::default();
    let made: Value = client.fetch(errand, &policies).await.expect("it is made");
    let name = made["name"].as_str().expect("it has a name");
    let cache = Resource::named(client.site(), Collection::CachedContents, name).expect("plain");
    let errand = Errand::patch(cache.with("updateMask", "ttl"), &json!({"ttl": "3600s"}));
    let changed: Value = client.fetch(errand.expect("a URL"), &policies).await.expect("a change");
    assert_ne!(made["expireTime"], changed["expireTime"]);
}

#[tokio::test]
async fn bytes_are_uploaded_in_steps() {
    let emulator = start().await;
    let client = client(&emulator);
    let url = begin(&client).await.expect("it begins");
    let file = finish(&client, &url).await.expect("it is there");
    assert_eq!(file["file"]["sizeBytes"], "5");
}

#[tokio::test]
async fn an_upload_stays_with_the_service() {
    let (emulator, other) = (start().await, start().await);
    let client = client(&emulator);
    let inside = begin(&client).await.expect("it begins");
    let user = inside.replacen("http://", "http://user:password@", 1);
    let https = inside.replacen("http://", "https://", 1);
    let outside = inside.replacen(emulator.url(), other.url(), 1);
    for url in [&*user, &*https, &*outside, "", "/upload", "file:///etc/passwd"] {
        let error = finish(&client, url).await.expect_err(url);
        assert_eq!(error.kind(), ErrorKind::UnexpectedResponse, "{url}");
        assert!(error.to_string().contains("another server"), "{error}");
    }
    assert_eq!((emulator.request_count(), other.request_count()), (1, 0));
}

#[tokio::test]
async fn what_makes_something_is_repeated_only_where_nothing_was_made() {
    let emulator = start().await;
    let client = client(&emulator);
    for (reply, requests, kind) in [
        (Reply::error(429, "RESOURCE_EXHAUSTED", "later"), 2, None),
        (Reply::unavailable(), 1, Some(ErrorKind::Unavailable)),
        (Reply::error(504, "DEADLINE_EXCEEDED", "late"), 1, Some(ErrorKind::DeadlineExceeded)),
        (Reply::disconnect(), 1, Some(ErrorKind::Transport)),
        (Reply::raw(200, "text/html", "<p>"), 1, Some(ErrorKind::UnexpectedResponse)),
    ] {
        emulator.enqueue(reply);
        let error = create(&client).await.err();
        assert_eq!(error.as_ref().map(Error::kind), kind, "{error:?}");
        assert_eq!(emulator.take_requests().len(), requests, "{kind:?}");
    }
    emulator.enqueue(Reply::disconnect());
    list(&client).await.expect("looking again does no harm");
    assert_eq!(emulator.take_requests().len(), 2);
}

#[tokio::test]
async fn large_answers_come_in_pieces() {
    let emulator = start().await;
    let builder = Client::builder().api_key(KEY).base_url(emulator.url()).with_response_limit(64);
    let client = builder.build().expect("a client");
    let text = "line\n".repeat(1_000);
    let download = || {
        let file = Resource::download(client.site(), "files/x").expect("a name");
        Errand::get(file).expect("a URL")
    };
    emulator.enqueue(Reply::raw(200, "application/jsonl", text.clone()));
    let received = client.receive(download(), &Policies::default()).await.expect("a body");
    assert_eq!((read(received.body).await, received.limit), (text.into_bytes(), 64));
    emulator.enqueue(Reply::raw(200, "application/json", "1".repeat(65)));
    let error = list(&client).await.expect_err("too large");
    assert_eq!(error.kind(), ErrorKind::ResponseTooLarge);
    let error = client.receive(download(), &Policies::default()).await.err();
    assert_eq!(error.map(|error| error.kind()), Some(ErrorKind::PermissionDenied));
    assert_eq!(read(transport::whole(Bytes::from_static(&[1, 2])).0).await, [1, 2]);
}

#[tokio::test]
async fn the_key_is_nowhere_in_what_comes_back() {
    let emulator = start().await;
    let models = Arc::new(Mutex::new(Vec::new()));
    let told = Arc::clone(&models);
    let builder = Client::builder().api_key(KEY).base_url(emulator.url());
    let client = builder
        .with_attempt_hook(move |report| {
            told.lock().expect("not poisoned").push(report.model.to_owned());
        })
        .build()
        .expect("a client");
    let body = json!({"operations": [{"name": format!("batches/{KEY}")}]});
    emulator.enqueue(Reply::json(200, body));
    let list = list(&client).await.expect("a list");
    assert_eq!(list["operations"][0]["name"], "batches/***");
    emulator.enqueue(Reply::error(403, "PERMISSION_DENIED", format!("{KEY} may not")));
    let errand = Errand::get(batches(&client)).expect("a URL");
    let error = client.run(errand, &Policies::default()).await.err().expect("refused");
    assert!(!format!("{error} {error:?}").contains(KEY));
    assert!(format!("{error:?}").contains("*** may not"));
    assert_eq!(*models.lock().expect("not poisoned"), ["batches", "batches"]);
}

#[tokio::test]
async fn vertex_has_no_batches_of_this_kind() {
    let client = Client::builder().api_key(KEY).vertex_express().build().expect("a client");
    let problem = Resource::all(client.site(), Collection::Batches).expect_err("it has none");
    assert!(problem.contains("Developer API"), "{problem}");
}

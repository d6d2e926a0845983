//! Scripted replies and the log.

use gemini_emulator::{CENSORED, Part, Reply};
use serde_json::json;

use crate::client::{KEY, endpoint, http, prompt, send, start};

#[tokio::test]
async fn replies_come_in_the_order_of_the_script() {
    let emulator = start().await;
    emulator.enqueue(Reply::text("first"));
    emulator.enqueue(Reply::parts([Part::thought("hm"), Part::text("sec"), Part::text("ond")]));
    assert_eq!(send(&emulator, &prompt("a")).await.text(), "first");
    let second = send(&emulator, &prompt("b")).await;
    assert_eq!(second.text(), "second");
    assert_eq!(second.body["candidates"][0]["finishReason"], "STOP");
    assert_eq!(second.body["usageMetadata"]["thoughtsTokenCount"], 1);
    assert_eq!(second.body["usageMetadata"]["candidatesTokenCount"], 2);
    assert_eq!(second.body["modelVersion"], "emulated-gemini-3.8-flash");
    assert!(send(&emulator, &prompt("c")).await.text().contains("emulated"));
}

#[tokio::test]
async fn replies_of_every_kind() {
    let emulator = start().await;
    emulator.enqueue(Reply::text("{").finish_reason("MAX_TOKENS"));
    emulator.enqueue(Reply::blocked("SAFETY"));
    emulator.enqueue(Reply::json(418, json!({"tea": null})));
    let retry = json!({"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "2s"});
    let quota = Reply::error(429, "RESOURCE_EXHAUSTED", "slow down").details([retry.clone()]);
    emulator.enqueue(quota.header("Retry-After", "2"));

    let truncated = send(&emulator, &json!("not even a message")).await;
    assert_eq!(truncated.body["candidates"][0]["finishReason"], "MAX_TOKENS");
    let blocked = send(&emulator, &prompt("x")).await;
    assert_eq!(blocked.status, 200);
    assert_eq!(blocked.body["promptFeedback"]["blockReason"], "SAFETY");
    assert!(blocked.body.get("candidates").is_none());
    let teapot = send(&emulator, &prompt("x")).await;
    assert_eq!((teapot.status, teapot.body), (418, json!({"tea": null})));
    let response = http().post(endpoint(&emulator)).json(&prompt("x")).send().await.unwrap();
    assert_eq!(response.headers()["retry-after"], "2");
    let quota = crate::client::read(response).await;
    let expected = json!({"code": 429, "status": "RESOURCE_EXHAUSTED", "message": "slow down",
        "details": [retry]});
    assert_eq!((quota.status, quota.body), (429, json!({"error": expected})));
}

#[tokio::test]
async fn raw_bytes_go_out_as_they_are() {
    let emulator = start().await;
    emulator.enqueue(Reply::raw(502, "text/html", "<h1>Bad Gateway</h1>"));
    emulator.enqueue(Reply::raw(200, "application/json", *b"\xff\xfe"));
    let page = http().post(endpoint(&emulator)).send().await.unwrap();
    assert_eq!(page.status(), 502);
    assert_eq!(page.headers()["content-type"], "text/html");
    assert_eq!(page.text().await.unwrap(), "<h1>Bad Gateway</h1>");
    let bytes = http().post(endpoint(&emulator)).send().await.unwrap().bytes().await.unwrap();
    assert_eq!(&bytes[..], b"\xff\xfe");
}

#[tokio::test]
async fn connections_break_where_the_script_says() {
    let emulator = start().await;
    emulator.enqueue(Reply::disconnect());
    emulator.enqueue(Reply::disconnect_mid_body());
    emulator.enqueue(Reply::text("still alive"));
    assert!(http().post(endpoint(&emulator)).send().await.is_err());
    let cut = http().post(endpoint(&emulator)).send().await.unwrap();
    assert_eq!(cut.status(), 200);
    assert!(cut.content_length().unwrap() > 40);
    assert!(cut.text().await.is_err());
    assert_eq!(send(&emulator, &prompt("x")).await.text(), "still alive");
}

#[tokio::test]
async fn the_log_holds_requests_without_the_key() {
    let emulator = start().await;
    let secret = http().post(format!("{}?key={KEY}", endpoint(&emulator)));
    let secret = secret.header("x-goog-api-key", KEY).header("authorization", KEY);
    secret.header("x-other", "seen").json(&prompt("hello")).send().await.unwrap();
    let log = emulator.requests();
    assert_eq!(log.len(), 1);
    assert_eq!(log[0].method, "POST");
    let path = format!("/v1beta/models/gemini-3.8-flash:generateContent?key={CENSORED}");
    assert_eq!(log[0].path, path);
    assert_eq!(log[0].headers["x-goog-api-key"], CENSORED);
    assert_eq!(log[0].headers["x-other"], "seen");
    assert_eq!(log[0].body, prompt("hello"));
    assert!(!format!("{log:?}{emulator:?}").contains(KEY));
    // The same search finds the key where nothing hides it.
    send(&emulator, &prompt(KEY)).await;
    assert!(format!("{:?}", emulator.requests()).contains(KEY));
}

#[tokio::test]
async fn dropping_the_emulator_frees_the_port() {
    let emulator = start().await;
    let url = endpoint(&emulator);
    drop(emulator);
    // The accepting task ends at its next await point.
    tokio::task::yield_now().await;
    assert!(http().post(&url).json(&prompt("x")).send().await.is_err());
}

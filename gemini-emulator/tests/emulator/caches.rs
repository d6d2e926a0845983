//! Cached contents: their size, their use, their end.

use std::time::Duration;

use gemini_emulator::{CacheRules, Emulator, ManualClock};
use serde_json::{Value, json};

use crate::client::{Answer, delete, get, patch, post, prompt, send, start};
use crate::expect::{assert_malformed, assert_refused, assert_status};

const SECOND: Duration = Duration::from_secs(1);
const MODEL: &str = "models/gemini-3.8-flash";
const FORBIDDEN: (u16, &str) = (403, "PERMISSION_DENIED");
const NOT_FOUND: &str = "CachedContent not found (or permission denied)";

/// A cache of so many tokens.
fn cache(tokens: usize) -> Value {
    json!({"model": MODEL, "displayName": "d",
        "systemInstruction": {"parts": [{"text": "four".repeat(tokens)}]}})
}

async fn small_caches() -> (Emulator, ManualClock) {
    let clock = ManualClock::new();
    let builder = Emulator::builder().clock(clock.clone()).caches(CacheRules::new().min_tokens(3));
    (builder.start().await.unwrap(), clock)
}

async fn create(emulator: &Emulator, cache: &Value) -> Answer {
    post(emulator, "cachedContents", cache).await
}

async fn created(emulator: &Emulator, cache: &Value) -> String {
    let answer = create(emulator, cache).await;
    assert_eq!(answer.status, 200, "{:?}", answer.body);
    answer.body["name"].as_str().unwrap().to_owned()
}

fn with_cache(name: &str) -> Value {
    let mut request = prompt("12345678");
    request["cachedContent"] = json!(name);
    request
}

#[tokio::test]
async fn a_cache_is_used() {
    let (emulator, _) = small_caches().await;
    let name = created(&emulator, &cache(10)).await;
    let answer = send(&emulator, &with_cache(&name)).await;
    let usage = &answer.body["usageMetadata"];
    assert_eq!(usage["cachedContentTokenCount"], 10);
    assert_eq!(usage["cacheTokensDetails"][0]["tokenCount"], 10);
    assert_eq!(usage["promptTokenCount"], 12);
    let counted = json!({"generateContentRequest": {"model": MODEL, "cachedContent": name,
        "contents": prompt("12345678")["contents"]}});
    let counted = post(&emulator, &format!("{MODEL}:countTokens"), &counted).await.body;
    assert_eq!(
        (&counted["totalTokens"], &counted["cachedContentTokenCount"]),
        (&json!(12), &json!(10))
    );
    let plain = send(&emulator, &prompt("12345678")).await;
    assert_eq!(plain.text(), answer.text(), "the answer does not depend on the cache's name");
    assert!(plain.body["usageMetadata"].get("cachedContentTokenCount").is_none());
}

#[tokio::test]
async fn a_cache_says_what_it_is() {
    let (emulator, _) = small_caches().await;
    let body = create(&emulator, &cache(10)).await.body;
    assert_eq!(body["model"], MODEL);
    assert_eq!(body["displayName"], "d");
    assert_eq!(body["usageMetadata"], json!({"totalTokenCount": 10}));
    assert_eq!(body["createTime"], "1970-01-01T00:00:00Z");
    assert_eq!(body["expireTime"], "1970-01-01T01:00:00Z", "one hour unless set");
    assert!(body.get("systemInstruction").is_none());
    let name = body["name"].as_str().unwrap();
    assert_eq!(get(&emulator, name).await.body, body);
    created(&emulator, &cache(4)).await;
    let page = get(&emulator, "cachedContents?pageSize=1").await.body;
    assert_eq!(page["cachedContents"], json!([body]));
    assert!(page["nextPageToken"].is_string());
}

#[tokio::test]
async fn the_expiry_can_be_changed_and_nothing_else() {
    let (emulator, clock) = small_caches().await;
    let name = created(&emulator, &cache(3)).await;
    clock.advance(SECOND);
    let body = patch(&emulator, &name, &json!({"ttl": "60s"})).await.body;
    assert_eq!(
        (&body["expireTime"], &body["updateTime"]),
        (&json!("1970-01-01T00:01:01Z"), &json!("1970-01-01T00:00:01Z"))
    );
    let masked = format!("{name}?updateMask=expireTime");
    let body = patch(&emulator, &masked, &json!({"expireTime": "1970-01-01T00:02:00Z"})).await.body;
    assert_eq!(body["expireTime"], "1970-01-01T00:02:00Z");
    let only = "only ttl and expire_time can be updated, not displayName";
    assert_refused(&patch(&emulator, &name, &json!({"displayName": "x"})).await, only);
    let masked = format!("{name}?updateMask=displayName");
    assert_refused(&patch(&emulator, &masked, &json!({"ttl": "1s"})).await, only);
    for wrong in
        [json!({"ttl": "0s"}), json!({"ttl": "-1s"}), json!({"expireTime": "1970-01-01T00:00:00Z"})]
    {
        assert_refused(&patch(&emulator, &name, &wrong).await, "ttl must be positive");
    }
    let both = json!({"ttl": "1s", "expireTime": "1970-01-01T00:02:00Z"});
    assert_malformed(&patch(&emulator, &name, &both).await, "", "oneof field 'expiration'");
    assert_malformed(&patch(&emulator, &name, &json!({"ttl": "1h"})).await, "ttl", "Duration");
}

#[tokio::test]
async fn caches_expire_and_are_deleted() {
    let (emulator, clock) = small_caches().await;
    let mut short = cache(3);
    short["ttl"] = json!("5s");
    let (first, second) = (created(&emulator, &short).await, created(&emulator, &cache(3)).await);
    clock.advance(4 * SECOND);
    assert_eq!(send(&emulator, &with_cache(&first)).await.status, 200);
    clock.advance(SECOND);
    assert_status(&send(&emulator, &with_cache(&first)).await, FORBIDDEN, NOT_FOUND);
    assert_eq!(delete(&emulator, &second).await.body, json!({}));
    for name in [&first, &second, "cachedContents/none"] {
        for answer in [
            get(&emulator, name).await,
            patch(&emulator, name, &json!({"ttl": "1s"})).await,
            delete(&emulator, name).await,
            send(&emulator, &with_cache(name)).await,
        ] {
            assert_status(&answer, FORBIDDEN, NOT_FOUND);
        }
    }
    assert_eq!(get(&emulator, "cachedContents").await.body, json!({}));
}

#[tokio::test]
async fn small_caches_are_refused() {
    let emulator = start().await;
    let refused = create(&emulator, &cache(4095)).await;
    assert_refused(&refused, "too small. total_token_count=4095, min_total_token_count=4096");
    assert_eq!(create(&emulator, &cache(4096)).await.status, 200);
    let mut older = cache(2047);
    older["model"] = json!("models/gemini-2.5-flash");
    assert_refused(&create(&emulator, &older).await, "min_total_token_count=2048");
}

#[tokio::test]
async fn caches_are_checked() {
    let (emulator, _) = small_caches().await;
    let with = |name: &str, value: Value| {
        let mut cache = cache(3);
        cache[name] = value;
        cache
    };
    let place = "CreateCachedContentRequest.cached_content";
    for model in [json!(null), json!("gemini-3.8-flash"), json!("models/")] {
        let refused = create(&emulator, &with("model", model)).await;
        assert_refused(&refused, &format!("{place}.model: unexpected model name format"));
    }
    let empty = with("contents", json!([{"parts": []}]));
    assert_refused(&create(&emulator, &empty).await, &format!("{place}.contents[0].parts"));
    let role = with("contents", json!([{"role": "x", "parts": [{"text": "x"}]}]));
    assert_refused(&create(&emulator, &role).await, "valid role");
    let tools = with("tools", json!([{"functionDeclarations": [{"name": "?"}]}]));
    let declaration = format!("{place}.tools[0].function_declarations[0].name");
    assert_refused(&create(&emulator, &tools).await, &declaration);
    let unknown = with("generationConfig", json!({}));
    assert_malformed(&create(&emulator, &unknown).await, "", "Unknown name \"generationConfig\"");
    let file = with("contents", json!([{"parts": [{"fileData": {"fileUri": "files/none"}}]}]));
    assert_status(&create(&emulator, &file).await, FORBIDDEN, "File none");
    let known = Emulator::builder().models(["a"]).start().await.unwrap();
    let missing = create(&known, &cache(5000)).await;
    assert_status(&missing, (404, "NOT_FOUND"), "not supported for createCachedContent");
}

#[tokio::test]
async fn requests_with_a_cache_are_checked() {
    let (emulator, _) = small_caches().await;
    let name = created(&emulator, &cache(3)).await;
    for (field, value) in [
        ("systemInstruction", json!({"parts": [{"text": "x"}]})),
        ("tools", json!([{"codeExecution": {}}])),
        ("toolConfig", json!({"functionCallingConfig": {"mode": "AUTO"}})),
    ] {
        let mut request = with_cache(&name);
        request[field] = value;
        let words = "CachedContent can not be used with GenerateContent request setting \
            system_instruction, tools or tool_config";
        assert_refused(&send(&emulator, &request).await, words);
    }
    let other =
        post(&emulator, "models/gemini-2.5-flash:generateContent", &with_cache(&name)).await;
    assert_refused(&other, "Model used by GenerateContent request (models/gemini-2.5-flash) and");
    let mut schema = with_cache(&name);
    schema["generationConfig"] =
        json!({"responseMimeType": "application/json", "responseSchema": {"type": "STRING"}});
    assert_eq!(send(&emulator, &schema).await.status, 200);
}

//! Vertex AI: where requests go, what they are authorized with, and what they say.

use std::collections::BTreeMap;
use std::error::Error as _;
use std::future::{pending, ready};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use gemini_emulator::{Emulator, INVALID_ACCESS_TOKEN, Reply};
use gemini_extract::{
    AccessToken, Carrier, Client, ClientBuilder, ErrorKind, GeminiSchema, Price, Prices, Repair,
    Retry, TokenError, TokenFuture, TokenProvider,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::capture::Capture;
use crate::harness::{Instrument, KEY, Leaping, RawServer, Recipe, Then};

const TOKEN: &str = "ya29.an-access-token";
const ANSWER: &str = "HTTP/1.1 200 OK\r\n\r\n\
    {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"[1]\"}]}}]}";

/// Gives these tokens, one after the other, and notes which were refused.
#[derive(Clone, Default)]
struct Provider {
    tokens: Arc<Mutex<Vec<Result<&'static str, TokenError>>>>,
    refused: Arc<Mutex<Vec<AccessToken>>>,
}

impl Provider {
    fn new(tokens: impl IntoIterator<Item = Result<&'static str, TokenError>>) -> Self {
        let mut tokens: Vec<_> = tokens.into_iter().collect();
        tokens.reverse();
        Self { tokens: Arc::new(Mutex::new(tokens)), refused: Arc::default() }
    }

    fn refused(&self) -> Vec<AccessToken> {
        self.refused.lock().unwrap().clone()
    }
}

impl TokenProvider for Provider {
    fn token(&self) -> TokenFuture<'_> {
        let token = self.tokens.lock().unwrap().pop().expect("there is another token");
        Box::pin(ready(token.map(AccessToken::new)))
    }

    fn refused(&self, token: &AccessToken) -> bool {
        self.refused.lock().unwrap().push(token.clone());
        true
    }
}

/// Never has a token.
struct Endless;

impl TokenProvider for Endless {
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(pending())
    }
}

/// What `Vertex` can say and the Developer API can't.
#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Stock {
    counts: BTreeMap<String, u8>,
    kind: Option<Instrument>,
    state: State,
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
#[serde(tag = "state")]
enum State {
    Open { until: u16 },
    Sold { to: String },
}

#[derive(Debug, Serialize, Deserialize, GeminiSchema)]
struct Tree {
    name: String,
    branches: Vec<Tree>,
}

fn builder(url: &str) -> ClientBuilder {
    Client::builder()
        .vertex("my-project", "europe-west4")
        .token_provider(AccessToken::new(TOKEN))
        .base_url(url)
        .with_clock(Leaping::new())
        .with_repair(Repair::never())
}

#[tokio::test]
async fn requests_go_to_the_project_with_a_token() {
    let server = RawServer::start(ANSWER, Then::Close).await;
    let token = AccessToken::new(TOKEN).with_quota_project("payer");
    let client = builder(&server.url).token_provider(token).build().expect("a client");
    assert_eq!(client.extract::<Vec<u8>>("prompt").await.expect("a value"), [1]);
    let received = server.received();
    let path = "POST /v1beta1/projects/my-project/locations/europe-west4/publishers/google/models/\
                gemini-flash-latest:generateContent HTTP/1.1\r\n";
    assert!(received.starts_with(path), "{received}");
    assert!(received.contains(&format!("authorization: Bearer {TOKEN}\r\n")), "{received}");
    assert!(received.contains("x-goog-user-project: payer\r\n"), "{received}");
    assert!(!received.contains("x-goog-api-key"), "{received}");
}

#[tokio::test]
async fn values_come_back_through_the_schema_of_vertex() {
    let emulator = Emulator::start().await.expect("a port is free");
    let client = builder(emulator.url()).build().expect("a client");
    client.extract::<Stock>("a shop").await.expect("a map, an option, a tagged enum");
    client.extract::<Tree>("a tree").await.expect("recursion");
    client.extract::<Vec<Recipe>>("recipes").await.expect("a list");
    client.extract::<Instrument>("What is an oboe? A Woodwind").await.expect("a choice");
    let sent = |index: usize| emulator.requests()[index].body["generationConfig"].clone();
    let stock = &sent(0)["responseSchema"];
    assert!(stock["properties"]["counts"]["additionalProperties"].is_object(), "{stock}");
    assert_eq!(sent(1)["responseSchema"]["defs"].as_object().map(serde_json::Map::len), Some(1));
    assert_eq!(sent(3)["responseMimeType"], "text/x.enum");
    for carrier in [Carrier::ResponseJsonSchema, Carrier::ResponseFormat] {
        client.extract::<Stock>("a shop").with_carrier(carrier).await.expect("a value");
    }
    assert!(sent(4)["responseJsonSchema"].is_object());
    assert_eq!(sent(5)["responseFormat"][0]["text"]["mimeType"], "APPLICATION_JSON");
}

#[tokio::test]
async fn streams_come_from_vertex_too() {
    let emulator = Emulator::start().await.expect("a port is free");
    let client = builder(emulator.url()).build().expect("a client");
    let mut stream = client.extract::<Vec<Recipe>>("recipes").stream();
    while let Some(recipe) = stream.next().await {
        recipe.expect("a recipe");
    }
    let path = &emulator.requests()[0].path;
    let end = "/publishers/google/models/gemini-flash-latest:streamGenerateContent?alt=sse";
    assert!(path.ends_with(end), "{path}");
}

#[tokio::test]
async fn tuned_models_are_endpoints() {
    let emulator = Emulator::start().await.expect("a port is free");
    let client = builder(emulator.url()).model("endpoints/12").build().expect("a client");
    client.extract::<u8>("prompt").await.expect("a value");
    let full = "projects/other/locations/us-east1/endpoints/34";
    client.extract::<u8>("prompt").model(full).await.expect("a value");
    let paths = emulator.requests().into_iter().map(|request| request.path);
    let here = "projects/my-project/locations/europe-west4/endpoints/12";
    let expected = [here, full].map(|name| format!("/v1beta1/{name}:generateContent"));
    assert_eq!(paths.collect::<Vec<_>>(), expected);
    let error = client.extract::<u8>("prompt").model("tunedModels/x").await.expect_err("no name");
    assert_eq!(error.kind(), ErrorKind::Request);
}

#[tokio::test]
async fn express_mode_has_a_key_and_no_project() {
    let server = RawServer::start(ANSWER, Then::Close).await;
    let client = Client::builder().vertex_express().api_key(KEY).base_url(&server.url).build();
    let client = client.expect("a client");
    assert_eq!(client.extract::<Vec<u8>>("prompt").await.expect("a value"), [1]);
    let received = server.received();
    assert!(received.starts_with("POST /v1beta1/publishers/google/models/"), "{received}");
    assert!(received.contains(&format!("x-goog-api-key: {KEY}\r\n")), "{received}");
    assert!(!received.contains("authorization"), "{received}");
}

#[tokio::test]
async fn a_refused_token_is_replaced_once() {
    let emulator = Emulator::start().await.expect("a port is free");
    let provider = Provider::new([Ok(INVALID_ACCESS_TOKEN), Ok(TOKEN)]);
    let client = builder(emulator.url()).with_retry(Retry::never());
    let client = client.token_provider(provider.clone()).build().expect("a client");
    let extraction = client.extract::<u8>("prompt").detailed().await.expect("the second is good");
    assert_eq!(extraction.attempts, 2);
    assert_eq!(provider.refused(), [AccessToken::new(INVALID_ACCESS_TOKEN)]);

    let provider = Provider::new([Ok(INVALID_ACCESS_TOKEN), Ok(INVALID_ACCESS_TOKEN)]);
    let client = builder(emulator.url()).token_provider(provider.clone()).build();
    let error = client.expect("a client").extract::<u8>("prompt").await.expect_err("both are bad");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unauthenticated, 2));
    assert_eq!(error.service_reason(), Some("ACCESS_TOKEN_TYPE_UNSUPPORTED"));
    assert!(error.is_credentials() && error.help().contains("gcloud auth"), "{}", error.help());
    assert_eq!(provider.refused().len(), 2);
}

#[tokio::test]
async fn a_stream_replaces_a_refused_token_too() {
    let emulator = Emulator::start().await.expect("a port is free");
    let provider = Provider::new([Ok(INVALID_ACCESS_TOKEN), Ok(TOKEN)]);
    let client = builder(emulator.url()).token_provider(provider).build().expect("a client");
    let mut stream = client.extract::<Vec<u8>>("numbers").stream();
    while let Some(number) = stream.next().await {
        number.expect("a number");
    }
    assert_eq!(stream.summary().attempts, 2);
}

#[tokio::test]
async fn a_token_alone_is_not_sent_twice() {
    let emulator = Emulator::start().await.expect("a port is free");
    let client = builder(emulator.url()).token_provider(AccessToken::new(INVALID_ACCESS_TOKEN));
    let error = client.build().expect("a client").extract::<u8>("prompt").await;
    let error = error.expect_err("the token is bad");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unauthenticated, 1));
    assert_eq!(emulator.requests().len(), 1);
}

#[tokio::test]
async fn providers_fail_for_now_or_for_good() {
    let emulator = Emulator::start().await.expect("a port is free");
    let provider = Provider::new([Err(TokenError::transient("not yet")), Ok(TOKEN)]);
    let client = builder(emulator.url()).token_provider(provider).build().expect("a client");
    let extraction = client.extract::<u8>("prompt").detailed().await.expect("the second is there");
    assert_eq!(extraction.attempts, 2);

    let provider = Provider::new([Err(TokenError::new("no key file"))]);
    let client = builder(emulator.url()).token_provider(provider).build().expect("a client");
    let error = client.extract::<u8>("prompt").await.expect_err("no token");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Credentials, 1));
    assert!(error.is_credentials() && !error.is_retryable());
    assert_eq!(error.source().map(ToString::to_string).as_deref(), Some("no key file"));
    assert!(!error.to_string().contains("no key file"), "that is the source's text");

    for bad in ["", " ", "two words", "a\nb"] {
        let provider = Provider::new([Ok(bad)]);
        let client = builder(emulator.url()).token_provider(provider).build().expect("a client");
        let error = client.extract::<u8>("prompt").await.expect_err("no token");
        assert_eq!(error.kind(), ErrorKind::Credentials, "{bad}");
    }
    assert_eq!(emulator.requests().len(), 1, "nothing is sent without a token");
}

#[tokio::test]
async fn the_time_for_a_token_belongs_to_the_call() {
    let client = builder("http://127.0.0.1:9").token_provider(Endless);
    let client = client.with_timeout(Duration::from_millis(20)).build().expect("a client");
    let error = client.extract::<u8>("prompt").await.expect_err("there is never a token");
    assert_eq!(error.kind(), ErrorKind::Timeout);
    let mut stream = client.extract::<Vec<u8>>("prompt").stream();
    let error = stream.next().await.expect("an item").expect_err("there is never a token");
    assert_eq!(error.kind(), ErrorKind::Timeout);
}

#[tokio::test]
async fn answers_of_vertex_are_read() {
    let emulator = Emulator::start().await.expect("a port is free");
    emulator.enqueue(Reply::json(
        200,
        json!({
            "createTime": "2026-11-20T10:00:00Z",
            "candidates": [{
                "content": {"role": "model", "parts": [{"text": "[1]"}]},
                "finishReason": "STOP",
                "avgLogprobs": -0.1,
                "citationMetadata": {"citations": [{"startIndex": 0, "uri": "https://example.com"}]},
                "safetyRatings": [{"category": "HARM_CATEGORY_HARASSMENT", "probability":
                    "NEGLIGIBLE", "probabilityScore": 0.1, "severity": "HARM_SEVERITY_NEGLIGIBLE",
                    "severityScore": 0.1}]}],
            "usageMetadata": {"promptTokenCount": 3, "candidatesTokenCount": 2,
                "totalTokenCount": 5, "trafficType": "ON_DEMAND"},
            "modelVersion": "gemini-3.8-flash", "responseId": "r",
        }),
    ));
    emulator.enqueue(Reply::json(
        429,
        json!({"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "message":
            "Resource exhausted. Please try again later."}}),
    ));
    emulator.enqueue(Reply::json(
        200,
        json!({"promptFeedback": {"blockReason": "BLOCKED_REASON_UNSPECIFIED"}}),
    ));
    let prices = Prices::default().model("gemini-flash-latest", Price::per_million(1.0, 1.0));
    let client = builder(emulator.url()).with_prices(prices).with_retry(Retry::never());
    let client = client.build().expect("a client");
    let extraction = client.extract::<Vec<u8>>("prompt").detailed().await.expect("a value");
    assert_eq!(extraction.usage.total_tokens, 5);
    assert_eq!(extraction.safety_ratings.len(), 1);
    assert!(extraction.cost.is_some(), "the price is found by the model's own name");
    let error = client.extract::<u8>("prompt").await.expect_err("it is slowed down");
    assert!(error.is_quota() && error.is_retryable() && error.retry_after().is_none());
    let error = client.extract::<u8>("prompt").await.expect_err("it is blocked");
    assert_eq!(error.kind(), ErrorKind::PromptBlocked);
}

#[tokio::test]
async fn traces_name_the_service() {
    let capture = Capture::install();
    let emulator = Emulator::start().await.expect("a port is free");
    let client = builder(emulator.url()).build().expect("a client");
    client.extract::<u8>("prompt").await.expect("a value");
    let traced = capture.text();
    assert!(traced.contains("gen_ai.provider.name=\"gcp.vertex_ai\""), "{traced}");
    assert!(!traced.contains(TOKEN), "{traced}");
}

#[test]
fn settings_that_contradict_each_other_are_refused() {
    let vertex = || Client::builder().vertex("p", "global");
    for (builder, problem) in [
        (vertex().api_key(KEY), "takes access tokens"),
        (vertex().api_key(KEY).token_provider(AccessToken::new(TOKEN)), "leave one of them out"),
        (Client::builder().token_provider(AccessToken::new(TOKEN)), "name it by `vertex`"),
        (Client::builder().vertex_express(), "no API key"),
        (Client::builder().vertex("p/..", "global"), "the project must"),
        (Client::builder().vertex("p", "evil.example"), "the location must"),
        (vertex().token_provider(AccessToken::new(TOKEN)).model("a/b"), "the model of Vertex AI"),
    ] {
        let error = builder.build().expect_err(problem);
        assert_eq!(error.kind(), ErrorKind::Configuration);
        assert!(error.to_string().contains(problem), "{error}");
        assert!(!format!("{error:?}").contains(TOKEN));
    }
}

/// The URL that a client of these variables sends to.
fn url(variables: &[(&str, &str)]) -> Result<String, gemini_extract::Error> {
    url_of(variables, |builder| builder)
}

fn url_of(
    variables: &[(&str, &str)],
    set: impl FnOnce(ClientBuilder) -> ClientBuilder,
) -> Result<String, gemini_extract::Error> {
    let builder = ClientBuilder::from_lookup(|wanted| {
        let found = variables.iter().find(|(name, _)| *name == wanted);
        found.map(|(_, value)| (*value).to_owned())
    });
    let client = set(builder).build()?;
    Ok(client.extract::<u8>("prompt").model("m").to_request()?.url().to_owned())
}

#[test]
fn the_environment_is_read_as_the_official_clients_do() {
    let token = |builder: ClientBuilder| builder.token_provider(AccessToken::new(TOKEN));
    let on = ("GOOGLE_GENAI_USE_ENTERPRISE", "1");
    let key = ("GOOGLE_API_KEY", KEY);
    let project = ("GOOGLE_CLOUD_PROJECT", "p");
    let base = ("GOOGLE_VERTEX_BASE_URL", "http://127.0.0.1:9");
    let path = "publishers/google/models/m:generateContent";
    let global = format!("http://127.0.0.1:9/v1beta1/projects/p/locations/global/{path}");

    let found = url_of(&[on, project, base], token);
    assert_eq!(found.ok().as_ref(), Some(&global), "a location isn't needed");
    let found = url_of(&[on, key, project, base], token);
    assert_eq!(found.ok().as_ref(), Some(&global), "a project wins over a key");
    let region = ("GOOGLE_CLOUD_REGION", "us-east1");
    let found = url_of(&[on, project, region], token).expect("a client");
    assert!(found.starts_with("https://us-east1-aiplatform.googleapis.com/"), "{found}");
    let version = ("GOOGLE_GENAI_API_VERSION", "beta");
    let found = url_of(&[on, project, region, version], token).expect("a client");
    assert!(found.contains("/v1beta1/"), "{found}");

    let express = format!("http://127.0.0.1:9/v1beta1/{path}");
    assert_eq!(url(&[on, key, base]).ok().as_ref(), Some(&express));
    let with_key = url_of(&[on, project, base], |builder| builder.api_key(KEY));
    assert_eq!(with_key.ok(), Some(express), "a key that is set by hand wins");
    let off = ("GOOGLE_GENAI_USE_ENTERPRISE", "false");
    let found = url(&[off, ("GOOGLE_GENAI_USE_VERTEXAI", "true"), key, project, base]);
    assert!(found.expect("a client").starts_with("https://generativelanguage."));

    let error = url_of(&[on, base], token).expect_err("no project");
    assert!(error.to_string().contains("GOOGLE_CLOUD_PROJECT"), "{error}");
    let region = url(&[on, key, region, base]).expect_err("a location wins over a key, too");
    assert!(region.to_string().contains("GOOGLE_CLOUD_PROJECT"), "{region}");
}

#[cfg(not(feature = "google_cloud_auth1"))]
#[test]
fn without_a_provider_the_feature_is_named() {
    let error = Client::builder().vertex("p", "global").build().expect_err("no tokens");
    assert!(error.to_string().contains("google_cloud_auth1"), "{error}");
}

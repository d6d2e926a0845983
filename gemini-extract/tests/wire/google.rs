//! Application Default Credentials, as Google's own crate finds them, against servers on loopback
//! that stand in for the token endpoint and the metadata server.

use std::error::Error as _;
use std::path::PathBuf;

use gemini_extract::{Client, ErrorKind, GoogleCredentials, Retry};
use rcgen::{KeyPair, PKCS_RSA_SHA256};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::capture::Capture;
use crate::harness::{RawServer, Then, in_environment};

const TOKEN: &str = "ya29.granted-by-the-endpoint";
const FRESH: &str = "ya29.granted-after-a-refusal";
const REFRESH_TOKEN: &str = "1//a-planted-refresh-token";
const ANSWER: &str = "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n\
    {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"[1]\"}]}}]}";
const UNAUTHENTICATED: &str = "HTTP/1.1 401 Unauthorized\r\nconnection: close\r\n\r\n\
    {\"error\":{\"code\":401,\"status\":\"UNAUTHENTICATED\"}}";

fn granted(token: &str) -> Vec<u8> {
    granted_for(3600, token)
}

fn granted_for(seconds: u32, token: &str) -> Vec<u8> {
    let body = json!({"access_token": token, "expires_in": seconds, "token_type": "Bearer"});
    format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: application/json\r\n\r\n{body}")
        .into_bytes()
}

/// A file that goes with this.
struct File(PathBuf);

impl File {
    fn new(name: &str, content: &Value) -> Self {
        let path = std::env::temp_dir().join(format!("{name}-{}.json", std::process::id()));
        std::fs::write(&path, content.to_string()).expect("it can be written");
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("a path in UTF-8")
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// What `gcloud auth application-default login` writes.
fn user(token_uri: &str) -> Value {
    json!({
        "type": "authorized_user",
        "client_id": "an-id",
        "client_secret": "a-secret",
        "refresh_token": REFRESH_TOKEN,
        "token_uri": token_uri,
        "quota_project_id": "payer",
    })
}

/// A client of Vertex AI from the environment asks once.
async fn ask() -> gemini_extract::Result<Vec<u8>> {
    Client::from_env()?.extract("prompt").with_retry(Retry::never()).await
}

fn variables<'a>(vertex: &'a str, file: &'a str) -> [(&'a str, &'a str); 5] {
    [
        ("GOOGLE_GENAI_USE_VERTEXAI", "true"),
        ("GOOGLE_CLOUD_PROJECT", "my-project"),
        ("GOOGLE_VERTEX_BASE_URL", vertex),
        ("GOOGLE_APPLICATION_CREDENTIALS", file),
        ("NO_PROXY", "127.0.0.1"),
    ]
}

#[test]
fn a_user_s_token_comes_from_the_token_endpoint() {
    let runtime = Runtime::new().unwrap();
    let endpoint = runtime.block_on(RawServer::start(granted(TOKEN), Then::Close));
    let vertex = runtime.block_on(RawServer::start(ANSWER, Then::Close));
    let file = File::new("user", &user(&endpoint.url));
    let name = "google::a_user_s_token_comes_from_the_token_endpoint";
    let variables = variables(&vertex.url, file.path());
    let was_started = in_environment(name, &variables, async {
        let capture = Capture::install();
        let client = Client::from_env().unwrap();
        for _ in 0..3 {
            assert_eq!(client.extract::<Vec<u8>>("prompt").await.unwrap(), [1]);
        }
        let shown = format!("{client:?} {:?}", Client::builder().vertex("p", "global"));
        for secret in [TOKEN, REFRESH_TOKEN, "a-secret"] {
            assert!(!capture.text().contains(secret) && !shown.contains(secret), "{secret}");
        }
    });
    if was_started {
        let asked = endpoint.received();
        assert_eq!(asked.matches("POST ").count(), 1, "the token is kept: {asked}");
        assert!(asked.contains(r#""grant_type":"refresh_token""#), "{asked}");
        assert!(asked.contains(REFRESH_TOKEN), "{asked}");
        let received = vertex.received();
        let header = format!("authorization: Bearer {TOKEN}\r\n");
        assert_eq!(received.matches(&header).count(), 3, "{received}");
        assert!(received.contains("x-goog-user-project: payer\r\n"), "{received}");
    }
}

#[test]
fn a_refused_token_is_asked_for_again_at_the_endpoint() {
    let runtime = Runtime::new().unwrap();
    let tokens = RawServer::start_with(vec![granted(TOKEN), granted(FRESH)], Then::Close);
    let endpoint = runtime.block_on(tokens);
    let answers = [UNAUTHENTICATED, ANSWER].map(Vec::from).to_vec();
    let vertex = runtime.block_on(RawServer::start_with(answers, Then::Close));
    let file = File::new("refused", &user(&endpoint.url));
    let name = "google::a_refused_token_is_asked_for_again_at_the_endpoint";
    let variables = variables(&vertex.url, file.path());
    let was_started = in_environment(name, &variables, async {
        assert_eq!(ask().await.unwrap(), [1]);
    });
    if was_started {
        let received = vertex.received();
        for token in [TOKEN, FRESH] {
            assert_eq!(received.matches(token).count(), 1, "{received}");
        }
    }
}

#[test]
fn a_service_account_signs_its_token_itself() {
    let runtime = Runtime::new().unwrap();
    let vertex = runtime.block_on(RawServer::start(ANSWER, Then::Close));
    // Made for this run and thrown away with it.
    let key = KeyPair::generate_for(&PKCS_RSA_SHA256).expect("a key");
    let account = json!({
        "type": "service_account",
        "project_id": "my-project",
        "private_key_id": "key-1",
        "private_key": key.serialize_pem(),
        "client_email": "robot@my-project.iam.gserviceaccount.com",
        "token_uri": "http://127.0.0.1:1",
    });
    let file = File::new("account", &account);
    let name = "google::a_service_account_signs_its_token_itself";
    let variables = variables(&vertex.url, file.path());
    let was_started = in_environment(name, &variables, async {
        assert_eq!(ask().await.unwrap(), [1]);
    });
    if was_started {
        let received = vertex.received();
        let token = received.split("authorization: Bearer ").nth(1).expect("a token");
        let token = token.split("\r\n").next().expect("a line");
        let parts: Vec<&str> = token.split('.').collect();
        let [head, claims, signature] = *parts.as_slice() else { panic!("no JWT: {token}") };
        let (head, claims) = (decoded(head), decoded(claims));
        assert_eq!((&head["alg"], &head["kid"]), (&json!("RS256"), &json!("key-1")));
        assert_eq!(claims["iss"], "robot@my-project.iam.gserviceaccount.com");
        assert_eq!(claims["scope"], "https://www.googleapis.com/auth/cloud-platform");
        assert!(claims["exp"].as_u64() > claims["iat"].as_u64(), "{claims}");
        // A signature by a key of 2048 bits.
        assert_eq!(bytes(signature).len(), 256);
    }
}

#[test]
fn a_machine_s_token_comes_from_the_metadata_server() {
    let runtime = Runtime::new().unwrap();
    let metadata = runtime.block_on(RawServer::start(granted(TOKEN), Then::Close));
    let vertex = runtime.block_on(RawServer::start(ANSWER, Then::Close));
    let host = metadata.url.trim_start_matches("http://");
    let name = "google::a_machine_s_token_comes_from_the_metadata_server";
    let variables = [
        ("GOOGLE_GENAI_USE_VERTEXAI", "true"),
        ("GOOGLE_CLOUD_PROJECT", "my-project"),
        ("GOOGLE_VERTEX_BASE_URL", vertex.url.as_str()),
        ("GCE_METADATA_HOST", host),
        ("HOME", "/nowhere"),
        ("NO_PROXY", "127.0.0.1"),
    ];
    let was_started = in_environment(name, &variables, async {
        assert_eq!(ask().await.unwrap(), [1]);
    });
    if was_started {
        let asked = metadata.received().to_lowercase();
        assert!(asked.contains("/instance/service-accounts/default/token"), "{asked}");
        assert!(asked.contains("metadata-flavor: google\r\n"), "{asked}");
        assert!(vertex.received().contains(TOKEN), "{}", vertex.received());
    }
}

#[test]
fn what_the_endpoint_refuses_is_an_error_with_its_reason() {
    let refused = "HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n\
        {\"error\":\"invalid_grant\"}";
    let runtime = Runtime::new().unwrap();
    let endpoint = runtime.block_on(RawServer::start(refused, Then::Close));
    let file = File::new("grant", &user(&endpoint.url));
    let name = "google::what_the_endpoint_refuses_is_an_error_with_its_reason";
    in_environment(name, &variables("http://127.0.0.1:1", file.path()), async {
        let error = ask().await.expect_err("no token");
        assert_eq!(error.kind(), ErrorKind::Credentials);
        assert!(!error.is_retryable(), "{error:?}");
        assert!(error.help().contains("gcloud auth application-default login"));
        let mut reasons = String::new();
        let mut next = error.source();
        while let Some(reason) = next {
            reasons.push_str(&format!("{reason}; "));
            next = reason.source();
        }
        assert!(reasons.contains("invalid_grant"), "{reasons}");
        assert!(!format!("{reasons}{error:?}").contains(REFRESH_TOKEN), "{reasons}");
    });
}

#[test]
fn files_that_are_no_credentials_are_told() {
    let file = File::new("none", &json!({"type": "a new one"}));
    let name = "google::files_that_are_no_credentials_are_told";
    in_environment(name, &variables("http://127.0.0.1:1", file.path()), async {
        let error = ask().await.expect_err("no credentials");
        assert_eq!(error.kind(), ErrorKind::Credentials);
        assert!(error.source().is_some() && !error.is_retryable(), "{error:?}");
    });
}

#[test]
fn each_runtime_has_credentials_that_live_as_long() {
    let runtime = Runtime::new().unwrap();
    // One that expires at once has to be kept fresh by a task of a runtime that is still there.
    let endpoint = runtime.block_on(RawServer::start(granted_for(0, TOKEN), Then::Close));
    let vertex = runtime.block_on(RawServer::start(ANSWER, Then::Close));
    let file = File::new("runtimes", &user(&endpoint.url));
    let name = "google::each_runtime_has_credentials_that_live_as_long";
    let variables = variables(&vertex.url, file.path());
    in_environment(name, &variables, async {
        let client = Client::from_env().unwrap();
        let threads = (0..3).map(|_| {
            let client = client.clone();
            std::thread::spawn(move || {
                let runtime = Runtime::new().unwrap();
                runtime.block_on(async { client.extract::<Vec<u8>>("prompt").await }).unwrap()
            })
        });
        for thread in threads.collect::<Vec<_>>() {
            assert_eq!(thread.join().unwrap(), [1]);
        }
        assert_eq!(client.extract::<Vec<u8>>("prompt").await.unwrap(), [1]);
    });
}

#[test]
fn credentials_of_the_crate_become_a_provider() {
    let runtime = Runtime::new().unwrap();
    let endpoint = runtime.block_on(RawServer::start(granted(TOKEN), Then::Close));
    let answers = [ANSWER, UNAUTHENTICATED].map(Vec::from).to_vec();
    let vertex = runtime.block_on(RawServer::start_with(answers, Then::Close));
    let name = "google::credentials_of_the_crate_become_a_provider";
    let variables = [
        ("TOKEN_URI", endpoint.url.as_str()),
        ("VERTEX", vertex.url.as_str()),
        ("NO_PROXY", "127.0.0.1"),
    ];
    let was_started = in_environment(name, &variables, async {
        let variable = |name: &str| std::env::var(name).unwrap();
        let user = user(&variable("TOKEN_URI"));
        let user = google_cloud_auth::credentials::user_account::Builder::new(user).build();
        let client = Client::builder()
            .vertex("my-project", "global")
            .token_provider(GoogleCredentials::from(user.unwrap()))
            .base_url(variable("VERTEX"))
            .build()
            .unwrap();
        assert_eq!(client.extract::<Vec<u8>>("prompt").await.unwrap(), [1]);
        let error = client.extract::<Vec<u8>>("prompt").await.expect_err("the token is refused");
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unauthenticated, 1));
    });
    if was_started {
        assert_eq!(vertex.received().matches(TOKEN).count(), 2, "{}", vertex.received());
    }
}

/// JSON in base64url.
fn decoded(text: &str) -> Value {
    serde_json::from_slice(&bytes(text)).expect("JSON")
}

/// Bytes in base64url without padding.
fn bytes(text: &str) -> Vec<u8> {
    const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for character in text.chars() {
        let digit = DIGITS.find(character).expect("a digit");
        held = held << 6 | u32::try_from(digit).expect("it is small");
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xff).expect("it is a byte"));
        }
    }
    bytes
}

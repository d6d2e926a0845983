//! The client of the environment, in processes that have one of their own.

use gemini_extract::{Client, ErrorKind, extract};

use crate::capture::Capture;
use crate::harness::{RawServer, Then, in_environment};

const ANSWER: &str = "HTTP/1.1 200 OK\r\n\r\n\
    {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"[1]\"}]}}]}";

#[test]
fn the_free_function_takes_the_environment() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(RawServer::start(ANSWER, Then::Close));
    let variables = [
        ("GOOGLE_API_KEY", "first-key"),
        ("GEMINI_API_KEY", "second-key"),
        ("GOOGLE_GEMINI_BASE_URL", server.url.as_str()),
        ("GOOGLE_GENAI_API_VERSION", "v1"),
    ];
    let name = "environment::the_free_function_takes_the_environment";
    let was_started = in_environment(name, &variables, async {
        let capture = Capture::install();
        let value: Vec<u8> = extract("prompt").await.unwrap();
        assert_eq!(value, [1]);
        let traced = capture.text();
        assert!(traced.contains("both GOOGLE_API_KEY and GEMINI_API_KEY are set"), "{traced}");
        assert!(!traced.contains("first-key") && !traced.contains("second-key"), "{traced}");
    });
    if was_started {
        let received = server.received();
        assert!(received.starts_with("POST /v1/models/gemini-flash-latest:"), "{received}");
        assert!(received.contains("x-goog-api-key: first-key\r\n"), "{received}");
    }
}

#[test]
fn without_a_key_the_call_says_so() {
    in_environment("environment::without_a_key_the_call_says_so", &[], async {
        for error in [
            extract::<u8>("prompt").await.expect_err("no key"),
            extract::<u8>("prompt").to_request().expect_err("no key"),
            Client::from_env().expect_err("no key"),
        ] {
            assert_eq!(error.kind(), ErrorKind::Configuration);
            assert!(error.to_string().contains("GEMINI_API_KEY"), "{error}");
        }
    });
}

#[test]
fn vertex_is_asked_where_the_environment_says_so() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let server = runtime.block_on(RawServer::start(ANSWER, Then::Close));
    let variables = [
        ("GOOGLE_API_KEY", "vertex-key"),
        ("GOOGLE_GENAI_USE_VERTEXAI", "true"),
        ("GOOGLE_GEMINI_BASE_URL", "http://127.0.0.1:1"),
        ("GOOGLE_VERTEX_BASE_URL", server.url.as_str()),
    ];
    let name = "environment::vertex_is_asked_where_the_environment_says_so";
    let was_started = in_environment(name, &variables, async {
        assert_eq!(extract::<Vec<u8>>("prompt").await.unwrap(), [1]);
    });
    if was_started {
        let received = server.received();
        let path = "POST /v1beta1/publishers/google/models/gemini-flash-latest:generateContent ";
        assert!(received.starts_with(path), "{received}");
        assert!(received.contains("x-goog-api-key: vertex-key\r\n"), "{received}");
    }
}

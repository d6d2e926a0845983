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
fn vertex_is_refused() {
    let variables = [("GOOGLE_API_KEY", "key"), ("GOOGLE_GENAI_USE_VERTEXAI", "true")];
    in_environment("environment::vertex_is_refused", &variables, async {
        let error = Client::from_env().expect_err("Vertex isn't supported");
        assert!(error.to_string().contains("GOOGLE_GENAI_USE_VERTEXAI"), "{error}");
    });
}

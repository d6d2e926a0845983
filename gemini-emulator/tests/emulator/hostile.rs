//! Bodies that nobody means well with. The server answers, and goes on.

use gemini_emulator::Emulator;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::client::{
    Answer, KEY, by_json_schema, by_schema, endpoint, http, prompt, read, send, start,
};

async fn send_bytes(emulator: &Emulator, content_type: &str, body: Vec<u8>) -> Answer {
    let request = http().post(endpoint(emulator)).header("x-goog-api-key", KEY);
    let request = request.header("content-type", content_type).body(body);
    read(request.send().await.unwrap()).await
}

fn assert_invalid(answer: &Answer, fragment: &str) {
    assert_eq!(answer.status, 400);
    assert_eq!(answer.body["error"]["status"], "INVALID_ARGUMENT");
    assert!(answer.message().contains(fragment), "{}", answer.message());
}

async fn assert_alive(emulator: &Emulator) {
    assert_eq!(send(emulator, &prompt("x")).await.status, 200);
}

#[tokio::test]
async fn bodies_that_are_not_json() {
    let emulator = start().await;
    let json = "application/json";
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (b"\xff\xfe{}".to_vec(), "non UTF-8"),
        (b"{\"contents\":\"\xc3".to_vec(), "non UTF-8"),
        (b"{".to_vec(), "Expected an object key"),
        (b"not json".to_vec(), "Unexpected token"),
        (b"{} {}".to_vec(), "Parsing terminated before end of input"),
        (b"\0".to_vec(), "Expected a value"),
        ("[".repeat(2_000_000).into_bytes(), "Message too deep"),
        ("{\"a\":".repeat(1_000_000).into_bytes(), "Message too deep"),
        (b"".to_vec(), "contents is not specified"),
        (b"null".to_vec(), "Root element must be a message"),
    ];
    for (body, fragment) in cases {
        assert_invalid(&send_bytes(&emulator, json, body).await, fragment);
    }
    assert_alive(&emulator).await;
}

#[tokio::test]
async fn other_content_types() {
    let emulator = start().await;
    let body = prompt("x").to_string().into_bytes();
    for content_type in ["text/plain", "application/x-www-form-urlencoded", "application/jsonx"] {
        let answer = send_bytes(&emulator, content_type, body.clone()).await;
        assert_invalid(&answer, "content type");
    }
    let answer = send_bytes(&emulator, "Application/JSON; charset=utf-8", body).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn bodies_that_are_too_large() {
    let emulator = start().await;
    let text = "x".repeat(20 * 1024 * 1024);
    let answer = send(&emulator, &prompt(&text)).await;
    assert_eq!(answer.status, 413);
    assert!(answer.message().contains("20971520 bytes"), "{}", answer.message());
    let almost = "x".repeat(19 * 1024 * 1024);
    assert_eq!(send(&emulator, &prompt(&almost)).await.status, 200);
}

#[tokio::test]
async fn schemas_that_explode() {
    let emulator = start().await;
    let doubling: serde_json::Map<String, Value> = (0..90)
        .map(|level| {
            let next = json!({"$ref": format!("#/$defs/d{}", level + 1)});
            let schema = json!({"type": "object", "required": ["a", "b"],
                "properties": {"a": next, "b": next}});
            (format!("d{level}"), schema)
        })
        .chain([("d90".to_owned(), json!({"type": "string"}))])
        .collect();
    let chain: serde_json::Map<String, Value> = (0..5000)
        .map(|level| (format!("d{level}"), json!({"$ref": format!("#/$defs/d{}", level + 1)})))
        .chain([("d5000".to_owned(), json!({"type": "string"}))])
        .collect();
    let winding: serde_json::Map<String, Value> = (0..200)
        .map(|level| {
            let next = json!({"$ref": format!("#/$defs/d{}", level + 1)});
            let list = json!({"type": "array", "minItems": 1, "items": {"anyOf": [next]}});
            let schema = json!({"type": ["object", "boolean"], "required": ["a"],
                "anyOf": [{"properties": {"a": list}, "required": ["a"]}]});
            (format!("d{level}"), schema)
        })
        .chain([("d200".to_owned(), json!({"type": "string"}))])
        .collect();
    for defs in [doubling, chain, winding] {
        let schema = json!({"$ref": "#/$defs/d0", "$defs": defs});
        let answer = send(&emulator, &by_json_schema("x", &schema)).await;
        assert_invalid(&answer, "gemini-emulator has no answer");
    }
    let nested = (0..40)
        .fold(json!({"type": "STRING", "pattern": "(?=x)"}), |inner, _| json!({"anyOf": [inner]}));
    assert_invalid(
        &send(&emulator, &by_schema("x", &nested)).await,
        "gemini-emulator has no answer",
    );
    assert_alive(&emulator).await;
}

#[tokio::test]
async fn many_violations_are_cut_off() {
    let emulator = start().await;
    let members: serde_json::Map<String, Value> =
        (0..100_000).map(|number| (format!("x{number}"), json!(1))).collect();
    let answer = send(&emulator, &Value::Object(members)).await;
    assert_invalid(&answer, "Cannot find field.");
    assert!(answer.message().len() < 20_000);
}

#[tokio::test]
async fn sockets_that_speak_no_http() {
    let emulator = start().await;
    let address = emulator.url().strip_prefix("http://").unwrap().to_owned();
    for bytes in [&b"\x16\x03\x01\x02\x00"[..], b"GET\r\n\r\n", b"POST / HTTP/1.1\r\n"] {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        stream.shutdown().await.unwrap();
        let mut answer = Vec::new();
        // Whatever comes back, the connection ends.
        let _ = stream.read_to_end(&mut answer).await;
    }
    let mut stream = TcpStream::connect(&address).await.unwrap();
    let head =
        b"POST /v1beta/models/m:generateContent HTTP/1.1\r\nhost: x\r\ncontent-length: 99\r\n\r\n{";
    stream.write_all(head).await.unwrap();
    drop(stream);
    assert_alive(&emulator).await;
}

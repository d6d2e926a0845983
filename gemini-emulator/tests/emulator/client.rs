//! A small client.

use gemini_emulator::Emulator;
use serde_json::{Value, json};

/// The key that the tests send.
pub(crate) const KEY: &str = "canary-8d1f6c52";

/// An answer of the server.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn message(&self) -> &str {
        self.body["error"]["message"].as_str().unwrap_or_default()
    }

    /// The text of the first candidate's parts that are no thoughts.
    pub(crate) fn text(&self) -> String {
        let parts = self.body["candidates"][0]["content"]["parts"].as_array();
        let answers = parts.into_iter().flatten().filter(|part| part["thought"] != true);
        answers.filter_map(|part| part["text"].as_str()).collect()
    }
}

pub(crate) async fn start() -> Emulator {
    Emulator::start().await.unwrap()
}

pub(crate) fn endpoint(emulator: &Emulator) -> String {
    format!("{}/v1beta/models/gemini-3.8-flash:generateContent", emulator.url())
}

/// A client without a connection pool: every request opens its own connection.
pub(crate) fn http() -> reqwest::Client {
    reqwest::Client::builder().pool_max_idle_per_host(0).no_proxy().build().unwrap()
}

/// Sends a body to `generateContent`.
pub(crate) async fn send(emulator: &Emulator, body: &Value) -> Answer {
    let request = http().post(endpoint(emulator)).header("x-goog-api-key", KEY).json(body);
    read(request.send().await.unwrap()).await
}

/// Calls a path below `v1beta` with a key.
pub(crate) fn call(emulator: &Emulator, method: &str, path: &str) -> reqwest::RequestBuilder {
    let url = format!("{}/v1beta/{path}", emulator.url());
    http().request(method.parse().unwrap(), url).header("x-goog-api-key", KEY)
}

pub(crate) async fn get(emulator: &Emulator, path: &str) -> Answer {
    read(call(emulator, "GET", path).send().await.unwrap()).await
}

pub(crate) async fn post(emulator: &Emulator, path: &str, body: &Value) -> Answer {
    read(call(emulator, "POST", path).json(body).send().await.unwrap()).await
}

pub(crate) async fn patch(emulator: &Emulator, path: &str, body: &Value) -> Answer {
    read(call(emulator, "PATCH", path).json(body).send().await.unwrap()).await
}

pub(crate) async fn delete(emulator: &Emulator, path: &str) -> Answer {
    read(call(emulator, "DELETE", path).send().await.unwrap()).await
}

/// Reads an answer that must be JSON.
pub(crate) async fn read(response: reqwest::Response) -> Answer {
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    let body = serde_json::from_str(&text).unwrap_or_else(|_| panic!("not JSON: {text}"));
    Answer { status, body }
}

/// A request with one prompt.
pub(crate) fn prompt(text: &str) -> Value {
    json!({"contents": [{"role": "user", "parts": [{"text": text}]}]})
}

/// A request for JSON by a `responseSchema`.
pub(crate) fn by_schema(text: &str, schema: &Value) -> Value {
    let config = json!({"responseMimeType": "application/json", "responseSchema": schema});
    with_config(text, &config)
}

/// A request for JSON by a `responseJsonSchema`.
pub(crate) fn by_json_schema(text: &str, schema: &Value) -> Value {
    let config = json!({"responseMimeType": "application/json", "responseJsonSchema": schema});
    with_config(text, &config)
}

/// A request with a prompt and a `generationConfig`.
pub(crate) fn with_config(text: &str, config: &Value) -> Value {
    let mut request = prompt(text);
    request["generationConfig"] = config.clone();
    request
}

/// The address of a stream; `alt` is `?alt=sse` or nothing.
pub(crate) fn stream_endpoint(emulator: &Emulator, alt: &str) -> String {
    format!("{}/v1beta/models/gemini-3.8-flash:streamGenerateContent{alt}", emulator.url())
}

/// Asks for events.
pub(crate) async fn open_stream(emulator: &Emulator, body: &Value) -> reqwest::Response {
    let request = http().post(stream_endpoint(emulator, "?alt=sse"));
    request.header("x-goog-api-key", KEY).json(body).send().await.unwrap()
}

/// The pieces of a body as they arrive, until its end or until the connection breaks.
pub(crate) async fn pieces(mut response: reqwest::Response) -> (Vec<Vec<u8>>, bool) {
    let mut pieces = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(piece)) => pieces.push(piece.to_vec()),
            Ok(None) => return (pieces, true),
            Err(_) => return (pieces, false),
        }
    }
}

/// The events of a well-formed stream.
pub(crate) fn events(body: &str) -> Vec<Value> {
    let lines = body.split_terminator("\r\n\r\n").map(|event| event.strip_prefix("data: "));
    lines.map(|line| serde_json::from_str(line.unwrap()).unwrap()).collect()
}

/// The texts of the events' first candidates, thoughts left out.
pub(crate) fn deltas(events: &[Value]) -> Vec<String> {
    let answers = events.iter().map(|event| Answer { status: 200, body: event.clone() });
    answers.map(|answer| answer.text()).filter(|text| !text.is_empty()).collect()
}

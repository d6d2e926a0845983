//! Whole requests: what the SDK was recorded to send, and what this library sends for the same call.

use std::collections::BTreeSet;

use gemini_emulator::Emulator;
use gemini_extract::Client;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::calls::{MODEL, request};
use super::compare::{Difference, compare};
use super::differences::{ANYWHERE, Side};

/// Places where the two differ: the call or `*`, where, who says something, and why.
const DIFFERENCES: &[(&str, &str, Side, &str)] = &[
    ("stream", "/path", Side::Both, "a `Request` is the plain call; what a stream sends is below"),
    ("*", "/body/generationConfig", Side::Ours, TYPED),
    ("*", "/body/generationConfig/responseMimeType", Side::Ours, TYPED),
    ("*", "/body/generationConfig/responseSchema", Side::Ours, TYPED),
    ("*", "/body/systemInstruction/role", Side::Theirs, "the service ignores it"),
    ("sampling", "/body/generationConfig/candidateCount", Side::Theirs, "one is what a call reads"),
    ("sampling", "/body/generationConfig/frequencyPenalty", Side::Theirs, PENALTY),
    ("sampling", "/body/generationConfig/presencePenalty", Side::Theirs, PENALTY),
];

const TYPED: &str = "every call of this library asks for a type, the SDK's for plain text";
const PENALTY: &str = "several models refuse it, and repetition is wanted in JSON";

/// Recorded calls that this library doesn't make, and why.
pub(super) const CANNOT: &[(&str, &str)] = &[
    ("several_parts", "a prompt is one text; `format!` joins several"),
    ("turns", "an extraction is no conversation; the turns that it has are examples with values"),
    ("inline_image", "a prompt is text"),
    ("file", "a prompt is text"),
    ("safety", "there is no setter for safety settings"),
    ("json", "JSON without a schema is no type; `serde_json::Value` has a schema of its own"),
    ("function", TOOLS),
    ("function_turns", TOOLS),
    ("server_tools", TOOLS),
    ("cached_content", "there is no setter for a cache"),
    ("count_tokens", "what a prompt costs is known from its answer"),
];

const TOOLS: &str = "there are no tools beside the type";

#[derive(Deserialize)]
struct Recorded {
    requests: Vec<Sent>,
}

#[derive(Deserialize)]
struct Sent {
    name: String,
    path: String,
    body: Value,
}

fn recorded() -> Vec<Sent> {
    let file = include_str!("../../data/python_sdk_requests.json");
    serde_json::from_str::<Recorded>(file).unwrap().requests
}

/// A client with the version of the API that the SDK chooses; ours is `v1beta`, whose public form
/// alone has `responseSchema`.
fn client(base: &str) -> Client {
    let builder = Client::builder().api_key("parity-parity").base_url(base).model(MODEL);
    builder.api_version("v1").build().unwrap()
}

/// What differs in the calls that both make.
fn found() -> Vec<(String, Difference)> {
    let client = client("https://generativelanguage.googleapis.com");
    let mut all = Vec::new();
    for theirs in recorded() {
        let Some(ours) = request(&client, &theirs.name) else { continue };
        let ours = ours.unwrap();
        assert_eq!(ours.method(), "POST", "{}", theirs.name);
        let ours_path = ours.url().split_once("googleapis.com").unwrap().1.to_owned();
        let sent = |path: &str, body: Value| serde_json::json!({"path": path, "body": body});
        let body = serde_json::from_str(ours.body()).unwrap();
        let found =
            compare(&sent(&theirs.path, in_camel_case(theirs.body)), &sent(&ours_path, body));
        all.extend(found.into_iter().map(|found| (theirs.name.clone(), found)));
    }
    all
}

/// The service takes `property_ordering` and `propertyOrdering` for the same field, and the SDK
/// sends both spellings. Names of the caller's own (of properties) are left as they are.
fn in_camel_case(value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(in_camel_case).collect(),
        Value::Object(fields) => {
            let fields = fields.into_iter().map(|(name, value)| match (&*name, value) {
                ("properties", Value::Object(own)) => {
                    let own = own.into_iter().map(|(name, value)| (name, in_camel_case(value)));
                    (name, Value::Object(own.collect()))
                }
                (_, value) => (camel(&name), in_camel_case(value)),
            });
            Value::Object(fields.collect::<Map<_, _>>())
        }
        other => other,
    }
}

fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut name, word| {
        name.push_str(&word[..1].to_uppercase());
        name.push_str(&word[1..]);
        name
    })
}

/// The schema's differences stand in the list of the schemas.
fn is_of_schema(found: &Difference) -> bool {
    let is_schema = found.at.contains("Schema/");
    let is_listed = |(keyword, side, _): &(&str, Side, &str)| {
        *keyword == found.keyword() && *side == found.side()
    };
    is_schema && ANYWHERE.iter().any(is_listed)
}

#[test]
fn every_request_is_the_sdk_s_but_for_the_list() {
    let (mut used, mut wrong) = (BTreeSet::new(), Vec::new());
    for (name, found) in found() {
        let entry = DIFFERENCES.iter().position(|(call, at, side, _)| {
            (*call == "*" || *call == name) && *at == found.at && *side == found.side()
        });
        match entry {
            Some(entry) => drop(used.insert(entry)),
            None if is_of_schema(&found) => {}
            None => wrong.push(format!("not listed: {name} {found}")),
        }
    }
    let unused = (0..DIFFERENCES.len()).filter(|entry| !used.contains(entry));
    wrong.extend(unused.map(|entry| format!("not needed: {:?}", DIFFERENCES[entry])));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_recorded_call_is_made_or_has_a_reason() {
    let client = client("https://generativelanguage.googleapis.com");
    let mut reasons: BTreeSet<&str> = CANNOT.iter().map(|(name, _)| *name).collect();
    assert_eq!(reasons.len(), CANNOT.len());
    for call in recorded() {
        let is_made = request(&client, &call.name).is_some();
        assert_ne!(is_made, reasons.remove(&*call.name), "{}: made, or a reason", call.name);
    }
    assert!(reasons.is_empty(), "never recorded: {reasons:?}");
}

#[tokio::test]
async fn a_stream_is_sent_where_the_sdk_sends_it() {
    let theirs = recorded().into_iter().find(|call| call.name == "stream").unwrap();
    let emulator = Emulator::start().await.unwrap();
    let client = client(emulator.url());
    let mut text = client.extract::<String>("Why is the sky blue?").text();
    while let Some(piece) = text.next().await {
        piece.unwrap();
    }
    let ours = emulator.requests().pop().unwrap();
    assert_eq!(ours.method, "POST");
    assert_eq!(ours.path, theirs.path);
    let plain = request(&client, "stream").unwrap().unwrap();
    assert_eq!(ours.body, serde_json::from_str::<Value>(plain.body()).unwrap());
}

#[test]
fn names_of_the_service_have_two_spellings() {
    let theirs = serde_json::json!({"min_items": 1, "properties": {"a_b": {"max_items": 2}}});
    let same = serde_json::json!({"minItems": 1, "properties": {"a_b": {"maxItems": 2}}});
    assert_eq!(in_camel_case(theirs), same);
}

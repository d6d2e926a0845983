//! What is sent, and what is refused before it is.

use std::collections::BTreeMap;

use gemini_emulator::{Emulator, Reply};
use gemini_extract::{Carrier, CarrierReason, ErrorKind, GeminiSchema};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::harness::{Instrument, KEY, RawServer, Recipe, Then, client, sent};

fn cookie() -> Recipe {
    Recipe { recipe_name: "Oat".into(), ingredients: vec!["oats".into()], rating: 4 }
}

#[tokio::test]
async fn a_plain_call() {
    let request = sent::<Vec<Recipe>>(|extract| extract).await;
    assert_eq!(request.method, "POST");
    assert_eq!(request.path, "/v1beta/models/gemini-flash-latest:generateContent");
    assert_eq!(request.headers["content-type"], "application/json");
    let name = format!("gemini-extract/{}", env!("CARGO_PKG_VERSION"));
    assert_eq!(request.headers["user-agent"], name);
    assert_eq!(request.headers["x-goog-api-client"], name);
    assert!(!request.headers.contains_key("x-server-timeout"));
    assert_eq!(
        request.body["contents"],
        json!([{"role": "user", "parts": [{"text": "the prompt"}]}])
    );
    let config = &request.body["generationConfig"];
    assert_eq!(config["responseMimeType"], "application/json");
    assert_eq!(config["responseSchema"]["type"], "ARRAY");
    assert_eq!(config.as_object().map(serde_json::Map::len), Some(2), "nothing else is sent");
    assert_eq!(request.body.as_object().map(serde_json::Map::len), Some(2));
}

#[tokio::test]
async fn every_setting_arrives() {
    let request = sent::<Vec<Recipe>>(|extract| {
        extract
            .model("tunedModels/cookies")
            .system("You are a baker.")
            .temperature(0.5)
            .top_p(0.9)
            .top_k(40)
            .max_output_tokens(2048)
            .seed(-7)
            .stop_sequence("END")
    })
    .await;
    assert_eq!(request.path, "/v1beta/tunedModels/cookies:generateContent");
    assert_eq!(request.body["systemInstruction"], json!({"parts": [{"text": "You are a baker."}]}));
    let config = &request.body["generationConfig"];
    let expected = [
        ("temperature", json!(0.5)),
        ("topP", json!(0.9)),
        ("topK", json!(40)),
        ("maxOutputTokens", json!(2048)),
        ("seed", json!(-7)),
        ("stopSequences", json!(["END"])),
    ];
    for (name, value) in expected {
        assert_eq!(config[name], value, "{name}");
    }
}

#[tokio::test]
async fn the_key_travels_in_its_header_only() {
    let server = RawServer::start("HTTP/1.1 500 \r\ncontent-length: 0\r\n\r\n", Then::Close).await;
    let _ = client(&server.url).extract::<u8>("prompt").await;
    let received = server.received();
    assert!(received.contains(&format!("\r\nx-goog-api-key: {KEY}\r\n")), "{received}");
    assert_eq!(received.matches(KEY).count(), 1, "{received}");
}

#[tokio::test]
async fn what_is_shown_is_what_is_sent() {
    let emulator = Emulator::start().await.unwrap();
    emulator.enqueue(Reply::text("[]"));
    let call = client(emulator.url()).extract::<Vec<Recipe>>("prompt").system("s").seed(1);
    let request = call.to_request().unwrap();
    let value: Vec<Recipe> = call.await.unwrap();
    assert!(value.is_empty());
    let recorded = &emulator.requests()[0];
    assert_eq!(request.url(), format!("{}{}", emulator.url(), recorded.path));
    assert_eq!(request.method().as_str(), recorded.method);
    assert_eq!(serde_json::from_str::<Value>(request.body()).unwrap(), recorded.body);
    assert!(request.body().contains(request.schema()), "the schema goes as it was rendered");
    assert_eq!(request.model(), "models/gemini-flash-latest");
    assert!(!format!("{request:?}").contains("prompt"));
}

#[tokio::test]
async fn a_string_enum_goes_by_its_own_media_type() {
    let config =
        |request: gemini_emulator::RecordedRequest| request.body["generationConfig"].clone();
    let classic = config(sent::<Instrument>(|extract| extract).await);
    assert_eq!(classic["responseMimeType"], "text/x.enum");
    assert_eq!(classic["responseSchema"]["type"], "STRING");
    let json =
        sent::<Instrument>(|extract| extract.with_carrier(Carrier::ResponseJsonSchema)).await;
    assert_eq!(config(json)["responseMimeType"], "application/json");
    let list = config(sent::<Vec<Instrument>>(|extract| extract).await);
    assert_eq!(list["responseMimeType"], "application/json");
}

#[derive(Debug, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Tree {
    name: String,
    children: Vec<Tree>,
}

#[tokio::test]
async fn a_type_that_needs_it_goes_by_json_schema() {
    let request = sent::<Tree>(|extract| extract).await;
    let config = &request.body["generationConfig"];
    assert_eq!(config["responseJsonSchema"]["type"], "object");
    assert_eq!(config.get("responseSchema"), None);

    let client = client("http://127.0.0.1:9");
    let request = client.extract::<Tree>("prompt").to_request().unwrap();
    assert_eq!(request.carrier(), Carrier::ResponseJsonSchema);
    assert!(matches!(request.carrier_reason(), CarrierReason::Recursive));
    let forced = client.extract::<Tree>("prompt").with_carrier(Carrier::ResponseSchema);
    assert_eq!(forced.to_request().unwrap().carrier(), Carrier::ResponseSchema);

    let error = client.extract::<BTreeMap<Option<u8>, u8>>("prompt").await.expect_err("null keys");
    assert_eq!(error.kind(), ErrorKind::Schema);
    assert!(error.schema_error().is_some());
}

#[tokio::test]
async fn a_map_goes_as_a_list_of_entries_and_comes_back_as_a_map() {
    type Map = BTreeMap<String, u8>;
    let emulator = Emulator::start().await.unwrap();
    emulator.enqueue(Reply::text(r#"[{"key":"eggs","value":2},{"key":"oats","value":200}]"#));
    let example = Map::from([("salt".to_owned(), 1)]);
    let map: Map = client(emulator.url())
        .extract("what is in it?")
        .example("a pinch of salt", &example)
        .await
        .unwrap();
    assert_eq!(map["oats"], 200);
    let body = &emulator.requests()[0].body;
    assert_eq!(body["generationConfig"]["responseSchema"]["type"], "ARRAY");
    assert_eq!(body["contents"][1]["parts"][0]["text"], r#"[{"key":"salt","value":1}]"#);
}

#[tokio::test]
async fn the_response_format_carries_json_schema() {
    let request =
        sent::<Vec<Recipe>>(|extract| extract.with_carrier(Carrier::ResponseFormat)).await;
    let config = &request.body["generationConfig"];
    let text = &config["responseFormat"]["text"];
    assert_eq!(text["mimeType"], "APPLICATION_JSON");
    assert_eq!(text["schema"]["type"], "array");
    assert_eq!(config.as_object().map(serde_json::Map::len), Some(1));
}

#[tokio::test]
async fn examples_are_turns_in_declaration_order() {
    let call = client("http://127.0.0.1:9")
        .extract::<Recipe>("prompt")
        .example("oats", &cookie())
        .example("more", &cookie());
    let body: Value = serde_json::from_str(call.to_request().unwrap().body()).unwrap();
    let contents = body["contents"].as_array().unwrap();
    let roles: Vec<_> = contents.iter().map(|turn| turn["role"].as_str().unwrap()).collect();
    assert_eq!(roles, ["user", "model", "user", "model", "user"]);
    assert_eq!(contents[0]["parts"], json!([{"text": "oats"}]));
    let answer = r#"{"recipe_name":"Oat","ingredients":["oats"],"rating":4}"#;
    assert_eq!(contents[1]["parts"], json!([{"text": answer}]));
    assert_eq!(contents[4]["parts"], json!([{"text": "prompt"}]));
}

#[tokio::test]
async fn an_example_of_an_enum_is_the_bare_member() {
    let call = client("http://127.0.0.1:9").extract("oboe").example("tuba", &Instrument::Brass);
    let body: Value = serde_json::from_str(call.to_request().unwrap().body()).unwrap();
    assert_eq!(body["contents"][1]["parts"][0]["text"], "Brass & horns");
    let call = call.with_carrier(Carrier::ResponseJsonSchema);
    let body: Value = serde_json::from_str(call.to_request().unwrap().body()).unwrap();
    assert_eq!(body["contents"][1]["parts"][0]["text"], "\"Brass & horns\"");
}

#[tokio::test]
async fn an_example_that_does_not_conform_is_not_sent() {
    let emulator = Emulator::start().await.unwrap();
    let bad = Recipe { ingredients: Vec::new(), rating: 9, ..cookie() };
    let call = client(emulator.url()).extract("x").example("good", &cookie()).example("bad", &bad);
    let error = call.await.expect_err("the example is bad");
    assert_eq!(error.kind(), ErrorKind::Request);
    let problems: Vec<_> = error.problems().collect();
    assert_eq!(problems.len(), 1);
    assert!(problems[0].starts_with("example 2: "), "{problems:?}");
    assert!(problems[0].contains("/ingredients") && problems[0].contains("/rating"));
    assert!(emulator.requests().is_empty());
}

#[tokio::test]
async fn all_that_is_out_of_range_is_told_at_once() {
    let emulator = Emulator::start().await.unwrap();
    let call = client(emulator.url())
        .extract::<Recipe>(" ")
        .model("../other?key=x")
        .system("")
        .temperature(f64::NAN)
        .top_p(1.5)
        .top_k(0)
        .max_output_tokens(0)
        .stop_sequence("")
        .with_timeout(std::time::Duration::ZERO);
    let error = call.await.expect_err("nothing about it is right");
    assert_eq!(error.kind(), ErrorKind::Request);
    assert_eq!(error.problems().count(), 9, "{error:?}");
    let line = error.to_string();
    assert!(error.problems().all(|problem| line.contains(problem)), "{line}");
    assert!(emulator.requests().is_empty());
}

#[tokio::test]
async fn a_strict_server_takes_every_form_of_request() {
    let emulator = Emulator::start().await.unwrap();
    let client = client(emulator.url());
    for carrier in [Carrier::ResponseSchema, Carrier::ResponseJsonSchema] {
        let call = client
            .extract::<Vec<Recipe>>("Name some cookies.")
            .system("You are a baker.")
            .example("oats", &vec![cookie()])
            .temperature(1.0)
            .top_p(0.9)
            .top_k(40)
            .max_output_tokens(2048)
            .seed(7)
            .stop_sequence("END");
        let recipes = call.with_carrier(carrier).await.unwrap();
        assert!(recipes.iter().all(|recipe| !recipe.ingredients.is_empty()), "{carrier}");
    }
    let _: Instrument = client.extract("What is an oboe?").await.unwrap();
    let _: BTreeMap<String, u8> = client.extract("Count the cookies.").await.unwrap();
}

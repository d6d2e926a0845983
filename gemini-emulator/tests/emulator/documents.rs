//! Documents made from a schema, judged by another implementation of JSON Schema.

use gemini_emulator::Emulator;
use serde_json::{Value, json};

use crate::client::{Answer, by_json_schema, by_schema, send, start, with_config};
use crate::draft::draft;
use crate::schemas;

const SEEDS: u64 = 12;
const PROMPT: &str = "Describe two well-known bakeries, their owners and what they sell.";

fn judge(schema: &Value) -> jsonschema::Validator {
    jsonschema::options()
        .with_draft(jsonschema::Draft::Draft202012)
        .should_validate_formats(true)
        .build(schema)
        .unwrap_or_else(|error| panic!("{schema} is no schema: {error}"))
}

fn assert_conforms(judge: &jsonschema::Validator, schema: &Value, answer: &Answer) {
    assert_eq!(answer.status, 200, "{schema}: {}", answer.message());
    assert_eq!(answer.body["candidates"][0]["finishReason"], "STOP");
    let text = answer.text();
    let document: Value = serde_json::from_str(&text).unwrap();
    let errors: Vec<String> = judge.iter_errors(&document).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{text} against {schema}: {errors:?}");
}

#[tokio::test]
async fn documents_conform_to_gemini_schemas() {
    for seed in 0..SEEDS {
        let emulator = Emulator::builder().seed(seed).start().await.unwrap();
        for schema in schemas::gemini() {
            let answer = send(&emulator, &by_schema(PROMPT, &schema)).await;
            assert_conforms(&judge(&draft(&schema)), &schema, &answer);
        }
    }
}

#[tokio::test]
async fn documents_conform_to_json_schemas() {
    for seed in 0..SEEDS {
        let emulator = Emulator::builder().seed(seed).start().await.unwrap();
        for schema in schemas::json_schema() {
            let answer = send(&emulator, &by_json_schema(PROMPT, &schema)).await;
            assert_conforms(&judge(&schema), &schema, &answer);
        }
    }
}

#[tokio::test]
async fn what_has_ids_is_answered_by_a_list_with_them() {
    let emulator = start().await;
    let list = |least: u32| {
        json!({"type": "ARRAY", "items": {"type": "OBJECT", "required": ["id", "value"],
            "properties": {"id": {"type": "INTEGER", "minimum": least},
                "value": {"type": "STRING", "enum": ["a", "b"]}}}})
    };
    let prompt = r#" {"731": "one", "104": "two", "512": ["three"]}"#;
    let ids = async |prompt: &str, schema: Value| -> Vec<Value> {
        let answer = send(&emulator, &by_schema(prompt, &schema)).await;
        assert_conforms(&judge(&draft(&schema)), &schema, &answer);
        let list: Vec<Value> = serde_json::from_str(&answer.text()).unwrap();
        list.into_iter().map(|element| element["id"].clone()).collect()
    };
    assert_eq!(ids(prompt, list(100)).await, [731, 104, 512]);
    // Ids that don't fit, or that aren't all numbers, are none.
    assert_ne!(ids(prompt, list(200)).await, [731, 104, 512]);
    assert!(!ids(&prompt.replace("512", "some"), list(100)).await.contains(&json!(731)));
    assert!(!ids(&prompt.replace('}', ""), list(100)).await.contains(&json!(731)));
}

#[tokio::test]
async fn seeds_reach_every_branch() {
    let schema = json!({"type": "OBJECT", "required": ["k", "n"], "properties": {
        "k": {"type": "STRING", "enum": ["a", "b", "c"]},
        "n": {"type": "BOOLEAN", "nullable": true},
        "o": {"anyOf": [{"type": "INTEGER"}, {"type": "STRING"}]}}});
    let mut seen = std::collections::BTreeSet::new();
    for seed in 0..60 {
        let emulator = Emulator::builder().seed(seed).start().await.unwrap();
        let text = send(&emulator, &by_schema(PROMPT, &schema)).await.text();
        let document: Value = serde_json::from_str(&text).unwrap();
        seen.insert(format!("k {}", document["k"]));
        seen.insert(format!("n {}", document["n"]));
        seen.insert(format!(
            "o {}",
            document
                .get("o")
                .map_or("absent", |value| { if value.is_string() { "text" } else { "number" } })
        ));
    }
    let all = [
        "k \"a\"", "k \"b\"", "k \"c\"", "n false", "n null", "n true", "o absent", "o number",
        "o text",
    ];
    assert_eq!(seen.into_iter().collect::<Vec<String>>(), all);
}

#[tokio::test]
async fn equal_seeds_and_requests_give_equal_answers() {
    let schema = json!({"type": "ARRAY", "minItems": 5, "items": {"type": "STRING"}});
    let request = by_schema(PROMPT, &schema);
    let mut answers = Vec::new();
    for seed in [1, 1, 2] {
        let emulator = Emulator::builder().seed(seed).start().await.unwrap();
        let first = send(&emulator, &request).await;
        assert_eq!(first.body, send(&emulator, &request).await.body);
        answers.push(first);
    }
    assert_eq!(answers[0].body, answers[1].body);
    assert_ne!(answers[0].text(), answers[2].text());
    assert_ne!(answers[0].body["responseId"], answers[2].body["responseId"]);
    let emulator = Emulator::builder().seed(1).start().await.unwrap();
    let other = send(&emulator, &by_schema("Another prompt altogether.", &schema)).await;
    assert_ne!(answers[0].text(), other.text());
}

#[tokio::test]
async fn texts_are_words_of_the_prompt() {
    let emulator = start().await;
    let answer = send(&emulator, &by_schema("bakery owners", &json!({"type": "STRING"}))).await;
    let text: String = serde_json::from_str(&answer.text()).unwrap();
    assert!(["bakery", "owners", "bakery owners"].contains(&text.as_str()), "{text}");
}

/// The names of the object's properties as they stand in the text.
fn names_in_order(text: &str, names: &[&str]) -> Vec<String> {
    let mut places: Vec<(usize, &str)> =
        names.iter().map(|name| (text.find(&format!("\"{name}\":")).unwrap(), *name)).collect();
    places.sort_unstable();
    places.into_iter().map(|(_, name)| name.to_owned()).collect()
}

#[tokio::test]
async fn properties_keep_their_order() {
    let emulator = start().await;
    let names = ["zeta", "alpha", "mid"];
    let raw = r#"{"type":"OBJECT","required":["zeta","alpha","mid"],"properties":{
        "zeta":{"type":"BOOLEAN"},"alpha":{"type":"BOOLEAN"},"mid":{"type":"BOOLEAN"}}ORDER}"#;
    let cases = [
        ("responseSchema", "", ["alpha", "mid", "zeta"]),
        (
            "responseSchema",
            r#","propertyOrdering":["mid","zeta","alpha"]"#,
            ["mid", "zeta", "alpha"],
        ),
        ("responseSchema", r#","property_ordering":["zeta"]"#, ["zeta", "alpha", "mid"]),
        ("responseJsonSchema", "", ["zeta", "alpha", "mid"]),
        ("responseJsonSchema", r#","propertyOrdering":["mid"]"#, ["mid", "zeta", "alpha"]),
    ];
    for (carrier, ordering, expected) in cases {
        let mut schema = raw.replace("ORDER", ordering);
        if carrier == "responseJsonSchema" {
            schema = schema.to_lowercase().replace("propertyordering", "propertyOrdering");
        }
        // Sent as text: a JSON value of the test would sort the properties itself.
        let body = format!(
            r#"{{"contents":[{{"parts":[{{"text":"x"}}]}}],"generationConfig":
            {{"responseMimeType":"application/json","{carrier}":{schema}}}}}"#
        );
        let request = crate::client::http()
            .post(crate::client::endpoint(&emulator))
            .header("x-goog-api-key", crate::client::KEY)
            .header("content-type", "application/json")
            .body(body);
        let answer = crate::client::read(request.send().await.unwrap()).await;
        assert_eq!(answer.status, 200, "{}", answer.message());
        assert_eq!(names_in_order(&answer.text(), &names), expected, "{carrier}{ordering}");
    }
}

#[tokio::test]
async fn enums_as_text_have_no_quotes() {
    let emulator = start().await;
    let config = json!({"responseMimeType": "text/x.enum",
        "responseSchema": {"type": "STRING", "enum": ["a+"]}});
    assert_eq!(send(&emulator, &with_config("Grade it.", &config)).await.text(), "a+");
    let config = json!({"response_mime_type": "application/json",
        "response_schema": {"type": "STRING", "enum": ["a+"]}});
    assert_eq!(send(&emulator, &with_config("Grade it.", &config)).await.text(), "\"a+\"");
}

#[tokio::test]
async fn response_format_carries_a_schema() {
    let emulator = start().await;
    let schema = json!({"type": "object", "properties": {"a": {"const": 7}}, "required": ["a"]});
    let config =
        json!({"responseFormat": {"text": {"mimeType": "APPLICATION_JSON", "schema": schema}}});
    assert_eq!(send(&emulator, &with_config("x", &config)).await.text(), r#"{"a":7}"#);
}

#[tokio::test]
async fn what_has_no_document_is_said_so() {
    let emulator = start().await;
    let cases = [
        json!({"type": "STRING", "pattern": "(?=a)b"}),
        json!({"type": "STRING", "pattern": "^a{3}$", "maxLength": 2}),
        json!({"type": "INTEGER", "minimum": 2, "maximum": 1}),
        json!({"type": "ARRAY", "items": {"type": "STRING"}, "minItems": 3, "maxItems": 2}),
        json!({"type": "ARRAY", "items": {"type": "STRING"}, "minItems": 5_000_000_000_u64}),
        json!({"type": "STRING", "minLength": 5_000_000_000_u64}),
        json!({"type": "OBJECT", "properties": {"a": {"type": "STRING"}}, "minProperties": 2}),
    ];
    for schema in cases {
        let answer = send(&emulator, &by_schema("x", &schema)).await;
        assert_eq!(answer.status, 400, "{schema} was answered with {}", answer.text());
        assert!(answer.message().starts_with("gemini-emulator has no answer"), "{schema}");
        assert_eq!(answer.body["error"]["details"][0]["domain"], "gemini-emulator");
    }
    let never = send(&emulator, &by_json_schema("x", &json!(false))).await;
    assert!(never.message().starts_with("gemini-emulator has no answer"));
}

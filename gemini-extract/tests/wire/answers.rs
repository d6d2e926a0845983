//! Answers that a value can be read from, in all the shapes they come in.

use gemini_emulator::{Part, Reply};
use gemini_extract::{Carrier, ErrorKind, FinishReason};
use serde_json::json;

use crate::harness::{Instrument, Recipe, ask, ask_with, fail};

#[tokio::test]
async fn an_answer_in_two_text_parts() {
    let reply = Reply::parts([Part::text("[1, 2"), Part::text("3, 4]")]);
    assert_eq!(ask::<Vec<i32>>(reply).await.unwrap().value, [1, 23, 4]);
}

#[tokio::test]
async fn an_answer_behind_a_byte_order_mark() {
    let body = json!({"candidates": [{"content": {"parts": [{"text": "[1]"}]}}]});
    let reply = Reply::raw(200, "application/json", format!("\u{feff}{body}"));
    assert_eq!(ask::<Vec<i32>>(reply).await.unwrap().value, [1]);
}

#[tokio::test]
async fn a_bad_answer_has_its_status_too() {
    for text in ["[1, 2", "[\"one\"]", ""] {
        let error = fail(Reply::text(text)).await;
        assert_eq!(error.status().map(|status| status.as_u16()), Some(200), "{text}");
    }
    let unwelcome = |_: &Vec<i32>| Err("no");
    let error = ask_with(Reply::text("[1]"), |call| call.with_validator(unwelcome)).await;
    let status = error.expect_err("it is rejected").status();
    assert_eq!(status.map(|status| status.as_u16()), Some(200));
}

#[tokio::test]
async fn a_thought_part_first() {
    let reply = Reply::parts([Part::thought("[7] or [8]? "), Part::text("[8]")]);
    let extraction = ask::<Vec<i32>>(reply).await.unwrap();
    assert_eq!(extraction.value, [8]);
    assert_eq!(extraction.thoughts.as_deref(), Some("[7] or [8]? "));
    assert_eq!(extraction.raw_text, "[8]");
}

#[tokio::test]
async fn thoughts_alone_are_no_answer() {
    let error = fail(Reply::parts([Part::thought("[1]")])).await;
    assert_eq!(error.kind(), ErrorKind::EmptyAnswer);
}

#[tokio::test]
async fn a_fenced_answer() {
    for text in [
        "```json\n[1,2]\n```",
        "  ```\n[1,2]\n```\n",
        "```[1,\n2]\n```",
        "```json [1,2]```",
        "\n [1,2] \r\n",
        "\u{feff}[1,2]",
    ] {
        assert_eq!(ask::<Vec<i32>>(Reply::text(text)).await.unwrap().value, [1, 2], "{text}");
    }
}

#[tokio::test]
async fn a_document_among_words_and_a_comma_too_many() {
    for text in ["Here you are:\n[1,2]", "[1,\n2,\n]", "So:\n```json\n[1,2,]\n```\nAnything else?"]
    {
        assert_eq!(ask::<Vec<i32>>(Reply::text(text)).await.unwrap().value, [1, 2], "{text}");
    }
    for text in ["See [1].", "[1]\n[2]", "Either [1]\nor [2]"] {
        assert_eq!(fail(Reply::text(text)).await.kind(), ErrorKind::InvalidJson, "{text}");
    }
    let error = fail(Reply::text("So:\n[\"one\",]")).await;
    assert_eq!(error.kind(), ErrorKind::Violations, "it is a list, of something else");
}

#[tokio::test]
async fn a_fence_inside_a_string_stays() {
    let reply = Reply::text(r#""```json\n[1]\n```""#);
    assert_eq!(ask::<String>(reply).await.unwrap().value, "```json\n[1]\n```");
}

#[tokio::test]
async fn a_float_for_an_integer() {
    assert_eq!(ask::<Vec<i32>>(Reply::text("[7.0, -2.0]")).await.unwrap().value, [7, -2]);
    let error = fail(Reply::text("[7.5]")).await;
    assert_eq!(error.kind(), ErrorKind::Violations);
    assert_eq!(error.violations()[0].path(), "/0");
}

#[tokio::test]
async fn null_fields_everywhere() {
    let reply = Reply::json(
        200,
        json!({
            "candidates": [{
                "content": {"role": null, "parts": [
                    {"text": "[5]", "thought": null, "thoughtSignature": null, "inlineData": null},
                    null,
                    {"text": null},
                ]},
                "finishReason": null, "finishMessage": null, "index": null, "safetyRatings": null,
                "citationMetadata": null, "groundingMetadata": null,
            }],
            "promptFeedback": null,
            "usageMetadata": {"promptTokenCount": null, "candidatesTokenCount": 3,
                "promptTokensDetails": null, "serviceTier": null},
            "modelVersion": null, "responseId": null, "error": null, "aFieldOfTheFuture": {"a": 1},
        }),
    );
    let extraction = ask::<Vec<i32>>(reply).await.unwrap();
    assert_eq!(extraction.value, [5]);
    assert_eq!(extraction.finish_reason, None);
    assert_eq!((extraction.usage.prompt_tokens, extraction.usage.answer_tokens), (0, 3));
}

#[tokio::test]
async fn all_that_is_known_beside_the_value() {
    let reply = Reply::json(
        200,
        json!({
            "candidates": [
                {"content": {"parts": [{"text": "[1]"}]}, "finishReason": "STOP",
                 "safetyRatings": [{"category": "HARM_CATEGORY_HARASSMENT",
                                    "probability": "NEGLIGIBLE"}]},
                {"content": {"parts": [{"text": "[2]"}]}, "finishReason": "SAFETY"},
            ],
            "usageMetadata": {"promptTokenCount": 31, "candidatesTokenCount": 9,
                "thoughtsTokenCount": 112, "totalTokenCount": 152},
            "modelVersion": "gemini-3.8-flash", "responseId": "aBcD",
        }),
    );
    let extraction = ask::<Vec<i32>>(reply).await.unwrap();
    assert_eq!(extraction.value, [1], "the first candidate counts");
    assert_eq!(extraction.usage.total_tokens, 152);
    assert_eq!(extraction.usage.thoughts_tokens, 112);
    assert_eq!(extraction.finish_reason, Some(FinishReason::Stop));
    assert_eq!(extraction.model_version.as_deref(), Some("gemini-3.8-flash"));
    assert_eq!(extraction.response_id.as_deref(), Some("aBcD"));
    assert_eq!(extraction.safety_ratings.len(), 1);
    assert_eq!(extraction.carrier, Carrier::ResponseSchema);
    assert_eq!(extraction.thoughts, None);
}

#[tokio::test]
async fn the_bare_member_of_an_enum() {
    for text in [
        "Woodwind",
        " Woodwind\n",
        "\"Woodwind\"",
        "'Woodwind'",
        " \"Woodwind\" ",
        "\u{feff}Woodwind",
        "```\nWoodwind\n```",
        "```json\n\"Woodwind\"\n```",
    ] {
        let extraction = ask::<Instrument>(Reply::text(text)).await;
        assert_eq!(extraction.unwrap().value, Instrument::Woodwind, "{text}");
    }
    for text in ["Brass & horns", r#""Brass \u0026 horns""#] {
        let extraction = ask::<Instrument>(Reply::text(text)).await;
        assert_eq!(extraction.unwrap().value, Instrument::Brass, "{text}");
    }
}

#[tokio::test]
async fn what_is_around_a_member_does_not_make_it_another() {
    #[derive(Debug, PartialEq, serde::Deserialize, gemini_extract::GeminiSchema)]
    enum Weather {
        Wet,
        #[serde(other)]
        Unclear,
    }
    for text in ["Wet", " Wet\n", "\"Wet\"", "'Wet'", "```\nWet\n```"] {
        assert_eq!(ask::<Weather>(Reply::text(text)).await.unwrap().value, Weather::Wet, "{text}");
    }
    for text in ["Unclear", " Unclear\n", "dry", "wet"] {
        let value = ask::<Weather>(Reply::text(text)).await.unwrap().value;
        assert_eq!(value, Weather::Unclear, "{text}");
    }
}

#[tokio::test]
async fn a_member_that_is_not_in_the_list() {
    for text in ["Oboe", "woodwind", "Woodwind!", "\"Oboe\"", "[\"Woodwind\"]"] {
        let error = ask::<Instrument>(Reply::text(text)).await.expect_err(text);
        assert_eq!(error.kind(), ErrorKind::Violations, "{text}");
        assert_eq!(error.violations().len(), 1, "{text}");
        assert_eq!(error.raw_text(), Some(text));
        assert!(!error.to_string().contains("Oboe"), "{error}");
    }
}

#[tokio::test]
async fn an_enum_by_json_schema_is_a_json_string() {
    let by_json = |extract: gemini_extract::Extract<Instrument>| {
        extract.with_carrier(Carrier::ResponseJsonSchema)
    };
    let extraction = ask_with(Reply::text("\"String\""), by_json).await.unwrap();
    assert_eq!(extraction.value, Instrument::String);
    let error = ask_with(Reply::text("String"), by_json).await.expect_err("not JSON");
    assert_eq!(error.kind(), ErrorKind::InvalidJson);
}

#[tokio::test]
async fn json_that_is_none() {
    for text in
        ["I can't do that.", "[1, 2,,]", "[1] and so on", "```json\nnothing\n```", "```json\n```"]
    {
        let error = fail(Reply::text(text)).await;
        assert_eq!(error.kind(), ErrorKind::InvalidJson, "{text}");
        assert_eq!(error.raw_text(), Some(text));
        assert!(!error.is_truncated(), "{text}");
        assert!(error.usage().is_some_and(|usage| usage.total_tokens > 0), "it was billed");
    }
    let error = fail(Reply::text("[1, 2")).await;
    assert!(error.is_truncated(), "{error}");
    assert_eq!(error.kind(), ErrorKind::InvalidJson);
}

#[tokio::test]
async fn all_violations_are_listed() {
    let reply = Reply::text(
        r#"[{"recipe_name": "Secret shortbread", "ingredients": [], "rating": 9},
            {"recipe_name": "Oat", "ingredients": ["oats"], "rating": 0}]"#,
    );
    let error = ask::<Vec<Recipe>>(reply).await.expect_err("three bounds are broken");
    assert_eq!(error.kind(), ErrorKind::Violations);
    let found: Vec<_> = error.violations().iter().map(|v| (v.path(), v.keyword())).collect();
    let expected =
        [("/0/ingredients", "minItems"), ("/0/rating", "maximum"), ("/1/rating", "minimum")];
    assert_eq!(found, expected);
    let line = error.to_string();
    assert!(line.contains("at /0/ingredients") && line.contains("at /1/rating"), "{line}");
    assert!(!line.contains("Secret") && !format!("{error:?}").contains("Secret"), "{line}");
    assert!(error.usage().is_some());
}

#[tokio::test]
async fn the_line_stays_short_and_debug_lists_them_all() {
    let error = ask::<Vec<Instrument>>(Reply::text(r#"["a", "b", "c", "d", "e"]"#)).await;
    let error = error.expect_err("five wrong members");
    assert_eq!(error.violations().len(), 5);
    let (line, debug) = (error.to_string(), format!("{error:?}"));
    assert!(line.ends_with("; and 2 more") && !line.contains("at /4"), "{line}");
    assert!(debug.contains("at /4"), "{debug}");
}

#[tokio::test]
async fn the_keys_of_a_map_are_not_shown() {
    type Map = std::collections::BTreeMap<String, Vec<Recipe>>;
    let reply = Reply::text(
        r#"{"Secret":[{"recipe_name":"a","ingredients":["b"],"rating":8}],"rating":[]}"#,
    );
    let error = ask::<Map>(reply).await.expect_err("a bound is broken");
    assert_eq!(error.violations()[0].path(), "/Secret/0/rating");
    assert!(error.to_string().contains("at /*/0/rating"), "{error}");
    assert!(!format!("{error} {error:?}").contains("Secret"));
}

#[tokio::test]
async fn the_line_is_one_line_whatever_the_type_says() {
    #[derive(Debug, serde::Deserialize, gemini_extract::GeminiSchema)]
    #[allow(dead_code, reason = "it is never made")]
    struct Odd {
        #[serde(rename = "km/h\n")]
        speed: u8,
        #[gemini(pattern = "^a\nb$")]
        text: String,
    }
    let reply = Reply::text(r#"{"km/h\n": 300, "text": "c"}"#);
    let error = ask::<Odd>(reply).await.expect_err("two bounds are broken");
    let line = error.to_string();
    assert!(!line.contains('\n'), "{line}");
    assert!(line.contains(r"at /km~1h\n: ") && line.contains(r"^a\nb$"), "{line}");
}

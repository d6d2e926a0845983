//! Bad answers that are asked for again, and what is said about them.

use gemini_emulator::{Emulator, RecordedRequest, Reply};
use gemini_extract::{
    Client, Error, ErrorKind, Extract, Extraction, GeminiSchema, Repair, Thinking, ThinkingLevel,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::harness::{Instrument, KEY, Recipe, builder};

/// What a call with the default policies comes to, and what it sends.
async fn ask<T>(
    replies: Vec<Reply>,
    set: impl FnOnce(Extract<T>) -> Extract<T>,
) -> (Result<Extraction<T>, Error>, Vec<RecordedRequest>)
where
    T: GeminiSchema + DeserializeOwned + 'static,
{
    let emulator = Emulator::start().await.expect("a port is free");
    replies.into_iter().for_each(|reply| emulator.enqueue(reply));
    let client = Client::builder().api_key(KEY).base_url(emulator.url()).build().unwrap();
    let result = set(client.extract("the prompt")).detailed().await;
    (result, emulator.requests())
}

fn recipe(rating: u8) -> String {
    json!([{"recipe_name": "Oat", "ingredients": ["oats"], "rating": rating}]).to_string()
}

/// The texts of a request's turns, with their roles.
fn turns(request: &RecordedRequest) -> Vec<(String, String)> {
    let turn = |turn: &Value| {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (text(&turn["role"]), text(&turn["parts"][0]["text"]))
    };
    request.body["contents"].as_array().expect("contents").iter().map(turn).collect()
}

#[tokio::test]
async fn violations_are_told_to_the_model() {
    let replies = vec![Reply::text(recipe(9)), Reply::text(recipe(5))];
    let (result, requests) = ask::<Vec<Recipe>>(replies, |call| call.system("Be brief.")).await;
    let extraction = result.unwrap();
    assert_eq!(extraction.value[0].rating, 5);
    assert_eq!((extraction.attempts, extraction.repairs), (2, 1));
    assert_eq!(extraction.raw_text, recipe(5));

    let turns = turns(&requests[1]);
    assert_eq!(turns[0], ("user".to_owned(), "the prompt".to_owned()));
    assert_eq!(turns[1], ("model".to_owned(), recipe(9)));
    assert_eq!(turns[2].0, "user");
    assert!(turns[2].1.contains("\n- at /0/rating: "), "{}", turns[2].1);
    for field in ["systemInstruction", "generationConfig"] {
        assert_eq!(requests[0].body[field], requests[1].body[field], "{field}");
    }
}

#[tokio::test]
async fn each_bad_answer_has_its_words() {
    let said = [("{\"a\"", "it ends too early"), ("nothing", "it is not JSON"), ("[300]", "at /0")];
    for (answer, words) in said {
        let replies = vec![Reply::text(answer), Reply::text("[1]")];
        let (result, requests) = ask::<Vec<u8>>(replies, |call| call).await;
        assert_eq!(result.unwrap().value, [1]);
        assert!(turns(&requests[1])[2].1.contains(words), "{answer}");
    }
    let replies = vec![Reply::text("Oboe"), Reply::text("Woodwind")];
    let (result, requests) = ask::<Instrument>(replies, |call| call).await;
    assert_eq!(result.unwrap().value, Instrument::Woodwind);
    assert!(turns(&requests[1])[2].1.contains("Percussion"), "{:?}", turns(&requests[1]));
}

#[tokio::test]
async fn an_answer_that_says_nothing_is_asked_for_as_it_was() {
    let malformed = Reply::text("x").finish_reason("MALFORMED_RESPONSE");
    for reply in [Reply::text(" "), malformed, Reply::json(200, json!({}))] {
        let (result, requests) = ask::<Vec<u8>>(vec![reply, Reply::text("[1]")], |call| call).await;
        assert_eq!((result.unwrap().repairs, requests.len()), (1, 2));
        assert_eq!(requests[0].body, requests[1].body);
    }
}

#[tokio::test]
async fn the_limit_of_tokens_is_raised_and_never_met_the_same_way_again() {
    let cut = || Reply::text("[1,2,3").finish_reason("MAX_TOKENS");
    let limits = |requests: &[RecordedRequest]| {
        let limit = |request: &RecordedRequest| {
            request.body["generationConfig"]["maxOutputTokens"].as_u64()
        };
        requests.iter().map(limit).collect::<Vec<_>>()
    };
    let (result, requests) =
        ask::<Vec<u8>>(vec![cut(), Reply::text("[1]")], |call| call.max_output_tokens(100)).await;
    assert_eq!(result.unwrap().value, [1]);
    assert_eq!(limits(&requests), [Some(100), Some(200)]);
    assert_eq!(turns(&requests[1]).len(), 1, "the cut answer isn't sent back");

    let repair = Repair::default().times(9).most_output_tokens(300);
    let (result, requests) =
        ask::<Vec<u8>>(vec![cut(); 5], |call| call.max_output_tokens(100).with_repair(repair))
            .await;
    assert_eq!(result.expect_err("cut").kind(), ErrorKind::MaxTokens);
    assert_eq!(limits(&requests), [Some(100), Some(200), Some(300)]);

    let (result, requests) = ask::<Vec<u8>>(vec![cut(); 2], |call| call).await;
    let error = result.expect_err("the model's own limit");
    assert_eq!((error.kind(), requests.len()), (ErrorKind::MaxTokens, 1));
    assert_eq!(error.partial::<u8>(), [1, 2]);
}

#[tokio::test]
async fn the_model_thinks_less_where_there_is_no_more_room() {
    let cut = || Reply::text("[1,2").finish_reason("MAX_TOKENS");
    let twice = Repair::default().times(2);
    let (result, requests) = ask::<Vec<u8>>(vec![cut(), cut(), Reply::text("[1]")], |call| {
        call.thinking(ThinkingLevel::High).with_repair(twice).include_thoughts()
    })
    .await;
    assert_eq!(result.unwrap().value, [1]);
    let config = |level: &str| json!({"includeThoughts": true, "thinkingLevel": level});
    for (request, level) in requests.iter().zip(["HIGH", "MEDIUM", "LOW"]) {
        assert_eq!(request.body["generationConfig"]["thinkingConfig"], config(level));
    }
    let (result, requests) =
        ask::<Vec<u8>>(vec![cut(); 2], |call| call.thinking(Thinking::Automatic)).await;
    assert_eq!((result.expect_err("cut").repairs(), requests.len()), (0, 1));
}

#[tokio::test]
async fn refusals_are_never_asked_for_again() {
    let stopped = |reason| Reply::text("[1]").finish_reason(reason);
    for reply in [
        stopped("SAFETY"),
        stopped("RECITATION"),
        stopped("LANGUAGE"),
        stopped("OTHER"),
        Reply::blocked("SAFETY"),
    ] {
        let (result, requests) = ask::<Vec<u8>>(vec![reply; 2], |call| call).await;
        let error = result.expect_err("refused");
        assert_eq!((error.attempts(), error.repairs(), requests.len()), (1, 0, 1), "{error}");
    }
}

#[tokio::test]
async fn repairs_have_a_limit_and_lose_nothing() {
    let bad = |text: &str, tokens: u64| {
        let candidates = json!([{"content": {"parts": [{"text": text}]}}]);
        let usage = json!({"promptTokenCount": tokens, "candidatesTokenCount": 1});
        Reply::json(200, json!({"candidates": candidates, "usageMetadata": usage}))
    };
    let replies = || vec![bad("[1,300]", 10), bad("[1,2", 20), bad("[1,400]", 40)];
    for (times, tokens) in [(0, 10), (1, 30), (2, 70)] {
        let repair = Repair::default().times(times);
        let (result, requests) =
            ask::<Vec<u8>>(replies(), |call| call.with_repair(repair.clone())).await;
        let error = result.expect_err("all are bad");
        assert_eq!(error.usage().map(|usage| usage.prompt_tokens), Some(tokens));
        assert_eq!((error.repairs(), error.attempts()), (times, times + 1));
        assert_eq!(requests.len(), error.earlier().len() + 1);
        if let Some(second) = error.earlier().get(1) {
            assert_eq!((second.kind(), second.partial::<u8>()), (ErrorKind::InvalidJson, vec![1]));
            assert_eq!(turns(&requests[2]).len(), 3, "only the last answer is sent back");
        }
    }
    let (_, requests) = ask::<Vec<u8>>(replies(), |call| call).await;
    assert_eq!(requests.len(), 2, "once by default");
}

#[tokio::test]
async fn repairs_and_retries_are_counted_apart() {
    let busy = || Reply::error(503, "UNAVAILABLE", "busy").header("Retry-After", "0");
    let replies = vec![busy(), Reply::text("no"), busy(), busy(), Reply::text("[1]")];
    let (result, _) = ask::<Vec<u8>>(replies, |call| call).await;
    let extraction = result.unwrap();
    assert_eq!((extraction.attempts, extraction.repairs), (5, 1));
}

#[tokio::test]
async fn a_client_that_repairs_nothing() {
    let emulator = Emulator::start().await.unwrap();
    emulator.enqueue(Reply::text("no"));
    let client = builder(emulator.url()).with_repair(Repair::never()).build().unwrap();
    let error = client.extract::<Vec<u8>>("prompt").await.expect_err("no JSON");
    assert_eq!((error.kind(), error.repairs()), (ErrorKind::InvalidJson, 0));
}

#[tokio::test]
async fn validators_are_heard() {
    let few = |values: &Vec<u8>| match values.len() {
        0..=2 => Ok(()),
        more => Err(format!("at most 2 numbers, not {more}")),
    };
    let even = |values: &Vec<u8>| {
        let is_even = values.iter().all(|value| value.is_multiple_of(2));
        if is_even { Ok(()) } else { Err("all numbers must be even") }
    };
    let set = |call: Extract<Vec<u8>>| call.with_validator(few).with_validator(even);
    let (result, requests) = ask(vec![Reply::text("[1,2,3]"), Reply::text("[2,4]")], set).await;
    assert_eq!(result.unwrap().value, [2, 4]);
    let said = &turns(&requests[1])[2].1;
    assert!(said.contains("\n- at most 2 numbers, not 3\n- all numbers must be even\n"), "{said}");

    let (result, _) = ask(vec![Reply::text("[1]"), Reply::text("[3]")], set).await;
    let error = result.expect_err("odd twice");
    assert_eq!((error.kind(), error.repairs()), (ErrorKind::Rejected, 1));
    assert_eq!(error.rejections(), ["all numbers must be even"]);
    assert_eq!((error.raw_text(), error.earlier()[0].raw_text()), (Some("[3]"), Some("[1]")));
    assert!(error.to_string().contains("rejected by validators: 1 complaint, after"), "{error}");
    assert!(!error.to_string().contains("even") && error.help().contains("rejections"), "{error}");
}

/// A piece of an answer that is continued with a token.
fn piece(text: &str, token: Option<&str>) -> Reply {
    let reason = if token.is_some() { "CONTINUATION" } else { "STOP" };
    Reply::json(
        200,
        json!({
            "candidates": [{"content": {"parts": [{"text": text}]}, "finishReason": reason,
                            "continuationToken": token}],
            "usageMetadata": {"promptTokenCount": 10, "candidatesTokenCount": 1},
        }),
    )
}

#[tokio::test]
async fn an_answer_in_pieces_is_put_together() {
    let replies = vec![piece("[1,", Some("a\"b")), piece("2", Some("c")), piece("3]", None)];
    let (result, requests) = ask::<Vec<u8>>(replies, |call| call).await;
    let extraction = result.unwrap();
    assert_eq!((extraction.value, extraction.attempts), (vec![1, 23], 3));
    assert_eq!((extraction.usage.prompt_tokens, extraction.usage.answer_tokens), (30, 3));
    let token = |request: &RecordedRequest| request.body["continuationToken"].clone();
    let tokens: Vec<_> = requests.iter().map(token).collect();
    assert_eq!(tokens, [Value::Null, json!("a\"b"), json!("c")]);
    assert_eq!(requests[0].body["contents"], requests[2].body["contents"]);
}

#[tokio::test]
async fn pieces_that_lead_nowhere_are_given_up() {
    let mut replies = vec![piece("[1,", Some("a"))];
    replies.extend(vec![piece("", Some("b")); 9]);
    let (result, requests) = ask::<Vec<u8>>(replies, |call| call).await;
    let error = result.expect_err("it doesn't end");
    assert_eq!((error.kind(), requests.len()), (ErrorKind::Stopped, 4));
    assert_eq!((error.raw_text(), error.partial::<u8>()), (Some("[1,"), vec![1]));
    assert_eq!(error.usage().map(|usage| usage.prompt_tokens), Some(40));

    let stopped = Reply::text("2]").finish_reason("SAFETY");
    let (result, _) = ask::<Vec<u8>>(vec![piece("[1,", Some("a")), stopped], |call| call).await;
    let error = result.expect_err("stopped");
    assert_eq!((error.kind(), error.raw_text()), (ErrorKind::Safety, Some("[1,2]")));
}

#[tokio::test]
async fn what_a_later_piece_leaves_out_stays_as_it_was_told() {
    let first = json!({
        "candidates": [{"content": {"parts": [{"text": "[1,"}]}, "finishReason": "CONTINUATION",
                        "continuationToken": "a",
                        "safetyRatings": [{"category": "HARM_CATEGORY_HARASSMENT"}]}],
        "modelVersion": "m-001", "responseId": "r-1",
    });
    let (result, _) =
        ask::<Vec<u8>>(vec![Reply::json(200, first), piece("2]", None)], |call| call).await;
    let extraction = result.unwrap();
    assert_eq!(extraction.model_version.as_deref(), Some("m-001"));
    assert_eq!(extraction.response_id.as_deref(), Some("r-1"));
    assert_eq!(extraction.safety_ratings.len(), 1);
}

#[tokio::test]
async fn pieces_that_grow_too_large_keep_their_text() {
    let emulator = Emulator::start().await.unwrap();
    (0..9)
        .for_each(|_| emulator.enqueue(piece(&"1,".repeat(100).replacen('1', "[1", 1), Some("a"))));
    let client = builder(emulator.url()).with_response_limit(450).build().unwrap();
    let error = client.extract::<Vec<u8>>("prompt").await.expect_err("it is too large");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::ResponseTooLarge, 3));
    assert_eq!(error.usage().map(|usage| usage.prompt_tokens), Some(30));
    assert_eq!(error.partial::<u8>().len(), 100);
}

#[cfg(feature = "garde")]
#[tokio::test]
async fn garde_is_a_validator() {
    #[derive(serde::Deserialize, GeminiSchema)]
    struct Account {
        name: String,
    }

    impl garde::Validate for Account {
        type Context = ();

        fn validate_into(
            &self,
            (): &(),
            parent: &mut dyn FnMut() -> garde::Path,
            report: &mut garde::Report,
        ) {
            for least in [2, 3] {
                if self.name.len() < least {
                    let error = garde::Error::new(format!("at least {least} letters"));
                    report.append(parent().join("name"), error);
                }
            }
        }
    }

    let replies = vec![Reply::text(r#"{"name":"A"}"#), Reply::text(r#"{"name":"Ada"}"#)];
    let (result, requests) = ask::<Account>(replies, Extract::with_garde).await;
    assert_eq!(result.unwrap().value.name, "Ada");
    let said = &turns(&requests[1])[2].1;
    let lines = "\n- name: at least 2 letters\n- name: at least 3 letters\n";
    assert!(said.contains(lines), "{said}");
}

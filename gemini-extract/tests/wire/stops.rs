//! Answers that were stopped, and prompts that were blocked: a kind, what to do, what it cost.

use gemini_emulator::Reply;
use gemini_extract::{BlockReason, ErrorKind, FinishReason};
use serde_json::json;

use crate::harness::fail;

#[tokio::test]
async fn a_truncated_answer_keeps_usage_and_text() {
    let reply = Reply::json(
        200,
        json!({
            "candidates": [{"content": {"parts": [{"text": "[1, 2, 3"}]},
                            "finishReason": "MAX_TOKENS"}],
            "usageMetadata": {"promptTokenCount": 5, "candidatesTokenCount": 7,
                              "thoughtsTokenCount": 4000, "totalTokenCount": 4012},
            "modelVersion": "gemini-3.8-flash", "responseId": "xyz",
        }),
    );
    let error = fail(reply).await;
    assert_eq!(error.kind(), ErrorKind::MaxTokens);
    assert!(error.is_truncated() && !error.is_refusal());
    let usage = error.usage().expect("it was billed");
    assert_eq!((usage.thoughts_tokens, usage.total_tokens), (4000, 4012));
    assert_eq!(error.raw_text(), Some("[1, 2, 3"));
    assert_eq!(error.finish_reason(), Some(&FinishReason::MaxTokens));
    assert_eq!(error.model_version(), Some("gemini-3.8-flash"));
    assert_eq!(error.response_id(), Some("xyz"));
    assert_eq!(error.status().map(|status| status.as_u16()), Some(200));
    assert!(error.help().contains("max_output_tokens"));
    assert_eq!(error.to_string(), "the answer was cut off at the token limit: MAX_TOKENS");
}

#[tokio::test]
async fn a_number_cut_at_the_limit_is_no_value() {
    let reply = Reply::text("12").finish_reason("MAX_TOKENS");
    let error = crate::harness::ask::<u64>(reply).await.expect_err("it may go on");
    assert_eq!(error.kind(), ErrorKind::MaxTokens);
}

#[tokio::test]
async fn a_cut_without_any_text() {
    let reply = json!({"candidates": [{"finishReason": "MAX_TOKENS"}],
                       "usageMetadata": {"thoughtsTokenCount": 64}});
    let error = fail(Reply::json(200, reply)).await;
    assert_eq!(error.kind(), ErrorKind::MaxTokens);
    assert_eq!(error.raw_text(), None);
    assert_eq!(error.usage().map(|usage| usage.total_tokens), Some(64));
}

#[tokio::test]
async fn a_blocked_prompt() {
    for reason in ["SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "A_NEW_REASON"] {
        let error = fail(Reply::blocked(reason)).await;
        assert_eq!(error.kind(), ErrorKind::PromptBlocked, "{reason}");
        assert_eq!(error.block_reason(), Some(&BlockReason::from(reason)));
        assert!(error.is_refusal() && !error.is_retryable());
        assert_eq!(error.to_string(), format!("the prompt was blocked: {reason}"));
        assert!(error.help().contains("prompt"));
    }
}

#[tokio::test]
async fn a_blocked_prompt_with_an_empty_candidate() {
    let body = json!({"candidates": [{"content": null}],
                      "promptFeedback": {"blockReason": "SAFETY"}});
    assert_eq!(fail(Reply::json(200, body)).await.kind(), ErrorKind::PromptBlocked);
}

#[tokio::test]
async fn each_finish_reason_has_its_kind() {
    let kinds = [
        ("SAFETY", ErrorKind::Safety),
        ("BLOCKLIST", ErrorKind::Safety),
        ("PROHIBITED_CONTENT", ErrorKind::Safety),
        ("SPII", ErrorKind::Safety),
        ("IMAGE_SAFETY", ErrorKind::Safety),
        ("RECITATION", ErrorKind::Recitation),
        ("LANGUAGE", ErrorKind::Language),
        ("MALFORMED_FUNCTION_CALL", ErrorKind::MalformedAnswer),
        ("UNEXPECTED_TOOL_CALL", ErrorKind::MalformedAnswer),
        ("MALFORMED_RESPONSE", ErrorKind::MalformedAnswer),
        ("CONTINUATION", ErrorKind::Stopped),
        ("OTHER", ErrorKind::Stopped),
        ("FINISH_REASON_UNSPECIFIED", ErrorKind::Stopped),
        ("A_REASON_OF_THE_FUTURE", ErrorKind::Stopped),
    ];
    for (reason, kind) in kinds {
        let error = fail(Reply::text("[1]").finish_reason(reason)).await;
        assert_eq!(error.kind(), kind, "{reason}");
        assert_eq!(error.finish_reason(), Some(&FinishReason::from(reason)));
        assert_eq!(error.raw_text(), Some("[1]"), "{reason}");
        assert!(error.usage().is_some(), "{reason}");
        assert!(error.to_string().ends_with(reason), "{error}");
        let is_refusal = matches!(kind, ErrorKind::Safety | ErrorKind::Recitation);
        assert_eq!(error.is_refusal(), is_refusal, "{reason}");
        assert_eq!(error.is_retryable(), kind == ErrorKind::MalformedAnswer, "{reason}");
    }
}

#[tokio::test]
async fn answers_without_text() {
    let empty = [
        json!({}),
        json!({"candidates": []}),
        json!({"candidates": null, "usageMetadata": {"promptTokenCount": 1}}),
        json!({"candidates": [{"finishReason": "STOP"}]}),
        json!({"candidates": [{"content": {"parts": []}, "finishReason": "STOP"}]}),
        json!({"candidates": [{"content": {"parts": [{"text": " \n"}]}, "finishReason": "STOP"}]}),
        json!({"candidates": [{"content": {"parts": [{"functionCall": {"name": "f"}}]}}]}),
    ];
    for body in empty {
        let shown = body.to_string();
        let error = fail(Reply::json(200, body)).await;
        assert_eq!(error.kind(), ErrorKind::EmptyAnswer, "{shown}");
        assert_eq!(error.to_string(), "the answer is empty");
    }
}

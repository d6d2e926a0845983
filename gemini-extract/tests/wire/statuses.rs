//! Refusals of the service: a kind for each row of its table, in every shape of the body.

use std::time::Duration;

use gemini_emulator::Reply;
use gemini_extract::{Error, ErrorKind};
use serde_json::{Value, json};

use crate::harness::fail;

const RPC: &str = "type.googleapis.com/google.rpc";

/// Status, its name, the kind, and a word of its help.
const ROWS: [(u16, &str, ErrorKind, &str); 15] = [
    (400, "INVALID_ARGUMENT", ErrorKind::InvalidArgument, "to_request"),
    (400, "FAILED_PRECONDITION", ErrorKind::FailedPrecondition, "billing"),
    (401, "UNAUTHENTICATED", ErrorKind::Unauthenticated, "API key"),
    (402, "", ErrorKind::BillingRequired, "balance"),
    (403, "PERMISSION_DENIED", ErrorKind::PermissionDenied, "key"),
    (404, "NOT_FOUND", ErrorKind::NotFound, "model"),
    (408, "", ErrorKind::DeadlineExceeded, "with_timeout"),
    (413, "", ErrorKind::PayloadTooLarge, "less"),
    (429, "RESOURCE_EXHAUSTED", ErrorKind::ResourceExhausted, "retry_after"),
    (499, "CANCELLED", ErrorKind::Cancelled, "again"),
    (500, "INTERNAL", ErrorKind::Internal, "shorten the input"),
    (502, "UNAVAILABLE", ErrorKind::Unavailable, "another model"),
    (503, "UNAVAILABLE", ErrorKind::Unavailable, "another model"),
    (504, "DEADLINE_EXCEEDED", ErrorKind::DeadlineExceeded, "with_timeout"),
    (418, "TEAPOT", ErrorKind::UnexpectedResponse, "base URL"),
];

fn invalid_key() -> Reply {
    let info = json!({"@type": format!("{RPC}.ErrorInfo"), "reason": "API_KEY_INVALID",
                      "domain": "googleapis.com"});
    Reply::error(400, "INVALID_ARGUMENT", "API key not valid.").details([info])
}

fn quota(id: &str) -> Value {
    json!({"@type": format!("{RPC}.QuotaFailure"), "violations": [{
        "quotaMetric": "generativelanguage.googleapis.com/generate_content_requests",
        "quotaId": id, "quotaDimensions": {"model": "gemini-3.8-flash"}, "quotaValue": "20"}]})
}

fn retry_in(delay: &str) -> Value {
    json!({"@type": format!("{RPC}.RetryInfo"), "retryDelay": delay})
}

#[tokio::test]
async fn every_row_has_its_kind_and_its_help() {
    for (code, status, kind, help) in ROWS {
        let error = fail(Reply::error(code, status, "In the service's words.")).await;
        assert_eq!(error.kind(), kind, "{code}");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(code));
        assert_eq!(error.service_status(), Some(status));
        assert_eq!(error.service_message(), Some("In the service's words."));
        assert!(error.help().contains(help), "{code}: {}", error.help());
        let line = error.to_string();
        assert!(line.contains(format!("HTTP {code} {status}").trim_end()), "{line}");
        assert!(!line.contains("In the service's words") && !line.contains('\n'), "{line}");
        let is_retryable = [408, 429, 500, 502, 503, 504].contains(&code);
        assert_eq!(error.is_retryable(), is_retryable, "{code}");
        assert_eq!(error.is_timeout(), [408, 504].contains(&code), "{code}");
        assert_eq!(error.is_credentials(), [401, 403].contains(&code), "{code}");
    }
}

#[tokio::test]
async fn a_bad_key_is_told_from_other_bad_requests() {
    let error = fail(invalid_key()).await;
    assert_eq!(error.kind(), ErrorKind::InvalidApiKey);
    assert_eq!(error.status().map(|status| status.as_u16()), Some(400));
    assert_eq!(error.service_reason(), Some("API_KEY_INVALID"));
    assert!(error.is_credentials() && !error.is_retryable());
    assert!(error.help().contains("GOOGLE_API_KEY"));
}

#[tokio::test]
async fn a_quota_says_how_long_to_wait() {
    let per_minute = "GenerateRequestsPerMinutePerProjectPerModel";
    let reply = Reply::error(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota.")
        .details([quota(per_minute), retry_in("38.2s")])
        .header("Retry-After", "5");
    let error = fail(reply).await;
    assert!(error.is_quota() && error.is_retryable() && !error.is_daily_quota());
    assert_eq!(error.retry_after(), Some(Duration::from_millis(38_200)), "RetryInfo wins");
    let violation = &error.quota_violations()[0];
    assert_eq!(violation.id.as_deref(), Some(per_minute));
    assert_eq!(violation.value.as_deref(), Some("20"));
    assert_eq!(violation.dimensions["model"], "gemini-3.8-flash");
}

#[tokio::test]
async fn a_quota_per_day_is_not_worth_waiting_for() {
    let reply = Reply::error(429, "RESOURCE_EXHAUSTED", "Quota.")
        .details([quota("GenerateRequestsPerDayPerProjectPerModel-FreeTier"), retry_in("7s")]);
    let error = fail(reply).await;
    assert!(error.is_daily_quota() && !error.is_retryable());
    assert!(error.help().contains("midnight"));
}

#[tokio::test]
async fn the_header_retry_after_is_honoured() {
    let error = fail(Reply::error(503, "UNAVAILABLE", "busy").header("Retry-After", "17")).await;
    assert_eq!(error.retry_after(), Some(Duration::from_secs(17)));
}

#[tokio::test]
async fn refused_fields_are_listed() {
    let details = json!({"@type": format!("{RPC}.BadRequest"), "fieldViolations": [
        {"field": "generation_config.temperature", "description": "out of range"},
        {"description": "no field"}]});
    let error = fail(Reply::error(400, "INVALID_ARGUMENT", "bad").details([details])).await;
    let fields = error.field_violations();
    assert_eq!(fields[0].field.as_deref(), Some("generation_config.temperature"));
    assert_eq!(fields[1].description.as_deref(), Some("no field"));
}

#[tokio::test]
async fn a_refused_schema_gets_advice_of_its_own() {
    let advice = [
        (
            "The specified schema produces a constraint that has too many states for serving.",
            "enum",
        ),
        (
            "A schema in GenerationConfig in the request exceeds the maximum allowed nesting depth.",
            "Flatten",
        ),
        (
            "Invalid JSON payload received. Unknown name \"const\" at \
             'generation_config.response_schema': Cannot find field.",
            "Carrier::ResponseJsonSchema",
        ),
        ("Invalid value at 'generation_config.response_json_schema'", "Carrier::ResponseSchema"),
        ("Request contains an invalid argument.", "step by step"),
    ];
    for (message, help) in advice {
        let error = fail(Reply::error(400, "INVALID_ARGUMENT", message)).await;
        assert!(error.help().contains(help), "{message}: {}", error.help());
    }
}

#[tokio::test]
async fn error_bodies_come_in_many_shapes() {
    let bodies: [(&str, Option<&str>); 9] = [
        (r#"[{"error":{"code":503,"status":"UNAVAILABLE","message":"busy"}}]"#, Some("busy")),
        (r#"{"error":{"code":13,"message":"busy"}}"#, Some("busy")),
        (r#"{"error":{"code":"server_error","message":"busy","type":null}}"#, Some("busy")),
        (r#"{"error":"busy"}"#, Some("busy")),
        (r#"{"error":null}"#, None),
        (r#"{"error":{"message":null,"details":null}}"#, None),
        ("<!doctype html><title>busy</title>", None),
        ("{\"error\":{\"message\":\"bu", None),
        ("", None),
    ];
    for (body, message) in bodies {
        let error = fail(Reply::raw(503, "text/html", body)).await;
        assert_eq!(error.kind(), ErrorKind::Unavailable, "{body}");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(503));
        assert_eq!(error.service_message(), message, "{body}");
    }
}

#[tokio::test]
async fn an_error_body_may_be_encoded_badly() {
    let details = r#","details":[{"@type":"x.RetryInfo","retryDelay":"4s"}]}}"#;
    let head = br#"{"error":{"message":"caf"#;
    let latin = [&head[..], b"\xe9\"", details.as_bytes()].concat();
    let marked = [b"\xef\xbb\xbf", &head[..], b"e\"", details.as_bytes()].concat();
    for body in [latin, marked] {
        let error = fail(Reply::raw(429, "application/json", body)).await;
        assert_eq!(error.retry_after(), Some(Duration::from_secs(4)));
        assert!(error.service_message().is_some_and(|message| message.starts_with("caf")));
    }
}

#[tokio::test]
async fn the_http_status_is_trusted_over_the_body() {
    let body = json!({"error": {"code": 404, "status": "NOT_FOUND", "message": "inner"}});
    let error = fail(Reply::json(500, body)).await;
    assert_eq!(error.kind(), ErrorKind::Internal);
    assert_eq!(error.service_status(), Some("NOT_FOUND"));
}

#[tokio::test]
async fn an_error_within_a_success_is_an_error() {
    let bodies = [
        json!({"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "message": "slow"}}),
        json!({"error": {"code": "429", "status": "RESOURCE_EXHAUSTED", "message": "slow"}}),
        json!({"error": {"code": 8, "status": "RESOURCE_EXHAUSTED", "message": "slow"}}),
        json!([{"error": {"code": 429, "message": "slow"}}]),
        json!({"error": {"code": 429, "message": "slow"}, "candidates": []}),
    ];
    for body in bodies {
        let shown = body.to_string();
        let reply = Reply::json(200, body).header("Retry-After", "3");
        let error = fail(reply).await;
        assert_eq!(error.kind(), ErrorKind::ResourceExhausted, "{shown}");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(200));
        assert_eq!(error.service_message(), Some("slow"));
        assert_eq!(error.retry_after(), Some(Duration::from_secs(3)));
    }
    let error = fail(Reply::json(200, json!({"error": {"code": 200, "message": "odd"}}))).await;
    assert_eq!(error.kind(), ErrorKind::UnexpectedResponse);
}

#[tokio::test]
async fn details_that_say_nothing_take_nothing_back() {
    let reply = Reply::error(400, "INVALID_ARGUMENT", "API key not valid.").details([
        json!({"@type": format!("{RPC}.ErrorInfo"), "reason": "API_KEY_INVALID"}),
        json!({"@type": format!("{RPC}.ErrorInfo"), "domain": "googleapis.com"}),
        retry_in("2s"),
        retry_in("soon"),
    ]);
    let error = fail(reply).await;
    assert_eq!(error.kind(), ErrorKind::InvalidApiKey);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(2)));
}

#[tokio::test]
async fn an_html_502_keeps_its_status() {
    let page = "<html><body><h1>502 Bad Gateway</h1></body></html>";
    let error: Error = fail(Reply::raw(502, "text/html", page)).await;
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert_eq!(error.status().map(|status| status.as_u16()), Some(502));
    assert_eq!(error.service_status(), None);
    assert!(error.is_retryable());
    assert!(!format!("{error} {error:?}").contains("Gateway"));
}

#[tokio::test]
async fn an_empty_500_keeps_its_status() {
    let error = fail(Reply::raw(500, "text/plain", "")).await;
    assert_eq!(error.kind(), ErrorKind::Internal);
    assert_eq!(error.to_string(), "the service failed internally (HTTP 500)");
}

#[tokio::test]
async fn a_page_instead_of_an_answer() {
    for (status, body) in [(200, "<html>log in</html>"), (200, ""), (204, ""), (200, "[]")] {
        let error = fail(Reply::raw(status, "text/html", body)).await;
        assert_eq!(error.kind(), ErrorKind::UnexpectedResponse, "{status} {body}");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
    }
}

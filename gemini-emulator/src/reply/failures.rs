//! The failures of the service, ready made.

use std::time::Duration;

use serde_json::Value;

use super::Reply;
use crate::error::Refusal;
use crate::quota::{Exceeded, MISLEADING_DELAY, PER_DAY, PER_MINUTE};

/// The failures of the service, in its words and shapes.
impl Reply {
    /// 429: too many requests in this minute, with a `RetryInfo` that says how long to wait.
    pub fn rate_limited(retry_delay: Duration) -> Self {
        Reply::refusal(&Refusal::quota(&[Exceeded::example(PER_MINUTE, retry_delay)]))
    }

    /// 429: too many requests in this day. The `RetryInfo` misleads, as that of the service does:
    /// it says 38 seconds.
    pub fn daily_quota() -> Self {
        Reply::refusal(&Refusal::quota(&[Exceeded::example(PER_DAY, MISLEADING_DELAY)]))
    }

    /// 500: an internal error.
    pub fn internal() -> Self {
        let message = "An internal error has occurred. Please retry or report in \
            https://developers.generativeai.google/guide/troubleshooting";
        Reply::error(500, "INTERNAL", message)
    }

    /// 503: the model is overloaded.
    pub fn unavailable() -> Self {
        Reply::error(503, "UNAVAILABLE", "The model is overloaded. Please try again later.")
    }

    /// 504: the answer took too long.
    pub fn deadline_exceeded() -> Self {
        let message = "Deadline expired before operation could complete.";
        Reply::error(504, "DEADLINE_EXCEEDED", message)
    }

    /// Any status with a page of HTML, as proxies have it.
    pub fn html(status: u16) -> Self {
        let page = format!(
            "<!DOCTYPE html>\n<html lang=en>\n<title>Error {status}</title>\n\
             <p><b>{status}.</b> That\u{2019}s an error.\n"
        );
        Reply::raw(status, "text/html; charset=UTF-8", page)
    }

    /// Status 200 and a body that breaks off in the middle of its JSON, although it is complete by
    /// its length.
    pub fn malformed_body() -> Self {
        Reply::raw(200, "application/json; charset=UTF-8", r#"{"candidates":[{"content":{"par"#)
    }

    pub(crate) fn refusal(refusal: &Refusal) -> Self {
        let details = Value::Array(refusal.details.clone());
        Reply::error(refusal.code, &refusal.status, &refusal.message).details(details)
    }
}

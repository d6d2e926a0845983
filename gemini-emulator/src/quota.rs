//! Quotas: what they are called, and what the service says of those that are exceeded.

use std::time::Duration;

use serde_json::{Value, json};

use crate::error::Refusal;

const QUOTA_FAILURE: &str = "type.googleapis.com/google.rpc.QuotaFailure";
const HELP: &str = "type.googleapis.com/google.rpc.Help";
const RETRY_INFO: &str = "type.googleapis.com/google.rpc.RetryInfo";
const RATE_LIMITS_PAGE: &str = "https://ai.google.dev/gemini-api/docs/rate-limits";

/// The names of a quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Quota {
    id: &'static str,
    metric: &'static str,
}

pub(crate) const PER_MINUTE: Quota = Quota {
    id: "GenerateRequestsPerMinutePerProjectPerModel-FreeTier",
    metric: "generativelanguage.googleapis.com/generate_content_free_tier_requests",
};

pub(crate) const PER_DAY: Quota = Quota {
    id: "GenerateRequestsPerDayPerProjectPerModel-FreeTier",
    metric: "generativelanguage.googleapis.com/generate_content_free_tier_requests",
};

pub(crate) const TOKENS_PER_MINUTE: Quota = Quota {
    id: "GenerateContentInputTokensPerModelPerMinute-FreeTier",
    metric: "generativelanguage.googleapis.com/generate_content_free_tier_input_token_count",
};

/// The delay that comes with a daily quota, and that misleads: the quota is back at midnight.
pub(crate) const MISLEADING_DELAY: Duration = Duration::from_secs(38);

/// A quota that a request would exceed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Exceeded {
    pub(crate) quota: Quota,
    pub(crate) limit: u64,
    pub(crate) model: String,
    pub(crate) retry_delay: Duration,
}

impl Exceeded {
    /// What a script has that knows neither limits nor model.
    pub(crate) fn example(quota: Quota, retry_delay: Duration) -> Self {
        let model = "gemini-3.8-flash".to_owned();
        Exceeded { quota, limit: 20, model, retry_delay }
    }
}

impl Refusal {
    /// 429, with the quotas, a link and the time after which to try again.
    pub(crate) fn quota(exceeded: &[Exceeded]) -> Self {
        let delay = exceeded.iter().map(|one| one.retry_delay).max().unwrap_or_default();
        let delay = duration(delay);
        let lines: String = exceeded.iter().map(line).collect();
        let message = format!("{}\n{lines}Please retry in {delay}.", over_quota());
        let violations: Vec<Value> = exceeded.iter().map(violation).collect();
        Refusal::new(429, "RESOURCE_EXHAUSTED", message).with_details(vec![
            json!({"@type": QUOTA_FAILURE, "violations": violations}),
            help(),
            json!({"@type": RETRY_INFO, "retryDelay": delay}),
        ])
    }

    /// 429 for one batch too many: neither the quota nor a time to wait is named.
    pub(crate) fn batch_quota() -> Self {
        Refusal::new(429, "RESOURCE_EXHAUSTED", over_quota()).with_details(vec![help()])
    }
}

fn over_quota() -> String {
    format!(
        "You exceeded your current quota, please check your plan and billing details. For more \
         information on this error, head to: {RATE_LIMITS_PAGE}."
    )
}

fn help() -> Value {
    let link =
        json!({"description": "Learn more about Gemini API quotas", "url": RATE_LIMITS_PAGE});
    json!({"@type": HELP, "links": [link]})
}

fn line(exceeded: &Exceeded) -> String {
    let Exceeded { quota, limit, model, .. } = exceeded;
    format!("* Quota exceeded for metric: {}, limit: {limit}, model: {model}\n", quota.metric)
}

fn violation(exceeded: &Exceeded) -> Value {
    json!({
        "quotaMetric": exceeded.quota.metric,
        "quotaId": exceeded.quota.id,
        "quotaDimensions": {"location": "global", "model": exceeded.model},
        "quotaValue": exceeded.limit.to_string(),
    })
}

/// A duration as protobuf prints it: seconds, and no more digits than needed.
fn duration(duration: Duration) -> String {
    format!("{}s", duration.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_printed_as_protobuf_does() {
        assert_eq!(duration(Duration::from_secs(38)), "38s");
        assert_eq!(duration(Duration::from_millis(38_200)), "38.2s");
        assert_eq!(duration(Duration::from_nanos(1)), "0.000000001s");
        assert_eq!(duration(Duration::ZERO), "0s");
    }
}

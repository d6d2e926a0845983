//! What the service says about a refusal: `google.rpc.Status` in JSON, in all its variants.

use std::collections::BTreeMap;
use std::time::Duration;

use http::StatusCode;
use serde_json::{Map, Value};

use super::ErrorKind;
use crate::secret::Secret;

const DAILY: &str = "PerDay";
const INVALID_KEY_REASON: &str = "API_KEY_INVALID";
/// A longer body is no message of the service.
pub(crate) const LONGEST_ERROR_BODY: usize = 256 * 1024;
/// The HTTP codes of the names that a status can have.
const CODES: [(&str, u16); 11] = [
    ("INVALID_ARGUMENT", 400),
    ("FAILED_PRECONDITION", 400),
    ("OUT_OF_RANGE", 400),
    ("UNAUTHENTICATED", 401),
    ("PERMISSION_DENIED", 403),
    ("NOT_FOUND", 404),
    ("RESOURCE_EXHAUSTED", 429),
    ("CANCELLED", 499),
    ("INTERNAL", 500),
    ("UNAVAILABLE", 503),
    ("DEADLINE_EXCEEDED", 504),
];

/// A quota that is used up, as the service names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct QuotaViolation {
    /// The metric that is limited, such as
    /// `generativelanguage.googleapis.com/generate_content_free_tier_requests`.
    pub metric: Option<String>,
    /// The limit, such as `GenerateRequestsPerDayPerProjectPerModel-FreeTier`.
    pub id: Option<String>,
    /// What the limit is counted for, such as the model and the location.
    pub dimensions: BTreeMap<String, String>,
    /// The limit's value, in the metric's unit.
    pub value: Option<String>,
}

impl QuotaViolation {
    /// Whether this limit is counted per day: waiting a minute doesn't help, it is reset at
    /// midnight Pacific time.
    #[must_use]
    pub fn is_daily(&self) -> bool {
        self.id.as_deref().is_some_and(|id| id.contains(DAILY))
    }
}

/// A field of the request that the service refuses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldViolation {
    /// The path of the field in the request, such as `generation_config.temperature`.
    pub field: Option<String>,
    /// What is wrong with it.
    pub description: Option<String>,
}

/// A refusal in the service's words.
#[derive(Clone, Debug, Default)]
pub(crate) struct ServiceStatus {
    /// The code in the body, which can differ from the HTTP status.
    code: Option<u16>,
    pub(crate) status: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) retry_delay: Option<Duration>,
    pub(crate) quota: Vec<QuotaViolation>,
    pub(crate) fields: Vec<FieldViolation>,
}

impl ServiceStatus {
    /// Reads an error body; `None` where it isn't the service's.
    pub(crate) fn read(body: &[u8], secret: &Secret) -> Option<Self> {
        if body.len() > LONGEST_ERROR_BODY {
            return None;
        }
        let mut body: Value = serde_json::from_slice(body).ok()?;
        mask(&mut body, secret);
        let error = match &body {
            Value::Array(items) => items.iter().find_map(|item| item.get("error"))?,
            body => body.get("error")?,
        };
        match error {
            Value::Object(error) => Some(Self::from_object(error)),
            Value::String(message) => {
                Some(Self { message: Some(message.clone()), ..Self::default() })
            }
            _ => None,
        }
    }

    /// The HTTP status that the body speaks of, by its code or else by its name.
    pub(crate) fn code(&self) -> Option<StatusCode> {
        let by_code = self.code.filter(|code| (400..600).contains(code));
        let is_named = |(name, _): &&(&str, u16)| self.status.as_deref() == Some(*name);
        let by_name = || CODES.iter().find(is_named).map(|(_, code)| *code);
        by_code.or_else(by_name).and_then(|code| StatusCode::from_u16(code).ok())
    }

    fn names_an_invalid_key(&self) -> bool {
        self.reason.as_deref() == Some(INVALID_KEY_REASON)
    }

    fn from_object(error: &Map<String, Value>) -> Self {
        let mut status = Self {
            code: error.get("code").and_then(Value::as_u64).and_then(|code| code.try_into().ok()),
            status: text(error, "status"),
            message: text(error, "message"),
            ..Self::default()
        };
        for detail in items(error, "details") {
            status.add(detail);
        }
        status
    }

    fn add(&mut self, detail: &Map<String, Value>) {
        let kind = detail.get("@type").and_then(Value::as_str).unwrap_or_default();
        match kind.rsplit('.').next().unwrap_or_default() {
            "ErrorInfo" => self.reason = text(detail, "reason").or(self.reason.take()),
            "RetryInfo" => {
                let delay = text(detail, "retryDelay").as_deref().and_then(duration);
                self.retry_delay = delay.or(self.retry_delay);
            }
            "QuotaFailure" => self.quota.extend(items(detail, "violations").map(quota_violation)),
            "BadRequest" => {
                self.fields.extend(items(detail, "fieldViolations").map(|field| FieldViolation {
                    field: text(field, "field"),
                    description: text(field, "description"),
                }));
            }
            // Links to help pages and translations of the message add nothing to it.
            _ => {}
        }
    }
}

/// The kind of a refusal. The HTTP status decides; the body tells apart what shares a status.
pub(super) fn kind(status: StatusCode, service: &ServiceStatus) -> ErrorKind {
    let has_status = |name| service.status.as_deref() == Some(name);
    match status.as_u16() {
        400 | 401 if service.names_an_invalid_key() => ErrorKind::InvalidApiKey,
        400 if has_status("FAILED_PRECONDITION") => ErrorKind::FailedPrecondition,
        400 => ErrorKind::InvalidArgument,
        401 => ErrorKind::Unauthenticated,
        402 => ErrorKind::BillingRequired,
        403 => ErrorKind::PermissionDenied,
        404 => ErrorKind::NotFound,
        408 | 504 => ErrorKind::DeadlineExceeded,
        413 => ErrorKind::PayloadTooLarge,
        429 => ErrorKind::ResourceExhausted,
        499 => ErrorKind::Cancelled,
        500 => ErrorKind::Internal,
        502 | 503 => ErrorKind::Unavailable,
        _ => ErrorKind::UnexpectedResponse,
    }
}

/// Reads a protobuf duration: decimal seconds and an `s`, such as `38.2s`.
pub(crate) fn duration(text: &str) -> Option<Duration> {
    let seconds: f64 = text.strip_suffix('s')?.parse().ok()?;
    Duration::try_from_secs_f64(seconds).ok()
}

fn quota_violation(violation: &Map<String, Value>) -> QuotaViolation {
    let dimensions = violation.get("quotaDimensions").and_then(Value::as_object);
    QuotaViolation {
        metric: text(violation, "quotaMetric"),
        id: text(violation, "quotaId"),
        dimensions: dimensions
            .into_iter()
            .flatten()
            .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
            .collect(),
        value: match violation.get("quotaValue") {
            Some(Value::Number(number)) => Some(number.to_string()),
            _ => text(violation, "quotaValue"),
        },
    }
}

fn text(object: &Map<String, Value>, name: &str) -> Option<String> {
    object.get(name).and_then(Value::as_str).map(str::to_owned)
}

fn items<'a>(
    object: &'a Map<String, Value>,
    name: &str,
) -> impl Iterator<Item = &'a Map<String, Value>> + use<'a> {
    let items = object.get(name).and_then(Value::as_array);
    items.into_iter().flatten().filter_map(Value::as_object)
}

/// Censors the key in every text, in case something on the way sent it back.
fn mask(value: &mut Value, secret: &Secret) {
    match value {
        Value::String(text) => *text = secret.mask(text).into_owned(),
        Value::Array(items) => items.iter_mut().for_each(|item| mask(item, secret)),
        Value::Object(fields) => {
            let masked = std::mem::take(fields).into_iter().map(|(name, mut value)| {
                mask(&mut value, secret);
                (secret.mask(&name).into_owned(), value)
            });
            *fields = masked.collect();
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::{ServiceStatus, duration};
    use crate::secret::Secret;

    fn read(body: &str) -> Option<ServiceStatus> {
        ServiceStatus::read(body.as_bytes(), &Secret::new("planted"))
    }

    #[test]
    fn all_details_are_read() {
        let body = json!({"error": {"code": 429, "status": "RESOURCE_EXHAUSTED", "message": "slow",
            "details": [
                {"@type": "type.googleapis.com/google.rpc.QuotaFailure", "violations": [
                    {"quotaMetric": "m", "quotaId": "RequestsPerDay-FreeTier",
                     "quotaDimensions": {"model": "x"}, "quotaValue": "20"}, null]},
                {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "38.2s"},
                {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "R"},
                {"@type": "type.googleapis.com/google.rpc.BadRequest",
                 "fieldViolations": [{"description": "no"}]},
                {"@type": "something new"}, "text", null]}});
        let status = read(&body.to_string()).expect("a status");
        assert_eq!(status.status.as_deref(), Some("RESOURCE_EXHAUSTED"));
        assert_eq!(status.retry_delay, Some(Duration::from_millis(38_200)));
        assert_eq!(status.reason.as_deref(), Some("R"));
        assert!(status.quota[0].is_daily());
        assert_eq!(status.quota[0].value.as_deref(), Some("20"));
        assert_eq!(status.quota[0].dimensions["model"], "x");
        assert_eq!(status.fields[0].field, None);
        assert_eq!(status.fields[0].description.as_deref(), Some("no"));
    }

    #[test]
    fn variants_of_the_shape_are_read() {
        let wrapped = read(r#"[{"error":{"status":"INTERNAL"}}]"#).expect("an array of one");
        assert_eq!(wrapped.status.as_deref(), Some("INTERNAL"));
        let text = read(r#"{"error":"no quota"}"#).expect("a text");
        assert_eq!(text.message.as_deref(), Some("no quota"));
        let foreign = read(r#"{"error":{"code":"bad","message":null,"details":{}}}"#);
        assert!(foreign.is_some_and(|status| status.code.is_none() && status.message.is_none()));
        for other in ["", "<html>", "{}", "[]", "null", r#"{"error":null}"#] {
            assert!(read(other).is_none(), "{other}");
        }
    }

    #[test]
    fn the_key_is_masked_everywhere() {
        let body = r#"{"error":{"status":"planted","message":"key planted is bad","details":[
            {"@type":"a.ErrorInfo","reason":"planted"},
            {"@type":"a.QuotaFailure","violations":[{"quotaDimensions":{"planted":"planted"}}]}]}}"#;
        let status = read(body).expect("a status");
        assert_eq!(status.message.as_deref(), Some("key *** is bad"));
        assert!(!format!("{status:?}").contains("planted"));
    }

    #[test]
    fn durations_have_decimal_seconds() {
        assert_eq!(duration("38s"), Some(Duration::from_secs(38)));
        assert_eq!(duration("0.5s"), Some(Duration::from_millis(500)));
        assert_eq!(duration("0.000000001s"), Some(Duration::from_nanos(1)));
        for bad in ["", "s", "5", "-1s", "NaNs", "1e400s", "infs"] {
            assert_eq!(duration(bad), None, "{bad}");
        }
    }
}

//! What the service says of batches, read by the rules of the wire: anything may be absent or null.

use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::row::RowKey;
use crate::Error;
use crate::error::ServiceStatus;
use crate::secret::Secret;

/// States are spelled in two ways.
const PREFIXES: [&str; 2] = ["BATCH_STATE_", "JOB_STATE_"];
/// The statuses in the order of the numbers that gRPC has for them, from 0 on.
const STATUSES: [&str; 17] = [
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
];
const INTERNAL: &str = "INTERNAL";

/// A batch as it stands.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Operation {
    pub(super) name: Option<String>,
    done: Option<bool>,
    metadata: Option<Metadata>,
    response: Option<Output>,
    error: Option<Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Metadata {
    state: Option<Value>,
    output: Option<Output>,
}

/// Where results are.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Output {
    pub(super) responses_file: Option<String>,
    inlined_responses: Option<Inlined>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Inlined {
    inlined_responses: Option<Vec<Value>>,
}

/// Some of the batches that there are.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Page {
    operations: Option<Vec<Option<Listed>>>,
    pub(super) next_page_token: Option<String>,
}

/// Results stay aside: those of all batches may be many.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Listed {
    name: Option<String>,
    metadata: Option<Named>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Named {
    display_name: Option<String>,
}

/// An uploaded file.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Uploaded {
    pub(super) file: Option<UploadedFile>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct UploadedFile {
    pub(super) name: Option<String>,
}

/// How a batch has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Succeeded,
    Failed,
    Cancelled,
    Expired,
}

/// The result of one row.
#[derive(Debug, PartialEq)]
pub(super) enum Outcome {
    /// An answer, as it would have come alone.
    Response(Value),
    /// A `google.rpc.Status`.
    Error(Value),
    Nothing,
}

impl Operation {
    /// How it has ended; `None` while it hasn't.
    pub(super) fn ending(&self) -> Option<Ending> {
        let state = self.metadata.as_ref().and_then(|metadata| metadata.state.as_ref());
        let state = state.and_then(Value::as_str).unwrap_or_default();
        let name = PREFIXES.iter().find_map(|prefix| state.strip_prefix(prefix));
        match name.unwrap_or(state) {
            "SUCCEEDED" | "PARTIALLY_SUCCEEDED" => Some(Ending::Succeeded),
            "FAILED" => Some(Ending::Failed),
            "CANCELLED" => Some(Ending::Cancelled),
            "EXPIRED" => Some(Ending::Expired),
            _ if self.done != Some(true) => None,
            _ if self.error.as_ref().is_some_and(|error| !error.is_null()) => Some(Ending::Failed),
            _ => Some(Ending::Succeeded),
        }
    }

    /// Where its results are, if it has any, and what it says of their absence.
    pub(super) fn into_results(self) -> (Option<Output>, Option<Value>) {
        let output = self.metadata.and_then(|metadata| metadata.output);
        let is_there =
            |output: &Output| output.responses_file.is_some() || output.inlined_responses.is_some();
        (self.response.filter(is_there).or(output.filter(is_there)), self.error)
    }
}

impl Output {
    /// The rows that stand in it.
    pub(super) fn rows(self) -> Vec<Value> {
        self.inlined_responses.and_then(|inlined| inlined.inlined_responses).unwrap_or_default()
    }
}

impl Page {
    /// The batch with this display name.
    pub(super) fn find(self, display_name: &str) -> Option<String> {
        let listed = self.operations.into_iter().flatten().flatten();
        let is_it = |listed: &Listed| {
            let named = listed.metadata.as_ref().and_then(|named| named.display_name.as_deref());
            named == Some(display_name)
        };
        listed.filter(is_it).find_map(|listed| listed.name)
    }
}

impl Ending {
    /// What it means for a row without a result of its own.
    pub(super) fn status(self) -> &'static str {
        match self {
            Self::Succeeded | Self::Failed => INTERNAL,
            Self::Cancelled => "CANCELLED",
            Self::Expired => "DEADLINE_EXCEEDED",
        }
    }
}

/// The key of a row and its result; `None` where the row has no key of ours.
pub(super) fn row(mut row: Value) -> Option<(RowKey, Outcome)> {
    let key = row.get("key").or_else(|| row.get("metadata")?.get("key"));
    let key = RowKey::read(key?.as_str()?)?;
    let mut take = |name| row.get_mut(name).map(Value::take).filter(|value| !value.is_null());
    let outcome = match (take("response"), take("error")) {
        (Some(response), _) => Outcome::Response(response),
        (None, Some(error)) => Outcome::Error(error),
        (None, None) => Outcome::Nothing,
    };
    Some((key, outcome))
}

/// What is said of a row, or else a batch, that has failed. Its `code` is a number of gRPC.
pub(super) fn refusal(
    status: &Value,
    otherwise: &str,
    secret: &Secret,
) -> (StatusCode, ServiceStatus) {
    let number = status.get("code").and_then(Value::as_u64).unwrap_or_default();
    let name = usize::try_from(number).ok().filter(|number| *number > 0);
    let name = name.and_then(|number| STATUSES.get(number)).copied();
    let code = u16::try_from(number).ok().filter(|code| (400..600).contains(code));
    let error = json!({
        "code": code,
        "status": name.unwrap_or(otherwise),
        "message": status.get("message"),
        "details": status.get("details"),
    });
    let body = json!({"error": error}).to_string();
    let service = ServiceStatus::read(body.as_bytes(), secret).unwrap_or_default();
    (service.code().unwrap_or(StatusCode::INTERNAL_SERVER_ERROR), service)
}

/// The error of a row by what is said of it.
pub(super) fn error((code, service): &(StatusCode, ServiceStatus)) -> Error {
    Error::service(*code, service.clone())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::ErrorKind;

    fn operation(json: &Value) -> Operation {
        serde_json::from_value(json.clone()).expect("an operation")
    }

    fn state(state: &str) -> Option<Ending> {
        operation(&json!({"metadata": {"state": state}})).ending()
    }

    #[test]
    fn states_are_known_by_both_names() {
        for prefix in ["BATCH_STATE_", "JOB_STATE_"] {
            for (name, ending) in [
                ("UNSPECIFIED", None),
                ("PENDING", None),
                ("QUEUED", None),
                ("RUNNING", None),
                ("PAUSED", None),
                ("CANCELLING", None),
                ("UPDATING", None),
                ("NEW", None),
                ("SUCCEEDED", Some(Ending::Succeeded)),
                ("PARTIALLY_SUCCEEDED", Some(Ending::Succeeded)),
                ("FAILED", Some(Ending::Failed)),
                ("CANCELLED", Some(Ending::Cancelled)),
                ("EXPIRED", Some(Ending::Expired)),
            ] {
                assert_eq!(state(&format!("{prefix}{name}")), ending, "{prefix}{name}");
            }
        }
    }

    #[test]
    fn what_is_done_has_ended_whatever_its_state() {
        for (json, ending) in [
            (json!({}), None),
            (json!({"done": null, "metadata": null}), None),
            (json!({"done": true}), Some(Ending::Succeeded)),
            (json!({"done": true, "metadata": {"state": 4}}), Some(Ending::Succeeded)),
            (json!({"done": true, "error": {"code": 3}}), Some(Ending::Failed)),
            (json!({"done": true, "error": null}), Some(Ending::Succeeded)),
        ] {
            assert_eq!(operation(&json).ending(), ending, "{json}");
        }
    }

    #[test]
    fn results_are_in_one_of_two_places() {
        let file = json!({"responsesFile": "files/x"});
        for json in [
            json!({"response": file}),
            json!({"metadata": {"output": file}}),
            json!({"response": {}, "metadata": {"output": file}}),
        ] {
            let (output, _) = operation(&json).into_results();
            assert_eq!(output.and_then(|output| output.responses_file).as_deref(), Some("files/x"));
        }
        let rows = json!({"inlinedResponses": {"inlinedResponses": [{}, null]}});
        let (output, _) = operation(&json!({"response": rows})).into_results();
        assert_eq!(output.map(|output| output.rows().len()), Some(2));
        assert!(operation(&json!({"response": null})).into_results().0.is_none());
    }

    #[test]
    fn rows_are_known_by_their_keys() {
        let key = RowKey(7).to_string();
        let response = || Outcome::Response(json!({}));
        for (json, outcome) in [
            (json!({"key": key, "response": {}}), response()),
            (json!({"metadata": {"key": key}, "response": {}, "error": null}), response()),
            (json!({"key": key, "response": null, "error": {}}), Outcome::Error(json!({}))),
            (json!({"key": key}), Outcome::Nothing),
        ] {
            assert_eq!(row(json.clone()), Some((RowKey(7), outcome)), "{json}");
        }
        for json in [json!({"key": 7}), json!({"key": "7"}), json!({}), json!(null), json!([key])] {
            assert_eq!(row(json.clone()), None, "{json}");
        }
    }

    #[test]
    fn errors_have_the_numbers_of_grpc() {
        let secret = Secret::new("planted-key");
        for (status, kind) in [
            (json!({"code": 1}), ErrorKind::Cancelled),
            (json!({"code": 3}), ErrorKind::InvalidArgument),
            (json!({"code": 4}), ErrorKind::DeadlineExceeded),
            (json!({"code": 8}), ErrorKind::ResourceExhausted),
            (json!({"code": 9}), ErrorKind::FailedPrecondition),
            (json!({"code": 13}), ErrorKind::Internal),
            (json!({"code": 99}), ErrorKind::Internal),
            (json!({"code": 503}), ErrorKind::Unavailable),
            (json!({"code": 0}), ErrorKind::Internal),
            (json!({"code": "x"}), ErrorKind::Internal),
            (json!("text"), ErrorKind::Internal),
        ] {
            let error = error(&refusal(&status, INTERNAL, &secret));
            assert_eq!(error.kind(), kind, "{status}");
        }
        let status = json!({"code": 3, "message": "planted-key is bad"});
        let error = error(&refusal(&status, INTERNAL, &secret));
        assert_eq!(error.service_message(), Some("*** is bad"));
    }

    #[test]
    fn a_batch_is_found_by_its_display_name() {
        let page = json!({"operations": [null, {"name": "batches/a"},
            {"name": "batches/b", "metadata": {"displayName": "mine"}, "response": [1]}]});
        let page = || serde_json::from_value::<Page>(page.clone()).expect("a page");
        assert_eq!(page().find("mine").as_deref(), Some("batches/b"));
        assert_eq!(page().find("other"), None);
    }
}

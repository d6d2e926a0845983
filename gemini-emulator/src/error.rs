//! Refusals in the shape that the service uses: `google.rpc.Status` printed as JSON.

use serde_json::{Value, json};

/// The part of a request that the service calls by this name in `ErrorInfo`.
pub(crate) const SERVICE: &str = "generativelanguage.googleapis.com";

const BAD_REQUEST: &str = "type.googleapis.com/google.rpc.BadRequest";
const ERROR_INFO: &str = "type.googleapis.com/google.rpc.ErrorInfo";
const LOCALIZED_MESSAGE: &str = "type.googleapis.com/google.rpc.LocalizedMessage";

/// What is wrong with one field of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FieldViolation {
    /// Where, in the spelling of the protocol (`generation_config.response_schema`); empty at the
    /// root.
    pub(crate) field: String,
    /// What, as a full sentence.
    pub(crate) description: String,
}

/// A refusal: the HTTP status and the body that goes with it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) code: u16,
    pub(crate) status: String,
    pub(crate) message: String,
    pub(crate) details: Vec<Value>,
}

impl Refusal {
    pub(crate) fn new(code: u16, status: &str, message: impl Into<String>) -> Self {
        let (status, message) = (status.to_owned(), message.into());
        Refusal { code, status, message, details: Vec::new() }
    }

    pub(crate) fn invalid_argument(message: impl Into<String>) -> Self {
        Refusal::new(400, "INVALID_ARGUMENT", message)
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Refusal::new(404, "NOT_FOUND", message)
    }

    pub(crate) fn too_large(limit: usize) -> Self {
        let message = format!("Request payload size exceeds the limit: {limit} bytes.");
        Refusal::new(413, "INVALID_ARGUMENT", message)
    }

    /// No key at all.
    pub(crate) fn key_missing() -> Self {
        let message = "Method doesn't allow unregistered callers (callers without established \
            identity). Please use API Key or other form of API consumer identity to call this API.";
        Refusal::new(403, "PERMISSION_DENIED", message)
    }

    /// A key that is no key. The service answers this with 400, not with 401.
    pub(crate) fn key_invalid() -> Self {
        let message = "API key not valid. Please pass a valid API key.";
        let info = json!({
            "@type": ERROR_INFO,
            "reason": "API_KEY_INVALID",
            "domain": "googleapis.com",
            "metadata": {"service": SERVICE},
        });
        let localized = json!({"@type": LOCALIZED_MESSAGE, "locale": "en-US", "message": message});
        Refusal::invalid_argument(message).with_details(vec![info, localized])
    }

    /// The body is not a message of the protocol; every place where it is not.
    pub(crate) fn bad_request(violations: &[FieldViolation]) -> Self {
        let lines: Vec<&str> = violations.iter().map(|found| found.description.as_str()).collect();
        let printed: Vec<Value> = violations.iter().map(print_violation).collect();
        let details = json!({"@type": BAD_REQUEST, "fieldViolations": printed});
        Refusal::invalid_argument(lines.join("\n")).with_details(vec![details])
    }

    /// A request that the service would answer, but the emulator can't.
    pub(crate) fn beyond_emulation(message: &str) -> Self {
        let info = json!({
            "@type": ERROR_INFO,
            "reason": "EMULATOR_CANNOT_ANSWER",
            "domain": "gemini-emulator",
        });
        let message = format!("gemini-emulator has no answer for this request: {message}");
        Refusal::invalid_argument(message).with_details(vec![info])
    }

    /// A request that no cassette has, where nothing else may be answered.
    pub(crate) fn not_recorded(call: &str) -> Self {
        let info = json!({
            "@type": ERROR_INFO,
            "reason": "EMULATOR_HAS_NO_RECORDING",
            "domain": "gemini-emulator",
        });
        let message = format!("gemini-emulator has no recording of {call}");
        Refusal::not_found(message).with_details(vec![info])
    }

    pub(crate) fn with_details(mut self, details: Vec<Value>) -> Self {
        self.details = details;
        self
    }

    /// The body of the response.
    pub(crate) fn body(&self) -> Value {
        let mut error = json!({
            "code": self.code,
            "message": self.message,
            "status": self.status,
        });
        if let (Some(members), false) = (error.as_object_mut(), self.details.is_empty()) {
            members.insert("details".to_owned(), Value::Array(self.details.clone()));
        }
        json!({"error": error})
    }
}

fn print_violation(violation: &FieldViolation) -> Value {
    if violation.field.is_empty() {
        return json!({"description": violation.description});
    }
    json!({"field": violation.field, "description": violation.description})
}

//! A reply as the result of a row of a batch.

use serde_json::{Value, json};

use super::{Asked, Outcome, Reply};

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
const INTERNAL: usize = 13;

impl Reply {
    /// The response, or else the error as `google.rpc.Status` has it. What would be no answer at all
    /// on the wire is an internal error.
    pub(crate) fn in_batch(self, asked: &Asked) -> Result<Value, Value> {
        let Outcome::Respond(payload) = self.render(asked) else {
            return Err(internal());
        };
        let bytes: Vec<u8> =
            payload.pieces.iter().flat_map(|piece| piece.bytes.iter().copied()).collect();
        let body = serde_json::from_slice::<Value>(&bytes).ok();
        let body = body.filter(|_| payload.end.is_none_or(|end| end.after >= bytes.len()));
        match body {
            Some(body) if payload.status == 200 => Ok(body),
            Some(body) => Err(status(&body["error"])),
            None => Err(internal()),
        }
    }
}

fn status(error: &Value) -> Value {
    let Some(message) = error["message"].as_str() else {
        return internal();
    };
    let code = STATUSES.iter().position(|name| error["status"] == *name).unwrap_or(INTERNAL);
    let mut status = json!({"code": code, "message": message});
    if let details @ Value::Array(_) = &error["details"] {
        status["details"] = details.clone();
    }
    status
}

fn internal() -> Value {
    json!({"code": INTERNAL, "message": "An internal error has occurred."})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replies_become_results() {
        let asked = Asked::default();
        let response = Reply::text("a").in_batch(&asked).unwrap();
        assert_eq!(response["candidates"][0]["content"]["parts"][0]["text"], "a");
        let cases = [
            (Reply::error(400, "INVALID_ARGUMENT", "x"), 3, "x"),
            (Reply::error(429, "RESOURCE_EXHAUSTED", "y"), 8, "y"),
            (Reply::error(418, "TEAPOT", "z"), 13, "z"),
            (Reply::disconnect(), 13, "internal"),
            (Reply::disconnect_mid_body(), 13, "internal"),
            (Reply::html(502), 13, "internal"),
        ];
        for (reply, code, message) in cases {
            let error = reply.in_batch(&asked).unwrap_err();
            assert_eq!(error["code"], code);
            assert!(error["message"].as_str().unwrap().contains(message), "{error}");
        }
        let limited = Reply::rate_limited(std::time::Duration::from_secs(2));
        assert!(limited.in_batch(&asked).unwrap_err()["details"].is_array());
    }
}

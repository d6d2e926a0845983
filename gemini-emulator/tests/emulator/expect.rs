//! What a refusal looks like.

use crate::client::Answer;

const BAD_REQUEST: &str = "type.googleapis.com/google.rpc.BadRequest";

/// A refusal of the form of a request: its message stands in the details as well.
pub(crate) fn assert_malformed(answer: &Answer, field: &str, fragment: &str) {
    assert_refused(answer, fragment);
    let details = &answer.body["error"]["details"][0];
    assert_eq!(details["@type"], BAD_REQUEST, "{details}");
    let violations = details["fieldViolations"].as_array().unwrap();
    let found = violations
        .iter()
        .find(|violation| violation["description"].as_str().unwrap().contains(fragment));
    let found = found.unwrap_or_else(|| panic!("no violation {fragment:?} in {details}"));
    assert_eq!(found["field"].as_str().unwrap_or_default(), field);
}

/// A refusal with another status than that of a bad request.
pub(crate) fn assert_status(answer: &Answer, expected: (u16, &str), fragment: &str) {
    let error = &answer.body["error"];
    let found = (answer.status, error["status"].as_str().unwrap_or_default());
    assert_eq!(found, expected, "{:?}", answer.body);
    assert_eq!(error["code"], expected.0);
    assert!(answer.message().contains(fragment), "{fragment:?} is not in {:?}", answer.message());
}

/// A refusal of what a request says: the message alone.
pub(crate) fn assert_refused(answer: &Answer, fragment: &str) {
    assert_eq!(answer.status, 400, "{:?}", answer.body);
    assert_eq!(answer.body["error"]["code"], 400);
    assert_eq!(answer.body["error"]["status"], "INVALID_ARGUMENT");
    assert!(answer.message().contains(fragment), "{fragment:?} is not in {:?}", answer.message());
}

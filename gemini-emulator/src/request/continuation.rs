//! Tokens with which an answer is continued.
//!
//! A token is base64, because clients decode and encode it; it holds how many characters were sent.

use crate::error::Refusal;
use crate::json::Json;

const FIELD: &str = "continuationToken";
const PREFIX: &str = "emul";
/// With the prefix, a multiple of four: base64 without padding, in both of its alphabets.
const DIGITS: usize = 12;

/// The token that stands for so many characters.
pub(crate) fn token(sent: usize) -> String {
    format!("{PREFIX}{sent:0DIGITS$}")
}

/// How many characters of the answer were sent before, by the token of a request.
pub(crate) fn sent_before(token: Option<&str>) -> Result<usize, Refusal> {
    let Some(token) = token else {
        return Ok(0);
    };
    let sent = token.strip_prefix(PREFIX).and_then(|digits| digits.parse().ok());
    sent.ok_or_else(|| Refusal::invalid_argument("The continuation token is invalid."))
}

/// Takes the token out of a request.
pub(super) fn take(request: &mut Json) -> Option<String> {
    let Json::Object(members) = request else {
        return None;
    };
    members.shift_remove(FIELD)?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    #[test]
    fn tokens_are_read_back() {
        let mut request = parse(&format!(r#"{{"a":1,"{FIELD}":"{}"}}"#, token(1234))).unwrap();
        let taken = take(&mut request);
        assert_eq!(sent_before(taken.as_deref()).unwrap(), 1234);
        assert_eq!(request.to_string(), r#"{"a":1}"#);
        assert_eq!(take(&mut request), None);
        assert_eq!(sent_before(None).unwrap(), 0);
        assert_eq!(sent_before(Some("AAAA")).unwrap_err().code, 400);
        assert!(token(7).len().is_multiple_of(4));
    }
}

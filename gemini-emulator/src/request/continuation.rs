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

/// Takes the token out of a request and says how many characters were sent before.
pub(super) fn take(request: &mut Json) -> Result<usize, Refusal> {
    let Json::Object(members) = request else {
        return Ok(0);
    };
    let Some(token) = members.shift_remove(FIELD) else {
        return Ok(0);
    };
    let digits = token.as_str().and_then(|token| token.strip_prefix(PREFIX));
    let sent = digits.and_then(|digits| digits.parse().ok());
    sent.ok_or_else(|| Refusal::invalid_argument("The continuation token is invalid."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    #[test]
    fn tokens_are_read_back() {
        let mut request = parse(&format!(r#"{{"a":1,"{FIELD}":"{}"}}"#, token(1234))).unwrap();
        assert_eq!(take(&mut request).unwrap(), 1234);
        assert_eq!(request.to_string(), r#"{"a":1}"#);
        assert_eq!(take(&mut request).unwrap(), 0);
        let mut foreign = parse(&format!(r#"{{"{FIELD}":"AAAA"}}"#)).unwrap();
        assert_eq!(take(&mut foreign).unwrap_err().code, 400);
        assert!(token(7).len().is_multiple_of(4));
    }
}

//! A strict JSON parser with a bounded depth.

use serde_json::Number;

use super::{Json, Members};

/// Arrays and objects nested deeper than this are refused, as the service's own parser does.
pub(crate) const MAX_DEPTH: usize = 100;

/// Why a text is not JSON, in words that can stand in an error message of the service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ParseError(pub(crate) String);

/// Parses one JSON document.
pub(crate) fn parse(text: &str) -> Result<Json, ParseError> {
    let mut parser = Parser { text, position: 0, depth: 0 };
    parser.skip_space();
    if parser.peek().is_none() {
        return Err(parser.error("Unexpected end of string. Expected a value."));
    }
    let value = parser.value()?;
    parser.skip_space();
    match parser.peek() {
        None => Ok(value),
        Some(_) => Err(parser.error("Parsing terminated before end of input.")),
    }
}

struct Parser<'a> {
    text: &'a str,
    position: usize,
    depth: usize,
}

impl Parser<'_> {
    fn value(&mut self) -> Result<Json, ParseError> {
        match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::array),
            Some(b'"') => self.string().map(Json::String),
            Some(b't') => self.word("true", Json::Bool(true)),
            Some(b'f') => self.word("false", Json::Bool(false)),
            Some(b'n') => self.word("null", Json::Null),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => Err(self.error("Expected a value.")),
        }
    }

    fn nested(
        &mut self,
        read: fn(&mut Self) -> Result<Json, ParseError>,
    ) -> Result<Json, ParseError> {
        if self.depth == MAX_DEPTH {
            return Err(self.error("Message too deep. Max recursion depth reached."));
        }
        self.depth += 1;
        self.position += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn object(&mut self) -> Result<Json, ParseError> {
        let mut members = Members::new();
        self.skip_space();
        if self.take(b'}') {
            return Ok(Json::Object(members));
        }
        loop {
            self.skip_space();
            if self.peek() != Some(b'"') {
                return Err(self.error("Expected an object key or }."));
            }
            let name = self.string()?;
            self.skip_space();
            if !self.take(b':') {
                return Err(self.error("Expected : between key:value pair."));
            }
            self.skip_space();
            let value = self.value()?;
            members.insert(name, value);
            self.skip_space();
            if self.take(b'}') {
                return Ok(Json::Object(members));
            }
            if !self.take(b',') {
                return Err(self.error("Expected , or } after key:value pair."));
            }
        }
    }

    fn array(&mut self) -> Result<Json, ParseError> {
        let mut items = Vec::new();
        self.skip_space();
        if self.take(b']') {
            return Ok(Json::Array(items));
        }
        loop {
            self.skip_space();
            items.push(self.value()?);
            self.skip_space();
            if self.take(b']') {
                return Ok(Json::Array(items));
            }
            if !self.take(b',') {
                return Err(self.error("Expected , or ] after array value."));
            }
        }
    }

    fn string(&mut self) -> Result<String, ParseError> {
        let start = self.position;
        self.position += 1;
        loop {
            match self.peek() {
                None => return Err(self.error("Closing quote expected in string.")),
                Some(b'"') => break,
                Some(b'\\') => self.position += 2,
                Some(_) => self.position += 1,
            }
        }
        self.position += 1;
        let token = self.text.get(start..self.position).unwrap_or_default();
        serde_json::from_str(token).map_err(|_| self.error("Invalid string."))
    }

    fn number(&mut self) -> Result<Json, ParseError> {
        let start = self.position;
        while matches!(self.peek(), Some(b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9')) {
            self.position += 1;
        }
        let token = self.text.get(start..self.position).unwrap_or_default();
        let number = serde_json::from_str::<Number>(token);
        number.map(Json::Number).map_err(|_| self.error("Unable to parse number."))
    }

    fn word(&mut self, word: &str, value: Json) -> Result<Json, ParseError> {
        let rest = self.text.get(self.position..).unwrap_or_default();
        if !rest.starts_with(word) {
            return Err(self.error("Unexpected token."));
        }
        self.position += word.len();
        Ok(value)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.position).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        if found {
            self.position += 1;
        }
        found
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.position += 1;
        }
    }

    /// The reason, with the text around the place as the service shows it.
    fn error(&self, reason: &str) -> ParseError {
        let place = self.position.min(self.text.len());
        let from = floor_boundary(self.text, place.saturating_sub(20));
        let to = floor_boundary(self.text, (place + 20).min(self.text.len()));
        let around = self.text.get(from..to).unwrap_or_default();
        ParseError(format!("{reason}\n{around}\n^"))
    }
}

/// The last character boundary at or before `index`.
fn floor_boundary(text: &str, index: usize) -> usize {
    (0..=index).rev().find(|&place| text.is_char_boundary(place)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_order_of_members() {
        let value = parse(r#"{"b":1,"a":[true,null,"x\u00e9",-2.5]}"#).unwrap();
        assert_eq!(value.to_string(), r#"{"b":1,"a":[true,null,"xé",-2.5]}"#);
    }

    #[test]
    fn refuses_what_is_not_json() {
        let texts = [
            "",
            " ",
            "{",
            "[",
            "[1,]",
            "{\"a\"}",
            "{\"a\":}",
            "{a:1}",
            "01",
            "1e999",
            "tru",
            "1 2",
            "\"\\ud800\"",
            "\"",
            "\"\\",
            "\"a\nb\"",
            "+1",
            "nan",
            "{\"a\":1,}",
            "\u{1F36A}",
            "'a'",
        ];
        for text in texts {
            assert!(parse(text).is_err(), "{text:?} was read as JSON");
        }
    }

    #[test]
    fn bounds_the_depth() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(&nested(MAX_DEPTH)).is_ok());
        let error = parse(&nested(MAX_DEPTH + 1)).unwrap_err();
        assert!(error.0.starts_with("Message too deep."), "{error:?}");
        assert!(parse(&"[{\"a\":".repeat(1_000_000)).is_err());
    }
}

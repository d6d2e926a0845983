//! JSON as it is written: members in order, numbers as text.

use std::fmt;

/// A JSON value that loses nothing of its text but white space and the spelling of strings.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, digit by digit.
    Number(String),
    /// A string.
    String(String),
    /// An array.
    Array(Vec<Json>),
    /// An object; its members in order.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads a JSON text.
    ///
    /// # Errors
    ///
    /// What is wrong, and where.
    pub fn parse(text: &str) -> Result<Json, String> {
        let mut reader = Reader { text, at: 0 };
        let value = reader.value()?;
        reader.skip_space();
        if reader.at == text.len() { Ok(value) } else { Err(reader.error("the end")) }
    }

    /// The member of an object with this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Json> {
        let mut members = self.members().iter();
        members.find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The definition that a schema refers to, in either spelling.
    #[must_use]
    pub fn target(&self) -> Option<String> {
        let exact = self.get("$ref").and_then(Json::as_str);
        let exact = exact.and_then(|target| target.strip_prefix("#/$defs/"));
        let carried = self.get("ref").and_then(Json::as_str);
        let carried = carried.and_then(|target| target.strip_prefix("#/defs/"));
        Some(exact.or(carried)?.replace("~1", "/").replace("~0", "~"))
    }

    /// The definition of a name at the root of a schema, in either spelling.
    #[must_use]
    pub fn definition(&self, name: &str) -> Option<&Json> {
        self.get("$defs").or_else(|| self.get("defs"))?.get(name)
    }

    /// The members of an object; none of anything else.
    #[must_use]
    pub fn members(&self) -> &[(String, Json)] {
        match self {
            Json::Object(members) => members,
            _ => &[],
        }
    }

    /// The elements of an array.
    #[must_use]
    pub fn elements(&self) -> Option<&[Json]> {
        match self {
            Json::Array(elements) => Some(elements),
            _ => None,
        }
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Json::String(text) => Some(text),
            _ => None,
        }
    }

    /// A count: digits, or, as proto3 also takes it, digits in a string.
    #[must_use]
    pub fn as_count(&self) -> Option<u64> {
        match self {
            Json::Number(text) | Json::String(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// The strings of an array of nothing but strings.
    #[must_use]
    pub fn strings(&self) -> Option<Vec<&str>> {
        self.elements()?.iter().map(Json::as_str).collect()
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Json::String(text.to_owned())
    }
}

impl fmt::Display for Json {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Json::Null => formatter.write_str("null"),
            Json::Bool(value) => value.fmt(formatter),
            Json::Number(text) => formatter.write_str(text),
            Json::String(text) => formatter.write_str(&quoted(text)),
            Json::Array(elements) => {
                formatter.write_str("[")?;
                for (index, element) in elements.iter().enumerate() {
                    let comma = if index == 0 { "" } else { "," };
                    write!(formatter, "{comma}{element}")?;
                }
                formatter.write_str("]")
            }
            Json::Object(members) => {
                formatter.write_str("{")?;
                for (index, (name, value)) in members.iter().enumerate() {
                    let comma = if index == 0 { "" } else { "," };
                    write!(formatter, "{comma}{}:{value}", quoted(name))?;
                }
                formatter.write_str("}")
            }
        }
    }
}

/// A string as JSON writes it.
#[must_use]
pub fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn error(&self, expected: &str) -> String {
        let near: String = self.rest().chars().take(20).collect();
        format!("expected {expected} at byte {}, near {near:?}", self.at)
    }

    fn skip_space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
    }

    fn take(&mut self, token: &str) -> bool {
        self.skip_space();
        let is_there = self.rest().starts_with(token);
        if is_there {
            self.at += token.len();
        }
        is_there
    }

    fn value(&mut self) -> Result<Json, String> {
        self.skip_space();
        match self.rest().bytes().next() {
            Some(b'{') => self.object(),
            Some(b'[') => self.array(),
            Some(b'"') => self.string().map(Json::String),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ if self.take("null") => Ok(Json::Null),
            _ if self.take("true") => Ok(Json::Bool(true)),
            _ if self.take("false") => Ok(Json::Bool(false)),
            _ => Err(self.error("a value")),
        }
    }

    fn object(&mut self) -> Result<Json, String> {
        let mut members = Vec::new();
        self.take("{");
        while !self.take("}") {
            if !members.is_empty() && !self.take(",") {
                return Err(self.error("a comma"));
            }
            self.skip_space();
            let name = self.string()?;
            if !self.take(":") {
                return Err(self.error("a colon"));
            }
            members.push((name, self.value()?));
        }
        Ok(Json::Object(members))
    }

    fn array(&mut self) -> Result<Json, String> {
        let mut elements = Vec::new();
        self.take("[");
        while !self.take("]") {
            if !elements.is_empty() && !self.take(",") {
                return Err(self.error("a comma"));
            }
            elements.push(self.value()?);
        }
        Ok(Json::Array(elements))
    }

    fn string(&mut self) -> Result<String, String> {
        let mut is_escaped = false;
        let end = self.rest().char_indices().skip(1).find(|(_, character)| {
            let is_end = *character == '"' && !is_escaped;
            is_escaped = *character == '\\' && !is_escaped;
            is_end
        });
        let (end, _) = end.ok_or_else(|| self.error("a string"))?;
        let text = serde_json::from_str(&self.rest()[..=end]);
        let text = text.map_err(|_| self.error("a string"))?;
        self.at += end + 1;
        Ok(text)
    }

    fn number(&mut self) -> Result<Json, String> {
        let rest = self.rest();
        let is_part =
            |character: char| matches!(character, '0'..='9' | '-' | '+' | '.' | 'e' | 'E');
        let end = rest.find(|character| !is_part(character));
        let text = &rest[..end.unwrap_or(rest.len())];
        let body = text.strip_prefix('-').unwrap_or(text);
        let has_leading_zero = body.len() > 1 && body.starts_with('0');
        let is_bad = has_leading_zero && body.as_bytes()[1].is_ascii_digit();
        if is_bad || text.parse::<f64>().is_err() || text.starts_with('+') {
            return Err(self.error("a number"));
        }
        let number = Json::Number(text.to_owned());
        self.at += text.len();
        Ok(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_comes_back_as_it_was() {
        let text = r#"{"z":[340282366920938463463374607431768211455,-0,1E+2],"a":{"":null,"é\n":true},"b":[]}"#;
        assert_eq!(Json::parse(text).unwrap().to_string(), text);
    }

    #[test]
    fn what_is_not_json_is_refused() {
        for text in ["", "{", "[1,]", "{\"a\"}", "01", "1 2", "\"", "nul", "[1 2]"] {
            assert!(Json::parse(text).is_err(), "{text}");
        }
    }
}

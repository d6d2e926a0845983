//! Requests and responses as they went over the wire, without keys.

#[cfg(feature = "record")]
mod print;

use std::collections::BTreeMap;

use hyper::http::request::Parts;

use super::CassetteError;
use super::file::{refuse_unknown, text};
use crate::json::{self, Json, Members};
use crate::log::path_without_secrets;

pub(super) const REQUEST: &str = "request";
pub(super) const RESPONSE: &str = "response";
const METHOD: &str = "method";
const PATH: &str = "path";
const BODY: &str = "body";
const STATUS: &str = "status";
const CONTENT_TYPE: &str = "contentType";
const HEADERS: &str = "headers";
const PIECES: &str = "pieces";

/// A request and the response to it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Exchange {
    pub(crate) request: Asked,
    pub(crate) response: Response,
}

/// What a response depends on.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Asked {
    method: String,
    /// With its query, without keys.
    path: String,
    body: Json,
}

/// A response.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Body,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Body {
    Json(Json),
    /// The body in the pieces in which it came.
    Pieces(Vec<String>),
}

impl Asked {
    pub(crate) fn new(parts: &Parts, body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        let body = match json::parse(&text) {
            Ok(body) => body,
            Err(_) if text.is_empty() => Json::Null,
            Err(_) => Json::String(text.into_owned()),
        };
        Asked {
            method: parts.method.as_str().to_owned(),
            path: path_without_secrets(parts.uri.path(), parts.uri.query()),
            body,
        }
    }

    /// `POST /v1beta/models/m:generateContent`.
    pub(crate) fn call(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    pub(crate) fn is_same_call(&self, other: &Asked) -> bool {
        self.method == other.method && self.path == other.path
    }

    /// The first place where the bodies differ, such as `contents[0].parts[0].text`.
    pub(crate) fn first_difference(&self, other: &Asked) -> Option<String> {
        difference(&self.body, &other.body, String::new())
    }

    fn read(json: &Json, place: &str) -> Result<Self, CassetteError> {
        refuse_unknown(json, &[METHOD, PATH, BODY], place)?;
        Ok(Asked {
            method: text(json, METHOD, place)?.to_owned(),
            path: text(json, PATH, place)?.to_owned(),
            body: json.get(BODY).cloned().unwrap_or(Json::Null),
        })
    }
}

impl Response {
    fn read(json: &Json, place: &str) -> Result<Self, CassetteError> {
        refuse_unknown(json, &[STATUS, CONTENT_TYPE, HEADERS, BODY, PIECES], place)?;
        let blame = |what: &str| CassetteError::format(format!("{place}: {what}"));
        let status = json.get(STATUS).and_then(Json::as_i64);
        let status = status.and_then(|status| u16::try_from(status).ok());
        let body = match (json.get(BODY), json.get(PIECES)) {
            (Some(body), None) => Body::Json(body.clone()),
            (None, Some(Json::Array(pieces))) => {
                let pieces = pieces.iter().map(|piece| piece.as_str().map(str::to_owned));
                let pieces = pieces.collect::<Option<_>>();
                Body::Pieces(pieces.ok_or_else(|| blame("`pieces` must be strings"))?)
            }
            _ => return Err(blame("either `body` or the list `pieces` must be there")),
        };
        let none = Members::new();
        let headers = json.get(HEADERS).and_then(Json::as_object).unwrap_or(&none).iter();
        let headers = headers.map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
        Ok(Response {
            status: status.ok_or_else(|| blame("`status` must be a number"))?,
            content_type: text(json, CONTENT_TYPE, place)?.to_owned(),
            headers: headers
                .collect::<Option<_>>()
                .ok_or_else(|| blame("`headers` must be strings"))?,
            body,
        })
    }
}

impl Exchange {
    pub(super) fn read(json: &Json, place: &str) -> Result<Self, CassetteError> {
        refuse_unknown(json, &[REQUEST, RESPONSE], place)?;
        let member = |name: &str| {
            let place = format!("{place}.{name}");
            let missing = CassetteError::format(format!("{place} is missing"));
            json.get(name).map(|json| (json, place)).ok_or(missing)
        };
        let (request, request_place) = member(REQUEST)?;
        let (response, response_place) = member(RESPONSE)?;
        Ok(Exchange {
            request: Asked::read(request, &request_place)?,
            response: Response::read(response, &response_place)?,
        })
    }
}

fn difference(left: &Json, right: &Json, place: String) -> Option<String> {
    match (left, right) {
        (Json::Object(left), Json::Object(right)) => {
            let names = left.keys().chain(right.keys().filter(|name| !left.contains_key(*name)));
            names.into_iter().find_map(|name| {
                let dot = if place.is_empty() { "" } else { "." };
                let place = format!("{place}{dot}{name}");
                match (left.get(name), right.get(name)) {
                    (Some(left), Some(right)) => difference(left, right, place),
                    _ => Some(place),
                }
            })
        }
        (Json::Array(left), Json::Array(right)) => {
            let length = left.len().max(right.len());
            (0..length).find_map(|index| {
                let place = format!("{place}[{index}]");
                match (left.get(index), right.get(index)) {
                    (Some(left), Some(right)) => difference(left, right, place),
                    _ => Some(place),
                }
            })
        }
        (left, right) => (left != right).then_some(place),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    #[test]
    fn differences_have_their_places() {
        let cases = [
            (r#"{"a":1,"b":[{"c":2}]}"#, r#"{"b":[{"c":2}],"a":1}"#, None),
            (r#"{"a":1,"b":[{"c":2}]}"#, r#"{"a":1,"b":[{"c":3}]}"#, Some("b[0].c")),
            (r#"{"a":[1]}"#, r#"{"a":[1,2]}"#, Some("a[1]")),
            (r#"{}"#, r#"{"x":null}"#, Some("x")),
            ("1", "[]", Some("")),
        ];
        for (left, right, expected) in cases {
            let found = difference(&parse(left).unwrap(), &parse(right).unwrap(), String::new());
            assert_eq!(found.as_deref(), expected);
        }
    }

    #[test]
    fn says_what_is_wrong() {
        for (wrong, expected) in [
            (r#"{"request":{}}"#, "here.response is missing"),
            (r#"{"request":{"key":1},"response":{}}"#, "here.request: unknown member `key`"),
            (r#"{"request":{"method":1},"response":{}}"#, "here.request: `method` must be"),
        ] {
            let error = Exchange::read(&parse(wrong).unwrap(), "here").unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}

//! Exchanges as they stand in a cassette.

use super::{
    Asked, BODY, Body, CONTENT_TYPE, Exchange, HEADERS, METHOD, PATH, PIECES, REQUEST, RESPONSE,
    Response, STATUS,
};
use crate::json::Json;

impl Exchange {
    /// The exchange as it stands in a cassette.
    pub(crate) fn print(&self) -> Json {
        object([(REQUEST, self.request.print()), (RESPONSE, self.response.print())])
    }
}

impl Asked {
    fn print(&self) -> Json {
        object([
            (METHOD, Json::from(self.method.as_str())),
            (PATH, Json::from(self.path.as_str())),
            (BODY, self.body.clone()),
        ])
    }
}

impl Response {
    fn print(&self) -> Json {
        let headers = self.headers.iter();
        let headers = headers.map(|(name, value)| (name.clone(), Json::from(value.as_str())));
        let (name, body) = match &self.body {
            Body::Json(body) => (BODY, body.clone()),
            Body::Pieces(pieces) => {
                let pieces = pieces.iter().map(|piece| Json::from(piece.as_str()));
                (PIECES, Json::Array(pieces.collect()))
            }
        };
        object([
            (STATUS, Json::from(i64::from(self.status))),
            (CONTENT_TYPE, Json::from(self.content_type.as_str())),
            (HEADERS, Json::Object(headers.collect())),
            (name, body),
        ])
    }
}

fn object<const N: usize>(members: [(&str, Json); N]) -> Json {
    Json::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    #[test]
    fn exchanges_are_read_as_they_were_printed() {
        let text = r#"{"request":{"method":"POST","path":"/x","body":{"b":1,"a":2}},
            "response":{"status":429,"contentType":"t","headers":{"retry-after":"2"},
            "pieces":["a","b"]}}"#;
        let exchange = Exchange::read(&parse(text).unwrap(), "here").unwrap();
        assert_eq!(Exchange::read(&exchange.print(), "here").unwrap(), exchange);
    }
}

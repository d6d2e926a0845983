//! `url` 2.

use url::Url;

use crate::impls::text::matching;
use crate::{GeminiSchema, Generator, Schema};

impl GeminiSchema for Url {
    /// By the WHATWG standard, which writes characters that RFC 3986 does not allow.
    fn schema(_: &mut Generator) -> Schema {
        matching(
            "^[A-Za-z][0-9A-Za-z+.-]*:[ -~]*$",
            "an absolute URL such as https://example.org/a",
        )
        .with_caveat("a host, a port or an address that is not valid")
    }
}

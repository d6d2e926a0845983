//! `bytes` 1.

use bytes::{Bytes, BytesMut};

use crate::{GeminiSchema, Generator, Schema};

impl GeminiSchema for Bytes {
    fn schema(generator: &mut Generator) -> Schema {
        <[u8]>::schema(generator)
    }
}

impl GeminiSchema for BytesMut {
    fn schema(generator: &mut Generator) -> Schema {
        <[u8]>::schema(generator)
    }
}

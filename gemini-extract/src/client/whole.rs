//! A whole response to its value, without a call.

use gemini_schema::{GeminiSchema, Lowered};
use http::StatusCode;
use serde::de::DeserializeOwned;

use super::send::read_reply;
use crate::carrier::{Carried, Contract, Flavor};
use crate::response::decode;
use crate::transport::Reply;
use crate::{ApiKey, Error, Result};

/// Reads the value that a response holds, as a plain call does.
///
/// # Errors
///
/// Those of a call.
pub fn read_response<T>(status: StatusCode, body: Vec<u8>, key: &ApiKey) -> Result<T>
where
    T: GeminiSchema + DeserializeOwned,
{
    let carried = Carried::choose(None, Flavor::Developer, &Contract::Type(Lowered::of::<T>))?;
    let answer =
        read_reply(&Reply { status, body: body.into(), ..Reply::default() }, key.secret())?;
    if let Some(kind) = answer.failure() {
        return Err(Error::of_answer(kind, *answer).with_status(status));
    }
    decode(&carried.lowered, carried.mime_type(), &answer.text)
        .map_err(|error| Error::decode(error, *answer, carried.lowered))
}

//! From answers to values.

use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::entry::{Entry, Told};
use crate::carrier::{Carried, MimeType};
use crate::extract::Validator;
use crate::response::decode;
use crate::{Error, ErrorKind, Result};

/// Reads values from answers.
pub(super) struct Reader<T> {
    pub(super) carried: Carried,
    pub(super) validators: Arc<Vec<Validator<T>>>,
}

impl<T: DeserializeOwned> Reader<T> {
    /// The result that an entry stands for; an error where its answer doesn't fit any more.
    pub(super) fn read(&self, entry: &Entry) -> Result<Result<T>> {
        let Some(text) = &entry.answer else {
            let told = entry.error.as_ref().map(Told::error);
            return Ok(Err(told.unwrap_or_else(|| Error::plain(ErrorKind::NotAsked))));
        };
        self.value(text).map(Ok)
    }

    /// The value of an answer that the validators accept.
    pub(super) fn value(&self, text: &str) -> Result<T> {
        let Carried { lowered, .. } = &self.carried;
        let value: T = decode(lowered, self.carried.mime_type(), text)
            .map_err(|_| Error::plain(ErrorKind::Violations))?;
        let is_fine = self.validators.iter().all(|validator| validator(&value).is_ok());
        if is_fine { Ok(value) } else { Err(Error::plain(ErrorKind::Rejected)) }
    }

    /// A value in JSON as a record's own answer would have it: the bare name of an enum's member.
    pub(super) fn text(&self, json: String) -> String {
        match self.carried.mime_type() {
            MimeType::Json => json,
            MimeType::Enum => serde_json::from_str(&json).unwrap_or(json),
        }
    }
}

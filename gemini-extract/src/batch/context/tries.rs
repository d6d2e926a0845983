//! One record, asked with the cache and, where that fails, without.

use std::sync::Arc;

use super::{Context, Live};
use crate::{Error, ErrorKind, Extraction, Result};

/// How often a record is asked with a cache that turns out to be lost.
const TRIES: u32 = 2;

/// The tries of one record.
pub(in crate::batch) struct Tries<'a> {
    context: Option<&'a Context>,
    left: u32,
    live: Option<Arc<Live>>,
    /// How earlier tries have failed.
    before: Vec<Error>,
    /// Whether the cache may be what the service doesn't like.
    is_doubtful: bool,
}

/// What a failure with a cache says.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// The cache isn't there any more.
    Lost,
    /// It may be the cache, or the record.
    Doubtful,
    /// The cache has nothing to do with it.
    Own,
}

impl<'a> Tries<'a> {
    pub(in crate::batch) fn new(context: Option<&'a Context>) -> Self {
        Self { context, left: TRIES, live: None, before: Vec::new(), is_doubtful: false }
    }

    /// The cache for the next try; `None` where it is to be made without.
    pub(in crate::batch) async fn next(&mut self) -> Option<Arc<Live>> {
        self.live = match self.context {
            Some(context) if self.left > 0 && !self.is_doubtful => context.live().await,
            _ => None,
        };
        self.live.clone()
    }

    /// What came of all tries; `None` where another one is to be made.
    pub(in crate::batch) fn judge<T>(
        &mut self,
        result: Result<Extraction<T>>,
    ) -> Option<Result<Extraction<T>>> {
        let Some(context) = self.context else { return Some(result) };
        if let Some(live) = self.live.take() {
            match &result {
                Ok(extraction) => context.used(&extraction.usage, extraction.attempts),
                Err(error) => {
                    let usage = error.usage().cloned().unwrap_or_default();
                    context.used(&usage, error.attempts());
                }
            }
            match result.as_ref().map_err(verdict) {
                Err(Verdict::Lost) => {
                    self.left -= 1;
                    context.lost(&live);
                }
                Err(Verdict::Doubtful) => self.is_doubtful = true,
                Ok(_) | Err(Verdict::Own) => return Some(self.end(result)),
            }
            self.before.extend(result.err());
            return None;
        }
        if self.is_doubtful && result.is_ok() {
            context.unfit();
        }
        Some(self.end(result))
    }

    /// The last result, with what was spent before.
    fn end<T>(&mut self, result: Result<Extraction<T>>) -> Result<Extraction<T>> {
        let before = std::mem::take(&mut self.before);
        match result {
            Ok(mut extraction) => {
                for error in &before {
                    extraction.after(error);
                }
                Ok(extraction)
            }
            Err(error) => Err(error.after(before)),
        }
    }
}

fn verdict(error: &Error) -> Verdict {
    match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::NotFound => Verdict::Lost,
        ErrorKind::InvalidArgument if names_cache(error) => Verdict::Lost,
        // A schema that is refused is refused without a cache, too.
        ErrorKind::InvalidArgument if error.is_inescapable() => Verdict::Own,
        ErrorKind::InvalidArgument => Verdict::Doubtful,
        _ => Verdict::Own,
    }
}

fn names_cache(error: &Error) -> bool {
    let message = error.service_message().unwrap_or_default().to_ascii_lowercase();
    message.contains("cachedcontent") || message.contains("cached content")
}

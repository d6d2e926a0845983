//! Answers of other batches.

use crate::transport::BoxFuture;

/// Answers to this job's questions that other batches have paid for. A question goes by its prompt
/// in JSON.
pub(super) trait Shelf: Send + Sync {
    /// The answer to a question, if there is one.
    fn find<'a>(&'a self, prompt: &'a str) -> BoxFuture<'a, Option<String>>;

    /// Keeps an answer for others.
    fn put(&self, prompt: &str, answer: &str);
}

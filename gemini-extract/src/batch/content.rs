//! What makes two records the same question.

use xxhash_rust::xxh3::{Xxh3, xxh3_128, xxh3_128_with_seed};

/// Seeds, so that a key never has the hash of a content.
const KEYED: u64 = 1;
const KEYS: u64 = 2;

/// Hashes what records ask: the job (model, schema as sent, instruction, examples, parameters) and
/// the record's input. Whichever way a record runs, its hash is the same.
#[derive(Clone, Debug)]
pub(crate) struct Content {
    job: [u8; 16],
}

impl Content {
    /// `job` says all that records have in common.
    pub(crate) fn new(job: &str) -> Self {
        Self { job: xxh3_128(job.as_bytes()).to_le_bytes() }
    }

    /// The hash of the job, in digits.
    pub(crate) fn job(&self) -> String {
        format!("{:032x}", u128::from_le_bytes(self.job))
    }

    /// The hash of a record by its prompt in JSON.
    pub(crate) fn of(&self, prompt: &str) -> u128 {
        let mut hash = Xxh3::new();
        hash.update(&self.job);
        hash.update(prompt.as_bytes());
        hash.digest128()
    }
}

/// The hash of a key.
pub(crate) fn key(key: &str) -> u128 {
    xxh3_128_with_seed(key.as_bytes(), KEYS)
}

/// The hash of a content together with a key.
pub(crate) fn keyed(content: u128, key: &str) -> u128 {
    content ^ xxh3_128_with_seed(key.as_bytes(), KEYED)
}

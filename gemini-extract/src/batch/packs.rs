//! How packs went.

use std::fmt;

use serde::Serialize;

/// Records that were asked together, and those that were asked alone beside them.
///
/// `Display` is empty where no pack was sent, and otherwise some lines of text, each with its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Packs {
    /// Packs that were sent, each counted once however many attempts it took.
    pub requests: u64,
    /// The records in them, each counted once however many packs it was in.
    pub records: u64,
    /// All tokens of packs.
    pub tokens: u64,
    /// Packs that gave no list of values, or one that was cut off. What is left of them is asked in
    /// smaller ones.
    pub failed: u64,
    /// Records that a whole list had no value for.
    pub missing: u64,
    /// Records that a list had several values for.
    pub doubled: u64,
    /// Records whose value didn't fit the type, or was rejected by a validator.
    pub invalid: u64,
    /// Values in lists that belong to no record of the pack.
    pub invented: u64,
    /// Records that were in packs and then asked alone.
    pub again: u64,
    /// The tokens of these, without those of packs.
    pub again_tokens: u64,
    /// Records that were in no pack.
    pub alone: u64,
    /// The tokens of these.
    pub alone_tokens: u64,
}

impl Packs {
    /// How many records a pack had on average; `None` where none was sent.
    #[must_use]
    pub fn records_per_request(&self) -> Option<f64> {
        ratio(self.records, self.requests)
    }

    /// How many tokens a record took that was in a pack, with those of asking again.
    #[must_use]
    pub fn tokens_per_record(&self) -> Option<f64> {
        ratio(self.tokens.saturating_add(self.again_tokens), self.records)
    }

    /// How many tokens asking one record alone took, in a pack before or not; `None` where all
    /// packs went well.
    #[must_use]
    pub fn tokens_per_record_alone(&self) -> Option<f64> {
        let tokens = self.again_tokens.saturating_add(self.alone_tokens);
        ratio(tokens, self.again.saturating_add(self.alone))
    }
}

impl fmt::Display for Packs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Some(records), Some(tokens)) = (self.records_per_request(), self.tokens_per_record())
        else {
            return Ok(());
        };
        let Self { requests, failed, missing, doubled, invalid, invented, again, .. } = self;
        write!(f, "packs     {requests} of {records:.1} records, {tokens:.1} tokens a record")?;
        match self.tokens_per_record_alone() {
            Some(tokens) => writeln!(f, " ({tokens:.1} alone)")?,
            None => writeln!(f)?,
        }
        if again + failed + invented > 0 {
            write!(f, "          {failed} failed; values {missing} missing, {doubled} doubled, ")?;
            writeln!(f, "{invalid} invalid, {invented} invented; {again} records asked alone")?;
        }
        Ok(())
    }
}

#[allow(clippy::cast_precision_loss, reason = "no batch has 2^53 tokens")]
fn ratio(amount: u64, count: u64) -> Option<f64> {
    (count > 0).then(|| amount as f64 / count as f64)
}

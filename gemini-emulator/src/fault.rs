//! Faults by rate: what goes wrong now and then.

use std::fmt;
use std::sync::Arc;

use crate::generate::{Random, fingerprint};
use crate::reply::Reply;

/// Something that goes wrong with an answer, for
/// [`EmulatorBuilder::fault`](crate::EmulatorBuilder::fault).
///
/// # Examples
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// use gemini_emulator::{Emulator, Fault, Rate, Reply};
///
/// let emulator = Emulator::builder()
///     .seed(7)
///     .fault(Reply::unavailable(), Rate::chance(1, 10))
///     .fault(Fault::change(Reply::truncated), Rate::every(5))
///     .start()
///     .await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "a fault does nothing until an emulator has it"]
pub struct Fault(Kind);

#[derive(Clone)]
enum Kind {
    Instead(Box<Reply>),
    Change(Arc<dyn Fn(Reply) -> Reply + Send + Sync>),
}

/// How often something happens, counted over the requests that it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a rate does nothing alone"]
pub struct Rate(When);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum When {
    Always,
    Every(u64),
    First(u64),
    Chance { hits: usize, of: usize },
}

/// Which request it is, and where chance starts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Draw {
    pub(crate) seed: u64,
    /// From 1 on.
    pub(crate) number: u64,
}

impl Fault {
    /// This reply instead of an answer. A [`Reply`] is such a fault by itself.
    pub fn instead(reply: Reply) -> Self {
        Fault(Kind::Instead(Box::new(reply)))
    }

    /// The answer that the emulator would give, changed. It is one [`Reply`] or the other.
    pub fn change(change: impl Fn(Reply) -> Reply + Send + Sync + 'static) -> Self {
        Fault(Kind::Change(Arc::new(change)))
    }

    /// What is sent where this goes wrong; `answer` makes the answer, if it is needed.
    pub(crate) fn apply(&self, answer: impl FnOnce() -> Reply) -> Reply {
        match &self.0 {
            Kind::Instead(reply) => Reply::clone(reply),
            Kind::Change(change) => change(answer()),
        }
    }
}

impl From<Reply> for Fault {
    fn from(reply: Reply) -> Self {
        Fault::instead(reply)
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Instead(reply) => formatter.debug_tuple("Instead").field(reply).finish(),
            Kind::Change(_) => formatter.write_str("Change(..)"),
        }
    }
}

impl Rate {
    /// Every request.
    pub const fn always() -> Self {
        Rate(When::Always)
    }

    /// Every `n`-th request: the `n`-th, the `2n`-th, ... None, if `n` is 0.
    pub const fn every(n: u64) -> Self {
        Rate(When::Every(n))
    }

    /// The first `n` requests.
    pub const fn first(n: u64) -> Self {
        Rate(When::First(n))
    }

    /// `hits` of `of` requests on average, by chance that depends on the emulator's seed and the
    /// number of the request alone.
    pub const fn chance(hits: usize, of: usize) -> Self {
        Rate(When::Chance { hits, of })
    }

    /// Whether it is this request's turn. `salt` tells rates apart that share a seed.
    pub(crate) fn hits(self, draw: Draw, salt: u64) -> bool {
        match self.0 {
            When::Always => true,
            When::Every(n) => n > 0 && draw.number.is_multiple_of(n),
            When::First(n) => draw.number <= n,
            When::Chance { hits, of } => draw.random(salt).chance(hits, of),
        }
    }
}

impl Draw {
    /// Random numbers for this request; others for each salt.
    pub(crate) fn random(self, salt: u64) -> Random {
        let numbers = [self.seed, self.number, salt].map(u64::to_le_bytes);
        Random::new(fingerprint(numbers.iter().map(|bytes| &bytes[..])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(rate: Rate, seed: u64) -> Vec<u64> {
        (1..=1000).filter(|&number| rate.hits(Draw { seed, number }, 0)).collect()
    }

    #[test]
    fn rates_hit_when_they_say() {
        assert_eq!(hits(Rate::always(), 0).len(), 1000);
        assert_eq!(hits(Rate::every(300), 0), [300, 600, 900]);
        assert_eq!(hits(Rate::every(0), 0), [0; 0]);
        assert_eq!(hits(Rate::first(2), 0), [1, 2]);
        assert_eq!(hits(Rate::chance(0, 10), 0), [0; 0]);
    }

    #[test]
    fn chance_depends_on_the_seed_alone() {
        let found = hits(Rate::chance(1, 10), 1);
        assert!((60..140).contains(&found.len()), "{}", found.len());
        assert_eq!(found, hits(Rate::chance(1, 10), 1));
        assert_ne!(found, hits(Rate::chance(1, 10), 2));
    }
}

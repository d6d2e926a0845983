//! Votes of repeats, and when they are decided.

use serde::{Deserialize, Serialize};

/// What the repeats of a record said, where it was asked several times
/// ([`Batch::votes`](super::Batch::votes)).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Votes {
    /// The different answers: those with more votes first, of those with as many the one that was
    /// given first. The first one has won.
    pub shares: Vec<VoteShare>,
    /// How many repeats gave no value.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub failed: u32,
}

/// An answer with its votes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct VoteShare {
    /// The label, or the text; another value as JSON with its keys in order, so that equal answers
    /// are equal texts. An abstention by `Option` is `null`.
    pub answer: String,
    /// How many repeats gave it.
    pub votes: u32,
}

/// How far repeats agreed, over all records that were asked several times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Agreement {
    /// Records that were voted on and have a value.
    pub records: u64,
    /// Those of them whose votes are all the same.
    pub unanimous: u64,
    /// Those of them where another answer has as many votes as the one that won.
    pub tied: u64,
    /// All votes of these records.
    pub votes: u64,
    /// The votes for the answers that won.
    pub agreeing: u64,
    /// Repeats that gave no value, also those of records without a value.
    pub failed: u64,
}

impl Votes {
    /// How many votes there are.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.shares.iter().fold(0, |count, share| count.saturating_add(share.votes))
    }

    /// The share of the votes that the winner has, from 0.0 to 1.0.
    #[must_use]
    pub fn agreement(&self) -> f64 {
        let first = self.shares.first().map_or(0, |share| share.votes);
        f64::from(first) / f64::from(self.count().max(1))
    }

    /// Whether another answer has as many votes as the one that won.
    #[must_use]
    pub fn is_tied(&self) -> bool {
        matches!(self.shares.as_slice(), [first, second, ..] if first.votes == second.votes)
    }
}

impl Agreement {
    /// The share of the votes that are for the answers that won; `None` where nobody voted.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "no batch has 2^53 votes")]
    pub fn share(&self) -> Option<f64> {
        (self.votes > 0).then(|| self.agreeing as f64 / self.votes as f64)
    }

    /// Counts the votes of a record.
    pub(super) fn add(&mut self, votes: &Votes) {
        self.failed += u64::from(votes.failed);
        let Some(first) = votes.shares.first() else { return };
        self.records += 1;
        self.unanimous += u64::from(votes.shares.len() == 1);
        self.tied += u64::from(votes.is_tied());
        self.votes += u64::from(votes.count());
        self.agreeing += u64::from(first.votes);
    }
}

/// Votes while they are cast.
#[derive(Debug)]
pub(super) struct Ballot {
    /// How many repeats there are to be.
    of: u32,
    /// The answers in the order in which they came first.
    shares: Vec<VoteShare>,
    failed: u32,
}

impl Ballot {
    pub(super) fn new(of: u32) -> Self {
        Self { of, shares: Vec::new(), failed: 0 }
    }

    /// A repeat gave this answer. Whether it is the first to give it.
    pub(super) fn cast(&mut self, answer: String) -> bool {
        match self.shares.iter_mut().find(|share| share.answer == answer) {
            Some(share) => {
                share.votes += 1;
                false
            }
            None => {
                self.shares.push(VoteShare { answer, votes: 1 });
                true
            }
        }
    }

    /// A repeat gave no value.
    pub(super) fn fail(&mut self) {
        self.failed += 1;
    }

    /// How many repeats are to be asked next, at the same time: as few as could decide it, none
    /// where it is decided whatever the others would say.
    pub(super) fn wanted(&self) -> u32 {
        let cast: u32 = self.shares.iter().map(|share| share.votes).sum();
        let left = self.of.saturating_sub(cast).saturating_sub(self.failed);
        let most_failures = self.of / 2;
        if left == 0 || self.failed > most_failures {
            return 0;
        }
        let mut votes: Vec<u32> = self.shares.iter().map(|share| share.votes).collect();
        votes.sort_unstable_by(|one, other| other.cmp(one));
        let [first, second] = [0, 1].map(|place| votes.get(place).copied().unwrap_or_default());
        // The winner needs more than the second can get, and it must not be for the failures to
        // say that there is no winner.
        let for_winner = (second + left).checked_sub(first).map_or(0, |short| short / 2 + 1);
        let for_failures = (self.failed + left).saturating_sub(most_failures);
        for_winner.max(for_failures).min(left)
    }

    /// The votes, and the place of the winner among the answers in the order in which they came
    /// first; none where more than half of the repeats failed, or nobody voted.
    pub(super) fn count(self) -> (Votes, Option<usize>) {
        let Self { of, shares, failed } = self;
        let mut places: Vec<(usize, VoteShare)> = shares.into_iter().enumerate().collect();
        // Stable: of those with as many votes the first stays the first.
        places.sort_by_key(|(_, share)| std::cmp::Reverse(share.votes));
        let winner = places.first().map(|(place, _)| *place).filter(|_| failed <= of / 2);
        let shares = places.into_iter().map(|(_, share)| share).collect();
        (Votes { shares, failed }, winner)
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Agreement, Ballot};

    fn vote(ballot: &mut Ballot, said: Option<u8>) {
        match said {
            Some(answer) => {
                ballot.cast(answer.to_string());
            }
            None => ballot.fail(),
        }
    }

    fn full(said: &[Option<u8>]) -> Ballot {
        let mut ballot = Ballot::new(said.len().try_into().unwrap());
        said.iter().for_each(|said| vote(&mut ballot, *said));
        ballot
    }

    #[test]
    fn as_few_as_can_decide_are_asked() {
        for (of, first) in [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3), (7, 4)] {
            assert_eq!(Ballot::new(of).wanted(), first, "{of}");
        }
        let mut ballot = Ballot::new(5);
        (0..3).for_each(|_| vote(&mut ballot, Some(1)));
        assert_eq!(ballot.wanted(), 0);
        let mut ballot = Ballot::new(5);
        [1, 1, 2].iter().for_each(|said| vote(&mut ballot, Some(*said)));
        assert_eq!(ballot.wanted(), 1);
        vote(&mut ballot, Some(1));
        assert_eq!(ballot.wanted(), 0);
    }

    #[test]
    fn of_those_with_as_many_the_first_wins() {
        let (votes, winner) = full(&[Some(2), Some(7), Some(7), Some(2), None]).count();
        assert_eq!(winner, Some(0));
        assert!(votes.is_tied() && votes.failed == 1 && votes.count() == 4);
        assert!((votes.agreement() - 0.5).abs() < f64::EPSILON);
        let (votes, winner) = full(&[Some(2), Some(7), Some(7)]).count();
        assert_eq!((winner, &*votes.shares[0].answer, votes.is_tied()), (Some(1), "7", false));
    }

    #[test]
    fn without_a_half_that_votes_nobody_wins() {
        assert_eq!(full(&[None, None, Some(1)]).count().1, None);
        assert_eq!(full(&[None, Some(1)]).count().1, Some(0));
        assert_eq!(full(&[None]).count().1, None);
    }

    #[test]
    fn agreement_is_counted() {
        let mut agreement = Agreement::default();
        for said in [&[Some(1), Some(1), None][..], &[Some(1), Some(2)], &[None]] {
            agreement.add(&full(said).count().0);
        }
        let Agreement { records, unanimous, tied, votes, agreeing, failed } = agreement;
        assert_eq!([records, unanimous, tied, votes, agreeing, failed], [2, 1, 1, 4, 3, 2]);
        assert_eq!(agreement.share(), Some(0.75));
        assert_eq!(Agreement::default().share(), None);
    }

    proptest! {
        #[test]
        fn stopping_early_changes_nothing(
            said in prop::collection::vec(prop::option::weighted(0.8, 0_u8..3), 1..12),
        ) {
            let mut early = Ballot::new(said.len().try_into().unwrap());
            let mut asked = 0;
            loop {
                let wanted = usize::try_from(early.wanted()).unwrap();
                if wanted == 0 {
                    break;
                }
                prop_assert!(asked + wanted <= said.len());
                said[asked..asked + wanted].iter().for_each(|said| vote(&mut early, *said));
                asked += wanted;
            }
            let winner = |ballot: Ballot| {
                let (votes, winner) = ballot.count();
                winner.map(|_| votes.shares[0].answer.clone())
            };
            prop_assert_eq!(winner(early), winner(full(&said)));
        }
    }
}

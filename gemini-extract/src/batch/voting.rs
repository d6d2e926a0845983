//! Records that are asked several times, until most repeats agree.

use super::canon::canonical;
use super::join;
use super::votes::Ballot;
use super::way::{Asked, Question, Spent, Way};
use crate::carrier::Carried;
use crate::transport::BoxFuture;
use crate::{Error, ErrorKind, Result};

/// Asks each record several times, in another way, and takes the value that most repeats give.
pub(super) struct Voting<T> {
    pub(super) way: Box<dyn Way<T>>,
    pub(super) carried: Carried,
    /// How often.
    pub(super) repeats: u32,
}

impl<T: Send> Way<T> for Voting<T> {
    fn ask<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Asked<T>> {
        Box::pin(self.poll(question))
    }

    fn width(&self) -> u32 {
        self.way.width()
    }
}

impl<T: Send> Voting<T> {
    async fn poll(&self, question: &Question) -> Asked<T> {
        let mut ballot = Ballot::new(self.repeats);
        let (mut values, mut failure, mut spent) = (Vec::new(), None, Spent::default());
        loop {
            let wanted = ballot.wanted();
            if wanted == 0 {
                break;
            }
            let wave = join::all((0..wanted).map(|_| self.way.ask(question))).await;
            let (results, now) = together(wave);
            spent.add(now);
            let mut end = None;
            for result in results {
                match result {
                    Ok((value, text)) => {
                        if ballot.cast(canonical(&self.carried, &text)) {
                            values.push((value, text));
                        }
                    }
                    Err(error) => {
                        ballot.fail();
                        let kept = if is_end(&error) { &mut end } else { &mut failure };
                        kept.get_or_insert(error);
                    }
                }
            }
            if end.is_some() {
                failure = end;
                values.clear();
                break;
            }
        }
        let (votes, winner) = ballot.count();
        let winner = winner.and_then(|place| values.into_iter().nth(place));
        let result = winner.ok_or_else(|| failure.unwrap_or(Error::plain(ErrorKind::NotAsked)));
        Asked::new(result, spent).with_votes(votes)
    }
}

/// The results of repeats, and what was spent on them at the same time.
fn together<T>(wave: Vec<Asked<T>>) -> (Vec<Result<(T, String)>>, Spent) {
    let latency = wave.iter().map(|asked| asked.latency).max().unwrap_or_default();
    let mut all = Spent::default();
    let results = wave.into_iter().map(|asked| {
        let (result, spent) = asked.into_parts();
        all.add(spent);
        result
    });
    (results.collect(), Spent { latency, ..all })
}

/// Whether further repeats would fail in the same way, so that the votes cannot be counted.
fn is_end(error: &Error) -> bool {
    let is_unasked = matches!(error.kind(), ErrorKind::NotAsked | ErrorKind::CostLimit);
    is_unasked || error.is_inescapable()
}

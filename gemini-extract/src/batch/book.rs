//! Who asked what: equal keys are found, and equal questions are asked once.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::content;
use super::index::Index;
use super::ticket::Ticket;
use crate::Error;

/// What is known about questions and keys: of each a hash and a number, most of them on disk.
#[derive(Debug, Default)]
pub(super) struct Book {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// By the hash of a key: where it was, counted among the records. By that of a question: the
    /// place of its outcome. By that of a key with a question, turned over: that an earlier start
    /// answered it by another record's answer.
    index: Index,
    /// The questions that are on their way, and who waits for the answers.
    waiting: HashMap<u128, Vec<Ticket>>,
    /// Why what is known cannot be read.
    problem: Option<String>,
}

/// What is to be done with a record.
#[derive(Debug)]
pub(super) enum Claim {
    /// It is to be asked.
    Ask(Ticket),
    /// It waits for another one.
    Waits,
    /// Its outcome is at this place of the store.
    Known(Ticket, u64),
    /// Nobody can tell.
    Failed(Ticket, Error),
}

impl Book {
    /// One that keeps its files in this folder.
    pub(super) fn new(folder: PathBuf) -> Self {
        let state = State { index: Index::new(folder), ..State::default() };
        Self { state: Mutex::new(state) }
    }

    /// Notes a key; the position of the record that has it already, if one does.
    pub(super) fn enter(&self, key: &str, position: u64) -> Option<u64> {
        let hash = content::key(key);
        let mut state = self.state();
        let before = state.get(hash);
        if before.is_none() {
            state.index.insert(hash, position);
        }
        before
    }

    /// What is to be done with a record that asks this.
    pub(super) fn claim(&self, question: u128, ticket: Ticket) -> Claim {
        self.state().claim(question, ticket, None)
    }

    /// The outcome isn't at its place, or not of use: it is asked for again, or waited for where
    /// another record does so already.
    pub(super) fn reclaim(&self, question: u128, ticket: Ticket, place: u64) -> Claim {
        self.state().claim(question, ticket, Some(place))
    }

    /// The outcome of a question is at this place, or isn't kept: who waited for it.
    pub(super) fn settle(&self, question: u128, place: Option<u64>) -> Vec<Ticket> {
        let mut state = self.state();
        if let Some(place) = place {
            state.index.insert(question, place);
        }
        state.waiting.remove(&question).unwrap_or_default()
    }

    /// The question has failed in a way that another try may not: the next one who waits for it,
    /// and asks it now.
    pub(super) fn next(&self, question: u128) -> Option<Ticket> {
        let mut state = self.state();
        let waiting = state.waiting.get_mut(&question);
        let next = waiting.filter(|waiting| !waiting.is_empty()).map(|waiting| waiting.remove(0));
        if next.is_none() {
            state.waiting.remove(&question);
        }
        next
    }

    /// What an earlier start noted of a question.
    pub(super) fn recall(&self, question: u128, place: u64) {
        self.state().index.insert(question, place);
    }

    /// Whether an earlier start has an outcome for the question, as far as that can be told.
    pub(super) fn is_known(&self, question: u128) -> bool {
        let mut state = self.state();
        state.get(question).is_some() || state.problem.is_some()
    }

    /// Whether there is an outcome for the question for certain.
    pub(super) fn is_answered(&self, question: u128) -> bool {
        self.state().get(question).is_some()
    }

    /// An earlier start noted that this key has the outcome of another record.
    pub(super) fn recall_shared(&self, keyed: u128) {
        self.state().index.insert(!keyed, 0);
    }

    /// Whether an earlier start noted that this key has the outcome of another record.
    pub(super) fn is_shared(&self, keyed: u128) -> bool {
        self.state().get(!keyed).is_some()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// What is to be done with a record, where its outcome is of no use at this place.
    fn claim(&mut self, question: u128, ticket: Ticket, useless: Option<u64>) -> Claim {
        if let Some(waiting) = self.waiting.get_mut(&question) {
            waiting.push(ticket);
            return Claim::Waits;
        }
        let place = self.get(question).filter(|place| Some(*place) != useless);
        if let Some(problem) = &self.problem {
            let problem = format!("what is known of earlier records cannot be read: {problem}");
            return Claim::Failed(ticket, Error::journal(vec![problem]));
        }
        match place {
            Some(place) => Claim::Known(ticket, place),
            None => {
                self.waiting.insert(question, Vec::new());
                Claim::Ask(ticket)
            }
        }
    }

    fn get(&mut self, hash: u128) -> Option<u64> {
        self.index.get(hash).unwrap_or_else(|error| {
            self.problem.get_or_insert_with(|| error.to_string());
            None
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tokio::sync::Semaphore;

    use super::{Book, Claim, Ticket};
    use crate::ErrorKind;

    fn ticket(key: &str) -> Ticket {
        let room = Arc::new(Semaphore::new(1)).try_acquire_owned().expect("there is one");
        Ticket { key: key.to_owned(), position: 0, room }
    }

    fn is_asked(claim: &Claim) -> bool {
        matches!(claim, Claim::Ask(_))
    }

    #[test]
    fn equal_questions_wait_and_know() {
        let book = Book::default();
        assert_eq!(
            (book.enter("a", 7), book.enter("b", 8), book.enter("a", 9)),
            (None, None, Some(7))
        );
        assert!(is_asked(&book.claim(1, ticket("a"))));
        assert!(matches!(book.claim(1, ticket("b")), Claim::Waits));
        let waited: Vec<_> = book.settle(1, Some(50)).into_iter().map(|it| it.key).collect();
        assert_eq!(waited, ["b"]);
        assert!(matches!(book.claim(1, ticket("c")), Claim::Known(_, 50)));
        assert!(is_asked(&book.reclaim(1, ticket("c"), 50)), "it was of no use there");
        assert!(matches!(book.reclaim(1, ticket("d"), 50), Claim::Waits));
        assert_eq!(book.next(1).map(|it| it.key).as_deref(), Some("d"));
        book.settle(1, Some(60));
        assert!(matches!(book.reclaim(1, ticket("e"), 50), Claim::Known(_, 60)));
    }

    #[test]
    fn what_was_not_kept_is_asked_again() {
        let book = Book::default();
        for _ in 0..2 {
            assert!(is_asked(&book.claim(1, ticket("a"))));
            assert!(book.settle(1, None).is_empty());
            assert!(is_asked(&book.claim(1, ticket("a"))));
            assert!(book.next(1).is_none());
        }
    }

    #[test]
    fn what_cannot_be_read_is_not_asked_again() {
        let book = Book::default();
        book.recall(1, 50);
        book.recall_shared(2);
        assert!(book.is_known(1) && book.is_shared(2) && !book.is_known(2));
        book.state().index.damage();
        assert_eq!(book.enter("a", 0), None);
        let Claim::Failed(back, error) = book.claim(1, ticket("a")) else {
            unreachable!("it cannot know");
        };
        assert_eq!((&*back.key, error.kind()), ("a", ErrorKind::Journal));
        assert!(error.to_string().contains("cannot be read"), "{error}");
        assert!(book.is_known(3), "as far as that can be told");
        assert!(!book.is_answered(3), "not for certain");
    }
}

//! Who asked what: equal keys are found, and equal questions are asked once.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::content;
use super::index::Index;
use super::ticket::Ticket;

/// What is known about questions and keys. Of each it holds a hash and a number.
#[derive(Debug, Default)]
pub(super) struct Book {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Where each key was, counted among the records.
    keys: Index,
    /// How it stands with each question.
    questions: Index,
    /// Keys with questions that an earlier start answered by another record's answer.
    shared: Index,
    /// Who waits for the answer to a question that is on its way.
    waiting: HashMap<u128, Vec<Ticket>>,
}

/// How it stands with a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is on its way.
    Asked,
    /// Its outcome is at this place of the store.
    Known(u64),
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
}

/// In place of a place: the question is on its way.
const ON_ITS_WAY: u64 = super::index::MOST;
/// In place of a place: the outcome was not kept.
const FORGOTTEN: u64 = super::index::MOST - 1;

impl Book {
    /// Notes a key; the position of the record that has it already, if one does.
    pub(super) fn enter(&self, key: &str, position: u64) -> Option<u64> {
        let hash = content::key(key);
        let mut state = self.state();
        let before = state.keys.get(hash);
        if before.is_none() {
            state.keys.insert(hash, position);
        }
        before
    }

    /// What is to be done with a record that asks this.
    pub(super) fn claim(&self, question: u128, ticket: Ticket) -> Claim {
        let mut state = self.state();
        match state.standing(question) {
            Some(Standing::Known(place)) => Claim::Known(ticket, place),
            Some(Standing::Asked) => {
                state.waiting.entry(question).or_default().push(ticket);
                Claim::Waits
            }
            None => {
                state.questions.insert(question, ON_ITS_WAY);
                Claim::Ask(ticket)
            }
        }
    }

    /// The outcome isn't at its place, or not of use: it is asked for again, or waited for where
    /// another record does so already.
    pub(super) fn reclaim(&self, question: u128, ticket: Ticket, place: u64) -> Claim {
        {
            let mut state = self.state();
            if state.standing(question) == Some(Standing::Known(place)) {
                state.questions.insert(question, FORGOTTEN);
            }
        }
        self.claim(question, ticket)
    }

    /// The outcome of a question is at this place, or isn't kept: who waited for it.
    pub(super) fn settle(&self, question: u128, place: Option<u64>) -> Vec<Ticket> {
        let mut state = self.state();
        state.questions.insert(question, place.unwrap_or(FORGOTTEN));
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
            state.questions.insert(question, FORGOTTEN);
        }
        next
    }

    /// What an earlier start noted of a question.
    pub(super) fn recall(&self, question: u128, place: u64) {
        self.state().questions.insert(question, place);
    }

    /// Whether an earlier start has an outcome for the question.
    pub(super) fn is_known(&self, question: u128) -> bool {
        matches!(self.state().standing(question), Some(Standing::Known(_)))
    }

    /// An earlier start noted that this key has the outcome of another record.
    pub(super) fn recall_shared(&self, keyed: u128) {
        self.state().shared.insert(keyed, 0);
    }

    /// Whether an earlier start noted that this key has the outcome of another record.
    pub(super) fn is_shared(&self, keyed: u128) -> bool {
        self.state().shared.get(keyed).is_some()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn standing(&self, question: u128) -> Option<Standing> {
        match self.questions.get(question)? {
            FORGOTTEN => None,
            ON_ITS_WAY => Some(Standing::Asked),
            place => Some(Standing::Known(place)),
        }
    }
}

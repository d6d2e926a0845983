//! How many records go together: fewer where packs go wrong.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// So many packs that go wrong one after the other are too large.
const STRIKES: u32 = 4;

/// How large packs are.
#[derive(Debug)]
pub(in crate::batch) struct Pace(Mutex<State>);

#[derive(Debug)]
struct State {
    size: usize,
    /// How many packs of this size, or smaller, went wrong.
    strikes: u32,
}

impl Pace {
    pub(super) fn new(size: usize) -> Self {
        Self(Mutex::new(State { size, strikes: 0 }))
    }

    /// How many records may go together now.
    pub(in crate::batch) fn size(&self) -> usize {
        self.state().size
    }

    /// Notes how many of a pack's records have their value. Half the size is tried after some packs
    /// that gave values to less than half of theirs, with none of about the full size between them
    /// that went well. What was on its way in a larger size then says nothing new.
    pub(in crate::batch) fn note(&self, answered: usize, records: usize) {
        let mut state = self.state();
        if records > state.size {
            return;
        }
        if answered.saturating_mul(2) < records {
            state.strikes = state.strikes.saturating_add(1);
        } else if records.saturating_mul(2) > state.size {
            state.strikes = 0;
        }
        if state.strikes >= STRIKES {
            *state = State { size: (state.size / 2).max(1), strikes: 0 };
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::{Pace, STRIKES};

    #[test]
    fn it_is_halved_until_packs_go_well() {
        let pace = Pace::new(10);
        let mut sizes = Vec::new();
        for _ in 0..3 {
            // All of them were sent before the first one came back.
            (0..10 * STRIKES).for_each(|_| pace.note(0, sizes.last().map_or(10, |size| *size)));
            sizes.push(pace.size());
        }
        assert_eq!(sizes, [5, 2, 1]);
    }

    #[test]
    fn one_that_goes_well_makes_up_for_others() {
        let pace = Pace::new(10);
        for _ in 0..5 {
            (1..STRIKES).for_each(|_| pace.note(4, 10));
            pace.note(5, 10);
        }
        assert_eq!(pace.size(), 10);
        (1..STRIKES).for_each(|_| pace.note(4, 10));
        pace.note(3, 3);
        pace.note(4, 10);
        assert_eq!(pace.size(), 5, "a small one says little of larger ones");
    }
}

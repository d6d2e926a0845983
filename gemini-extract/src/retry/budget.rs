//! A budget of retries that a client and its clones share, so that a service in trouble isn't
//! made worse by everybody's retries.

use std::sync::atomic::{AtomicU32, Ordering};

/// So many retries can be made while nothing succeeds.
pub(crate) const DEFAULT_BUDGET: u32 = 100;

/// Each retry takes one, each success gives one back.
#[derive(Debug)]
pub(crate) struct RetryBudget {
    most: u32,
    left: AtomicU32,
}

impl RetryBudget {
    pub(crate) fn new(most: u32) -> Self {
        Self { most, left: AtomicU32::new(most) }
    }

    /// Takes one retry; false where none is left.
    pub(crate) fn take(&self) -> bool {
        let take = |left: u32| left.checked_sub(1);
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok()
    }

    /// Gives one back after a success.
    pub(crate) fn give_back(&self) {
        let give = |left: u32| (left < self.most).then(|| left.saturating_add(1));
        // It is full where nothing is updated.
        let _ = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, give);
    }
}

impl Default for RetryBudget {
    fn default() -> Self {
        Self::new(DEFAULT_BUDGET)
    }
}

#[cfg(test)]
mod tests {
    use super::RetryBudget;

    #[test]
    fn retries_are_paid_by_successes() {
        let budget = RetryBudget::new(2);
        budget.give_back();
        assert_eq!([budget.take(), budget.take(), budget.take()], [true, true, false]);
        budget.give_back();
        assert_eq!([budget.take(), budget.take()], [true, false]);
    }
}

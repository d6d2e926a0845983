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

/// A retry that is taken, and given back when it is dropped before it is made.
#[derive(Debug)]
pub(crate) struct Reserved<'a>(Option<&'a RetryBudget>);

impl RetryBudget {
    pub(crate) fn new(most: u32) -> Self {
        Self { most, left: AtomicU32::new(most) }
    }

    /// Takes one retry; `None` where none is left.
    pub(crate) fn take(&self) -> Option<Reserved<'_>> {
        let take = |left: u32| left.checked_sub(1);
        let taken = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take);
        taken.is_ok().then(|| Reserved(Some(self)))
    }

    /// Gives one back after a success.
    pub(crate) fn give_back(&self) {
        let give = |left: u32| (left < self.most).then(|| left.saturating_add(1));
        // It is full where nothing is updated.
        let _ = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, give);
    }
}

impl Reserved<'_> {
    /// One that costs nothing.
    pub(crate) fn free() -> Self {
        Self(None)
    }

    /// The retry is made.
    pub(crate) fn spend(mut self) {
        self.0 = None;
    }
}

impl Drop for Reserved<'_> {
    fn drop(&mut self) {
        if let Some(budget) = self.0 {
            budget.give_back();
        }
    }
}

impl Default for RetryBudget {
    fn default() -> Self {
        Self::new(DEFAULT_BUDGET)
    }
}

#[cfg(test)]
mod tests {
    use super::{Reserved, RetryBudget};

    #[test]
    fn retries_are_paid_by_successes() {
        let budget = RetryBudget::new(2);
        let spend = || budget.take().map(Reserved::spend).is_some();
        budget.give_back();
        assert_eq!([spend(), spend(), spend()], [true, true, false]);
        budget.give_back();
        assert_eq!([spend(), spend()], [true, false]);
    }

    #[test]
    fn what_is_not_made_is_given_back() {
        let budget = RetryBudget::new(1);
        for _ in 0..3 {
            let reserved = budget.take().expect("one is left");
            assert!(budget.take().is_none());
            drop(reserved);
        }
        drop(Reserved::free());
        assert!(budget.take().is_some());
    }
}

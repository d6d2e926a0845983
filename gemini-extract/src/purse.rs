//! The most that several calls may cost together. What is on its way is counted as if it came at
//! its dearest.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// What may be spent.
#[derive(Debug)]
pub(crate) struct Purse {
    most: f64,
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    spent: f64,
    /// What requests on their way could cost at most.
    reserved: f64,
    /// How many requests are on their way.
    open: u64,
}

/// What one request may cost. Where nobody says what it did cost, all of it is spent.
#[derive(Debug)]
pub(crate) struct Reservation {
    purse: Arc<Purse>,
    amount: f64,
    cost: Option<f64>,
}

/// Nothing is left for a request.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Empty;

impl Purse {
    pub(crate) fn new(most: f64) -> Self {
        Self { most, state: Mutex::default(), changed: Notify::new() }
    }

    /// Sets an amount aside. Where too little is left, waits for requests that may turn out
    /// cheaper, as long as there are any.
    pub(crate) async fn reserve(self: &Arc<Self>, amount: f64) -> Result<Reservation, Empty> {
        self.reserve_most(&[amount]).await.map(|(_, reservation)| reservation)
    }

    /// The same for as many of these as there is room for, in their order; how many they are.
    pub(crate) async fn reserve_most(
        self: &Arc<Self>,
        amounts: &[f64],
    ) -> Result<(usize, Reservation), Empty> {
        loop {
            let changed = self.changed.notified();
            let mut changed = std::pin::pin!(changed);
            changed.as_mut().enable();
            {
                let mut state = self.state();
                let mut sum = 0.0;
                let fits = amounts.iter().take_while(|amount| {
                    sum += **amount;
                    state.spent + state.reserved + sum <= self.most
                });
                let count = fits.count();
                if count > 0 {
                    let amount = amounts.iter().take(count).sum();
                    return Ok((count, state.open(self, amount)));
                }
                if state.open == 0 {
                    return Err(Empty);
                }
            }
            changed.await;
        }
    }

    /// Sets an amount aside for what is on its way already, whether or not there is room.
    #[cfg(feature = "batch")]
    pub(crate) fn hold(self: &Arc<Self>, amount: f64) -> Reservation {
        self.state().open(self, amount)
    }

    /// Spends an amount where there is room for it now.
    #[must_use]
    pub(crate) fn try_spend(&self, amount: f64) -> bool {
        let mut state = self.state();
        let has_room = state.spent + state.reserved + amount <= self.most;
        if has_room {
            state.spent += amount;
        }
        has_room
    }

    /// Notes that less was spent than was said before.
    pub(crate) fn give_back(&self, amount: f64) {
        self.state().spent -= amount;
        self.changed.notify_waiters();
    }

    /// Notes what was spent before.
    pub(crate) fn spend(&self, cost: f64) {
        self.state().spent += cost;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn open(&mut self, purse: &Arc<Purse>, amount: f64) -> Reservation {
        self.reserved += amount;
        self.open = self.open.saturating_add(1);
        Reservation { purse: Arc::clone(purse), amount, cost: None }
    }
}

impl Reservation {
    /// Notes what the request did cost.
    pub(crate) fn settle(&mut self, cost: f64) {
        self.cost = Some(cost);
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        let mut state = self.purse.state();
        state.open = state.open.saturating_sub(1);
        state.reserved = if state.open == 0 { 0.0 } else { state.reserved - self.amount };
        state.spent += self.cost.unwrap_or(self.amount);
        drop(state);
        self.purse.changed.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Empty, Purse};

    #[tokio::test]
    async fn what_is_on_its_way_counts_at_its_dearest() {
        let purse = Arc::new(Purse::new(10.0));
        purse.spend(1.0);
        let mut first = purse.reserve(5.0).await.expect("there is room");
        let second = purse.reserve(4.0).await.expect("there is room");
        let waits = tokio::spawn({
            let purse = Arc::clone(&purse);
            async move { purse.reserve(3.0).await.is_ok() }
        });
        tokio::task::yield_now().await;
        assert!(!waits.is_finished());
        first.settle(1.0);
        drop(first);
        assert!(waits.await.expect("no panic"), "1 + 1 + 4 + 3");
        drop(second);
        assert_eq!(purse.reserve(1.5).await.err(), Some(Empty), "1 + 1 + 4 + 3 are spent");
    }

    #[cfg(feature = "batch")]
    #[tokio::test]
    async fn as_much_is_set_aside_as_there_is_room_for() {
        let purse = Arc::new(Purse::new(10.0));
        let held = purse.hold(4.0);
        let (count, mut first) = purse.reserve_most(&[2.0, 3.0, 2.0, 1.0]).await.expect("room");
        assert_eq!(count, 2, "4 + 2 + 3, and 2 more are too many");
        first.settle(0.0);
        drop((first, held));
        assert_eq!(purse.reserve_most(&[7.0]).await.err(), Some(Empty), "4 are spent");
        assert_eq!(purse.reserve_most(&[6.0, 1.0]).await.map(|(count, _)| count), Ok(1));
    }

    #[tokio::test]
    async fn what_is_spent_at_once_never_waits() {
        let purse = Arc::new(Purse::new(10.0));
        let open = purse.reserve(5.0).await;
        assert!(!purse.try_spend(5.5) && purse.try_spend(4.0) && !purse.try_spend(1.5));
        purse.give_back(2.0);
        assert!(purse.try_spend(3.0) && !purse.try_spend(0.5));
        drop(open);
        let held = purse.hold(0.0);
        let waits = tokio::spawn({
            let purse = Arc::clone(&purse);
            async move { purse.reserve(2.0).await.is_ok() }
        });
        tokio::task::yield_now().await;
        assert!(!waits.is_finished(), "5 + 4 - 2 + 3 are spent");
        purse.give_back(2.0);
        drop(held);
        assert!(waits.await.expect("no panic"));
    }

    #[tokio::test]
    async fn nothing_waits_for_nobody() {
        let purse = Arc::new(Purse::new(1.0));
        assert_eq!(purse.reserve(1.5).await.err(), Some(Empty));
        assert!(purse.reserve(1.0).await.is_ok());
    }
}

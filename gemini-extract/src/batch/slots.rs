//! How many requests are on their way at a time: more while the service keeps up, fewer after it
//! says that it was asked too much.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::client::Rules;

const SLOWED: f64 = 0.7;

/// Places for requests on their way.
#[derive(Debug)]
pub(super) struct Slots {
    places: Arc<Semaphore>,
    rules: Arc<Rules>,
    most: u32,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// How many places there are meant to be.
    limit: f64,
    /// How many there are, with those that are taken.
    size: u32,
    /// How often the service had been asked too much when the limit was last looked at.
    throttled: u64,
    /// How many requests that began before the last cut are still on their way; what they say is
    /// known already.
    stale: u32,
    taken: u32,
}

/// A place, free again when this is dropped.
#[derive(Debug)]
pub(super) struct Slot {
    slots: Arc<Slots>,
    permit: Option<OwnedSemaphorePermit>,
}

impl Slots {
    pub(super) fn new(most: u32, rules: Arc<Rules>) -> Self {
        let state = State { limit: f64::from(most), size: most, throttled: 0, stale: 0, taken: 0 };
        Self {
            places: Arc::new(Semaphore::new(usize::try_from(most).unwrap_or(usize::MAX))),
            rules,
            most,
            state: Mutex::new(state),
        }
    }

    /// Waits for a place; `None` after the end.
    pub(super) async fn take(self: &Arc<Self>) -> Option<Slot> {
        let permit = Arc::clone(&self.places).acquire_owned().await.ok()?;
        self.state().taken += 1;
        Some(Slot { slots: Arc::clone(self), permit: Some(permit) })
    }

    /// A place after the end, for what is begun.
    pub(super) fn beside(self: &Arc<Self>) -> Slot {
        self.state().taken += 1;
        Slot { slots: Arc::clone(self), permit: None }
    }

    /// No more places are given.
    pub(super) fn close(&self) {
        self.places.close();
    }

    /// How many places there are now.
    pub(super) fn size(&self) -> u32 {
        self.state().size
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Looks at what the service said since the last time. One more place comes back for as many
    /// requests that went well as there are places.
    fn adapt(&mut self, throttled: u64, most: u32) {
        let is_news = throttled > self.throttled && self.stale == 0;
        self.throttled = throttled;
        if is_news {
            self.limit = (self.limit * SLOWED).max(1.0);
            self.stale = self.taken;
        } else {
            self.limit = (self.limit + 1.0 / self.limit).min(f64::from(most));
            self.stale = self.stale.saturating_sub(1);
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let Slots { rules, most, places, .. } = &*self.slots;
        let mut state = self.slots.state();
        state.taken = state.taken.saturating_sub(1);
        state.adapt(rules.throttled(), *most);
        if f64::from(state.size) > state.limit {
            state.size -= 1;
            if let Some(permit) = self.permit.take() {
                permit.forget();
            }
        } else if f64::from(state.size) + 1.0 <= state.limit {
            state.size += 1;
            places.add_permits(1);
        }
    }
}

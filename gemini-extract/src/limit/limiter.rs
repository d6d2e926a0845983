//! The limits of one model at work.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Notify;

use super::pace::Pace;
use super::window::{Entry, Window, scaled};
use super::{DAY, Limits, MINUTE};
use crate::Clock;
use crate::clock::race;

/// Admits requests in the order in which they come.
#[derive(Debug)]
pub(crate) struct Limiter {
    /// Held by the request that is next; it is fair, and given on when its holder is dropped.
    turn: tokio::sync::Mutex<()>,
    /// There may be room earlier than it seemed.
    changed: Notify,
    concurrency: Option<u32>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    requests: Option<Window>,
    tokens: Option<Window>,
    days: Option<Window>,
    in_flight: u64,
    pace: Pace,
}

/// Leave to send a request. Its place among those in flight is free again when it is dropped.
#[derive(Debug)]
pub(crate) struct Permit {
    limiter: Arc<Limiter>,
    admitted: Instant,
    tokens: Option<Entry>,
}

/// When there is room.
enum Room {
    Now(Option<Entry>),
    After(Duration),
    /// After another request has ended.
    Unknown,
}

impl Limiter {
    pub(super) fn new(limits: &Limits) -> Self {
        let window = |span, most: Option<u64>| most.map(|most| Window::new(span, most));
        let state = State {
            requests: window(MINUTE, limits.requests_per_minute.map(u64::from)),
            tokens: window(MINUTE, limits.tokens_per_minute),
            days: window(DAY, limits.requests_per_day.map(u64::from)),
            in_flight: 0,
            pace: Pace::new(limits.is_fixed),
        };
        Self {
            turn: tokio::sync::Mutex::new(()),
            changed: Notify::new(),
            concurrency: limits.concurrency,
            state: Mutex::new(state),
        }
    }

    /// Waits for a place; `None` where there is none within this time. What is dropped while it
    /// waits leaves the queue.
    pub(crate) async fn admit(
        self: &Arc<Self>,
        tokens: u64,
        clock: &dyn Clock,
        within: Duration,
    ) -> Option<Permit> {
        let start = clock.now();
        let place = async {
            let _turn = self.turn.lock().await;
            loop {
                let now = clock.now();
                let left = within.saturating_sub(now.saturating_duration_since(start));
                match self.room(tokens, now) {
                    Room::Now(tokens) => {
                        let limiter = Arc::clone(self);
                        return Some(Permit { limiter, admitted: now, tokens });
                    }
                    Room::After(time) if time > left => return None,
                    Room::After(time) => {
                        race(self.changed.notified(), async { clock.sleep(time).await }).await;
                    }
                    Room::Unknown => self.changed.notified().await,
                }
            }
        };
        // What stands in the queue waits for others, whose time is real.
        tokio::time::timeout(within, place).await.ok().flatten()
    }

    /// Looks for room, and takes it.
    fn room(&self, tokens: u64, now: Instant) -> Room {
        let state = &mut *self.state();
        let pace = state.pace.share(now);
        let is_full = |most: u32| state.in_flight >= scaled(most.into(), pace);
        if self.concurrency.is_some_and(is_full) {
            return Room::Unknown;
        }
        let State { requests, tokens: window, days, .. } = &mut *state;
        // HTTP 429 for a minute says nothing of the day: what is left of it stays.
        let waits = [
            (requests.as_mut(), 1, pace),
            (window.as_mut(), tokens, pace),
            (days.as_mut(), 1, 1.0),
        ];
        let waits = waits.into_iter().filter_map(|(window, amount, pace)| {
            window.map(|window| window.wait(amount, pace, now))
        });
        let wait = waits.max();
        let wait = wait.unwrap_or_default();
        if !wait.is_zero() {
            return Room::After(wait);
        }
        for window in [&mut state.requests, &mut state.days].into_iter().flatten() {
            window.add(1, now);
        }
        state.in_flight = state.in_flight.saturating_add(1);
        Room::Now(state.tokens.as_mut().map(|window| window.add(tokens, now)))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Permit {
    /// Counts the tokens that the request really had.
    pub(crate) fn settle(&self, tokens: u64) {
        if let Some(entry) = self.tokens
            && let Some(window) = &mut self.limiter.state().tokens
        {
            window.correct(entry, tokens);
        }
        self.limiter.changed.notify_one();
    }

    /// The service says that it was asked too much.
    pub(crate) fn slow(&self, now: Instant) {
        self.limiter.state().pace.slow(self.admitted, now);
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut state = self.limiter.state();
        state.in_flight = state.in_flight.saturating_sub(1);
        drop(state);
        self.limiter.changed.notify_one();
    }
}

#[cfg(test)]
mod tests;

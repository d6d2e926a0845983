//! A clock that stands still until a test moves it.

use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::time::{Duration, SystemTime};

use super::{Clock, Sleep};

/// A clock that stands still until [`advance`](ManualClock::advance) moves it. Clones are the same
/// clock.
///
/// # Examples
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use gemini_emulator::{Clock as _, ManualClock};
///
/// let clock = ManualClock::new();
/// assert_eq!(clock.now(), SystemTime::UNIX_EPOCH);
/// clock.advance(Duration::from_secs(60));
/// assert_eq!(clock.now(), SystemTime::UNIX_EPOCH + Duration::from_secs(60));
/// ```
#[derive(Debug, Clone)]
pub struct ManualClock(Arc<Mutex<Hands>>);

#[derive(Debug)]
struct Hands {
    now: SystemTime,
    sleepers: Vec<Sleeper>,
    last_id: u64,
}

#[derive(Debug)]
struct Sleeper {
    id: u64,
    until: Option<SystemTime>,
    waker: Waker,
}

impl ManualClock {
    /// A clock that shows the start of 1970.
    #[must_use]
    pub fn new() -> Self {
        ManualClock::at(SystemTime::UNIX_EPOCH)
    }

    /// A clock that shows this time.
    #[must_use]
    pub fn at(now: SystemTime) -> Self {
        ManualClock(Arc::new(Mutex::new(Hands { now, sleepers: Vec::new(), last_id: 0 })))
    }

    /// Moves the clock and wakes everybody whose wait is over.
    pub fn advance(&self, by: Duration) {
        let mut hands = self.hands();
        // A clock that would show more than it can stands still.
        let now = hands.now.checked_add(by).unwrap_or(hands.now);
        hands.now = now;
        let awake: Vec<Sleeper> =
            hands.sleepers.extract_if(.., |sleeper| is_over(sleeper.until, now)).collect();
        drop(hands);
        awake.into_iter().for_each(|sleeper| sleeper.waker.wake());
    }

    /// How many waits are not over.
    #[must_use]
    pub fn sleepers(&self) -> usize {
        self.hands().sleepers.len()
    }

    fn hands(&self) -> MutexGuard<'_, Hands> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for ManualClock {
    fn default() -> Self {
        ManualClock::new()
    }
}

impl Clock for ManualClock {
    fn now(&self) -> SystemTime {
        self.hands().now
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        let mut hands = self.hands();
        hands.last_id += 1;
        let until = hands.now.checked_add(duration);
        let wait = Wait { clock: self.clone(), id: hands.last_id, until };
        drop(hands);
        Box::pin(poll_fn(move |context| wait.poll(context.waker())))
    }
}

/// One wait; it is forgotten with its future.
struct Wait {
    clock: ManualClock,
    id: u64,
    /// Nothing stands for a time that no clock shows.
    until: Option<SystemTime>,
}

impl Wait {
    fn poll(&self, waker: &Waker) -> Poll<()> {
        let mut hands = self.clock.hands();
        hands.sleepers.retain(|sleeper| sleeper.id != self.id);
        if is_over(self.until, hands.now) {
            return Poll::Ready(());
        }
        let sleeper = Sleeper { id: self.id, until: self.until, waker: waker.clone() };
        hands.sleepers.push(sleeper);
        Poll::Pending
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        self.clock.hands().sleepers.retain(|sleeper| sleeper.id != self.id);
    }
}

fn is_over(until: Option<SystemTime>, now: SystemTime) -> bool {
    until.is_some_and(|until| until <= now)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test]
    async fn a_wait_ends_when_the_clock_is_moved() {
        let clock = ManualClock::new();
        let wait = tokio::spawn(clock.sleep(SECOND));
        while clock.sleepers() == 0 {
            tokio::task::yield_now().await;
        }
        clock.advance(SECOND / 2);
        assert_eq!(clock.sleepers(), 1);
        clock.advance(SECOND / 2);
        wait.await.unwrap();
        assert_eq!(clock.sleepers(), 0);
    }

    #[tokio::test]
    async fn endless_waits_and_steps_are_harmless() {
        let clock = ManualClock::new();
        let wait = tokio::spawn(clock.sleep(Duration::MAX));
        while clock.sleepers() == 0 {
            tokio::task::yield_now().await;
        }
        clock.advance(Duration::MAX);
        assert_eq!((clock.now(), clock.sleepers()), (SystemTime::UNIX_EPOCH, 1));
        wait.abort();
    }

    #[tokio::test]
    async fn a_dropped_wait_is_forgotten() {
        let clock = ManualClock::new();
        let mut wait = clock.sleep(SECOND);
        let pending = std::future::poll_fn(|context| Poll::Ready(wait.as_mut().poll(context)));
        assert!(pending.await.is_pending());
        assert_eq!(clock.sleepers(), 1);
        drop(wait);
        assert_eq!(clock.sleepers(), 0);
    }
}

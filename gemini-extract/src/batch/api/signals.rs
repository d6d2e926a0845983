//! What batches at the service have to hear of the run.

use std::sync::atomic::Ordering;

use crate::batch::End;
use crate::batch::job::Shared;

impl Shared {
    /// No more records are read or asked, and the open batches at the service are cancelled.
    pub(in crate::batch) fn cancel(&self) {
        self.is_cancelled.store(true, Ordering::Release);
        self.stop(End::Stopped);
    }

    /// Whoever waits for something looks again.
    pub(super) fn look_again(&self) {
        self.stopped.notify_waiters();
    }

    /// Whether no more records are read or asked.
    pub(super) fn is_over(&self) -> bool {
        self.rooms.is_closed()
    }

    pub(super) fn is_cancelled(&self) -> bool {
        self.is_cancelled.load(Ordering::Acquire)
    }

    /// Whether it isn't worth while to wait for what a later start can have.
    pub(super) fn is_hurried(&self) -> bool {
        self.is_over() && !self.is_cancelled() && self.tally().end() != End::MaxCost
    }

    /// Waits until no more records are read or asked.
    pub(super) async fn over(&self) {
        self.until(|| self.is_over().then_some(())).await;
    }

    /// Waits until there is something.
    pub(super) async fn until<R>(&self, something: impl Fn() -> Option<R>) -> R {
        loop {
            let mut stopped = std::pin::pin!(self.stopped.notified());
            stopped.as_mut().enable();
            if let Some(found) = something() {
                return found;
            }
            stopped.await;
        }
    }
}

//! A batch that runs, as the user holds it.

use std::collections::BTreeMap;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinSet;

use super::job::{Shared, Yield};
use super::outcome::Outcome;
use super::report::{End, Progress, Report};

/// A batch that runs: a stream of its outcomes.
///
/// Outcomes come as records are done, or with [`ordered`](super::Batch::ordered) in the order of
/// the records. Whoever stops taking them holds the batch up: only so many records as
/// [`buffer`](super::Batch::buffer) says are read before their outcomes are taken. Dropping it
/// gives up what is on its way; [`stop`](Self::stop) lets that come to its end.
///
/// # Panics
///
/// Taking outcomes panics where the source of the records or a validator has panicked.
#[must_use = "a batch stops when this is dropped"]
pub struct BatchRun<T> {
    shared: Arc<Shared>,
    arriving: UnboundedReceiver<Yield<T>>,
    workers: JoinSet<()>,
    order: Option<Order<T>>,
}

/// A hand on a batch that runs elsewhere: to look at it, and to stop it.
#[derive(Clone, Debug)]
pub struct BatchHandle {
    shared: Arc<Shared>,
}

/// Outcomes that wait for earlier ones.
struct Order<T> {
    next: u64,
    early: BTreeMap<u64, Yield<T>>,
}

impl<T> BatchRun<T> {
    pub(super) fn new(
        shared: Arc<Shared>,
        arriving: UnboundedReceiver<Yield<T>>,
        workers: JoinSet<()>,
        is_ordered: bool,
    ) -> Self {
        let order = is_ordered.then(|| Order { next: 0, early: BTreeMap::new() });
        Self { shared, arriving, workers, order }
    }

    /// The next outcome; `None` when the batch has ended. Why it did is in the
    /// [`report`](Self::report).
    pub async fn next(&mut self) -> Option<Outcome<T>> {
        poll_fn(|context| self.poll(context)).await
    }

    /// Reads and asks no more records. What is on its way still comes to its end and is handed
    /// out; started again with the same journal, the batch goes on from there. Batches that are
    /// open by [`BatchApi`](super::BatchApi) with a journal aren't waited for: a later start takes
    /// their answers.
    pub fn stop(&self) {
        self.shared.stop(End::Stopped);
    }

    /// As [`stop`](Self::stop), and cancels the batches that it has open by
    /// [`BatchApi`](super::BatchApi). Their records come out with what is done of them, or as
    /// [`Cancelled`](crate::ErrorKind::Cancelled), and are asked again by a later start.
    pub fn cancel(&self) {
        self.shared.cancel();
    }

    /// How it stands.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.shared.progress()
    }

    /// A hand on it for another task, such as one that shows the progress or waits for Ctrl-C.
    #[must_use]
    pub fn handle(&self) -> BatchHandle {
        BatchHandle { shared: Arc::clone(&self.shared) }
    }

    /// Waits for the end, without the outcomes that weren't taken, and tells all about it.
    pub async fn report(mut self) -> Report {
        while self.next().await.is_some() {}
        let progress = self.progress();
        let end = self.shared.tally().end();
        Report { end, progress }
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<Outcome<T>>> {
        loop {
            if let Some(order) = &mut self.order
                && let Some(yielded) = order.early.remove(&order.next)
            {
                order.next += 1;
                return Poll::Ready(Some(yielded.take()));
            }
            let Poll::Ready(arrived) = self.arriving.poll_recv(context) else { break };
            match (&mut self.order, arrived) {
                (Some(order), Some(yielded)) => {
                    drop(order.early.insert(yielded.outcome.position, yielded));
                }
                (None, Some(yielded)) => return Poll::Ready(Some(yielded.take())),
                (_, None) => {
                    ready!(self.poll_workers(context));
                    self.shared.tally().close();
                    return Poll::Ready(None);
                }
            }
        }
        // A worker that panicked leaves a record without an outcome. Otherwise the end comes when
        // all outcomes are safe and have arrived, not when the workers have ended.
        let _ = self.poll_workers(context);
        Poll::Pending
    }
}

impl<T> BatchRun<T> {
    fn poll_workers(&mut self, context: &mut Context<'_>) -> Poll<()> {
        while let Some(ended) = ready!(self.workers.poll_join_next(context)) {
            if let Err(error) = ended
                && let Ok(panic) = error.try_into_panic()
            {
                std::panic::resume_unwind(panic);
            }
        }
        Poll::Ready(())
    }
}

impl<T> Yield<T> {
    /// The outcome; there is room for another record then.
    fn take(self) -> Outcome<T> {
        let Self { outcome, room } = self;
        drop(room);
        outcome
    }
}

impl BatchHandle {
    /// How it stands.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.shared.progress()
    }

    /// As [`BatchRun::stop`].
    pub fn stop(&self) {
        self.shared.stop(End::Stopped);
    }

    /// As [`BatchRun::cancel`].
    pub fn cancel(&self) {
        self.shared.cancel();
    }
}

impl Shared {
    fn progress(&self) -> Progress {
        let concurrency = self.slots.size();
        self.tally().progress(concurrency)
    }
}

impl<T> Stream for BatchRun<T> {
    type Item = Outcome<T>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Outcome<T>>> {
        self.poll(context)
    }
}

/// Outcomes are moved, never pinned.
impl<T> Unpin for BatchRun<T> {}

impl<T> fmt::Debug for BatchRun<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BatchRun").field("progress", &self.progress()).finish_non_exhaustive()
    }
}

//! Time as a parameter.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::{Duration, Instant};

/// The time that retries and limits go by.
///
/// A client has the real one; tests bring their own by
/// [`with_clock`](crate::ClientBuilder::with_clock), so that they don't wait. The timeouts of
/// connections and of single attempts are always in real time.
///
/// # Examples
///
/// A clock that never waits: asked to sleep, it moves on at once.
///
/// ```
/// use std::future::{Future, ready};
/// use std::pin::Pin;
/// use std::sync::Mutex;
/// use std::time::{Duration, Instant};
///
/// use gemini_extract::Clock;
///
/// #[derive(Debug)]
/// struct Impatient(Mutex<Instant>);
///
/// impl Clock for Impatient {
///     fn now(&self) -> Instant {
///         *self.0.lock().unwrap()
///     }
///
///     fn sleep(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
///         *self.0.lock().unwrap() += time;
///         Box::pin(ready(()))
///     }
/// }
/// ```
pub trait Clock: fmt::Debug + Send + Sync {
    /// The time now.
    fn now(&self) -> Instant;

    /// Ends when this much time has passed.
    fn sleep(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}

/// Waits for a future, but no longer than for the other; `None` where that one ends first.
pub(crate) async fn race<F: Future>(
    future: F,
    other: impl Future<Output = ()>,
) -> Option<F::Output> {
    let (mut future, mut other) = (pin!(future), pin!(other));
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => other.as_mut().poll(context).map(|()| None),
    })
    .await
}

/// The time of Tokio: the real one, unless it is paused for a test.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct TokioClock;

impl Clock for TokioClock {
    fn now(&self) -> Instant {
        tokio::time::Instant::now().into_std()
    }

    fn sleep(&self, time: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        Box::pin(tokio::time::sleep(time))
    }
}

//! Time as a parameter, so that nobody's tests have to wait.

mod manual;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, SystemTime};

pub use manual::ManualClock;

/// A wait that ends when its clock says so.
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Where an emulator has the time from: for delays, rate limits and the times in the log.
///
/// [`SystemClock`] is the default. Tests take a [`ManualClock`].
pub trait Clock: fmt::Debug + Send + Sync {
    /// The time of day.
    fn now(&self) -> SystemTime;

    /// Waits this long.
    fn sleep(&self, duration: Duration) -> Sleep;
}

/// The time of the machine.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        Box::pin(tokio::time::sleep(duration))
    }
}

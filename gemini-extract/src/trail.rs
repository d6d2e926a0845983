//! What a call has behind it: its time, its attempts, and what they cost.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::price::Bill;
use crate::response::Usage;
use crate::{Clock, Error, Prices};

/// A call's way from its beginning to its end.
#[derive(Debug)]
pub(crate) struct Trail {
    clock: Arc<dyn Clock>,
    start: Instant,
    /// How long the whole call may take.
    timeout: Duration,
    attempts: u32,
    repairs: u32,
    earlier: Vec<Error>,
    /// What the earlier answers cost.
    usage: Option<Usage>,
    /// Absent where there are no prices.
    bill: Option<Bill>,
    is_over_budget: bool,
}

/// The way of a call that failed.
#[derive(Default)]
pub(crate) struct Past {
    pub(crate) attempts: u32,
    pub(crate) repairs: u32,
    pub(crate) elapsed: Duration,
    pub(crate) earlier: Vec<Error>,
    pub(crate) cost: Option<f64>,
    /// Whether only the budget of retries stood in the way of another attempt.
    pub(crate) is_over_budget: bool,
}

impl Trail {
    pub(crate) fn new(clock: Arc<dyn Clock>, timeout: Duration) -> Self {
        Self {
            start: clock.now(),
            clock,
            timeout,
            attempts: 0,
            repairs: 0,
            earlier: Vec::new(),
            usage: None,
            bill: None,
            is_over_budget: false,
        }
    }

    pub(crate) fn timeout(&self) -> Duration {
        self.timeout
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.clock.now().saturating_duration_since(self.start)
    }

    /// What is left of the call's time.
    pub(crate) fn left(&self) -> Duration {
        self.timeout.saturating_sub(self.elapsed())
    }

    pub(crate) fn attempts(&self) -> u32 {
        self.attempts
    }

    pub(crate) fn repairs(&self) -> u32 {
        self.repairs
    }

    /// One more attempt is made; how long after the call's beginning.
    pub(crate) fn begin_attempt(&mut self) -> Duration {
        self.attempts = self.attempts.saturating_add(1);
        self.elapsed()
    }

    /// Keeps a failure that is followed by another attempt.
    pub(crate) fn add_failure(&mut self, error: Error) {
        self.add_usage(error.usage());
        self.earlier.push(error);
    }

    /// Keeps a bad answer that is asked for again.
    pub(crate) fn add_repair(&mut self, error: Error) {
        self.repairs = self.repairs.saturating_add(1);
        self.add_failure(error);
    }

    /// Adds what an answer cost that is not the last one.
    pub(crate) fn add_usage(&mut self, usage: Option<&Usage>) {
        if let Some(usage) = usage {
            *self.usage.get_or_insert_default() += usage;
        }
    }

    /// Puts what an answer of a model cost on the bill.
    pub(crate) fn charge(
        &mut self,
        prices: Option<&Prices>,
        model: (&str, Option<&str>),
        usage: Option<&Usage>,
    ) {
        if let Some(prices) = prices {
            self.bill.get_or_insert_default().add(prices, model, usage);
        }
    }

    /// What the whole call cost, where all prices are known.
    pub(crate) fn cost(&self) -> Option<f64> {
        self.bill.and_then(Bill::cost)
    }

    /// Notes that the budget of retries is used up.
    pub(crate) fn set_over_budget(&mut self) {
        self.is_over_budget = true;
    }

    /// What the whole call cost, with the last answer.
    pub(crate) fn total(&self, last: Option<Usage>) -> Option<Usage> {
        match (&self.usage, last) {
            (Some(earlier), Some(last)) => Some(last + earlier.clone()),
            (earlier, last) => last.or_else(|| earlier.clone()),
        }
    }

    /// The call ends with this failure.
    pub(crate) fn end(self, error: Error) -> Error {
        let usage = self.total(error.usage().cloned());
        error.with_usage(usage).with_past(self.into_past())
    }

    /// The way of a call that has come to its end.
    pub(crate) fn into_past(mut self) -> Past {
        let earlier = std::mem::take(&mut self.earlier);
        Past { cost: self.cost(), earlier, is_over_budget: self.is_over_budget, ..self.so_far() }
    }

    /// The way of a call that goes on; the earlier failures stay with it.
    pub(crate) fn so_far(&self) -> Past {
        Past {
            attempts: self.attempts,
            repairs: self.repairs,
            elapsed: self.elapsed(),
            ..Past::default()
        }
    }
}

impl Past {
    /// Whether there is more to tell than a single attempt.
    pub(crate) fn is_eventful(&self) -> bool {
        self.attempts > 1
    }
}

impl fmt::Display for Past {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "after {} attempts in {:.1?}", self.attempts, self.elapsed)?;
        if self.is_over_budget {
            f.write_str(", with the budget of retries used up")?;
        }
        Ok(())
    }
}

//! What several calls keep to together, beside what the client keeps to: limits, and a most that
//! they may cost.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::Client;
use crate::error::Fault;
use crate::limit::{Limiters, Permit};
use crate::policies::Policies;
use crate::purse::{Empty, Purse, Reservation};
use crate::request::Endpoint;
use crate::response::Usage;
use crate::trail::Trail;
use crate::{Error, ErrorKind, Repair, Result};

/// What a model can answer at most, where nothing smaller is asked for.
pub(crate) const OUTPUT_TOKENS: u64 = 65_536;

/// What the calls of a job keep to together.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    limiters: Limiters,
    toll: Option<Toll>,
    /// How often the service said that it was asked too much.
    throttled: AtomicU64,
}

/// The most that the calls may cost together.
#[derive(Debug)]
pub(crate) struct Toll {
    pub(crate) purse: Arc<Purse>,
}

/// How large a request is, and its answer at most.
#[derive(Clone, Copy, Debug)]
pub(super) struct Size {
    pub(super) tokens: u64,
    pub(super) bytes: usize,
    pub(super) output_tokens: u64,
}

/// Leave to send a request, by all limits that hold for it.
#[derive(Debug, Default)]
pub(crate) struct Leave {
    permits: [Option<Permit>; 2],
    reservation: Option<Reservation>,
}

impl Rules {
    pub(crate) fn new(limiters: Limiters, toll: Option<Toll>) -> Self {
        Self { limiters, toll, throttled: AtomicU64::new(0) }
    }

    /// Notes what was spent before.
    pub(crate) fn spend(&self, cost: f64) {
        if let Some(toll) = &self.toll {
            toll.purse.spend(cost);
        }
    }

    /// Spends an amount where the limit of costs has room for it now.
    #[cfg(feature = "batch")]
    #[must_use]
    pub(crate) fn try_spend(&self, amount: f64) -> bool {
        self.toll.as_ref().is_none_or(|toll| toll.purse.try_spend(amount))
    }

    /// Notes what is on its way already, and can cost this much.
    #[cfg(feature = "batch")]
    pub(crate) fn hold(&self, cost: f64) -> Option<Reservation> {
        self.toll.as_ref().map(|toll| toll.purse.hold(cost))
    }

    /// Notes that less was spent than was said before.
    #[cfg(feature = "batch")]
    pub(crate) fn give_back(&self, amount: f64) {
        if let Some(toll) = &self.toll {
            toll.purse.give_back(amount);
        }
    }

    pub(crate) fn throttled(&self) -> u64 {
        self.throttled.load(Ordering::Relaxed)
    }
}

impl Size {
    /// The most tokens that a request of this size can have: one has a byte at least.
    fn dearest(self) -> Usage {
        Usage {
            prompt_tokens: u64::try_from(self.bytes).unwrap_or(u64::MAX),
            answer_tokens: self.output_tokens,
            ..Usage::default()
        }
    }
}

impl Client {
    #[cfg(feature = "batch")]
    pub(crate) fn clock(&self) -> &dyn crate::Clock {
        &*self.inner.clock
    }

    pub(crate) fn has_prices(&self) -> bool {
        self.inner.prices.is_some()
    }

    /// How bad answers are asked for again under these policies.
    pub(crate) fn repair(&self, policies: &Policies) -> Repair {
        policies.or(self.inner.delivery.policies()).repair.unwrap_or_default()
    }

    /// Waits for leave by the job's rules and then by the client's limits.
    pub(super) async fn leave(
        &self,
        endpoint: &Endpoint,
        size: Size,
        rules: Option<&Rules>,
        trail: &Trail,
    ) -> Result<Leave> {
        let mut leave = Leave::default();
        // Limits are those of models.
        let client = (!endpoint.is_resource()).then_some(&self.inner.limiters);
        let limiters = [client, rules.map(|rules| &rules.limiters)];
        for (permit, limiters) in leave.permits.iter_mut().zip(limiters).rev() {
            let Some(limiters) = limiters else { continue };
            let Some(limiter) = limiters.of(endpoint.model()) else { continue };
            // In a place of its own, so that calls without limits don't carry the room for it.
            let place =
                Box::pin(limiter.admit(size.tokens, &*self.inner.clock, trail.left())).await;
            let no_room = || Error::fault(Fault::NoRoom(trail.timeout()), None);
            *permit = Some(place.ok_or_else(no_room)?);
        }
        if let Some(toll) = rules.and_then(|rules| rules.toll.as_ref()) {
            leave.reservation = Some(Box::pin(self.reserve(endpoint, size, toll)).await?);
        }
        Ok(leave)
    }

    #[cfg(feature = "batch")]
    pub(crate) fn prices(&self) -> Option<&crate::Prices> {
        self.inner.prices.as_ref()
    }

    /// What is due for an answer of a model, where it is known.
    fn price(&self, model: (&str, Option<&str>), usage: &Usage) -> Option<f64> {
        self.inner.prices.as_ref()?.cost(model, usage)
    }

    /// Sets aside what a request can cost at most.
    async fn reserve(&self, endpoint: &Endpoint, size: Size, toll: &Toll) -> Result<Reservation> {
        let model = endpoint.model();
        let amount = self.price((model, None), &size.dearest());
        let amount = amount.ok_or_else(|| unpriced(model))?;
        let reservation = toll.purse.reserve(amount).await;
        reservation.map_err(|Empty| Error::plain(ErrorKind::CostLimit))
    }

    /// What an answer costs in a batch, where it is known.
    #[cfg(feature = "batch")]
    pub(crate) fn batch_price(&self, model: (&str, Option<&str>), usage: &Usage) -> Option<f64> {
        self.inner.prices.as_ref()?.batch_cost(model, usage)
    }

    /// Sets aside what rows of a batch can cost at most, by their bytes; for how many of them, and
    /// how much. Without a limit of costs all go, and nothing is set aside.
    #[cfg(feature = "batch")]
    pub(crate) async fn reserve_rows(
        &self,
        model: &str,
        (bytes, output_tokens): (&[usize], u64),
        rules: &Rules,
    ) -> Result<(usize, Option<Reservation>, f64)> {
        let Some(toll) = &rules.toll else { return Ok((bytes.len(), None, 0.0)) };
        let amounts = bytes.iter().map(|bytes| {
            let usage = Size { tokens: 0, bytes: *bytes, output_tokens }.dearest();
            self.batch_price((model, None), &usage).ok_or_else(|| unpriced(model))
        });
        let amounts = amounts.collect::<Result<Vec<f64>>>()?;
        let reserved = toll.purse.reserve_most(&amounts).await;
        let (count, reservation) = reserved.map_err(|Empty| Error::plain(ErrorKind::CostLimit))?;
        Ok((count, Some(reservation), amounts.iter().take(count).sum()))
    }

    /// Tells the limits what an answer had.
    pub(super) fn settle(
        &self,
        mut leave: Leave,
        model: (&str, Option<&str>),
        usage: Option<&Usage>,
    ) {
        let Some(usage) = usage else { return };
        for permit in leave.permits.iter().flatten() {
            permit.settle(usage.input_tokens());
        }
        if let Some(reservation) = &mut leave.reservation
            && let Some(cost) = self.price(model, usage)
        {
            reservation.settle(cost);
        }
    }

    /// Tells the limits how an attempt failed.
    pub(super) fn settle_failure(
        &self,
        mut leave: Leave,
        model: &str,
        rules: Option<&Rules>,
        error: &Error,
    ) {
        if error.is_quota() && !error.is_daily_quota() {
            let now = self.inner.clock.now();
            leave.permits.iter().flatten().for_each(|permit| permit.slow(now));
            if let Some(rules) = rules {
                rules.throttled.fetch_add(1, Ordering::Relaxed);
            }
        }
        if !error.may_be_billed()
            && let Some(reservation) = &mut leave.reservation
        {
            reservation.settle(0.0);
        }
        self.settle(leave, (model, error.model_version()), error.usage());
    }
}

fn unpriced(model: &str) -> Error {
    let problem = format!("a limit of costs needs the price of {model}: use `with_prices`");
    Error::configuration(vec![problem])
}

//! The limits of all models.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::Limits;
use super::limiter::{Limiter, Permit};
use crate::Clock;

/// A limiter for each model that is asked, made when it is first needed.
#[derive(Debug, Default)]
pub(crate) struct Limiters {
    /// For models that have none of their own.
    common: Option<Limits>,
    own: HashMap<String, Limits>,
    live: Mutex<HashMap<String, Arc<Limiter>>>,
}

impl Limiters {
    /// `own` goes by the models' resource names.
    pub(crate) fn new(common: Option<Limits>, own: HashMap<String, Limits>) -> Self {
        Self { common, own, live: Mutex::default() }
    }

    /// Waits for a place of a model, without one where it has no limits; an error where there is
    /// none within this time.
    pub(crate) async fn admit(
        &self,
        model: &str,
        tokens: u64,
        clock: &dyn Clock,
        within: Duration,
    ) -> Result<Option<Permit>, NoRoom> {
        match self.of(model) {
            // In a place of its own, so that calls without limits don't carry the room for it.
            Some(limiter) => {
                let permit = Box::pin(limiter.admit(tokens, clock, within)).await;
                permit.map(Some).ok_or(NoRoom)
            }
            None => Ok(None),
        }
    }

    fn of(&self, model: &str) -> Option<Arc<Limiter>> {
        let limits = self.own.get(model).or(self.common.as_ref())?;
        let mut live = self.live.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(limiter) = live.get(model) {
            return Some(Arc::clone(limiter));
        }
        let limiter = Arc::new(Limiter::new(limits));
        live.insert(model.to_owned(), Arc::clone(&limiter));
        Some(limiter)
    }
}

/// There is no place in the time that is left.
#[derive(Debug)]
pub(crate) struct NoRoom;

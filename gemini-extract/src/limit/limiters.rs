//! The limits of all models.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::Limits;
use super::limiter::Limiter;

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

    /// The limiter of a model; `None` where it has no limits.
    pub(crate) fn of(&self, model: &str) -> Option<Arc<Limiter>> {
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

//! What all records have in common, kept by the service while a batch runs.

mod account;
mod keeper;
mod make;
mod note;
mod policy;
mod service;
mod told;
mod tries;

use std::fmt;
use std::sync::{Arc, PoisonError};

use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub use policy::ContextCache;
pub use told::ContextUse;

pub(super) use keeper::{Crowd, Keeper, Start};
pub(super) use note::Notebook;
pub(super) use tries::Tries;

use super::job::Shared;
use crate::call::Call;
use crate::request::Template;
use crate::{Price, Usage};

/// The cache of a batch, for those who ask. When the last of them is gone it is deleted.
pub(super) struct Context {
    view: Arc<watch::Sender<View>>,
    commands: UnboundedSender<Command>,
    shared: Arc<Shared>,
    price: Option<Price>,
}

/// How a cache stands.
#[derive(Clone, Debug)]
enum View {
    /// Nobody has asked for it.
    Unmade,
    /// It will be there, or not, in a moment.
    Making,
    Ready(Arc<Live>),
    /// There is none, and there will be none.
    Off,
}

/// A cache that can be used.
pub(super) struct Live {
    /// Which one of the batch it is.
    number: u64,
    /// The call as it is made with it.
    pub(super) call: Call,
    pub(super) template: Template,
}

/// What is told to the one who keeps the cache.
#[derive(Debug)]
enum Command {
    Make,
    /// The service doesn't know this one any more.
    Lost(u64),
    /// The service refuses requests with it that it takes without it.
    Unfit,
}

impl Context {
    /// The cache, if there is to be one. The first that asks has it made, and all wait for it.
    async fn live(&self) -> Option<Arc<Live>> {
        if let View::Ready(live) = &*self.view.borrow() {
            return Some(Arc::clone(live));
        }
        let mut view = self.view.subscribe();
        loop {
            match &*view.borrow_and_update() {
                View::Ready(live) => return Some(Arc::clone(live)),
                View::Off => return None,
                View::Unmade | View::Making => {}
            }
            let is_first = self.view.send_if_modified(|view| {
                let is_first = matches!(view, View::Unmade);
                if is_first {
                    *view = View::Making;
                }
                is_first
            });
            if is_first && self.commands.send(Command::Make).is_err() {
                return None;
            }
            view.changed().await.ok()?;
        }
    }

    /// The service doesn't know a cache any more.
    fn lost(&self, live: &Live) {
        let is_news = self.view.send_if_modified(|view| {
            let is_news = matches!(view, View::Ready(known) if known.number == live.number);
            if is_news {
                *view = View::Making;
            }
            is_news
        });
        if is_news && self.commands.send(Command::Lost(live.number)).is_err() {
            self.view.send_replace(View::Off);
        }
    }

    /// The service takes requests only without it.
    fn unfit(&self) {
        self.view.send_replace(View::Off);
        // Where nobody listens, it is gone already.
        let _ = self.commands.send(Command::Unfit);
    }

    /// Notes what requests with it have used.
    fn used(&self, usage: &Usage, attempts: u32) {
        let saved = self.price.as_ref().map(|price| price.saved(usage));
        self.shared.tally().context().used(usage.cached_tokens, attempts, saved);
    }
}

impl Shared {
    /// Notes what is still done after the last outcome.
    fn followed_by(&self, aftermath: JoinHandle<()>) {
        *self.aftermath.lock().unwrap_or_else(PoisonError::into_inner) = Some(aftermath);
    }

    /// Waits for what is done after the last outcome.
    pub(super) async fn end(&self) {
        let aftermath = self.aftermath.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(aftermath) = aftermath {
            // One that panicked has ended, too.
            let _ = aftermath.await;
        }
    }
}

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live").field("number", &self.number).finish_non_exhaustive()
    }
}

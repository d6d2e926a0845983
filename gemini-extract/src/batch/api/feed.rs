//! Many records at the same time, each with a task of its own only while it is asked.

use std::future::pending;
use std::sync::Arc;

use serde::de::DeserializeOwned;
use tokio::task::{JoinError, JoinSet};

use crate::batch::job::Job;
use crate::clock::race;

impl<T: DeserializeOwned + Send + 'static> Job<T> {
    /// Takes records and brings them to their outcomes, so many at a time as the way says, until
    /// there are no more.
    pub(in crate::batch) async fn feed(self: Arc<Self>) {
        let width = usize::try_from(self.way.width()).unwrap_or(usize::MAX);
        let mut asking = JoinSet::new();
        loop {
            let has_room = asking.len() < width;
            let next = async { if has_room { self.take(1).await } else { pending().await } };
            let ended = async {
                match asking.join_next().await {
                    Some(ended) => resume(ended),
                    None => pending().await,
                }
            };
            let Some(arrived) = race(next, ended).await else { continue };
            let Some(arrived) = arrived else { break };
            for arrived in arrived {
                if let Some(order) = self.prepare(arrived).await {
                    let job = Arc::clone(&self);
                    asking.spawn(async move { job.ask(order).await });
                }
            }
        }
        self.way.read_all();
        while let Some(ended) = asking.join_next().await {
            resume(ended);
        }
    }
}

/// Goes on with a panic of a task.
pub(super) fn resume(ended: Result<(), JoinError>) {
    if let Err(error) = ended
        && let Ok(panic) = error.try_into_panic()
    {
        std::panic::resume_unwind(panic);
    }
}

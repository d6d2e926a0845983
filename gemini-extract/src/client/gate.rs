//! The end of a client: no new calls, and the ones on their way may end.

use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::Client;
use crate::{Error, Result};

/// Counts the calls on their way.
#[derive(Debug, Default)]
pub(super) struct Gate {
    state: Mutex<State>,
    ended: Notify,
}

#[derive(Debug, Default)]
struct State {
    is_closed: bool,
    calls: u64,
}

/// A call on its way, until this is dropped.
#[derive(Debug)]
pub(crate) struct Pass(Arc<Gate>);

impl Client {
    /// Begins no new calls on this client and its clones, and waits until those on their way have
    /// ended. Connections are closed then.
    ///
    /// Calls that begin later fail with [`ErrorKind::Closed`](crate::ErrorKind::Closed). To wait
    /// no longer than some time, put this into a timeout; calls that are still on their way can
    /// be dropped. Dropping the last clone of a client closes its connections too, as calls keep
    /// a clone of their own.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn run(client: gemini_extract::Client) {
    /// client.close().await;
    /// # }
    /// ```
    pub async fn close(&self) {
        let gate = &self.inner.gate;
        gate.state().is_closed = true;
        loop {
            let mut ended = pin!(gate.ended.notified());
            ended.as_mut().enable();
            if gate.state().calls == 0 {
                break;
            }
            ended.await;
        }
        self.inner.transport.close();
    }

    /// Lets a call in, unless the client is closed.
    pub(crate) fn enter(&self) -> Result<Pass> {
        let gate = &self.inner.gate;
        let mut state = gate.state();
        if state.is_closed {
            return Err(Error::closed());
        }
        state.calls = state.calls.saturating_add(1);
        drop(state);
        Ok(Pass(Arc::clone(gate)))
    }
}

impl Gate {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.calls = state.calls.saturating_sub(1);
        let is_last = state.is_closed && state.calls == 0;
        drop(state);
        if is_last {
            self.0.ended.notify_waiters();
        }
    }
}

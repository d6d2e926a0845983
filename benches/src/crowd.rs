//! Many calls, some of them at the same time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::task::{JoinError, JoinSet};

/// Makes `calls` calls, `at_once` of them at the same time: whoever is done takes the next one. The
/// call is given its number, from 0 on.
///
/// # Errors
///
/// If a call panics.
pub async fn crowd<F, R>(
    calls: usize,
    at_once: usize,
    call: impl Fn(usize) -> F + Clone + Send + 'static,
) -> Result<Vec<R>, JoinError>
where
    F: Future<Output = R> + Send,
    R: Send + 'static,
{
    let next = Arc::new(AtomicUsize::new(0));
    let mut workers = JoinSet::new();
    for _ in 0..at_once {
        let (next, call) = (Arc::clone(&next), call.clone());
        workers.spawn(async move {
            let mut results = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= calls {
                    return results;
                }
                results.push(call(number).await);
            }
        });
    }
    let mut all = Vec::with_capacity(calls);
    while let Some(results) = workers.join_next().await {
        all.extend(results?);
    }
    Ok(all)
}

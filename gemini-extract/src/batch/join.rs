//! Several futures at the same time, in one task.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

/// What all of them give, in their order.
pub(super) async fn all<F: Future + Unpin>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let mut futures: Vec<(F, Option<F::Output>)> =
        futures.into_iter().map(|future| (future, None)).collect();
    poll_fn(|context| {
        let mut is_ready = true;
        for (future, output) in futures.iter_mut().filter(|(_, output)| output.is_none()) {
            match Pin::new(future).poll(context) {
                Poll::Ready(found) => *output = Some(found),
                Poll::Pending => is_ready = false,
            }
        }
        if is_ready { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    futures.into_iter().filter_map(|(_, output)| output).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::all;

    #[tokio::test(start_paused = true)]
    async fn they_run_at_the_same_time() {
        let begun = tokio::time::Instant::now();
        let after = |seconds| {
            Box::pin(async move {
                tokio::time::sleep(Duration::from_secs(seconds)).await;
                seconds
            })
        };
        assert_eq!(all([3, 1, 2].map(after)).await, [3, 1, 2]);
        assert_eq!(begun.elapsed(), Duration::from_secs(3));
        assert!(all(std::iter::empty::<std::future::Ready<()>>()).await.is_empty());
    }
}

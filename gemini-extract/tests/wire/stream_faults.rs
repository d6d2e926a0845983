//! The faults of plain calls before and within a stream. Nobody waits: the clock leaps.

use std::time::Duration;

use gemini_emulator::{Emulator, Event, Reply};
use gemini_extract::{Client, Error, ErrorKind};
use serde_json::json;

use crate::harness::{KEY, Leaping};
use crate::retries::{Fault, faults, retry_in, scene};
use crate::streams::{Told, all};

const PROMPT: &str = "a prompt that nobody else may read";
const PAGE: &str = "<html>Bad Gateway</html>";
/// The statuses that are faults, with the kinds of plain calls.
const STATUSES: [(u16, ErrorKind); 12] = [
    (400, ErrorKind::InvalidArgument),
    (401, ErrorKind::Unauthenticated),
    (403, ErrorKind::PermissionDenied),
    (404, ErrorKind::NotFound),
    (408, ErrorKind::DeadlineExceeded),
    (413, ErrorKind::PayloadTooLarge),
    (429, ErrorKind::ResourceExhausted),
    (499, ErrorKind::Cancelled),
    (500, ErrorKind::Internal),
    (502, ErrorKind::Unavailable),
    (503, ErrorKind::Unavailable),
    (504, ErrorKind::DeadlineExceeded),
];

/// A stream of numbers out of these replies, with its server, client and clock.
struct Scene {
    emulator: Emulator,
    client: Client,
    clock: Leaping,
    told: Told<u8>,
}

impl Scene {
    async fn play(replies: Vec<Reply>) -> Self {
        let (emulator, builder, clock) = scene(replies).await;
        let client = builder.build().expect("the settings are fine");
        let told = all(client.extract::<Vec<u8>>(PROMPT).stream()).await;
        Self { emulator, client, clock, told }
    }

    /// The one error, which tells nothing that is secret.
    fn error(&self, shown: &str) -> &Error {
        let [error] = &self.told.errors[..] else { panic!("{shown}: {:?}", self.told.errors) };
        let told = format!("{error} {error:?}");
        assert!(!told.contains(KEY) && !told.contains(PROMPT), "{shown}: {told}");
        let total = self.told.stream.summary().usage.total_tokens;
        let usage = error.usage().map(|usage| usage.total_tokens);
        assert_eq!(usage.unwrap_or_default(), total, "{shown}: the summary tells the same");
        error
    }

    /// No call, and no request, is left behind.
    async fn ends(self, shown: &str) {
        let Self { emulator, client, told, .. } = self;
        drop(told);
        let nothing_left = async {
            client.close().await;
            while emulator.in_flight() > 0 {
                tokio::task::yield_now().await;
            }
        };
        let time = Duration::from_secs(10);
        assert!(tokio::time::timeout(time, nothing_left).await.is_ok(), "{shown}");
    }
}

#[tokio::test]
async fn each_fault_once_before_a_stream() {
    for Fault { reply, kind, wait } in faults() {
        let shown = format!("{reply:?}");
        let scene = Scene::play(vec![reply, Reply::text("[1]")]).await;
        let (requests, slept) = (scene.emulator.requests(), scene.clock.slept());
        assert_eq!(scene.told.stream.summary().attempts as usize, requests.len(), "{shown}");
        match wait {
            Some(wait) => {
                assert!(scene.told.errors.is_empty(), "{shown}: {:?}", scene.told.errors);
                assert_eq!((&*scene.told.elements, requests.len()), (&[1][..], 2), "{shown}");
                assert_eq!(slept, [wait], "{shown}");
                assert_eq!(requests[0].body, requests[1].body, "{shown}");
            }
            None => {
                let error = scene.error(&shown);
                assert_eq!((error.kind(), error.attempts()), (kind, 1), "{shown}");
                assert_eq!((requests.len(), slept.len()), (1, 0), "{shown}");
                let is_stopped = error.finish_reason().is_some();
                assert_eq!(scene.told.elements.len(), usize::from(is_stopped), "{shown}");
                assert_eq!(error.usage().is_some(), is_stopped || kind == ErrorKind::PromptBlocked);
            }
        }
        scene.ends(&shown).await;
    }
}

#[tokio::test]
async fn each_fault_for_ever_ends_a_stream_after_four_attempts() {
    for Fault { reply, kind, wait } in faults() {
        let Some(_) = wait else { continue };
        let shown = format!("{reply:?}");
        let scene = Scene::play(vec![reply; 5]).await;
        let error = scene.error(&shown);
        assert_eq!((error.kind(), error.attempts()), (kind, 4), "{shown}");
        assert!(error.earlier().iter().all(|error| error.kind() == kind), "{shown}");
        let slept = scene.clock.slept();
        assert_eq!((error.earlier().len(), slept.len()), (3, 3), "{shown}");
        assert_eq!(error.elapsed(), slept.iter().sum::<Duration>(), "{shown}");
        assert_eq!(scene.emulator.request_count(), 4, "{shown}");
        assert!(scene.told.elements.is_empty(), "{shown}");
        assert_eq!(scene.told.stream.summary().attempts, 4, "{shown}");
        scene.ends(&shown).await;
    }
}

/// A stream of `[1,2,3]`, with its usage so far, and this after the second element.
fn late(event: Event) -> Reply {
    let usage = json!({"usageMetadata": {"promptTokenCount": 7, "totalTokenCount": 7}});
    let begin = [Event::text("[1,"), Event::json(usage), Event::text("2,"), event];
    Reply::events(begin.into_iter().chain([Event::text("3]"), Event::finish("STOP")]))
}

/// Every fault as it stands in the middle of a stream.
fn late_faults() -> Vec<(Reply, ErrorKind)> {
    let mut faults = Vec::new();
    for (status, kind) in STATUSES {
        for error in [Event::error, Event::bare_error, Event::bare_error_list] {
            faults.push((late(error(status, "STATUS", "message")), kind));
        }
    }
    let told = json!({"error": {"code": 429, "details": [retry_in("2s")]}});
    faults.push((late(Event::json(told)), ErrorKind::ResourceExhausted));
    faults.push((late(Event::raw(format!("data: {PAGE}\n\n"))), ErrorKind::UnexpectedResponse));
    let whole = || late(Event::text(""));
    faults.push((whole().end_after(3), ErrorKind::Transport));
    for reason in ["SAFETY", "RECITATION", "MAX_TOKENS"] {
        let kind = match reason {
            "SAFETY" => ErrorKind::Safety,
            "RECITATION" => ErrorKind::Recitation,
            _ => ErrorKind::MaxTokens,
        };
        faults.push((Reply::text("[1,2,3").chunk_chars(2).finish_reason(reason), kind));
    }
    faults
}

#[tokio::test]
async fn within_a_stream_no_fault_is_met_by_another_attempt() {
    for (reply, kind) in late_faults() {
        let shown = format!("{reply:?}");
        let scene = Scene::play(vec![reply, Reply::text("[9]")]).await;
        let error = scene.error(&shown);
        assert_eq!((error.kind(), error.attempts()), (kind, 1), "{shown}");
        assert_eq!(scene.told.elements, [1, 2], "{shown}");
        assert_eq!(scene.emulator.request_count(), 1, "{shown}");
        assert_eq!(scene.clock.slept(), [Duration::ZERO; 0], "{shown}");
        assert!(error.usage().is_some_and(|usage| usage.total_tokens > 0), "{shown}");
        let is_told = shown.contains("retryDelay");
        assert_eq!(error.retry_after(), is_told.then_some(Duration::from_secs(2)), "{shown}");
        scene.ends(&shown).await;
    }
}

/// The body breaks off after each of its bytes: before the first response is whole the request is
/// sent again, afterwards what is whole was given.
#[tokio::test]
async fn a_stream_that_breaks_off_anywhere() {
    let broken = |bytes| Reply::text("[1,2,3]").chunk_chars(2).cut_after(bytes);
    let mut counts = Vec::new();
    for bytes in (1..1_200).step_by(40) {
        let shown = format!("after {bytes} bytes");
        let scene = Scene::play(vec![broken(bytes), Reply::text("[1,2,3]")]).await;
        let count = scene.told.elements.len();
        assert_eq!(scene.told.elements, [1, 2, 3][..count], "{shown}");
        let requests = scene.emulator.request_count();
        if scene.told.errors.is_empty() {
            assert_eq!(count, 3, "{shown}");
        } else {
            assert_eq!(
                (scene.error(&shown).kind(), requests),
                (ErrorKind::Transport, 1),
                "{shown}"
            );
        }
        counts.push((requests, count));
        scene.ends(&shown).await;
    }
    assert!(counts.is_sorted_by_key(|(requests, count)| (2 - requests, *count % 3)), "{counts:?}");
    assert!(counts.contains(&(2, 3)) && counts.contains(&(1, 1)), "{counts:?}");
}

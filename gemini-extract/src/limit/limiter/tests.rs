//! On Tokio's paused clock: nothing waits in real time.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use fastrand::Rng;
use tokio::task::JoinSet;

use super::Limiter;
use crate::clock::{Clock, TokioClock};
use crate::limit::{Limits, MINUTE};

const LONG: Duration = Duration::from_secs(60 * 60 * 24 * 7);

fn limiter(limits: &Limits) -> Arc<Limiter> {
    Arc::new(Limiter::new(limits))
}

/// What was admitted, when, with how many tokens, and when it ended.
#[derive(Clone, Copy, Debug)]
struct Sent {
    begin: Instant,
    end: Instant,
    tokens: u64,
}

/// Random arrivals of random sizes, a part of which is dropped while it waits or on its way.
async fn traffic(limiter: &Arc<Limiter>, seed: u64) -> Vec<Sent> {
    let mut random = Rng::with_seed(seed);
    let sent = Arc::new(Mutex::new(Vec::new()));
    let mut tasks = JoinSet::new();
    for _ in 0..200 {
        let arrival = Duration::from_millis(random.u64(0..300_000));
        let (tokens, takes) = (random.u64(1..40), Duration::from_millis(random.u64(0..9_000)));
        let patience = if random.u8(0..4) == 0 { random.u64(0..2_000) } else { 1_000_000_000 };
        let (limiter, sent) = (Arc::clone(limiter), Arc::clone(&sent));
        tasks.spawn(async move {
            tokio::time::sleep(arrival).await;
            let call = async {
                let permit = limiter.admit(tokens, &TokioClock, LONG).await;
                let _permit = permit.expect("a week is enough");
                let begin = TokioClock.now();
                let index = {
                    let mut sent = sent.lock().expect("not poisoned");
                    sent.push(Sent { begin, end: begin, tokens });
                    sent.len() - 1
                };
                let until = tokio::time::sleep(takes);
                until.await;
                sent.lock().expect("not poisoned")[index].end = TokioClock.now();
            };
            // Giving up drops what waits, or what is on its way.
            let _ = tokio::time::timeout(Duration::from_millis(patience), call).await;
        });
    }
    while let Some(result) = tasks.join_next().await {
        result.expect("no task panics");
    }
    let sent = sent.lock().expect("not poisoned");
    sent.clone()
}

/// The largest sum within any span, which begins with something that is sent.
fn most(sent: &[Sent], span: Duration, amount: impl Fn(&Sent) -> u64) -> u64 {
    let sums = sent.iter().map(|first| {
        let range = first.begin..first.begin + span;
        sent.iter().filter(|other| range.contains(&other.begin)).map(&amount).sum()
    });
    sums.max().unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn no_span_ever_holds_more_than_the_limits() {
    for seed in 0..20 {
        let limits = Limits::default()
            .requests_per_minute(20)
            .tokens_per_minute(300)
            .requests_per_day(120)
            .concurrency(3);
        let sent = traffic(&limiter(&limits), seed).await;
        assert!(sent.len() > 140, "{}", sent.len());
        assert!(most(&sent, MINUTE, |_| 1) <= 20);
        assert!(most(&sent, MINUTE, |sent| sent.tokens) <= 300);
        assert!(most(&sent, Duration::from_secs(86_400), |_| 1) <= 120);
        let in_flight = sent.iter().map(|one| {
            sent.iter().filter(|other| other.begin <= one.begin && one.begin < other.end).count()
        });
        assert!(in_flight.max() <= Some(3));
    }
}

#[tokio::test(start_paused = true)]
async fn limits_are_used_up_to_the_last_request() {
    let limits = Limits::default().requests_per_minute(20);
    let sent = traffic(&limiter(&limits), 1).await;
    assert_eq!(most(&sent, MINUTE, |_| 1), 20);
    let unlimited = traffic(&limiter(&Limits::default()), 1).await;
    assert!(most(&unlimited, MINUTE, |_| 1) > 20, "the traffic is denser than the limit");
}

#[tokio::test(start_paused = true)]
async fn first_come_first_served() {
    let limiter = limiter(&Limits::default().requests_per_minute(1));
    let order = Arc::new(Mutex::new(Vec::new()));
    let mut tasks = JoinSet::new();
    for number in 0..20 {
        let (limiter, order) = (Arc::clone(&limiter), Arc::clone(&order));
        tasks.spawn(async move {
            tokio::time::sleep(Duration::from_millis(number)).await;
            let patience = if number % 5 == 3 { Duration::from_secs(61) } else { LONG };
            // A large one isn't overtaken by small ones.
            let admitted = limiter.admit(1 + number % 3, &TokioClock, patience).await;
            if admitted.is_some() {
                order.lock().expect("not poisoned").push(number);
            }
        });
    }
    while tasks.join_next().await.is_some() {}
    let expected: Vec<u64> = (0..20).filter(|number| number % 5 != 3).collect();
    assert_eq!(*order.lock().expect("not poisoned"), expected);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_fit_in_time_is_told_at_once() {
    let limiter = limiter(&Limits::default().requests_per_day(1));
    let start = TokioClock.now();
    assert!(limiter.admit(1, &TokioClock, MINUTE).await.is_some());
    assert!(limiter.admit(1, &TokioClock, MINUTE).await.is_none());
    assert_eq!(TokioClock.now(), start);
    assert!(limiter.admit(1, &TokioClock, LONG).await.is_some());
    assert_eq!(TokioClock.now() - start, Duration::from_secs(86_400));
}

#[tokio::test(start_paused = true)]
async fn waiting_for_a_place_in_flight_ends_with_the_time() {
    let limiter = limiter(&Limits::default().concurrency(1));
    let permit = limiter.admit(1, &TokioClock, MINUTE).await.expect("a place");
    let start = TokioClock.now();
    assert!(limiter.admit(1, &TokioClock, MINUTE).await.is_none());
    assert_eq!(TokioClock.now() - start, MINUTE);
    drop(permit);
    assert!(limiter.admit(1, &TokioClock, MINUTE).await.is_some());
    assert_eq!(TokioClock.now() - start, MINUTE);
}

#[tokio::test(start_paused = true)]
async fn tokens_are_corrected_by_what_was_used() {
    let limiter = limiter(&Limits::default().tokens_per_minute(100));
    let start = TokioClock.now();
    let permit = limiter.admit(80, &TokioClock, LONG).await.expect("a place");
    let waiting = tokio::spawn({
        let limiter = Arc::clone(&limiter);
        async move { limiter.admit(80, &TokioClock, LONG).await.is_some() }
    });
    tokio::time::sleep(Duration::from_secs(5)).await;
    permit.settle(10);
    assert!(waiting.await.expect("no panic"), "there is room as soon as it is known");
    assert_eq!(TokioClock.now() - start, Duration::from_secs(5));
    permit.settle(10);
    let late = limiter.admit(500, &TokioClock, LONG).await;
    assert!(late.is_some(), "what is larger than the limit goes alone");
    assert_eq!(TokioClock.now() - start, Duration::from_secs(65));
}

#[tokio::test(start_paused = true)]
async fn too_much_for_the_service_slows_down_and_heals() {
    let admitted = async |limiter: &Arc<Limiter>| {
        let start = TokioClock.now();
        let mut admitted = 0;
        while TokioClock.now() - start < MINUTE {
            if limiter.admit(1, &TokioClock, Duration::ZERO).await.is_some() {
                admitted += 1;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        admitted
    };
    let limiter = limiter(&Limits::default().requests_per_minute(100));
    assert_eq!(admitted(&limiter).await, 100);
    tokio::time::sleep(MINUTE).await;
    limiter.admit(1, &TokioClock, MINUTE).await.expect("a place").slow(TokioClock.now());
    let slowed = admitted(&limiter).await;
    assert!((60..=80).contains(&slowed), "{slowed}");
    tokio::time::sleep(MINUTE * 5).await;
    assert_eq!(admitted(&limiter).await, 100);
}

#[tokio::test(start_paused = true)]
async fn what_is_left_of_a_day_is_not_slowed_down() {
    let limiter = limiter(&Limits::default().requests_per_day(10));
    for _ in 0..8 {
        let permit = limiter.admit(1, &TokioClock, MINUTE).await;
        permit.expect("a place").slow(TokioClock.now());
    }
    let start = TokioClock.now();
    for _ in 0..2 {
        assert!(limiter.admit(1, &TokioClock, MINUTE).await.is_some(), "two are left");
    }
    assert!(limiter.admit(1, &TokioClock, MINUTE).await.is_none());
    assert_eq!(TokioClock.now(), start);
}

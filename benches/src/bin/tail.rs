//! Slow calls hold up nobody, and refused ones are not lost: wall times beside the best that any
//! client could do with the same answers.
//!
//! `cargo run --release -p gemini-benches --bin tail`

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::error::Error;
use std::time::{Duration, Instant};

use gemini_benches::crowd::crowd;
use gemini_benches::process::Server;
use gemini_emulator::{Emulator, Latency, Rate, Reply};
use gemini_extract::{Client, Limits, Retry};

const CALLS: usize = 640;
const AT_ONCE: usize = 64;
const USUAL: Duration = Duration::from_millis(50);
const SLOW: Duration = Duration::from_secs(2);
/// Every so-manieth request is slow.
const SLOW_EVERY: u64 = 50;
const REFUSED_EVERY: u64 = 10;
const RETRY_DELAY: Duration = Duration::from_millis(200);
const REFUSING: &str = "--refusing";

type Fallible<T> = Result<T, Box<dyn Error + Send + Sync>>;

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Fallible<()> {
    if Server::is_this() {
        return serve().await;
    }
    slow_calls().await?;
    refusals().await
}

/// All calls at once, kept back by the client's own limit.
async fn slow_calls() -> Fallible<()> {
    let server = Server::start(&[])?;
    let limits = Limits::default().concurrency(AT_ONCE.try_into()?);
    let client = Client::builder().api_key("a-key-for-loopback").base_url(&server.url);
    let client = client.with_limits(limits).build()?;
    let wall = time(&client, CALLS).await?;
    let latency = |number: u64| if number.is_multiple_of(SLOW_EVERY) { SLOW } else { USUAL };
    let best = best(|number| (latency(number), None));
    tell("every 50th call takes 2 s", wall, best, 1.15);
    Ok(())
}

/// A tenth of the requests are refused and come again after the delay that is told.
async fn refusals() -> Fallible<()> {
    let server = Server::start(&[REFUSING])?;
    let client = Client::builder().api_key("a-key-for-loopback").base_url(&server.url);
    // Of 640 calls, some meet four refusals in a row.
    let client = client.with_retry(Retry::default().attempts(8)).build()?;
    let wall = time(&client, AT_ONCE).await?;
    let again = |number: u64| number.is_multiple_of(REFUSED_EVERY).then_some(RETRY_DELAY);
    let best = best(|number| (USUAL, again(number)));
    tell("a tenth is refused for 0.2 s", wall, best, 1.2);
    Ok(())
}

/// The time for all calls, so many of them begun at once.
async fn time(client: &Client, at_once: usize) -> Fallible<Duration> {
    let (client, begin) = (client.clone(), Instant::now());
    let call = move |_| {
        let client = client.clone();
        async move { client.extract::<u8>("a number").await }
    };
    let answers = crowd(CALLS, at_once, call).await?;
    let wall = begin.elapsed();
    let answers: Vec<u8> = answers.into_iter().collect::<Result<_, _>>()?;
    if answers.len() == CALLS && answers.iter().all(|answer| *answer == 7) {
        Ok(wall)
    } else {
        Err("an answer is lost".into())
    }
}

fn tell(what: &str, wall: Duration, best: Duration, wanted: f64) {
    let ratio = wall.as_secs_f64() / best.as_secs_f64();
    println!("{CALLS} calls, {AT_ONCE} in flight, {what}:");
    println!("  none lost, {wall:.2?} beside {best:.2?} at best = {ratio:.3} (wanted: {wanted})");
}

/// The least time in which workers without any costs make the calls: each request has its number in
/// the order in which they are sent, and that says how long it takes and whether it is sent again.
fn best(request: impl Fn(u64) -> (Duration, Option<Duration>)) -> Duration {
    let mut free: BinaryHeap<Reverse<Duration>> = vec![Reverse(Duration::ZERO); AT_ONCE].into();
    let (mut number, mut left, mut end) = (0, CALLS, Duration::ZERO);
    // A worker that has to send its request again.
    let mut again: BinaryHeap<Reverse<Duration>> = BinaryHeap::new();
    loop {
        let resends = match (again.peek(), free.peek()) {
            (Some(again), Some(free)) => left == 0 || again.0 <= free.0,
            (again, _) => again.is_some(),
        };
        let Some(Reverse(at)) = (if resends { again.pop() } else { free.pop() }) else {
            return end;
        };
        if !resends {
            if left == 0 {
                continue;
            }
            left -= 1;
        }
        number += 1;
        let (takes, delay) = request(number);
        let done = at + takes;
        end = end.max(done);
        match delay {
            Some(delay) => again.push(Reverse(done + delay)),
            None => free.push(Reverse(done)),
        }
    }
}

async fn serve() -> Fallible<()> {
    let usual = Latency::fixed(USUAL);
    let builder = Emulator::builder().respond(|_| Some(Reply::text("7")));
    let builder = if std::env::args().any(|argument| argument == REFUSING) {
        let refusal = Reply::rate_limited(RETRY_DELAY);
        builder.latency(usual).fault(refusal, Rate::every(REFUSED_EVERY))
    } else {
        builder.latency(usual.every(SLOW_EVERY, SLOW))
    };
    let emulator = builder.start().await?;
    let url = emulator.url().to_owned();
    Ok(tokio::task::spawn_blocking(move || Server::tell(&url)).await??)
}

//! A night of a bad service: 20,000 calls, a third of the requests faulty in mixed ways. Every call
//! has to give its own answer, and nothing may grow.
//!
//! `cargo run --release -p gemini-benches --bin soak`

use std::error::Error;
use std::time::{Duration, Instant};

use gemini_benches::crowd::crowd;
use gemini_benches::process::{Server, open_files, resident};
use gemini_emulator::{Emulator, EmulatorBuilder, Fault, Rate, RecordedRequest, Reply};
use gemini_extract::{Client, ExponentialBackoff, GeminiSchema, Repair, Retry};
use tokio::runtime::Handle;

const PARTS: usize = 10;
const CALLS_IN_A_PART: usize = 2_000;
const AT_ONCE: usize = 64;
const MOST_TOKENS: u32 = 256;
/// Each of ten kinds of faults has one request in 25: together it is a third.
const KINDS: [fn() -> Fault; 10] = [
    || Reply::rate_limited(Duration::from_millis(5)).into(),
    || Reply::unavailable().into(),
    || Reply::html(502).into(),
    || Reply::internal().into(),
    || Reply::disconnect().into(),
    || Reply::reset().into(),
    || Reply::disconnect_mid_body().into(),
    || Fault::change(Reply::truncated),
    || Fault::change(Reply::malformed),
    || Fault::change(|reply| reply.finish_reason("MALFORMED_RESPONSE")),
];

type Fallible<T> = Result<T, Box<dyn Error + Send + Sync>>;

#[derive(serde::Deserialize, GeminiSchema)]
struct Row {
    number: usize,
    words: Vec<String>,
}

/// What the process holds at a moment.
#[derive(Debug)]
struct Held {
    kibibytes: u64,
    files: usize,
    tasks: usize,
}

impl Held {
    fn now() -> std::io::Result<Self> {
        let tasks = Handle::current().metrics().num_alive_tasks();
        Ok(Self { kibibytes: resident()?, files: open_files()?, tasks })
    }
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> Fallible<()> {
    if Server::is_this() { serve().await } else { soak().await }
}

async fn soak() -> Fallible<()> {
    let server = Server::start(&[])?;
    let backoff = ExponentialBackoff::default().first(Duration::from_millis(1));
    let client = Client::builder()
        .api_key("a-key-for-loopback")
        .base_url(&server.url)
        .with_retry(Retry::default().attempts(20).backoff(backoff))
        .with_retry_budget(u32::MAX)
        .with_repair(Repair::default().times(20))
        .build()?;
    let (begin, mut attempts, mut repairs) = (Instant::now(), 0, 0);
    let mut held = Vec::with_capacity(PARTS);
    for part in 0..PARTS {
        let client = client.clone();
        let call = move |index| ask(client.clone(), part * CALLS_IN_A_PART + index);
        for result in crowd(CALLS_IN_A_PART, AT_ONCE, call).await? {
            let (attempted, repaired) = result?;
            attempts += attempted;
            repairs += repaired;
        }
        let now = Held::now()?;
        println!("{:>6} calls  {now:?}", (part + 1) * CALLS_IN_A_PART);
        held.push(now);
    }
    let calls = PARTS * CALLS_IN_A_PART;
    let faults = f64::from(attempts) - calls as f64;
    println!("\n{calls} right answers in {:.1?}, {attempts} requests", begin.elapsed());
    println!("{:.0}% of them faulty, {repairs} repairs", 100.0 * faults / f64::from(attempts));
    judge(&held)
}

/// A call whose answer has to be its own.
async fn ask(client: Client, number: usize) -> Fallible<(u32, u32)> {
    let call = client.extract::<Row>(format!("row {number}"));
    // Where an answer is cut off, the cap can be raised.
    let extraction = call.max_output_tokens(MOST_TOKENS).detailed().await?;
    let Row { number: found, words } = extraction.value;
    if found != number || words != ["some", "words"] {
        return Err(format!("{found} instead of {number}").into());
    }
    Ok((extraction.attempts, extraction.repairs))
}

/// What a call leaves behind would be seen twenty thousand times: from the second part on, nothing
/// grows.
fn judge(held: &[Held]) -> Fallible<()> {
    let [_, early, .., last] = held else { return Err("too few parts".into()) };
    let is_flat = last.kibibytes <= early.kibibytes + early.kibibytes / 4
        && last.files <= early.files + AT_ONCE
        && last.tasks <= early.tasks + AT_ONCE;
    println!("flat: {is_flat}");
    if is_flat { Ok(()) } else { Err(format!("{early:?} has become {last:?}").into()) }
}

async fn serve() -> Fallible<()> {
    let builder = Emulator::builder().seed(11).keep_requests(0).respond(respond);
    let add =
        |builder: EmulatorBuilder, kind: &fn() -> Fault| builder.fault(kind(), Rate::chance(1, 25));
    let emulator = KINDS.iter().fold(builder, add).start().await?;
    let url = emulator.url().to_owned();
    Ok(tokio::task::spawn_blocking(move || Server::tell(&url)).await??)
}

/// The number that was asked for.
fn respond(request: &RecordedRequest) -> Option<Reply> {
    let prompt = request.body.pointer("/contents/0/parts/0/text")?.as_str()?;
    let number = prompt.strip_prefix("row ")?;
    Some(Reply::text(format!(r#"{{"number":{number},"words":["some","words"]}}"#)))
}

//! A batch with its journal, beside plain loops of requests without one.
//!
//! `cargo run --release -p gemini-benches --bin batch`. Linux. The emulator runs in a process of its own.

use std::error::Error;
use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use gemini_emulator::{Emulator, Reply};
use gemini_extract::batch::Batch;
use gemini_extract::{Client, GeminiSchema};
use serde::Deserialize;
use serde_json::{Value, json};

const RECORDS: usize = 20_000;
const ROUNDS: usize = 5;
const IN_FLIGHT: u32 = 64;
const INSTRUCTION: &str = "Classify the review.";
const MODEL: &str = "gemini-3.8-flash";
/// The kernel counts the time of processes in hundredths of a second.
const TICKS: f64 = 100.0;

#[derive(Debug, Deserialize, GeminiSchema)]
enum Sentiment {
    Positive,
    Negative,
}

/// What a round of all records took.
#[derive(Clone, Copy)]
struct Round {
    cpu: f64,
    wall: Duration,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    if std::env::args().nth(1).as_deref() == Some("serve") {
        return serve().await;
    }
    let server = Server::start()?;
    let client = Client::builder().api_key("any").base_url(&server.url).model(MODEL).build()?;
    let folder = std::env::temp_dir().join(format!("gemini-benches-{}", std::process::id()));
    let (mut plain, mut calls, mut bare, mut kept) = (vec![], vec![], vec![], vec![]);
    let mut bytes = 0;
    for round in 0..=ROUNDS {
        let _ = fs::remove_dir_all(&folder);
        let rounds = [
            measure(plain_loop(&server.url)).await?,
            measure(loop_of_calls(&client)).await?,
            measure(run(batch(&client))).await?,
            measure(run(batch(&client).journal(&folder))).await?,
        ];
        bytes = size(&folder)?;
        // The first round warms everything up.
        if round > 0 {
            for (all, one) in [&mut plain, &mut calls, &mut bare, &mut kept].into_iter().zip(rounds)
            {
                all.push(one);
            }
        }
    }
    fs::remove_dir_all(&folder)?;
    println!("{RECORDS} records, {IN_FLIGHT} in flight, medians of {ROUNDS} rounds\n");
    row("hand-written loop over reqwest", &plain, &plain);
    row("loop of `client.extract`", &calls, &plain);
    row("batch without a journal", &bare, &plain);
    row("batch with a journal", &kept, &plain);
    println!("\nbatch with a journal over loop of calls: {:.2}", ratio(&kept, &calls));
    println!("journal: {} bytes a record", bytes / RECORDS);
    Ok(())
}

fn text(number: usize) -> String {
    format!("Review {number}: the parcel came late, but the lamp is lovely and warm.")
}

fn batch(client: &Client) -> Batch<Sentiment> {
    let records = (0..RECORDS).map(text);
    client.batch::<Sentiment, _>(records).instruction(INSTRUCTION).concurrency(IN_FLIGHT)
}

async fn run(batch: Batch<Sentiment>) -> Result<(), Box<dyn Error>> {
    let report = batch.start().report().await;
    if report.progress.answered == RECORDS as u64 {
        Ok(())
    } else {
        Err(report.end.to_string().into())
    }
}

async fn loop_of_calls(client: &Client) -> Result<(), Box<dyn Error>> {
    let next = Arc::new(AtomicUsize::new(0));
    let workers = (0..IN_FLIGHT).map(|_| {
        let (client, next) = (client.clone(), Arc::clone(&next));
        tokio::spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= RECORDS {
                    return Ok::<_, gemini_extract::Error>(());
                }
                client.extract::<Sentiment>(text(number)).system(INSTRUCTION).await?;
            }
        })
    });
    for worker in workers.collect::<Vec<_>>() {
        worker.await??;
    }
    Ok(())
}

/// What somebody writes without a library: one client, bodies by `json!`, the answer by a path.
async fn plain_loop(url: &str) -> Result<(), Box<dyn Error>> {
    let client = reqwest::Client::new();
    let url: Arc<str> = format!("{url}/v1beta/models/{MODEL}:generateContent").into();
    let next = Arc::new(AtomicUsize::new(0));
    let workers = (0..IN_FLIGHT).map(|_| {
        let (client, url, next) = (client.clone(), Arc::clone(&url), Arc::clone(&next));
        tokio::spawn(async move {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= RECORDS {
                    return Ok::<_, reqwest::Error>(());
                }
                let body = body(&text(number)).to_string();
                let request = client.post(&*url).header("x-goog-api-key", "any");
                let request = request.header("content-type", "application/json").body(body);
                let answer = request.send().await?.error_for_status()?.bytes().await?;
                let answer: Value = serde_json::from_slice(&answer).unwrap_or_default();
                let label = &answer["candidates"][0]["content"]["parts"][0]["text"];
                if let Err(error) = serde_json::from_value::<Sentiment>(label.clone()) {
                    eprintln!("{error}");
                }
            }
        })
    });
    for worker in workers.collect::<Vec<_>>() {
        worker.await??;
    }
    Ok(())
}

fn body(text: &str) -> Value {
    json!({
        "systemInstruction": {"parts": [{"text": INSTRUCTION}]},
        "contents": [{"role": "user", "parts": [{"text": text}]}],
        "generationConfig": {
            "responseMimeType": "text/x.enum",
            "responseSchema": {"type": "STRING", "format": "enum", "enum": ["Positive", "Negative"]},
        },
    })
}

async fn measure(
    job: impl Future<Output = Result<(), Box<dyn Error>>>,
) -> Result<Round, Box<dyn Error>> {
    let (cpu, start) = (cpu_time()?, Instant::now());
    job.await?;
    Ok(Round { cpu: cpu_time()? - cpu, wall: start.elapsed() })
}

/// The CPU time of this process in seconds, of all its threads.
fn cpu_time() -> io::Result<f64> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    // User and system time are the 14th and 15th of all fields, two of which are cut off.
    let ticks: f64 = fields.skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum();
    Ok(ticks / TICKS)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// The median of the ratios of the rounds.
fn ratio(rounds: &[Round], others: &[Round]) -> f64 {
    median(rounds.iter().zip(others).map(|(round, other)| round.cpu / other.cpu).collect())
}

fn row(name: &str, rounds: &[Round], plain: &[Round]) {
    let cpu = median(rounds.iter().map(|round| round.cpu / RECORDS as f64 * 1e6).collect());
    let rate =
        median(rounds.iter().map(|round| RECORDS as f64 / round.wall.as_secs_f64()).collect());
    println!(
        "{name:<32} {cpu:>6.1} us CPU a record   {rate:>7.0} records/s   {:.2}",
        ratio(rounds, plain)
    );
}

fn size(folder: &std::path::Path) -> io::Result<usize> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        bytes += usize::try_from(entry?.metadata()?.len()).unwrap_or_default();
    }
    Ok(bytes)
}

/// The emulator in a process of its own, stopped when this is dropped.
struct Server {
    child: Child,
    url: String,
}

impl Server {
    fn start() -> io::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        let mut child =
            command.arg("serve").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut url = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut url)?;
        }
        Ok(Self { child, url: url.trim().to_owned() })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It ends with its input.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

async fn serve() -> Result<(), Box<dyn Error>> {
    let builder = Emulator::builder().keep_requests(0);
    let emulator = builder.respond(|_| Some(Reply::text("Positive"))).start().await?;
    println!("{}", emulator.url());
    io::stdout().flush()?;
    tokio::task::spawn_blocking(|| io::stdin().read_to_end(&mut Vec::new())).await??;
    Ok(())
}

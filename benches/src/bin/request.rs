//! What a request costs the client beside its network, next to a loop that is written by hand with
//! the same HTTP client.
//!
//! `cargo run --release -p gemini-benches --bin request`

use std::error::Error;
use std::time::{Duration, Instant};

use bytes::Bytes;
use gemini_benches::crowd::crowd;
use gemini_benches::median;
use gemini_benches::process::{Server, cpu_time};
use gemini_benches::recipes::{Parts, Recipe, recipes};
use gemini_extract::Client;
use reqwest::Url;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const CALLS: usize = 6_400;
const AT_ONCE: usize = 64;
const ROUNDS: usize = 41;
const KEY: &str = "a-key-for-loopback";
const PROMPT: &str = "Give the recipe of a popular cookie, with its ingredients and steps.";

type Fallible<T> = Result<T, Box<dyn Error + Send + Sync>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Fallible<()> {
    if Server::is_this() { serve().await } else { measure().await }
}

/// What is spent on a round of calls.
#[derive(Clone, Copy, Default)]
struct Spent {
    cpu: Duration,
    wall: Duration,
}

/// The three ways to make a call.
#[derive(Clone, Copy, Debug)]
enum Way {
    Ours,
    /// By hand, up to the value.
    Read,
    /// By hand, up to the bytes.
    Sent,
}

async fn measure() -> Fallible<()> {
    let server = Server::start(&[])?;
    let client = Client::builder().api_key(KEY).base_url(&server.url).build()?;
    let request = client.extract::<Recipe>(PROMPT).to_request()?;
    let hand = Hand {
        client: by_hand()?,
        url: request.url().parse()?,
        body: Bytes::from(request.body().to_owned()),
    };
    let ways = [Way::Ours, Way::Read, Way::Sent];
    let mut spent: [Vec<Spent>; 3] = Default::default();
    for round in 0..=ROUNDS {
        for turn in 0..ways.len() {
            let index = (round + turn) % ways.len();
            let time = round_of(ways[index], &client, &hand).await?;
            // The first round opens the connections.
            if round > 0 {
                spent[index].push(time);
            }
        }
    }
    println!("{CALLS} calls a round, {AT_ONCE} in flight, medians of {ROUNDS} rounds\n");
    let [ours, read, sent] = spent;
    for (name, spent) in [
        ("ours", &ours),
        ("by hand, prebuilt body, value read", &read),
        ("by hand, prebuilt body, bytes only", &sent),
    ] {
        let cpu = median(spent.iter().map(|one| one.cpu).collect(), Duration::cmp);
        let wall = median(spent.iter().map(|one| one.wall).collect(), Duration::cmp);
        let (cpu, rate) = (cpu.as_secs_f64() / CALLS as f64, CALLS as f64 / wall.as_secs_f64());
        println!("{name:<36} {:>6.2} us CPU a request {rate:>8.0} requests/s", cpu * 1e6);
    }
    let ratio = |other: &[Spent]| {
        let ratios = ours.iter().zip(other);
        let ratios = ratios.map(|(ours, other)| ours.cpu.as_secs_f64() / other.cpu.as_secs_f64());
        median(ratios.collect(), f64::total_cmp)
    };
    println!("\nCPU beside the value read by hand: {:.2} (wanted: 1.25)", ratio(&read));
    println!("CPU beside the bytes only:         {:.2}", ratio(&sent));
    Ok(())
}

async fn round_of(way: Way, client: &Client, hand: &Hand) -> Fallible<Spent> {
    let (client, hand) = (client.clone(), hand.clone());
    let call = move |_| {
        let (client, hand) = (client.clone(), hand.clone());
        async move {
            match way {
                Way::Ours => client.extract::<Recipe>(PROMPT).await.is_ok(),
                Way::Read => hand.read().await.is_ok(),
                Way::Sent => hand.send().await.is_ok(),
            }
        }
    };
    let (cpu, begin) = (cpu_time(), Instant::now());
    let results = crowd(CALLS, AT_ONCE, call).await?;
    let spent = Spent { cpu: cpu_time().saturating_sub(cpu), wall: begin.elapsed() };
    if results.contains(&false) { Err("a call failed".into()) } else { Ok(spent) }
}

/// The loop by hand.
#[derive(Clone)]
struct Hand {
    client: reqwest::Client,
    url: Url,
    body: Bytes,
}

#[derive(serde::Deserialize)]
struct Response {
    candidates: Vec<Candidate>,
}

#[derive(serde::Deserialize)]
struct Candidate {
    content: Content,
}

#[derive(serde::Deserialize)]
struct Content {
    parts: Vec<Part>,
}

#[derive(serde::Deserialize)]
struct Part {
    text: String,
}

impl Hand {
    async fn send(&self) -> Fallible<Bytes> {
        let request = self.client.post(self.url.clone()).body(self.body.clone());
        Ok(request.send().await?.error_for_status()?.bytes().await?)
    }

    async fn read(&self) -> Fallible<Recipe> {
        let response: Response = serde_json::from_slice(&self.send().await?)?;
        let candidate = response.candidates.into_iter().next().ok_or("no candidate")?;
        let text: String = candidate.content.parts.into_iter().map(|part| part.text).collect();
        Ok(serde_json::from_str(&text)?)
    }
}

/// An HTTP client with the settings that ours has.
fn by_hand() -> Fallible<reqwest::Client> {
    let mut headers = HeaderMap::new();
    headers.insert("x-goog-api-key", HeaderValue::from_static(KEY));
    headers.insert("x-goog-api-client", HeaderValue::from_static("by-hand/0.1.0"));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let builder = reqwest::Client::builder().default_headers(headers).user_agent("by-hand/0.1.0");
    let builder = builder.redirect(reqwest::redirect::Policy::none()).no_proxy();
    Ok(builder.tls_certs_only([]).build()?)
}

/// Answers every request with the same recipe, with as little work as can be.
async fn serve() -> Fallible<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let waiting = tokio::task::spawn_blocking(move || Server::tell(&url));
    let answer = Bytes::from(answer()?);
    let accepting = async {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(converse(stream, answer.clone()));
        }
    };
    tokio::select! {
        () = accepting => Ok(()),
        told = waiting => Ok(told??),
    }
}

async fn converse(mut stream: TcpStream, answer: Bytes) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut received: Vec<u8> = Vec::new();
    loop {
        while let Some(length) = length(&received).filter(|length| received.len() >= *length) {
            received.drain(..length);
            stream.write_all(&answer).await.ok()?;
        }
        let read = stream.read_buf(&mut received).await.ok()?;
        if read == 0 {
            return None;
        }
    }
}

/// The length of a request, when its head is there.
fn length(received: &[u8]) -> Option<usize> {
    let head = received.windows(4).position(|end| end == b"\r\n\r\n")? + 4;
    let text = str::from_utf8(received.get(..head)?).ok()?;
    let field = |line: &str| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    };
    Some(head + text.lines().find_map(field)?)
}

fn answer() -> Fallible<String> {
    let recipe = recipes(1, Parts::Common).pop().ok_or("no recipe")?;
    let body = json!({
        "candidates": [{"content": {"role": "model", "parts": [{"text": recipe.to_string()}]},
                        "finishReason": "STOP", "index": 0}],
        "usageMetadata": {"promptTokenCount": 31, "candidatesTokenCount": 90,
                          "thoughtsTokenCount": 112, "totalTokenCount": 233,
                          "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 31}]},
        "modelVersion": "gemini-3.8-flash",
        "responseId": "aBcDeFgH",
    });
    let body = body.to_string();
    let length = body.len();
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=UTF-8\r\n";
    Ok(format!("{head}content-length: {length}\r\n\r\n{body}"))
}

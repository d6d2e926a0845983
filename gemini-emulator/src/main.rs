//! The emulator as a program.

use std::error::Error;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use gemini_emulator::{
    BatchRules, CacheRules, Cassette, Emulator, EmulatorBuilder, FileRules, Latency, RateLimits,
    Recorder, Script,
};

const SERVICE: &str = "https://generativelanguage.googleapis.com";

/// A local server that speaks the Gemini protocol.
///
/// It listens on the loopback interface only, answers with documents that conform to the schema it
/// is sent, and refuses what the service refuses. No answer comes from a model.
#[derive(Debug, Parser)]
#[command(name = "gemini-emulator", version)]
struct Arguments {
    /// The port to listen on; 0 takes any free one.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// The seed of generated documents.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// A file or folder of recorded answers, used before the built-in ones; may be given repeatedly.
    #[arg(long = "cassettes", value_name = "PATH")]
    cassettes: Vec<PathBuf>,
    /// A file or folder of recorded answers, used alone: what it doesn't have is an error.
    #[arg(long, value_name = "PATH", conflicts_with = "record")]
    replay: Option<PathBuf>,
    /// Passes requests on to --upstream and records the answers in this file; keys are not written.
    #[arg(long, value_name = "FILE")]
    record: Option<PathBuf>,
    /// The server that --record records.
    #[arg(long, value_name = "URL", default_value = SERVICE)]
    upstream: String,
    /// A script of replies, faults, latencies and limits, as JSON.
    #[arg(long, value_name = "FILE")]
    script: Option<PathBuf>,
    /// Something that goes wrong, such as 'unavailable @ 1/10'; may be given repeatedly.
    #[arg(long = "fault", value_name = "NAME @ RATE")]
    faults: Vec<String>,
    /// How long answers are held back: 50ms, 20ms..80ms, or '50ms, 2s every 50'.
    #[arg(long)]
    latency: Option<Latency>,
    /// How long the pieces of a stream are held back, written in the same way.
    #[arg(long)]
    piece_latency: Option<Latency>,
    /// How many requests each model takes in a minute.
    #[arg(long, value_name = "N")]
    requests_per_minute: Option<u64>,
    /// How many tokens of prompts each model takes in a minute.
    #[arg(long, value_name = "N")]
    input_tokens_per_minute: Option<u64>,
    /// How many requests each model takes in a day.
    #[arg(long, value_name = "N")]
    requests_per_day: Option<u64>,
    /// How long uploaded files are processed, written in the same way.
    #[arg(long, value_name = "LATENCY")]
    file_processing: Option<Latency>,
    /// How many tokens a cache has at least, whatever the model is.
    #[arg(long, value_name = "N")]
    min_cache_tokens: Option<usize>,
    /// How long batches wait before they begin, written in the same way.
    #[arg(long, value_name = "LATENCY")]
    batch_pending: Option<Latency>,
    /// How long batches are at work, written in the same way.
    #[arg(long, value_name = "LATENCY")]
    batch_running: Option<Latency>,
    /// Something that goes wrong with rows of batches, such as 'internal @ 1/10'; may be given
    /// repeatedly.
    #[arg(long = "row-fault", value_name = "NAME @ RATE")]
    row_faults: Vec<String>,
    /// How many batches may be unfinished at the same time.
    #[arg(long, value_name = "N")]
    max_batches: Option<usize>,
    /// A model that there is; may be given repeatedly. Without it every name is that of a model.
    #[arg(long = "model", value_name = "NAME")]
    models: Vec<String>,
}

impl Arguments {
    fn builder(&self) -> Result<EmulatorBuilder, String> {
        // Nobody reads the log of the program.
        let builder = Emulator::builder().port(self.port).seed(self.seed);
        let mut builder = builder.keep_requests(0);
        for path in &self.cassettes {
            builder = builder.cassette(Cassette::load(path).map_err(|error| chain(&error))?);
        }
        if let Some(path) = &self.replay {
            builder = builder.replay(Cassette::load(path).map_err(|error| chain(&error))?);
        }
        if let Some(path) = &self.record {
            let recorder = Recorder::new(&self.upstream, path).map_err(|error| chain(&error))?;
            builder = builder.record(recorder);
        }
        let script = self.script.as_ref().map(Script::load).transpose();
        let mut script = script.map_err(|error| chain(&error))?.unwrap_or_default();
        for fault in &self.faults {
            script.add_fault(fault).map_err(|error| chain(&error))?;
        }
        builder = builder.script(script);
        if let Some(latency) = self.latency {
            builder = builder.latency(latency);
        }
        if let Some(latency) = self.piece_latency {
            builder = builder.piece_latency(latency);
        }
        if let Some(limits) = self.rate_limits() {
            builder = builder.rate_limits(limits);
        }
        if !self.models.is_empty() {
            builder = builder.models(&self.models);
        }
        if let Some(processing) = self.file_processing {
            builder = builder.files(FileRules::new().processing(processing));
        }
        if let Some(tokens) = self.min_cache_tokens {
            builder = builder.caches(CacheRules::new().min_tokens(tokens));
        }
        Ok(builder.batches(self.batch_rules()?))
    }

    fn batch_rules(&self) -> Result<BatchRules, String> {
        let mut rules = BatchRules::new();
        if let Some(pending) = self.batch_pending {
            rules = rules.pending(pending);
        }
        if let Some(running) = self.batch_running {
            rules = rules.running(running);
        }
        if let Some(batches) = self.max_batches {
            rules = rules.max_unfinished(batches);
        }
        for text in &self.row_faults {
            rules.add_row_fault(text).map_err(|error| chain(&error))?;
        }
        Ok(rules)
    }

    fn rate_limits(&self) -> Option<RateLimits> {
        let mut limits = RateLimits::new();
        if let Some(requests) = self.requests_per_minute {
            limits = limits.requests_per_minute(requests);
        }
        if let Some(tokens) = self.input_tokens_per_minute {
            limits = limits.input_tokens_per_minute(tokens);
        }
        if let Some(requests) = self.requests_per_day {
            limits = limits.requests_per_day(requests);
        }
        (limits != RateLimits::new()).then_some(limits)
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("gemini-emulator: {message}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> Result<(), String> {
    let emulator =
        arguments.builder()?.start().await.map_err(|error| explain(&error, arguments.port))?;
    // Ctrl-C is waited for before anybody is told of it.
    let (ended, ()) = tokio::join!(biased; tokio::signal::ctrl_c(), greet(emulator.url()));
    ended.map_err(|error| format!("cannot wait for Ctrl-C: {error}"))
}

async fn greet(url: &str) {
    println!("Listening on {url}");
    println!("Point a client at it, with any key:");
    println!("    export GOOGLE_GEMINI_BASE_URL={url} GEMINI_API_KEY=emulated");
    println!("Ctrl-C ends it.");
}

fn explain(error: &io::Error, port: u16) -> String {
    match error.kind() {
        io::ErrorKind::AddrInUse => format!(
            "port {port} is taken on 127.0.0.1: choose another one with --port, \
             or --port 0 for any free one"
        ),
        io::ErrorKind::PermissionDenied => {
            format!("port {port} may not be used by this user: choose one above 1023")
        }
        _ => format!("cannot listen on 127.0.0.1:{port}: {error}"),
    }
}

/// The error and what caused it, in one line.
fn chain(error: &dyn Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {}", chain(source)),
        None => error.to_string(),
    }
}

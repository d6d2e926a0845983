//! The emulator as a program.

use std::error::Error;
use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use gemini_emulator::{Cassette, Emulator};

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
    let mut builder = Emulator::builder().port(arguments.port).seed(arguments.seed);
    for path in &arguments.cassettes {
        builder = builder.cassette(Cassette::load(path).map_err(|error| chain(&error))?);
    }
    let emulator = builder.start().await.map_err(|error| explain(&error, arguments.port))?;
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

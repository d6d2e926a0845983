//! The project's own checks: `cargo xtask tidy`, `cargo xtask sdk`.

mod sdk;
mod tidy;

use std::path::Path;
use std::process::ExitCode;

use sdk::Recording;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["tidy"] => with_root(tidy),
        ["sdk"] => with_root(|root| sdk(root, Recording::Compare)),
        ["sdk", "--record"] => with_root(|root| sdk(root, Recording::Write)),
        _ => {
            eprintln!("usage: cargo xtask tidy | sdk [--record]");
            ExitCode::from(2)
        }
    }
}

fn with_root(run: impl FnOnce(&Path) -> ExitCode) -> ExitCode {
    let Some(root) = Path::new(env!("CARGO_MANIFEST_DIR")).parent() else {
        eprintln!("xtask has no parent folder");
        return ExitCode::FAILURE;
    };
    run(root)
}

/// The emulator answers on threads of its own while this one waits for the scripts.
fn sdk(root: &Path, recording: Recording) -> ExitCode {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let ended = match runtime {
        Ok(runtime) => runtime.block_on(sdk::run(root, recording)),
        Err(error) => Err(error.to_string()),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sdk: {error}");
            ExitCode::FAILURE
        }
    }
}

fn tidy(root: &Path) -> ExitCode {
    match tidy::check(root) {
        Ok(findings) if findings.is_empty() => {
            println!("tidy: nothing to complain about");
            ExitCode::SUCCESS
        }
        Ok(findings) => {
            for finding in &findings {
                eprintln!("tidy: {finding}");
            }
            eprintln!("tidy: {} complaints", findings.len());
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("tidy: {error}");
            ExitCode::FAILURE
        }
    }
}

//! What deriving costs the compiler, beside schemars: CPU seconds over those of serde alone.
//!
//! `cargo run --release -p gemini-benches --bin compile`; behind ` -- `, how many rounds. Linux.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use gemini_benches::median;
use gemini_benches::sources::{DERIVES, Derives};

type Outcome<T> = Result<T, Box<dyn Error>>;

const ROUNDS: usize = 7;

fn main() -> Outcome<()> {
    let rounds = std::env::args().nth(1).map_or(Ok(ROUNDS), |rounds| rounds.parse())?;
    let crates = Crates::written()?;
    println!("medians of {rounds} rounds, CPU seconds of cargo and all that it started\n");
    println!(
        "{:<8} {:>8} {:>8} {:>8}   over serde: {:>8} {:>8} {:>8}",
        "", "serde", "gemini", "schemars", "gemini", "schemars", "ratio"
    );
    for command in ["check", "build"] {
        crates.prepare(command)?;
        let mut times = DERIVES.map(|_| Vec::with_capacity(rounds));
        for round in 0..rounds {
            // Each begins a round as often as the others do.
            for turn in 0..DERIVES.len() {
                let at = (round + turn) % DERIVES.len();
                if let (Some(derives), Some(times)) = (DERIVES.get(at), times.get_mut(at)) {
                    times.push(crates.compile(command, *derives)?);
                }
            }
        }
        let [serde, gemini, schemars] = times.map(|times| median(times, f64::total_cmp));
        println!(
            "{command:<8} {serde:>8.2} {gemini:>8.2} {schemars:>8.2}   {:>11} {:>8.2} {:>8.2} {:>8.2}",
            "",
            gemini - serde,
            schemars - serde,
            (gemini - serde) / (schemars - serde),
        );
    }
    Ok(())
}

/// A workspace of the crates that are compared, in the target folder.
struct Crates {
    folder: PathBuf,
}

impl Crates {
    fn written() -> Outcome<Crates> {
        let benches = Path::new(env!("CARGO_MANIFEST_DIR"));
        let root = benches.parent().ok_or("the benches have no parent folder")?;
        let program = std::env::current_exe()?;
        let target = program.ancestors().nth(2).ok_or("the program is in no target folder")?;
        let folder = target.join("compile-bench");
        for derives in DERIVES {
            let package = folder.join(derives.package());
            fs::create_dir_all(package.join("src"))?;
            let schema = root.join("gemini-schema").display().to_string();
            fs::write(package.join("Cargo.toml"), derives.manifest(&schema))?;
            fs::write(package.join("src/lib.rs"), derives.source())?;
        }
        let names: Vec<_> = DERIVES.iter().map(|derives| derives.package()).collect();
        fs::write(
            folder.join("Cargo.toml"),
            format!("[workspace]\nresolver = \"3\"\nmembers = {names:?}\n"),
        )?;
        // The versions that the workspace was tested with.
        fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock"))?;
        Ok(Crates { folder })
    }

    /// Compiles everything, so that only the crates themselves are left to be compiled again.
    fn prepare(&self, command: &str) -> Outcome<()> {
        self.cargo(&[command, "--workspace"])
    }

    /// The CPU seconds of compiling one crate again.
    fn compile(&self, command: &str, derives: Derives) -> Outcome<f64> {
        fs::write(self.folder.join(derives.package()).join("src/lib.rs"), derives.source())?;
        let before = seconds_of_children()?;
        self.cargo(&[command, "--package", derives.package()])?;
        Ok(seconds_of_children()? - before)
    }

    fn cargo(&self, arguments: &[&str]) -> Outcome<()> {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
        cargo.current_dir(&self.folder).args(arguments).arg("--quiet");
        cargo.env("CARGO_INCREMENTAL", "0").env_remove("CARGO_TARGET_DIR");
        let status = cargo.status()?;
        if status.success() { Ok(()) } else { Err(format!("cargo {arguments:?}: {status}").into()) }
    }
}

/// User and system time of all processes that were started and have ended, in steps of a
/// hundredth of a second.
fn seconds_of_children() -> Outcome<f64> {
    const TICKS: f64 = 100.0;
    let stat = fs::read_to_string("/proc/self/stat")?;
    // The name of the program may hold anything; behind its bracket begins the third field.
    let (_, fields) = stat.rsplit_once(')').ok_or("/proc/self/stat names no program")?;
    let mut fields = fields.split_whitespace().skip(16 - 3);
    let mut next = || fields.next().ok_or("/proc/self/stat is too short");
    let ticks = next()?.parse::<f64>()? + next()?.parse::<f64>()?;
    Ok(ticks / TICKS)
}

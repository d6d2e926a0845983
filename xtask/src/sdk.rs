//! `cargo xtask sdk`: the official SDKs, unmodified, against the emulator.

mod install;
mod recording;
mod scenarios;

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use gemini_emulator::Emulator;
use install::Installed;

/// What happens to the recording of the Python SDK's requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Recording {
    /// It must say what the SDK sends.
    Compare,
    /// It is written anew.
    Write,
}

/// Variables that would send the SDKs elsewhere, or change what they send.
const UNSET: [&str; 8] = [
    "GOOGLE_API_KEY",
    "GOOGLE_CLOUD_LOCATION",
    "GOOGLE_CLOUD_PROJECT",
    "GOOGLE_GENAI_API_VERSION",
    "GOOGLE_GENAI_CLIENT_MODE",
    "GOOGLE_GENAI_REPLAY_MODE",
    "GOOGLE_GENAI_USE_ENTERPRISE",
    "GOOGLE_GENAI_USE_VERTEXAI",
];

/// An SDK: how it is installed and run.
struct Sdk {
    name: &'static str,
    install: fn(&Folders) -> Result<Installed, String>,
    run: fn(&Folders) -> Command,
}

/// Where the scripts are, and where SDKs are installed.
struct Folders {
    scripts: PathBuf,
    target: PathBuf,
}

const PYTHON: Sdk = Sdk {
    name: "google-genai",
    install: install::python,
    run: |folders| folders.python("checks.py"),
};

const JAVASCRIPT: Sdk =
    Sdk { name: "@google/genai", install: install::javascript, run: Folders::node };

/// Runs the checks of both SDKs, and looks at the recording of what the Python SDK sends.
pub(crate) async fn run(root: &Path, recording: Recording) -> Result<(), String> {
    let folders = Folders { scripts: root.join("tests/sdk"), target: root.join("target/sdk") };
    std::fs::create_dir_all(&folders.target)
        .map_err(|error| format!("cannot write to {}: {error}", folders.target.display()))?;
    if PYTHON.check(&folders).await? {
        recording::run(root, &folders, recording).await?;
    }
    JAVASCRIPT.check(&folders).await?;
    Ok(())
}

impl Sdk {
    /// Runs the checks; false, if the SDK can't be had.
    async fn check(&self, folders: &Folders) -> Result<bool, String> {
        if let Installed::Unreachable(registry) = (self.install)(folders)? {
            println!("sdk: {} was NOT run: {registry} can't be reached", self.name);
            return Ok(false);
        }
        let emulator = start().await?;
        let mut command = (self.run)(folders);
        let status = prepare(&mut command, &emulator).stdin(Stdio::null()).status();
        let status = status.map_err(|error| not_run(self.name, &error))?;
        if !status.success() {
            return Err(format!("the checks of {} failed: {status}", self.name));
        }
        println!("sdk: {} passed, {} requests", self.name, emulator.request_count());
        Ok(true)
    }
}

async fn start() -> Result<Emulator, String> {
    let builder = Emulator::builder().models(scenarios::MODELS).respond(scenarios::responder());
    let builder = builder.files(scenarios::files()).batches(scenarios::batches());
    builder.start().await.map_err(|error| format!("cannot start the emulator: {error}"))
}

fn not_run(name: &str, error: &io::Error) -> String {
    format!("cannot run {name}: {error}")
}

/// Lets a command talk to the emulator and to nobody else.
fn prepare<'a>(command: &'a mut Command, emulator: &Emulator) -> &'a mut Command {
    for name in UNSET {
        command.env_remove(name);
    }
    command.env("GEMINI_API_KEY", "emulated");
    command.env("GOOGLE_GEMINI_BASE_URL", emulator.url());
    command.env("NO_PROXY", "127.0.0.1").env("no_proxy", "127.0.0.1");
    command.env("PYTHONDONTWRITEBYTECODE", "1").env("PYTHONUTF8", "1")
}

impl Folders {
    /// The interpreter that has the Python SDK.
    fn interpreter(&self) -> PathBuf {
        let path = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };
        self.target.join("python").join(path)
    }

    fn python(&self, script: &str) -> Command {
        let mut command = Command::new(self.interpreter());
        command.arg(self.scripts.join("python").join(script));
        command
    }

    /// Modules are looked up from the place of the script, so that it is copied beside them.
    fn node(&self) -> Command {
        let mut command = Command::new("node");
        command.arg(self.target.join("js/checks.mjs"));
        command
    }
}

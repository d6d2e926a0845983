//! Installs the SDKs with pip and npm, as these are configured.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::Folders;

/// Whether an SDK is there.
pub(super) enum Installed {
    Yes,
    /// The registry of this name doesn't answer.
    Unreachable(&'static str),
}

/// What pip says of a registry that it can't reach, whatever it says after that.
const PIP_MARKS: [&str; 2] = ["after connection broken by", "Could not fetch URL"];

/// The codes that npm has for a registry that it can't reach.
const NPM_MARKS: [&str; 8] = [
    "ECONNREFUSED",
    "ECONNRESET",
    "EAI_AGAIN",
    "EHOSTUNREACH",
    "ENETUNREACH",
    "ENOTFOUND",
    "ERR_SOCKET_TIMEOUT",
    "ETIMEDOUT",
];

/// Installs the Python SDK in a virtual environment.
pub(super) fn python(folders: &Folders) -> Result<Installed, String> {
    let requirements = folders.scripts.join("python/requirements.txt");
    let home = folders.target.join("python");
    if is_installed(&home, &requirements) {
        return Ok(Installed::Yes);
    }
    if !folders.interpreter().exists() {
        let created = capture(Command::new("python3").args(["-m", "venv"]).arg(&home))?;
        succeed("python3 -m venv", &created)?;
    }
    let mut pip = Command::new(folders.interpreter());
    pip.args(["-m", "pip", "install", "--disable-pip-version-check", "--requirement"]);
    let output = capture(pip.arg(&requirements))?;
    if is_unreachable(&output, &PIP_MARKS) {
        return Ok(Installed::Unreachable("the registry of pip"));
    }
    succeed("pip install", &output)?;
    mark_installed(&home, &requirements)
}

/// Installs the JavaScript SDK, and puts the checks beside it.
pub(super) fn javascript(folders: &Folders) -> Result<Installed, String> {
    let scripts = folders.scripts.join("js");
    let home = folders.target.join("js");
    let manifest = scripts.join("package.json");
    fs::create_dir_all(&home).map_err(|error| format!("{}: {error}", home.display()))?;
    copy(&scripts.join("checks.mjs"), &home.join("checks.mjs"))?;
    if is_installed(&home, &manifest) {
        return Ok(Installed::Yes);
    }
    copy(&manifest, &home.join("package.json"))?;
    let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.args(["install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"]);
    let output = capture(npm.current_dir(&home))?;
    if is_unreachable(&output, &NPM_MARKS) {
        return Ok(Installed::Unreachable("the registry of npm"));
    }
    succeed("npm install", &output)?;
    mark_installed(&home, &manifest)
}

/// Whether exactly what the list asks for was installed before.
fn is_installed(home: &Path, list: &Path) -> bool {
    let wanted = fs::read_to_string(list);
    let installed = fs::read_to_string(marker(home));
    wanted.is_ok_and(|wanted| installed.is_ok_and(|installed| wanted == installed))
}

fn mark_installed(home: &Path, list: &Path) -> Result<Installed, String> {
    copy(list, &marker(home))?;
    Ok(Installed::Yes)
}

fn marker(home: &Path) -> std::path::PathBuf {
    home.join("installed.txt")
}

fn copy(from: &Path, to: &Path) -> Result<(), String> {
    fs::copy(from, to)
        .map(|_| ())
        .map_err(|error| format!("cannot copy {}: {error}", from.display()))
}

fn capture(command: &mut Command) -> Result<Output, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output();
    output.map_err(|error| format!("`cargo xtask sdk` needs {program}, which doesn't run: {error}"))
}

fn is_unreachable(output: &Output, marks: &[&str]) -> bool {
    !output.status.success() && has_mark(&said(output), marks)
}

fn has_mark(said: &str, marks: &[&str]) -> bool {
    marks.iter().any(|mark| said.contains(mark))
}

fn succeed(name: &str, output: &Output) -> Result<(), String> {
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{name} failed, {}:\n{}", output.status, said(output)))
}

fn said(output: &Output) -> String {
    let streams = [&output.stdout, &output.stderr];
    streams.map(|stream| String::from_utf8_lossy(stream).into_owned()).concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_out_of_reach_is_told_from_a_failure() {
        let pip = "WARNING: Retrying (Retry(total=4)) after connection broken by \
            'NewConnectionError(...)': /simple/google-genai/\n\
            ERROR: No matching distribution found for google-genai==3.4.0";
        assert!(has_mark(pip, &PIP_MARKS));
        let npm = "npm error code ECONNREFUSED\nnpm error syscall connect";
        assert!(has_mark(npm, &NPM_MARKS));
        let missing = "ERROR: No matching distribution found for google-genai==9.9.9";
        assert!(!has_mark(missing, &PIP_MARKS));
        assert!(!has_mark("npm error code ETARGET\nnpm error notarget", &NPM_MARKS));
    }
}

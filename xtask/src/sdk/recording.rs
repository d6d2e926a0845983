//! The requests of the Python SDK, recorded for those who compare theirs with them.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Folders, Recording, not_run, prepare, start};

const FILE: &str = "tests/data/python_sdk_requests.json";
const DESCRIPTION: &str = "Requests of the official Python SDK, recorded by `cargo xtask sdk --record`. \
    `call` says in words what was asked of the SDK; `path` and `body` are what it sent.";

/// What the script says of a call before it makes it.
#[derive(Deserialize)]
struct Call {
    name: String,
    call: String,
}

/// Lets the SDK make its calls, and compares or writes what it sent.
pub(super) async fn run(
    root: &Path,
    folders: &Folders,
    recording: Recording,
) -> Result<(), String> {
    let requests = record(folders).await?;
    let count = requests.len();
    let recorded = json!({"description": DESCRIPTION, "sdk": sdk(folders)?, "requests": requests});
    let path = root.join(FILE);
    if recording == Recording::Write {
        let text = format!("{recorded:#}\n");
        fs::write(&path, text).map_err(|error| format!("cannot write {FILE}: {error}"))?;
        println!("sdk: {count} requests written to {FILE}");
        return Ok(());
    }
    let kept = fs::read(&path).map_err(|error| format!("cannot read {FILE}: {error}"))?;
    let kept: Value =
        serde_json::from_slice(&kept).map_err(|error| format!("{FILE} is no JSON: {error}"))?;
    if kept != recorded {
        let name = first_difference(&kept, &recorded);
        return Err(format!(
            "{FILE} doesn't say what the SDK sends ({name}): `cargo xtask sdk --record` writes it \
             anew"
        ));
    }
    println!("sdk: {count} requests are those of {FILE}");
    Ok(())
}

async fn record(folders: &Folders) -> Result<Vec<Value>, String> {
    let emulator = start().await?;
    let mut command = folders.python("recorded_calls.py");
    prepare(&mut command, &emulator).stdin(Stdio::null()).stderr(Stdio::inherit());
    let output = command.output().map_err(|error| not_run("recorded_calls.py", &error))?;
    if !output.status.success() {
        return Err(format!("recorded_calls.py failed: {}", output.status));
    }
    let calls: Vec<Call> = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("recorded_calls.py prints no list of calls: {error}"))?;
    let requests = emulator.take_requests();
    if calls.len() != requests.len() {
        return Err(format!("{} calls made {} requests", calls.len(), requests.len()));
    }
    let pairs = calls.into_iter().zip(requests);
    let described = pairs.map(|(call, request)| {
        json!({
            "name": call.name,
            "call": call.call,
            "path": request.path,
            "status": request.status,
            "body": request.body,
        })
    });
    Ok(described.collect())
}

/// The name and version of the SDK, from the list that it was installed by.
fn sdk(folders: &Folders) -> Result<String, String> {
    let list = folders.scripts.join("python/requirements.txt");
    let text = fs::read_to_string(list);
    text.map(|text| text.trim().replace("==", " ")).map_err(|error| error.to_string())
}

fn first_difference(kept: &Value, recorded: &Value) -> String {
    let requests = |document: &Value| document["requests"].as_array().cloned().unwrap_or_default();
    let (kept, recorded) = (requests(kept), requests(recorded));
    let different = recorded.iter().zip(&kept).find(|(left, right)| left != right);
    let name = different.map(|(recorded, _)| recorded["name"].to_string());
    name.unwrap_or_else(|| format!("{} requests instead of {}", recorded.len(), kept.len()))
}

//! Jobs by way of the Batch API.

use std::io::Read;
use std::process::{Child, Command};
use std::time::Duration;

use gemini_emulator::{BatchRules, Emulator, ManualClock, Rate, Reply};
use serde_json::Value;

use crate::jobs::table;
use crate::shell::{Ended, Shell, ended};

const KEY: &str = "AIzaSyCanary-0123456789";
const HOUR: Duration = Duration::from_secs(60 * 60);
const CLASSIFY: &str = "classify in.csv --input-column text --labels a,b --via batch-api \
     --first-look 0.02";

/// A server whose batches go like this, and the program that asks it.
struct Served {
    shell: Shell,
    emulator: Emulator,
    clock: ManualClock,
}

impl Served {
    async fn new(shell: Shell, rules: BatchRules) -> Self {
        let clock = ManualClock::new();
        let emulator = Emulator::builder().batches(rules).clock(clock.clone()).start().await;
        Self { shell, emulator: emulator.expect("a port is free"), clock }
    }

    fn command(&self, line: &str) -> Command {
        let mut command = self.shell.command(line);
        command.env("GEMINI_API_KEY", KEY).env("GOOGLE_GEMINI_BASE_URL", self.emulator.url());
        command
    }

    fn call(&self, line: &str) -> Ended {
        ended(self.command(line))
    }

    fn status(&self) -> Value {
        let ended = self.call("status out.csv.run --json");
        serde_json::from_str(&ended.stdout).unwrap_or_default()
    }

    /// Begins a job, and waits until the names of its batches are noted.
    fn begin(&self, line: &str, batches: usize) -> Child {
        let child = self.command(line).spawn().unwrap();
        let is_noted = |status: Value| {
            let open = status["open_batches"].as_array().cloned().unwrap_or_default();
            open.len() == batches && open.iter().all(|batch| batch["name"].is_string())
        };
        while !is_noted(self.status()) {
            std::thread::yield_now();
        }
        child
    }

    fn asked(&self, path: &str) -> usize {
        let requests = self.emulator.requests();
        requests.iter().filter(|request| request.path.contains(path)).count()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_go_in_batches() {
    let rules = BatchRules::new().row_fault(Reply::internal(), Rate::every(30));
    let shell = Shell::new("by_batches").with("in.csv", table(60));
    let served = Served::new(shell, rules).await;
    let line = format!("{CLASSIFY} --batch-rows 25 -o out.csv --price 1000,1000");
    let ended = served.call(&line);
    assert_eq!(ended.code, 3, "two rows fail: {ended:?}");
    assert!(ended.stderr.contains("58 with a value, 2 failed"), "{}", ended.stderr);
    assert_eq!(served.shell.read("out.csv").lines().count(), 61);
    assert_eq!(served.emulator.batches().len(), 3);
    assert_eq!(served.asked(":generateContent"), 0);

    served.call("resume out.csv.run").done();
    assert_eq!(served.emulator.batches().len(), 4, "what failed goes in a batch, too");
    let line = format!("{line} --overwrite --no-run --interactive-fallback");
    let ended = served.call(&line).done();
    assert!(ended.stderr.contains("60 with a value"), "{}", ended.stderr);
    assert_eq!(served.asked(":generateContent"), 2);
}

#[test]
fn the_emulator_in_the_program_has_batches_too() {
    let shell = Shell::new("by_batches_emulated").with("in.csv", table(30));
    let line = "extract in.csv --input-column text --schema s.json --via batch-api --emulator";
    let shell =
        shell.with("s.json", r#"{"type": "object", "properties": {"n": {"type": "integer"}}}"#);
    let ended = shell.call(&format!("{line} -o out.csv")).done();
    assert!(ended.stderr.contains("30 with a value"), "{}", ended.stderr);
    assert!(shell.call("status out.csv.run").done().stdout.contains("30 of 30"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dry_run_tells_half_the_price() {
    let shell = Shell::new("by_batches_dry").with("in.csv", table(60));
    let served = Served::new(shell, BatchRules::new()).await;
    let cost = |line: &str| {
        let ended = served.call(&format!("{line} --dry-run --price 1000,1000")).done();
        let cost = ended.stdout.lines().find_map(|line| line.strip_prefix("cost      about "));
        cost.unwrap().split(',').next().unwrap().parse::<f64>().unwrap()
    };
    let whole = cost("classify in.csv --input-column text --labels a,b");
    assert!((cost(CLASSIFY) - whole / 2.0).abs() < 1e-3, "{whole}");
    assert_eq!(served.emulator.batches().len(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_goes_with_batches_only_is_told() {
    let shell = Shell::new("by_batches_usage").with("in.csv", table(2));
    let served = Served::new(shell, BatchRules::new()).await;
    let plain = "classify in.csv --input-column text --labels a,b -q";
    for flag in ["--batch-rows 5", "--open-batches 2", "--first-look 1", "--interactive-fallback"] {
        served.call(&format!("{plain} {flag}")).failed(2, "are for --via batch-api");
    }
    for line in ["--open-batches 101", "--batch-rows 0", "--first-look x"] {
        assert_eq!(served.call(&format!("{plain} --via batch-api {line}")).code, 2, "{line}");
    }
    let line = format!("{plain} --via batch-api");
    served.call(&format!("{line} --first-look=-1")).failed(2, "--first-look");
    served.call(&format!("{line} --first-look 1e30")).failed(2, "a number of seconds");
    served.call(&format!("{CLASSIFY} --pack 5")).failed(2, "not both");
    let line = format!("{CLASSIFY} --requests-per-minute 5");
    served.call(&line).failed(2, "need --interactive-fallback");
    assert_eq!(served.emulator.request_count(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[cfg(unix)]
async fn resume_takes_the_answers_of_open_batches() {
    let shell = Shell::new("by_batches_resumed").with("in.csv", table(60));
    let served = Served::new(shell, BatchRules::new().running(HOUR)).await;
    let mut child = served.begin(&format!("{CLASSIFY} --batch-rows 30 -o out.csv"), 2);
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{said}");
    assert!(said.contains("open batches go on at the service"), "{said}");
    assert!(said.contains("open      2 at the service; `resume` takes"), "{said}");
    let status = served.call("status out.csv.run").done().stdout;
    assert!(status.contains("batches/") && status.contains("with 30 rows"), "{status}");

    let mut child = served.begin("resume out.csv.run", 2);
    child.kill().unwrap();
    child.wait().unwrap();
    served.clock.advance(HOUR);
    let ended = served.call("resume out.csv.run").done();
    assert!(ended.stderr.contains("60 with a value"), "{}", ended.stderr);
    assert_eq!(served.emulator.batches().len(), 2, "nothing was sent twice");
    let status = served.status();
    assert_eq!((&status["answered"], status["open_batches"].is_null()), (&60.into(), true));
    let files = std::fs::read_dir(served.shell.path("out.csv.run")).unwrap();
    for file in files.filter_map(|file| file.ok().filter(|file| file.path().is_file())) {
        let text = std::fs::read(file.path()).unwrap();
        assert!(!String::from_utf8_lossy(&text).contains(KEY));
    }
}

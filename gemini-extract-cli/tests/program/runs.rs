//! Runs that are stopped, killed, looked at and gone on with.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command};

use serde_json::{Value, json};

use crate::jobs::table;
use crate::shell::{Ended, Shell, rows};

const ROWS: usize = 400;
const SLOW: &str = "classify in.csv --input-column text --labels a,b --emulator --output-format jsonl \
     --emulator-script slow.json --concurrency 4 --run the.run";

fn slow(test: &str) -> Shell {
    let script = json!({"latency": "10ms"}).to_string();
    Shell::new(test).with("in.csv", table(ROWS)).with("slow.json", script)
}

/// Begins the job, and hands it over as soon as its first row is there.
fn begin(shell: &Shell) -> (Child, String, impl FnOnce() -> String) {
    let mut child = shell.command(SLOW).spawn().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut first = String::new();
    stdout.read_line(&mut first).unwrap();
    let rest = move || {
        let mut rest = String::new();
        stdout.read_to_string(&mut rest).unwrap();
        rest
    };
    (child, first, rest)
}

/// As Ctrl-C does.
fn interrupt(child: &Child) {
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

fn status(shell: &Shell) -> Value {
    serde_json::from_str(&shell.call("status the.run --json").done().stdout).unwrap()
}

fn resumed(shell: &Shell) -> Ended {
    let ended = shell.call("resume the.run").done();
    let ids: Vec<Value> = ended.rows().into_iter().map(|row| row["id"].clone()).collect();
    assert!(ids.iter().map(|id| id.as_str().unwrap().parse::<usize>().unwrap()).eq(1..=ROWS));
    assert!(ended.rows().iter().all(|row| row["label"].is_string()));
    ended
}

#[test]
#[cfg(unix)]
fn ctrl_c_stops_it_and_resume_goes_on() {
    let shell = slow("interrupted");
    let (mut child, first, rest) = begin(&shell);
    interrupt(&child);
    let rest = rest();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{said}");
    assert!(said.contains("stopping") && said.contains("gemini-extract resume "), "{said}");
    let written = rows(&(first + &rest)).len();
    assert!(written > 0 && written < ROWS, "{written}");
    assert_eq!(status(&shell)["answered"], written, "what was on its way is written and kept");
    assert_eq!(status(&shell)["rows"], ROWS);

    let ended = resumed(&shell);
    assert!(ended.stderr.contains(&format!("{written} from the journal")), "{}", ended.stderr);
    assert_eq!(status(&shell)["requests"], ROWS, "nothing was asked twice");
    let page = shell.read("the.run/report.html");
    assert!(page.contains("from the journal") && page.contains("no model answered"));
    let told = shell.call("report the.run").done().stdout;
    assert!(told.contains("classify  complete"), "{told}");
    shell.call("report the.run -o again.html").done();
    assert_eq!(shell.read("again.html"), page);
}

#[test]
#[cfg(unix)]
fn a_run_that_was_killed_goes_on_as_well() {
    let shell = slow("killed");
    let (mut child, _, rest) = begin(&shell);
    child.kill().unwrap();
    child.wait().unwrap();
    rest();
    shell.call("report the.run").failed(1, "status");
    let kept = status(&shell)["answered"].as_u64().unwrap();
    assert!(kept < u64::try_from(ROWS).unwrap());
    resumed(&shell);
    assert_eq!(status(&shell)["answered"], ROWS);
    let again = resumed(&shell);
    assert!(again.stderr.contains("requests  0"), "nothing is left to ask: {}", again.stderr);
}

#[test]
fn a_run_belongs_to_one_job() {
    let shell = Shell::new("one_job").with("in.csv", table(5));
    let line = "classify in.csv --input-column text --emulator -o out.csv";
    shell.call(&format!("{line} --labels a,b")).done();
    std::fs::remove_file(shell.path("out.csv")).unwrap();
    shell.call(&format!("{line} --labels a,b,c")).failed(2, "holds a run");
    let ended = shell.call(&format!("{line} --labels a,b --overwrite")).done();
    assert!(ended.stderr.contains("5 from the journal"), "{}", ended.stderr);
    let ended = shell.call(&format!("{line} --labels a,b,c --overwrite")).done();
    assert!(ended.stderr.contains("requests  5"), "{}", ended.stderr);
    shell.call(&format!("{line} --labels a,b --overwrite --no-run")).done();

    shell.call("resume in.csv").failed(2, "is no run");
    shell.call("status missing").failed(2, "is no run");
    shell.call("report out.csv.run -o report.pdf").failed(2, ".html, .json or .txt");
}

#[test]
fn what_stopped_at_a_limit_goes_on_with_another() {
    let shell = Shell::new("another_limit").with("in.csv", table(30));
    let line = "classify in.csv --input-column text --labels a,b --emulator -o out.csv -q";
    let line = format!("{line} --price 1000,1000 --max-output-tokens 10 --max-cost 0.9");
    let ended = shell.call(&line);
    assert_eq!(ended.code, 4, "{ended:?}");
    assert!(ended.stderr.contains("gemini-extract resume"), "{ended:?}");
    assert_eq!(shell.call("resume out.csv.run -q").code, 4, "the limit still holds");
    shell.call("resume out.csv.run --max-cost 100").done();
    assert_eq!(shell.read("out.csv").lines().count(), 31);
}

#[test]
#[cfg(unix)]
fn a_run_has_one_process_at_a_time() {
    let shell = slow("locked");
    let (mut child, _, rest) = begin(&shell);
    shell.call("resume the.run").failed(1, "another process");
    interrupt(&child);
    rest();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    resumed(&shell);
}

#[test]
fn a_damaged_run_is_repaired_into_another_folder() {
    let shell = Shell::new("damaged").with("in.csv", table(30));
    let line = "classify in.csv --input-column text --labels a,b --emulator -q -o out.csv";
    shell.call(line).done();
    let whole = shell.read("out.csv");
    let journal = shell.path("out.csv.run/000001.journal");
    let mut bytes = std::fs::read(&journal).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&journal, bytes).unwrap();

    shell.call("status out.csv.run").failed(1, "gemini-extract repair");
    shell.call("resume out.csv.run -q").failed(1, "gemini-extract repair");
    let said = shell.call("repair out.csv.run mended.run").done().stdout;
    assert!(said.contains("29 entries are whole") && said.contains("mended.run"), "{said}");
    let ended = shell.call("resume mended.run").done();
    assert!(ended.stderr.contains("29 from the journal"), "{}", ended.stderr);
    assert_eq!(shell.read("out.csv"), whole);
    shell.call("repair out.csv.run mended.run").failed(1, "exists");
    shell.call("repair in.csv other.run").failed(2, "is no run");
    assert!(!shell.path("other.run").exists());
}

#[test]
fn a_copied_run_goes_on_elsewhere() {
    let shell = Shell::new("elsewhere").with("in.csv", table(6)).with("there.csv", "");
    let line = "classify in.csv --input-column text --labels a,b --emulator -q -o out.csv";
    shell.call(line).done();
    let (out, moved) = (shell.read("out.csv"), shell.path("moved.csv"));
    std::fs::rename(shell.path("in.csv"), moved).unwrap();
    std::fs::rename(shell.path("out.csv.run"), shell.path("copy.run")).unwrap();
    shell.call("resume copy.run").failed(2, "no such file");
    shell.call("resume copy.run --input moved.csv -o there.csv").failed(2, "exists already");
    shell.call("resume copy.run --input moved.csv -o moved.csv").failed(2, "exists already");
    let ended = shell.call("resume copy.run --input moved.csv -o new.csv").done();
    assert!(ended.stderr.contains("6 from the journal"), "{}", ended.stderr);
    assert_eq!((shell.read("new.csv"), shell.read("out.csv")), (out.clone(), out));
    shell.call("resume copy.run -q").done();
}

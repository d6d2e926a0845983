//! Jobs that ask a server, as they would ask the service.

use std::process::Command;

use gemini_emulator::{Emulator, RecordedRequest, Reply};
use serde_json::{Value, json};

use crate::jobs::table;
use crate::shell::{Ended, Shell, ended};

/// A server, and the program that asks it.
struct Served {
    shell: Shell,
    emulator: Emulator,
}

impl Served {
    async fn new(shell: Shell) -> Self {
        Self { shell, emulator: Emulator::start().await.expect("a port is free") }
    }

    fn call(&self, line: &str) -> Ended {
        let mut command: Command = self.shell.command(line);
        command.env("GEMINI_API_KEY", "AIzaSyCanary-0123456789");
        command.env("GOOGLE_GEMINI_BASE_URL", self.emulator.url());
        ended(command)
    }
}

const TREE: &str = r##"{"type": "object", "properties": {"branches":
    {"type": "array", "items": {"$ref": "#"}}}}"##;
const CLASSIFY: &str = "classify in.csv --input-column text -q --output-format jsonl";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jobs_share_answers_by_a_cache() {
    let shell = Shell::new("cache").with("in.csv", table(20));
    let served = Served::new(shell.with("more.csv", table(25))).await;
    let line = format!("{CLASSIFY} --labels a,b --cache answers");
    let first = served.call(&line).done();
    assert_eq!(served.emulator.request_count(), 20);
    let second = served.call(&line.replace("in.csv", "more.csv")).done();
    assert_eq!(served.emulator.request_count(), 25, "only what is new is asked");
    assert!(second.stdout.starts_with(&first.stdout));
    served.call(&line.replace("a,b", "a,b,c")).done();
    assert_eq!(served.emulator.request_count(), 45, "other labels are another question");
    served.call(&format!("{line} --emulator")).failed(2, "cannot be used with");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn equal_rows_are_asked_once_unless_told_otherwise() {
    let shell = Shell::new("dedupe").with("in.csv", "text\nsame\nsame\nother\nsame\n");
    let served = Served::new(shell).await;
    served.call(&format!("{CLASSIFY} --labels a,b")).done();
    assert_eq!(served.emulator.request_count(), 2);
    served.call(&format!("{CLASSIFY} --labels a,b --no-dedupe")).done();
    assert_eq!(served.emulator.request_count(), 6);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_go_in_packs() {
    let shell = Shell::new("packs")
        .with("in.csv", table(60))
        .with("tree.json", TREE)
        .with("order.json", r#"{"type": "object", "properties": {"n": {"type": "integer"}}}"#);
    let served = Served::new(shell).await;
    let line = format!("{CLASSIFY} --labels a,b --pack 20");
    let rows = served.call(&line).done().rows();
    assert_eq!(rows.len(), 60);
    assert!(rows.iter().all(|row| row["label"].is_string()), "{rows:?}");
    let asked = served.emulator.request_count();
    assert!((3..=20).contains(&asked), "{asked}");
    let line = line.replace("classify", "extract").replace("--labels a,b", "--schema order.json");
    assert_eq!(served.call(&line).done().rows().len(), 60);
    assert!((6..=40).contains(&served.emulator.request_count()));
    served.call(&format!("{line} --pack 0")).failed(2, "--pack");
    let line = line.replace("order.json", "tree.json");
    served.call(&line).failed(2, "--pack takes no schema that refers to itself");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_resumed_run_goes_on_in_packs() {
    let served = Served::new(Shell::new("packs_resumed").with("in.csv", table(90))).await;
    let line = "classify in.csv --input-column text --labels a,b -o out.csv --pack 15";
    for _ in 0..2 {
        served.emulator.enqueue(Reply::error(403, "PERMISSION_DENIED", "not now"));
    }
    let ended = served.call(&format!("{line} --concurrency 2"));
    assert_eq!(ended.code, 1, "{ended:?}");
    let before = served.emulator.request_count();
    let ended = served.call("resume out.csv.run").done();
    assert!(ended.stderr.contains("packs     ") && ended.stderr.contains("tokens a row"));
    let sent = served.emulator.request_count();
    assert!(sent - before <= 30, "{sent} after {before}");
    assert_eq!(served.shell.read("out.csv").lines().count(), 91);
    let status = served.call("status out.csv.run --json").done().stdout;
    let status: serde_json::Value = serde_json::from_str(&status).unwrap();
    assert_eq!(status["requests"], sent, "each pack is one request");
    let told = served.call("report out.csv.run").done().stdout;
    assert!(told.contains("packs     "), "{told}");
    assert!(served.shell.read("out.csv.run/report.html").contains("tokens a row"));
    served.call("resume out.csv.run --pack 1").done();
    let job = served.shell.read("out.csv.run/job.json");
    assert!(job.contains("\"pack\": 1"), "{job}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_instruction_is_kept_in_a_cache() {
    let shell = Shell::new("context").with("in.csv", table(40));
    let served = Served::new(shell.with("long.txt", "word".repeat(5_000))).await;
    let cached = |line: &str| {
        drop(served.emulator.take_requests());
        let ended = served.call(line).done();
        let requests = served.emulator.take_requests();
        let of = |method: &str, part: &str| {
            let is_it = |it: &&RecordedRequest| it.method == method && it.path.contains(part);
            requests.iter().filter(is_it).count()
        };
        let asked = requests.iter().filter(|it| it.body["cachedContent"].is_string()).count();
        (ended, [of("POST", "/cachedContents"), of("DELETE", "/cachedContents"), asked])
    };
    let line = "classify in.csv --input-column text --labels a,b --instruction-file long.txt \
        --price 0.3,2.5,0.03,1 --report report.json --report report.html --overwrite -o";
    let (plain, counts) = cached(&format!("{line} plain.csv"));
    assert_eq!(counts, [0, 0, 0], "nothing is made unless it is asked for");
    assert!(!plain.stderr.contains("context"), "{}", plain.stderr);
    let (ended, counts) = cached(&format!("{line} cached.csv --context-cache auto"));
    assert_eq!(counts, [1, 1, 40]);
    assert!(ended.stderr.contains("context   40 requests with a cache of 5"), "{}", ended.stderr);
    assert!(ended.stderr.contains("0.0540 saved, for 0.0015 to make it"), "{}", ended.stderr);
    assert_eq!(served.shell.read("cached.csv").lines().count(), 41);
    let report: serde_json::Value =
        serde_json::from_str(&served.shell.read("report.json")).unwrap();
    assert_eq!(report["report"]["context"]["created"], 1);
    assert!(served.shell.read("report.html").contains("tokens out of the cache"));
    let short = line.replace("--instruction-file long.txt", "--instruction word");
    let (ended, counts) = cached(&format!("{short} short.csv --context-cache always"));
    assert_eq!(counts, [0, 0, 0]);
    assert!(ended.stderr.contains("context   no cache: "), "{}", ended.stderr);
    cached("resume short.csv.run --context-cache off");
    let job = served.shell.read("short.csv.run/job.json");
    assert!(job.contains("\"context_cache\": \"off\""), "{job}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn examples_go_before_each_row() {
    let shell = Shell::new("examples")
        .with("in.csv", "text\nthird\n")
        .with("shots.csv", "text,label\nfirst,a\nsecond,b\n")
        .with("bad.csv", "text,label\nfirst,c\n")
        .with("none.csv", "text\nfirst\n")
        .with("other.csv", "body,label\nfirst,a\n")
        .with("list.json", r#"{"type": "array", "items": {"type": "integer"}}"#)
        .with("values.jsonl", "{\"text\":\"first\",\"value\":[1]}\n");
    let served = Served::new(shell).await;
    let turns = || {
        let body = served.emulator.take_requests().pop().expect("a request").body;
        let turns = body["contents"].as_array().expect("contents").clone();
        turns.into_iter().map(|turn| turn["parts"][0]["text"].clone()).collect::<Vec<_>>()
    };
    served.call(&format!("{CLASSIFY} --labels a,b --examples shots.csv")).done();
    assert_eq!(turns(), ["first", "a", "second", "b", "third"]);
    let extract = CLASSIFY.replace("classify", "extract");
    served.call(&format!("{extract} --schema list.json --examples values.jsonl")).done();
    assert_eq!(turns(), ["first", "[1]", "third"]);
    for (file, words) in [
        ("none.csv", "needs either a `label`"),
        ("other.csv", "no column `text`"),
        ("missing.csv", "no such file"),
    ] {
        let line = format!("{CLASSIFY} --labels a,b --examples {file}");
        served.call(&line).failed(2, words);
    }
    let ended =
        served.call(&format!("{CLASSIFY} --labels a,b --examples bad.csv").replace("-q", ""));
    ended.failed(1, "example 1");
    assert_eq!(served.emulator.request_count(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_that_is_refused_stops_everything() {
    let served = Served::new(Shell::new("refused_key").with("in.csv", table(500))).await;
    let reason = json!([{"@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "API_KEY_INVALID", "domain": "googleapis.com"}]);
    for _ in 0..500 {
        let status = json!({"code": 400, "status": "INVALID_ARGUMENT", "message": "bad key",
            "details": reason});
        served.emulator.enqueue(Reply::json(400, json!({"error": status})));
    }
    let ended = served.call("classify in.csv --input-column text --labels a,b -o out.csv");
    let ended = ended.failed(1, "key");
    let asked = served.emulator.request_count();
    assert!(asked < 200, "what was on its way until the first refusal was safe: {asked}");
    assert!(ended.stderr.contains("gemini-extract resume"), "{}", ended.stderr);
    assert!(!ended.stderr.contains("Canary"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn counts_beyond_all_bounds_are_told() {
    let served = Served::new(Shell::new("bounds").with("in.csv", table(3))).await;
    let most = u64::MAX;
    let usage = json!({"promptTokenCount": most, "totalTokenCount": most});
    for _ in 0..3 {
        let candidate = json!({"content": {"parts": [{"text": "a"}]}, "finishReason": "STOP"});
        let answer = json!({"candidates": [candidate], "usageMetadata": usage});
        served.emulator.enqueue(Reply::json(200, answer));
    }
    served.call(&format!("{CLASSIFY} --labels a,b --run the.run")).done();
    let told: Value =
        serde_json::from_str(&served.call("status the.run --json").done().stdout).unwrap();
    assert_eq!(told["tokens"], most);
}

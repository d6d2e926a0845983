//! Many labels, votes and abstentions.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::jobs::table;
use crate::shell::{Shell, rows};

const CLASSIFY: &str = "classify in.csv --input-column text --emulator --output-format jsonl";

/// Labels in groups, one on each line.
fn many() -> Vec<String> {
    (0..2_000).map(|number| format!("group {}/label {number}", number / 40)).collect()
}

#[test]
fn two_thousand_labels_are_asked_for_in_stages() {
    let (labels, shell) = (many(), Shell::new("many"));
    let shell = shell.with("in.csv", table(40)).with("labels.txt", labels.join("\n"));
    let line = format!("{CLASSIFY} --labels-file labels.txt");
    let said = shell.call(&format!("{line} --dry-run")).done().stdout;
    assert!(said.contains("requests  up to 2 for each row"), "{said}");

    let ended = shell.call(&format!("{line} --details -o out.jsonl --report r.json")).done();
    assert!(ended.stderr.contains("40 with a value, 0 failed"), "{}", ended.stderr);
    let known: BTreeSet<&str> = labels.iter().map(String::as_str).collect();
    let written = rows(&shell.read("out.jsonl"));
    assert!(written.iter().all(|row| known.contains(row["label"].as_str().unwrap())));
    assert!(written.iter().all(|row| row["attempts"] == 2), "{written:?}");
    let groups = written.iter().map(|row| row["label"].as_str().unwrap().split('/').next());
    assert!(groups.collect::<BTreeSet<_>>().len() > 5, "the emulator chooses from all over");
    let report: Value = serde_json::from_str(&shell.read("r.json")).unwrap();
    assert_eq!(report["report"]["requests"], 80);

    let again = shell.call("resume out.jsonl.run").done();
    assert!(again.stderr.contains("40 from the journal"), "{}", again.stderr);
    assert_eq!(
        rows(&shell.read("out.jsonl")).iter().map(|row| &row["label"]).collect::<Vec<_>>(),
        written.iter().map(|row| &row["label"]).collect::<Vec<_>>()
    );
    let plain = shell.call(&format!("{line} --codes never"));
    plain.failed(1, "many or long enum members");
}

#[test]
fn rows_are_voted_on() {
    let shell = Shell::new("votes").with("in.csv", table(30));
    let line = format!("{CLASSIFY} --labels a,b --votes 3 --details -o out.jsonl --report r.json");
    let ended = shell.call(&format!("{line} --report r.html")).done();
    assert!(ended.stderr.contains("% for the winners; "), "{}", ended.stderr);
    let report: Value = serde_json::from_str(&shell.read("r.json")).unwrap();
    let agreement = &report["report"]["agreement"];
    assert_eq!(agreement["records"], 30);
    assert_eq!(agreement["votes"], report["report"]["requests"]);
    assert!(shell.read("r.html").contains("agreement"));
    let first = rows(&shell.read("out.jsonl"));
    for row in &first {
        let shares = row["votes"]["shares"].as_array().unwrap();
        assert_eq!(shares[0]["answer"], row["label"]);
        let votes: u64 = shares.iter().map(|share| share["votes"].as_u64().unwrap()).sum();
        let share = shares[0]["votes"].as_u64().unwrap() as f64 / votes as f64;
        assert_eq!(row["agreement"].as_f64(), Some(share), "{row}");
        assert_eq!(row["attempts"], votes);
    }
    shell.call("resume out.jsonl.run").done();
    let second = rows(&shell.read("out.jsonl"));
    for (one, other) in first.iter().zip(&second) {
        assert_eq!((&one["votes"], &one["agreement"]), (&other["votes"], &other["agreement"]));
        assert_eq!(other["attempts"], 0);
    }
    let text = shell.call("report out.jsonl.run").done().stdout;
    assert!(text.contains(" of 30 unanimous"), "{text}");
    let line = line.replace("--output-format jsonl", "-q").replace("--details -o out.jsonl", "");
    let header = shell.call(&line);
    assert!(header.done().stdout.starts_with("id,text,label,agreement,error\n"));
}

#[test]
fn a_label_can_be_left_open() {
    let schema = json!({"enum": ["a", "b", null]});
    let shell = Shell::new("abstain").with("in.csv", table(60)).with("s.json", schema.to_string());
    for flags in
        ["--labels a,b --abstain", "--labels a,b --abstain --codes always", "--schema s.json"]
    {
        let line = format!("{CLASSIFY} {flags} -o out.jsonl --overwrite --report r.json");
        let ended = shell.call(&line).done();
        let rows = rows(&shell.read("out.jsonl"));
        let open = rows.iter().filter(|row| row["label"].is_null() && row["error"].is_null());
        let open = open.count();
        assert!(open > 0 && open < 60, "{flags}: {open}");
        assert!(ended.stderr.contains(&format!("abstained {open}")), "{}", ended.stderr);
        let report: Value = serde_json::from_str(&shell.read("r.json")).unwrap();
        assert_eq!(report["report"]["abstained"], open);
    }
}

#[test]
fn what_does_not_go_together_is_refused() {
    let shell = Shell::new("together").with("in.csv", table(2)).with("l.txt", many().join("\n"));
    for (flags, words) in [
        ("--votes 0", "--votes"),
        ("--votes 3 --pack 2", "--pack"),
        ("--votes 3 --via batch-api", "--via"),
        ("--votes 3 --temperature 0", "above 0"),
        ("--labels-per-request 3", "--labels-per-request"),
        ("--codes sometimes", "--codes"),
    ] {
        shell.call(&format!("{CLASSIFY} --labels a,b {flags}")).failed(2, words);
    }
    let packed = shell.call(&format!("{CLASSIFY} --labels-file l.txt --pack 5"));
    assert!(packed.stderr.contains("packs have no codes"), "{packed:?}");
    assert_ne!(packed.code, 0);
}

//! Jobs from their beginning to their end.

use serde_json::{Value, json};

use crate::shell::{Shell, rows};

/// A table with this many rows, all different.
pub(crate) fn table(rows: usize) -> String {
    let row = |number| format!("{number},text number {number}\n");
    "id,text\n".to_owned() + &(1..=rows).map(row).collect::<String>()
}

const CLASSIFY: &str = "classify in.csv --input-column text --emulator";

#[test]
fn the_output_has_the_order_of_the_input() {
    let shell = Shell::new("order")
        .with("in.csv", table(300))
        .with("slow.json", json!({"latency": "1ms..20ms"}).to_string());
    let line = format!("{CLASSIFY} --labels a,b -o out.jsonl --emulator-script slow.json");
    let ended = shell.call(&line).done();
    assert!(ended.stderr.contains("300 with a value, 0 failed"), "{}", ended.stderr);
    assert!(ended.stderr.contains("no model answered"), "it says what it is: {}", ended.stderr);
    let ids = |text: &str| -> Vec<u64> {
        rows(text).iter().map(|row| row["id"].as_str().unwrap().parse().unwrap()).collect()
    };
    let ordered = ids(&shell.read("out.jsonl"));
    assert!(ordered.iter().copied().eq(1..=300));

    shell.call(&line).failed(2, "--overwrite");
    shell.call(&format!("{line} --overwrite --unordered -q")).done();
    let text = shell.read("out.jsonl");
    let mut unordered = ids(&text);
    assert!(rows(&text).iter().all(|row| Some(&*row["row"].to_string()) == row["id"].as_str()));
    unordered.sort_unstable();
    assert_eq!(ordered, unordered);
}

#[test]
fn labels_come_from_flags_and_files() {
    let shell = Shell::new("labels")
        .with("in.csv", table(2))
        .with("labels.txt", "one label\n\nanother, with a comma\n")
        .with("labels.csv", "label,description\na,the first\nb,\n")
        .with("labels.json", r#"{"a": "the first", "b": null}"#)
        .with("choice.json", r#"{"enum": ["a", "b"]}"#)
        .with("object.json", r#"{"type": "object", "properties": {"a": {"type": "string"}}}"#);
    for labels in [
        "--label a --label b",
        "--labels a,b",
        "--labels-file labels.csv --label c",
        "--labels-file labels.json",
        "--labels-file labels.txt",
        "--schema choice.json",
    ] {
        shell.call(&format!("{CLASSIFY} {labels} -q")).done();
    }
    for (labels, words) in [
        ("", "at least two labels"),
        ("--label a", "at least two labels"),
        ("--labels a,b,a", "`a` is given twice"),
        ("--labels a,,b", "a label is empty"),
        ("--labels-file in.csv", "no column `label`"),
        ("--labels-file missing.txt", "no such file"),
        ("--schema object.json", "no enumeration"),
    ] {
        shell.call(&format!("{CLASSIFY} {labels} -q")).failed(2, words);
    }
}

#[test]
fn columns_are_chosen() {
    let shell = Shell::new("columns").with("in.csv", "id,text,label\n7,one,x\n");
    let header = |flags: &str| {
        let ended = shell.call(&format!("{CLASSIFY} --labels a,b -q {flags}")).done();
        ended.stdout.lines().next().unwrap().to_owned()
    };
    assert_eq!(header("--prefix new_"), "id,text,label,new_label,new_error");
    assert_eq!(header("--keep text,id"), "row,text,id,label,error");
    assert_eq!(header("--keep none --key-column id"), "id,label,error");
    assert_eq!(header("--keep id --key-column id"), "id,label,error");
    let details = "row,label,error,input_tokens,output_tokens,cost,attempts,latency_ms,source";
    assert_eq!(header("--keep none --details"), details);
    shell.call(&format!("{CLASSIFY} --labels a,b -q")).failed(2, "--prefix");
}

#[test]
fn an_object_has_a_column_for_each_property() {
    let schema = json!({"type": "object", "required": ["name", "tags"], "properties": {
        "name": {"type": "string"}, "tags": {"type": "array", "items": {"type": "string"}},
        "size": {"type": "integer"}}});
    let shell = Shell::new("object")
        .with("in.csv", table(3))
        .with("schema.json", schema.to_string())
        .with("list.json", r#"{"type": "array", "items": {"type": "string"}}"#);
    let extract = "extract in.csv --input-column text --emulator --keep none -q";
    let line = format!("{extract} --output-format jsonl");
    let rows = shell.call(&format!("{line} --schema schema.json")).done().rows();
    for row in &rows {
        let names: Vec<&str> = row.as_object().unwrap().keys().map(String::as_str).collect();
        assert!(["row", "name", "tags", "size", "error"].iter().all(|name| names.contains(name)));
        assert!(row["name"].is_string() && row["tags"].is_array(), "{row}");
    }
    let rows = shell.call(&format!("{line} --schema list.json")).done().rows();
    assert!(rows.iter().all(|row| row["value"].is_array()));
}

#[test]
fn failures_are_told_where_they_happen() {
    let faults = json!({"faults": ["finish=SAFETY @ every 3"]});
    let shell =
        Shell::new("faults").with("in.csv", table(60)).with("faults.json", faults.to_string());
    let line = format!("{CLASSIFY} --labels a,b --emulator-script faults.json");
    let ended = shell
        .call(&format!("{line} -o out.jsonl --report report.json --price 0.3,2.5"))
        .failed(3, "Safety 20");
    assert!(ended.stderr.contains("40 with a value, 20 failed"), "{}", ended.stderr);
    let rows = rows(&shell.read("out.jsonl"));
    let is_safety =
        |row: &&Value| row["error"].as_str().is_some_and(|it| it.starts_with("Safety: "));
    assert_eq!(rows.iter().filter(is_safety).count(), 20);
    assert!(rows.iter().all(|row| row["label"].is_null() != row["error"].is_null()));
    let report: Value = serde_json::from_str(&shell.read("report.json")).unwrap();
    assert_eq!(report["report"]["errors"], json!({"Safety": 20}));
    assert!(report["report"]["cost"].as_f64().unwrap() > 0.0);

    let ended = shell.call(&format!("{line} -o few.jsonl --error-budget 5 --concurrency 1"));
    ended.failed(4, "too many records failed");
    let ended = shell.call(&format!("{line} -o quiet.jsonl --error-budget 5 -q"));
    let ended = ended.failed(4, "too many records failed");
    assert!(ended.stderr.lines().count() == 2, "why, and how to go on: {}", ended.stderr);
    assert!(!shell.path("few.jsonl").exists(), "what isn't whole has another name");
    assert!(shell.path("few.jsonl.part").exists());
}

#[test]
fn a_limit_of_costs_holds() {
    let shell = Shell::new("costs").with("in.csv", table(50));
    let line = format!("{CLASSIFY} --labels a,b --max-output-tokens 10 -o out.csv --report r.json");
    shell.call(&format!("{line} --max-cost 1")).failed(2, "--price");
    let ended = shell.call(&format!("{line} --price 1000,1000 --max-cost 0.9"));
    ended.failed(4, "limit of costs");
    let report: Value = serde_json::from_str(&shell.read("r.json")).unwrap();
    let cost = report["report"]["cost"].as_f64().unwrap();
    assert!(cost > 0.0 && cost <= 0.9, "{cost}");
}

#[test]
fn the_key_is_asked_for_and_never_shown() {
    let shell = Shell::new("key").with("in.csv", table(1));
    let line = "classify in.csv --input-column text --labels a,b";
    shell.call(line).failed(2, "GEMINI_API_KEY");
    let mut command = shell.command(line);
    command
        .env("GEMINI_API_KEY", "AIzaSyCanary")
        .env("GOOGLE_GEMINI_BASE_URL", "http://127.0.0.1:9");
    let ended = crate::shell::ended(command);
    assert_ne!(ended.code, 0);
    assert!(!format!("{ended:?}").contains("Canary"), "{ended:?}");
}

#[test]
fn help_says_how_it_ends() {
    let shell = Shell::new("help");
    let help = shell.call("classify --help").done().stdout;
    assert!(help.contains("130    Ctrl-C") && help.contains("--max-cost"), "{help}");
    for name in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = shell.call(&format!("completions {name}")).done().stdout;
        assert!(script.contains("labels-file"), "{name}");
    }
}

#[test]
fn labels_are_compared_with_the_true_ones() {
    let shell = Shell::new("truth").with("in.csv", "text,true\none,a\ntwo, b\nthree,c\nfour,\n");
    let line = format!("{CLASSIFY} --labels a,b --truth true --keep true");
    let ended =
        shell.call(&format!("{line} --output-format jsonl --report r.html --report r.json"));
    let rows = ended.done().rows();
    let known = |row: &Value| row["true"].as_str().unwrap().trim().to_owned();
    let right = rows.iter().filter(|row| row["label"].as_str() == Some(&*known(row))).count();
    let report: Value = serde_json::from_str(&shell.read("r.json")).unwrap();
    assert_eq!(report["accuracy"]["right"], right);
    assert_eq!(report["accuracy"]["compared"], 3, "the last row says nothing about it");
    assert!(shell.read("r.html").contains("accuracy"));
    shell.call(&format!("{CLASSIFY} --labels a,b --truth other")).failed(2, "no column `other`");
}

#[test]
fn a_dry_run_counts_and_asks_nothing() {
    let shell = Shell::new("dry").with("in.csv", table(1_000) + "1001,\n");
    let line = format!("{CLASSIFY} --labels good,rotten --dry-run -o out.csv");
    let said = shell.call(&format!("{line} --price 1,10")).done().stdout;
    assert!(said.contains("1\u{202f}000 to ask, 1 unusable"), "{said}");
    assert!(
        said.contains("20 rows were counted") || said.contains("21 rows were counted"),
        "{said}"
    );
    assert!(said.contains("at most about 2\u{202f}000 tokens"), "{said}");
    let cost = said.split("cost      about ").nth(1).unwrap().split(',').next().unwrap();
    let cost: f64 = cost.parse().unwrap();
    assert!(cost > 0.02 && cost < 0.1, "{said}");
    assert!(!shell.path("out.csv").exists() && !shell.path("out.csv.run").exists());
    assert!(shell.call(&line).done().stdout.contains("--price would tell it"));
    let packed = shell.call(&format!("{line} --price 1,10 --pack 20")).done().stdout;
    assert!(packed.contains("rows were counted") && packed.contains("in packs of up to 20"));
    let alone = packed.split("alone     ").nth(1).unwrap();
    let input = said.split("about ").nth(1).unwrap().split(';').next().unwrap();
    assert!(alone.contains(input) && alone.contains(&format!("{cost:.4}")), "{packed}");
    shell.pipe(&line.replace("in.csv", "- --input-format lines"), "a\n").failed(2, "a pipe");
}

#[test]
fn mistakes_are_told_before_anything_is_asked() {
    let shell = Shell::new("early").with("in.csv", table(3)).with("in.txt", "a\n");
    let shell = shell.with("part.csv.part", table(3));
    std::fs::create_dir(shell.path("folder")).unwrap();
    for (flags, words) in [
        ("--report out.pdf", ".html, .json or .txt"),
        ("--report none/r.html", "no such folder"),
        ("-o in.csv --overwrite", "replace the input"),
        ("-o part.csv", "replace the input"),
        ("-o folder --overwrite --output-format csv", "is no file"),
        ("-o none/ --overwrite --output-format csv", "is no file"),
        ("--report in.txt", "replace the input"),
        ("-o r.json --output-format csv --report ./r.json", "replace the output"),
        ("--price 1,1 --max-cost nan", "--max-cost"),
        ("--price 1,1 --max-cost inf", "--max-cost"),
        ("--temperature nan", "--temperature"),
        ("--error-budget many", "--error-budget"),
        ("--price 1", "--price"),
        ("--price 1,-2", "below zero"),
    ] {
        let line = match flags.split_whitespace().last() {
            Some("in.txt") => CLASSIFY.replace("in.csv --input-column text", "in.txt"),
            Some("part.csv") => CLASSIFY.replace("in.csv", "part.csv.part --input-format csv"),
            _ => CLASSIFY.to_owned(),
        };
        shell.call(&format!("{line} --labels a,b {flags}")).failed(2, words);
    }
    assert_eq!(shell.read("in.csv"), table(3));
    assert_eq!(shell.read("part.csv.part"), table(3));
    assert_eq!(shell.read("in.txt"), "a\n");
}

#[test]
fn keys_are_unique() {
    let shell = Shell::new("keys").with("in.csv", "id,text\n1,one\n1,two\n,three\n");
    let line = format!("{CLASSIFY} --labels a,b --key-column id -q --output-format jsonl");
    let rows = shell.call(&line).failed(3, "").rows();
    assert!(rows[0]["label"].is_string());
    assert!(rows[1]["error"].as_str().unwrap().contains("key"), "{}", rows[1]);
    assert_eq!(rows[2]["error"], "row 3: its key in `id` is empty");
}

#[test]
#[cfg(unix)]
fn a_pipe_is_read_once() {
    let shell = Shell::new("fifo");
    let fifo = shell.path("in.csv");
    assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let writer = std::thread::spawn(move || std::fs::write(fifo, table(5)).unwrap());
    let line = format!("{CLASSIFY} --labels a,b -q --output-format jsonl");
    assert_eq!(shell.call(&line).done().rows().len(), 5);
    writer.join().unwrap();
}

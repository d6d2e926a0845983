//! Tables in every form, and what is wrong with them.

use serde_json::{Value, json};

use crate::shell::Shell;

const CLASSIFY: &str = "--labels good,bad --emulator --output-format jsonl -q";

fn classify(shell: &Shell, line: &str) -> crate::shell::Ended {
    shell.call(&format!("classify {line} {CLASSIFY}"))
}

fn column<'a>(rows: &'a [Value], name: &str) -> Vec<&'a Value> {
    rows.iter().map(|row| &row[name]).collect()
}

#[test]
fn csv_with_all_its_oddities_is_read_as_it_is() {
    let text = "\u{feff}id, text \r\n1,\"a, \"\"quoted\"\"\ntext\"\r\n2,plain\r\n\r\n3,é\r\n";
    let shell = Shell::new("csv").with("in.csv", text);
    let rows = classify(&shell, "in.csv --input-column text").done().rows();
    assert_eq!(column(&rows, "id"), ["1", "2", "3"]);
    assert_eq!(column(&rows, "text"), ["a, \"quoted\"\ntext", "plain", "é"]);
    assert!(rows.iter().all(|row| row["label"] == "good" || row["label"] == "bad"));
    assert!(rows.iter().all(|row| row["error"].is_null()));
}

#[test]
fn rows_that_cannot_be_used_stand_in_their_places() {
    let shell = Shell::new("ragged")
        .with("in.csv", b"id,text\n1,one\n2\n3,\xff\n4,\n5,five\n".as_slice())
        .with(
            "in.jsonl",
            "{\"text\":\"a\"}\n\n[1]\n{\"text\":null}\n{\"other\":1}\n{\"text\":7}\n{",
        );
    let ended = classify(&shell, "in.csv --input-column text").failed(3, "");
    let errors = ended.rows();
    let errors = column(&errors, "error");
    assert_eq!(errors[0], &Value::Null);
    assert_eq!(errors[1], "row 2: line 3: 1 values, but there are 2 columns");
    assert_eq!(errors[2], "row 3: line 4: the value of `text` is not UTF-8");
    assert_eq!(errors[3], "row 4: `text` is empty");
    assert_eq!(errors[4], &Value::Null);

    let ended = classify(&shell, "in.jsonl --input-column text --keep none").failed(3, "");
    let rows = ended.rows();
    assert_eq!(column(&rows, "row"), [1, 2, 3, 4, 5, 6]);
    let errors = column(&rows, "error");
    assert!(errors[0].is_null() && errors[4].is_null(), "a number is text, too: {errors:?}");
    assert!(errors[1].as_str().unwrap().starts_with("row 2: line 3: a JSON array"), "{errors:?}");
    assert_eq!(errors[2], "row 3: `text` is null");
    assert_eq!(errors[3], "row 4: it has no column `text`");
    assert_eq!(errors[5], "row 6: line 7: no JSON: it ends too early");
}

#[test]
fn what_is_no_table_is_refused_before_anything_is_asked() {
    let shell = Shell::new("refused")
        .with("empty.csv", "")
        .with("header.csv", "text\n")
        .with("twice.csv", "a,a\n1,2\n")
        .with("utf16.csv", b"\xff\xfea\0".as_slice())
        .with("zip.csv", b"\x1f\x8b\x08\0".as_slice())
        .with("two.csv", "a;b\n1;2\n")
        .with("no.parquet", "PARX")
        .with("unknown.dat", "text\n1\n");
    for (line, words) in [
        ("empty.csv", "it is empty"),
        ("header.csv", "has no rows"),
        ("twice.csv", "the column `a` twice"),
        ("utf16.csv", "iconv"),
        ("zip.csv", "compressed"),
        ("two.csv --input-column b", "its columns: a;b; is --delimiter missing?"),
        ("two.csv --delimiter ; --template {c}", "no column `c`; its columns: a, b"),
        ("two.csv --delimiter ;", "say what is sent"),
        ("two.csv --delimiter ; --input-column a --key-column c", "no column `c`"),
        ("two.csv --delimiter ; --input-column a --keep c", "no column `c`"),
        ("no.parquet", "no Parquet file"),
        ("unknown.dat", "--input-format"),
        ("missing.csv", "no such file"),
        (".", "folder"),
        ("-", "--input-format"),
    ] {
        let format = if line == "." { " --input-format csv" } else { "" };
        let ended = classify(&shell, &format!("{line}{format}")).failed(2, words);
        assert_eq!(ended.stdout, "", "{line}");
    }
}

#[test]
fn columns_without_a_name_are_called_by_their_numbers() {
    let shell = Shell::new("nameless").with("in.csv", "text,,\none,2,3\n");
    let ended = classify(&shell, "in.csv --input-column text").done();
    let rows = ended.rows();
    assert_eq!(column(&rows, "column_2"), ["2"]);
    assert_eq!(column(&rows, "column_3"), ["3"]);
}

#[test]
fn stdin_is_read_to_its_end() {
    let shell = Shell::new("stdin");
    let line = format!("classify - --input-format lines --keep text {CLASSIFY}");
    let rows = shell.pipe(&line, "one\r\n\n two \nthree").done().rows();
    assert_eq!(column(&rows, "text"), ["one", " two ", "three"]);
    assert_eq!(column(&rows, "row"), [1, 2, 3]);
    let line = format!("classify - --input-format jsonl --input-column t {CLASSIFY}");
    shell.pipe(&line, "{\"t\":1}\n").failed(2, "--keep");
}

#[test]
fn numbers_and_lists_are_kept_to_the_last_digit() {
    let line =
        r#"{"text":"a","n":1.10,"big":123456789012345678901234567890,"l":[1, {"z":1,"a":2}]}"#;
    let shell = Shell::new("exact").with("in.jsonl", format!("{line}\n"));
    let ended = classify(&shell, "in.jsonl --input-column text").done();
    assert!(ended.stdout.starts_with(line.strip_suffix('}').unwrap()), "{}", ended.stdout);
}

#[test]
fn a_template_puts_columns_together() {
    let shell = Shell::new("template").with("in.csv", "title,body\nOats,{good}\n");
    let template = shell.path("prompt.txt");
    std::fs::write(&template, "{title}: {body} {{good}}\n").unwrap();
    classify(&shell, "in.csv --template-file prompt.txt").done();
    classify(&shell, "in.csv --template {title").failed(2, "partner");
    classify(&shell, r"in.csv --template {title}\n{body}").done();
}

#[test]
#[cfg(feature = "parquet")]
fn types_survive_parquet() {
    let schema = json!({"type": "object", "required": ["whole", "part", "sure", "word", "more"],
        "properties": {
            "whole": {"type": "integer"}, "part": {"type": "number"}, "sure": {"type": "boolean"},
            "word": {"type": "string"}, "more": {"type": "array", "items": {"type": "integer"}}}});
    let shell = Shell::new("parquet")
        .with("in.csv", "id,text\n1,one\n2,\n3,three\n")
        .with("schema.json", schema.to_string());
    let extract = "--schema schema.json --input-column text --emulator -q";
    shell.call(&format!("extract in.csv -o first.parquet {extract}")).failed(3, "");
    let again = "classify first.parquet --input-column id --labels a,b --prefix new_ --emulator -q";
    shell.call(&format!("{again} -o second.parquet")).done();
    let last =
        "classify second.parquet --input-column id --labels a,b --prefix last_ --emulator -q";
    let rows = shell.call(last).done().rows();
    assert_eq!(column(&rows, "id"), ["1", "2", "3"]);
    for row in [&rows[0], &rows[2]] {
        assert!(row["whole"].is_i64() && row["part"].is_number() && row["sure"].is_boolean());
        assert!(row["word"].is_string() && row["new_label"].is_string(), "{row}");
        let more: Value = serde_json::from_str(row["more"].as_str().unwrap()).unwrap();
        assert!(more.is_array());
    }
    assert!(rows[1]["whole"].is_null() && rows[1]["error"].is_string());
    shell.pipe(&format!("{again} --output-format parquet"), "").failed(2, "not to stdout");
}

#[test]
#[cfg(feature = "parquet")]
fn columns_of_every_type_are_kept() {
    use std::sync::Arc;

    use arrow_array::types::Int32Type;
    use arrow_array::{
        ArrayRef, DictionaryArray, DurationMicrosecondArray, RecordBatch, StringArray,
        TimestampMicrosecondArray,
    };
    use parquet::arrow::ArrowWriter;

    let kinds: DictionaryArray<Int32Type> = vec![Some("p"), None, Some("p")].into_iter().collect();
    let times = TimestampMicrosecondArray::from(vec![Some(0), None, Some(1)]);
    let columns: [(&str, ArrayRef); 4] = [
        ("text", Arc::new(StringArray::from(vec!["a", "b", "c"]))),
        ("kind", Arc::new(kinds)),
        ("took", Arc::new(DurationMicrosecondArray::from(vec![1_000_000, 2, 3]))),
        ("at", Arc::new(times.with_timezone("Europe/Berlin"))),
    ];
    let batch = RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, column)| (name, column, true)),
    )
    .unwrap();
    let shell = Shell::new("types");
    let file = std::fs::File::create(shell.path("in.parquet")).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();

    let classify = "--input-column text --labels x,y --emulator -q";
    shell.call(&format!("classify in.parquet -o out.parquet {classify}")).done();
    let again = format!("classify out.parquet {classify} --prefix new_");
    let rows = shell.call(&again).done().rows();
    assert_eq!(column(&rows, "kind"), [&json!("p"), &Value::Null, &json!("p")]);
    assert_eq!(column(&rows, "took"), ["PT1S", "PT0.000002S", "PT0.000003S"]);
    assert_eq!(rows[0]["at"], "1970-01-01T01:00:00+01:00");
}

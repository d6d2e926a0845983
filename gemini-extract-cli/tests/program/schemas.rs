//! `schema check`.

use serde_json::Value;

use crate::shell::Shell;

#[test]
fn each_carrier_is_told() {
    let shell = Shell::new("schemas")
        .with(
            "plain.json",
            r#"{"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}}"#,
        )
        .with("gemini.json", r#"{"type": "ARRAY", "items": {"type": "STRING"}, "maxItems": "3"}"#)
        .with("large.json", r#"{"type": "array", "items": {"type": "string"}, "maxItems": 5000}"#)
        .with("lost.json", r#"{"type": "string", "not": {"const": "x"}}"#)
        .with("none.json", "{");
    let said = shell.call("schema check plain.json --show").done().stdout;
    for words in ["JSON Schema", "responseSchema\n", "responseJsonSchema", "Vertex", r#""OBJECT""#]
    {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert!(shell.call("schema check gemini.json").done().stdout.contains("Gemini's"));
    assert!(shell.call("schema check large.json").done().stdout.contains("without_max_items"));
    assert_eq!(shell.call("schema check large.json --deny-warnings").code, 3);
    let lost = shell.call("schema check lost.json");
    assert!(lost.code == 1 && lost.stdout.contains("at /not"), "{lost:?}");
    assert_eq!(shell.call("schema check none.json").code, 1);
    shell.call("schema check missing.json").failed(2, "no such file");
}

#[test]
fn programs_can_read_it() {
    let shell = Shell::new("schemas_json")
        .with("schema.json", r#"{"type": "object", "additionalProperties": {"type": "integer"}}"#);
    let said = shell.call("schema check schema.json --json").done().stdout;
    let json: Value = serde_json::from_str(&said).unwrap();
    let carriers = json["carriers"].as_array().unwrap();
    assert_eq!(carriers.len(), 4);
    assert_eq!(carriers[0]["is_reshaped"], true, "a map goes as a list");
    assert_eq!(carriers[1]["is_reshaped"], false);
    assert!(carriers[0]["metrics"]["estimated_tokens"].as_u64().unwrap() > 0);
}

use super::*;
use crate::model::Carrier;

fn documents(schema: &str, carrier: Carrier, obey: Obey) -> Documents {
    let schema = Json::parse(schema).unwrap();
    Documents::of(&schema, Reading { carrier, obey }).unwrap()
}

#[track_caller]
fn holds(schema: &str, wanted: &[&str]) {
    let written = documents(schema, Carrier::JsonSchema, Obey::Everything).systematic();
    for document in wanted {
        assert!(written.iter().any(|text| text == document), "{document} is not in {written:?}");
    }
}

#[test]
fn bounds_are_met_exactly() {
    holds(
        r#"{"type":"integer","minimum":-170141183460469231731687303715884105728,"maximum":8}"#,
        &["-170141183460469231731687303715884105728", "-170141183460469231731687303715884105727"],
    );
    holds(r#"{"type":"integer","minimum":3,"maximum":8}"#, &["3", "4", "7", "8", "7.0"]);
    holds(r#"{"type":"number","minimum":-0.5,"maximum":0.5}"#, &["-0.5", "0.5", "0", "-0.0"]);
    holds(
        r#"{"type":"array","items":{"type":"null"},"minItems":1,"maxItems":3}"#,
        &["[null]", "[null,null]", "[null,null,null]"],
    );
    holds(
        r#"{"type":"string","minLength":1,"maxLength":2}"#,
        &[r#""a""#, r#""ab""#, r#""éß""#, r#""\ud834\udd1e\u00e9""#, r#""\"\\""#],
    );
}

#[test]
fn every_alternative_is_written() {
    holds(r#"{"type":"string","enum":["a","b","\n"]}"#, &[r#""a""#, r#""b""#, r#""\n""#]);
    holds(r#"{"type":["boolean","null"]}"#, &["true", "false", "null"]);
    holds(
        r#"{"anyOf":[{"type":"null"},{"type":"array","items":{"anyOf":[{"type":"boolean"},
            {"type":"string","enum":["deep"]}]},"maxItems":1}]}"#,
        &["null", "[]", "[true]", "[false]", r#"["deep"]"#],
    );
    let object = r#"{"type":"object","properties":{"a":{"type":"null"},"b":{"type":"null"},
        "c":{"type":"null"}},"required":["b"],"additionalProperties":false,
        "propertyOrdering":["c","b","a"]}"#;
    holds(
        object,
        &[
            r#"{"c":null,"b":null,"a":null}"#,
            r#"{"b":null}"#,
            r#"{"c":null,"b":null}"#,
            r#"{"b":null,"a":null}"#,
        ],
    );
    holds(
        r#"{"type":"object","additionalProperties":{"type":"null"}}"#,
        &["{}", r#"{"a":null}"#, r#"{"":null," ":null}"#],
    );
}

#[test]
fn patterns_are_followed_to_their_edges() {
    holds(
        r#"{"type":"string","pattern":"^[A-C]{1,2}(x|y)?$"}"#,
        &[r#""A""#, r#""C""#, r#""BB""#, r#""Bx""#],
    );
}

#[test]
fn an_open_object_gets_members_that_nobody_knows() {
    let written = documents(r#"{"type":"object"}"#, Carrier::JsonSchema, Obey::Everything);
    assert!(written.systematic().iter().any(|document| document != "{}"));
    let wire = r#"{"type":"OBJECT","properties":{"a":{"type":"NULL"}},"propertyOrdering":["a"]}"#;
    let written = documents(wire, Carrier::Schema, Obey::Everything).systematic();
    assert_eq!(written, [r#"{"a":null}"#, "{}"]);
}

#[test]
fn what_is_not_enforced_is_not_kept() {
    let schema = r#"{"type":"string","minLength":3,"pattern":"^a"}"#;
    let written = documents(schema, Carrier::JsonSchema, Obey::Enforced).systematic();
    assert!(written.contains(&r#""""#.to_owned()));
    let written = documents(schema, Carrier::Draft, Obey::Enforced).systematic();
    assert!(!written.contains(&r#""""#.to_owned()));
}

#[test]
fn recursion_ends() {
    let tree = r##"{"$ref":"#/$defs/A","$defs":{"A":{"anyOf":[{"type":"array","items":
        {"$ref":"#/$defs/A"},"minItems":1},{"type":"null"}]}}}"##;
    let written = documents(tree, Carrier::JsonSchema, Obey::Everything);
    assert!(written.systematic().iter().any(|document| document.starts_with("[[")));
    assert_eq!(written.random("seed", 20), written.random("seed", 20));
}

//! A JSON Schema of a stranger: nothing panics, and what is read keeps its meaning when it is
//! written as JSON Schema and read again.
#![no_main]

use gemini_fuzz::DIALECTS;
use gemini_schema::{Dialect, Schema};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

fuzz_target!(|text: &str| {
    let Ok(schema) = Schema::from_json_schema(text).or_else(|_| Schema::from_gemini(text)) else {
        return;
    };
    for dialect in DIALECTS {
        if let Ok(lowered) = schema.lower(dialect) {
            for value in values() {
                let Ok(sent) = lowered.encode(&value) else { continue };
                let back = lowered.decode::<Value>(&sent);
                assert!(back.is_ok(), "{dialect:?}: {value} as {sent}: {back:?} by {text}");
            }
        }
    }
    let Ok(exact) = schema.lower(Dialect::Draft202012) else { return };
    let Ok(again) = Schema::from_json_schema(exact.as_str()) else { return };
    for value in values() {
        let conforms = schema.check(&value).is_empty();
        assert_eq!(again.check(&value).is_empty(), conforms, "{value} by {text}");
    }
});

/// Values of every kind, alone and inside of one another.
fn values() -> Vec<Value> {
    let mut values = vec![
        json!(null),
        json!(true),
        json!(0),
        json!(-1.5),
        json!(1e300),
        json!(u64::MAX),
        json!(""),
        json!("a"),
        json!("2024-02-29"),
        json!([]),
        json!({}),
    ];
    for inner in values.clone() {
        values.push(json!([inner, "a"]));
        values.push(json!({"a": inner}));
        values.push(json!({"a": 1, "b": [inner]}));
    }
    values
}

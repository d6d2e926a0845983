//! The contract: the schema takes what serde takes, but for the differences in this list.

use std::collections::HashSet;

use gemini_schema::{DecodeError, Violation};
use serde_json::{Map, Number, Value, json};

use crate::json::Json;

/// Texts that are hard on schemas and on readers, whatever the type.
pub(super) const HOSTILE: [&str; 62] = [
    "null",
    "true",
    "false",
    "0",
    "-0",
    "-0.0",
    "1",
    "-1",
    "7.0",
    "70e-1",
    "0.5",
    "1e2",
    "1E400",
    "-1e400",
    "1e-400",
    "127",
    "128",
    "-129",
    "255",
    "256",
    "65536",
    "2147483648",
    "9007199254740993",
    "9223372036854775808",
    "-9223372036854775809",
    "18446744073709551616",
    "340282366920938463463374607431768211456",
    "3.5e38",
    "1.7976931348623157e308",
    r#""""#,
    r#"" ""#,
    r#""a""#,
    r#""7""#,
    r#""null""#,
    r#""\u0000""#,
    r#""\ud800""#,
    r#""\udc00\ud800""#,
    r#""\ud83d\ude00""#,
    "\"\u{e9}\u{2028}\u{feff}\"",
    r#""2024-02-30""#,
    r#""2024-02-29T12:00:00Z""#,
    "[]",
    "[null]",
    "[[]]",
    "[{}]",
    "[1,2,3]",
    r#"["a","a"]"#,
    r#"[0,"",true,null,[],{}]"#,
    "{}",
    r#"{"":null}"#,
    r#"{"a":1,"a":2}"#,
    r#"{"a":{"a":{"a":{}}}}"#,
    r#"{"key":"a","value":1}"#,
    r#"{"_0":1,"_1":2}"#,
    r#"{"type":"a"}"#,
    r#"{"\u0000":0,"\u00e9":1}"#,
    r#"{"__proto__":{}}"#,
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
    "",
    " ",
    "nul",
    "[1,]",
];

/// A difference that is allowed: serde reads what the schema does not say.
pub(super) struct Difference {
    /// Whether a violation, by the value at its place, is one of these.
    is_this: fn(&Violation, &Value) -> bool,
    /// Why serde reads it, and why the schema does not say so.
    reason: &'static str,
}

const DIFFERENCES: [Difference; 5] = [
    Difference {
        is_this: |violation, _| violation.keyword() == "additionalProperties",
        reason: "serde ignores members that it does not know; a model that may invent some would",
    },
    Difference {
        is_this: |violation, _| violation.keyword() == "required",
        reason: "serde fills in an Option or a default; the model has to decide",
    },
    Difference {
        is_this: |violation, value| is_kind(violation, "an object") && value.is_array(),
        reason: "serde reads a struct from the list of its fields; names are safer",
    },
    Difference {
        is_this: |violation, value| {
            let has_nothing = |members: &Map<String, Value>| {
                members.len() == 1 && members.values().all(Value::is_null)
            };
            is_kind(violation, "an enumeration") && value.as_object().is_some_and(has_nothing)
        },
        reason: "serde reads a variant without content from an object too; it writes the name",
    },
    Difference {
        is_this: |violation, value| {
            is_kind(violation, "null") && (*value == json!({}) || *value == json!([]))
        },
        reason: "serde reads nothing from an empty object or list that it kept aside",
    },
];

/// The first thing that serde reads in spite of the schema, where no difference explains it.
pub(super) fn unexplained<'e>(document: &str, refusal: &'e DecodeError) -> Option<&'e Violation> {
    let value: Value = serde_json::from_str(document).unwrap_or_default();
    refusal.violations().iter().find(|violation| {
        let found = value.pointer(violation.path()).unwrap_or(&Value::Null);
        explanations(violation, found).next().is_none()
    })
}

fn explanations(violation: &Violation, value: &Value) -> impl Iterator<Item = &'static str> {
    let explains = move |difference: &&Difference| (difference.is_this)(violation, value);
    DIFFERENCES.iter().filter(explains).map(|difference| difference.reason)
}

fn is_kind(violation: &Violation, kind: &str) -> bool {
    violation.keyword() == "type" && violation.expected().split(" or ").next() == Some(kind)
}

/// Whether serde may refuse a document that conforms: a schema sees one of several members with
/// the same name, and numbers as `serde_json` keeps them, in 64 bits.
pub(super) fn may_be_refused(document: &str) -> bool {
    Json::parse(document).is_ok_and(|document| is_beyond_schemas(&document))
}

fn is_beyond_schemas(json: &Json) -> bool {
    match json {
        Json::Array(elements) => elements.iter().any(is_beyond_schemas),
        Json::Object(members) => {
            let mut names = HashSet::new();
            let is_repeated = members.iter().any(|(name, _)| !names.insert(name));
            is_repeated || members.iter().any(|(_, value)| is_beyond_schemas(value))
        }
        Json::Number(digits) => {
            let kept: Option<Number> = serde_json::from_str(digits).ok();
            let is_rounded = |kept: Number| {
                let is_nothing = kept.as_f64() == Some(0.0);
                let says_something = digits.split(['e', 'E']).next().is_some_and(|mantissa| {
                    mantissa.contains(|digit: char| matches!(digit, '1'..='9'))
                });
                kept.is_f64() && (!digits.contains(['.', 'e', 'E']) || is_nothing && says_something)
            };
            kept.is_some_and(is_rounded)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use gemini_schema::{Dialect, GeminiSchema, Lowered};
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize, GeminiSchema)]
    #[allow(dead_code, reason = "only whether it is read counts")]
    struct Tea {
        sort: Sort,
        origin: Option<String>,
    }

    #[derive(Deserialize, GeminiSchema)]
    enum Sort {
        Green,
    }

    #[derive(Deserialize, GeminiSchema)]
    #[serde(tag = "kind")]
    #[allow(dead_code, reason = "only whether it is read counts")]
    enum Kept {
        Aside { nothing: () },
    }

    fn explained<T: GeminiSchema + for<'de> Deserialize<'de>>(document: &str) -> Vec<&'static str> {
        let lowered = Lowered::of::<T>(Dialect::Draft202012).expect("a schema");
        assert!(lowered.decode::<T>(document).is_ok(), "serde reads {document}");
        let refusal = lowered.check(document).expect_err("the schema does not say so");
        assert!(unexplained(document, &refusal).is_none(), "{document}: {refusal}");
        let value: Value = serde_json::from_str(document).expect("JSON");
        let [violation] = refusal.violations() else { panic!("{refusal:?}") };
        let found = value.pointer(violation.path()).unwrap_or(&Value::Null);
        explanations(violation, found).collect()
    }

    #[test]
    fn every_difference_is_needed() {
        let found = [
            explained::<Tea>(r#"{"sort":"Green","origin":null,"more":1}"#),
            explained::<Tea>(r#"{"sort":"Green"}"#),
            explained::<Tea>(r#"["Green",null]"#),
            explained::<Sort>(r#"{"Green":null}"#),
            explained::<Kept>(r#"{"kind":"Aside","nothing":{}}"#),
        ];
        for (found, difference) in found.iter().zip(DIFFERENCES) {
            assert_eq!(*found, [difference.reason]);
        }
        assert_eq!(found.len(), DIFFERENCES.len());
    }

    #[test]
    fn what_no_difference_explains_is_found() {
        let lowered = Lowered::of::<Tea>(Dialect::Draft202012).expect("a schema");
        let document = r#"{"sort":"Green","origin":7}"#;
        let refusal = lowered.check(document).expect_err("a number is no text");
        assert_eq!(unexplained(document, &refusal).map(Violation::path), Some("/origin"));
    }

    #[test]
    fn what_schemas_do_not_see_is_known() {
        for document in [r#"[{"a":1,"b":2,"a":3}]"#, "18446744073709551616", "-0.1E-999"] {
            assert!(may_be_refused(document), "{document}");
        }
        for document in [r#"{"a":{"b":1},"b":2}"#, "18446744073709551615", "0.0e-999", "1e300"] {
            assert!(!may_be_refused(document), "{document}");
        }
    }
}

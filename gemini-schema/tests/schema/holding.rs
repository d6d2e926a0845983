//! Decoding holds limits wherever serde reads a value from.

use std::collections::BTreeMap;

use gemini_schema::{DecodeError, Dialect, GeminiSchema, Lowered};
use serde::Deserialize;
use serde::de::DeserializeOwned;

fn decode<T: GeminiSchema + DeserializeOwned>(text: &str) -> Result<T, DecodeError> {
    Lowered::of::<T>(Dialect::Draft202012).unwrap().decode(text)
}

#[track_caller]
fn breaks<T: GeminiSchema + DeserializeOwned + std::fmt::Debug>(text: &str, expected: &[&str]) {
    let error = decode::<T>(text).unwrap_err();
    let found: Vec<String> =
        error.violations().iter().map(|one| format!("{} {}", one.path(), one.keyword())).collect();
    assert_eq!(found, expected, "{error}");
}

#[derive(Debug, PartialEq, Deserialize, GeminiSchema)]
struct Small {
    #[gemini(maximum = 5)]
    size: u8,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, GeminiSchema)]
struct Code(#[gemini(max_length = 2)] String);

#[test]
fn in_an_enum_with_a_single_variant() {
    #[derive(Debug, Deserialize, GeminiSchema)]
    #[allow(dead_code, reason = "read by serde alone")]
    enum Named {
        Small { code: Code },
    }
    #[derive(Debug, Deserialize, GeminiSchema)]
    #[serde(tag = "kind")]
    #[allow(dead_code, reason = "read by serde alone")]
    enum Tagged {
        Small(Small),
    }
    assert!(decode::<Named>(r#"{"Small": {"code": "ab"}}"#).is_ok());
    breaks::<Vec<Named>>(r#"[{"Small": {"code": "abc"}}]"#, &["/0/Small/code maxLength"]);
    assert!(decode::<Tagged>(r#"{"kind": "Small", "size": 5}"#).is_ok());
    breaks::<Tagged>(r#"{"kind": "Small", "size": 6}"#, &["/size maximum"]);
}

#[test]
fn in_a_struct_that_serde_reads_from_an_array() {
    breaks::<Small>("[6]", &[" type"]);
    breaks::<Vec<Small>>(r#"[{"size": 1}, [6]]"#, &["/1 type"]);
    breaks::<Option<Small>>("[6]", &[" type"]);
}

#[test]
fn in_the_keys_of_a_map() {
    breaks::<BTreeMap<Code, bool>>(r#"{"ab": true, "abc": true}"#, &["/abc maxLength"]);
    assert!(decode::<BTreeMap<Code, bool>>(r#"{"ab": true}"#).is_ok());
}

#[test]
fn beside_keys_that_are_no_strings() {
    let switches: BTreeMap<bool, Code> = decode(r#"{"true": "ab"}"#).unwrap();
    assert_eq!(switches, [(true, Code("ab".into()))].into());
    breaks::<BTreeMap<bool, Code>>(r#"{"true": "abc"}"#, &["/true maxLength"]);
    breaks::<BTreeMap<bool, u8>>(r#"{"é": 1}"#, &["/é additionalProperties"]);
    breaks::<Option<Vec<BTreeMap<bool, u8>>>>(r#"[{"é": 1}]"#, &["/0/é additionalProperties"]);
}

#[test]
fn in_the_alternative_that_serde_takes() {
    #[derive(Debug, PartialEq, Deserialize, GeminiSchema)]
    #[serde(untagged)]
    enum Either {
        Both { size: Box<Small>, name: String },
        Size { size: Small },
        Wide { size: u64 },
    }
    let text = r#"{"size": {"size": 1}, "new": true}"#;
    assert_eq!(decode::<Either>(text).unwrap(), Either::Size { size: Small { size: 1 } });
    breaks::<Either>(r#"{"size": {"size": 6}, "new": true}"#, &["/size/size maximum"]);
    assert_eq!(decode::<Either>(r#"{"size": 6, "new": 1}"#).unwrap(), Either::Wide { size: 6 });
    let written_as_float = decode::<Either>(r#"{"size": 6.0, "new": 1}"#).unwrap();
    assert_eq!(written_as_float, Either::Wide { size: 6 });
}

#[test]
fn behind_any_number_of_unknown_properties() {
    #[derive(Debug, Deserialize, GeminiSchema)]
    #[serde(untagged)]
    #[allow(dead_code, reason = "read by serde alone")]
    enum Item {
        Small(Small),
    }
    let unknown: String = (0..2_000).map(|number| format!(r#""n{number}":1,"#)).collect();
    let text = format!(r#"[{{{unknown}"size":1}},{{"size":6}}]"#);
    breaks::<Vec<Item>>(&text, &["/1/size maximum"]);
    let text = format!(r#"[{{{unknown}"size":1}},{{"size":true}}]"#);
    breaks::<Vec<Small>>(&text, &["/1/size type"]);
}

#[test]
fn of_fields_whose_names_look_alike() {
    #[derive(Debug, Deserialize, GeminiSchema)]
    #[allow(dead_code, reason = "read by serde alone")]
    struct Alike {
        #[gemini(maximum = 5)]
        width: u8,
        #[gemini(maximum = 7)]
        #[serde(alias = "weigh")]
        warmth: u8,
        #[gemini(maximum = 9)]
        #[serde(rename = "waaah")]
        wave: u8,
    }
    let wrong = ["/width maximum", "/warmth maximum", "/waaah maximum"];
    breaks::<Alike>(r#"{"width": 6, "warmth": 8, "waaah": 10}"#, &wrong);
    breaks::<Alike>(r#"{"waaah": 10, "warmth": 8, "width": 6}"#, &wrong);
    breaks::<Alike>(r#"{"waaah": 9, "weigh": 8, "width": 5}"#, &["/weigh maximum"]);
    assert!(decode::<Alike>(r#"{"waaah": 9, "warmth": 7, "width": 5}"#).is_ok());
}

#[test]
fn beside_unknown_members_that_look_like_fields() {
    #[derive(Debug, Deserialize, GeminiSchema)]
    #[allow(dead_code, reason = "read by serde alone")]
    struct Room {
        #[gemini(maximum = 5)]
        width: u8,
        #[gemini(maximum = 7)]
        height: u8,
    }
    assert!(decode::<Room>(r#"{"waxxh": 6, "width": 5, "height": 7}"#).is_ok());
    breaks::<Room>(r#"{"waxxh": 5, "width": 6, "height": 7}"#, &["/width maximum"]);
    breaks::<Room>(r#"{"width": 5, "hxxxxt": 1, "height": 8}"#, &["/height maximum"]);
}

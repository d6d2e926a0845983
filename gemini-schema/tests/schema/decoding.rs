//! Answers become values, or say why not.

use gemini_schema::{DecodeErrorKind, Dialect, GeminiSchema, Lowered};
use serde::Deserialize;
use serde::de::DeserializeOwned;

#[derive(Debug, PartialEq, Deserialize, GeminiSchema)]
struct Order {
    #[serde(alias = "stock_unit")]
    #[gemini(pattern = "^[A-Z]{2}[0-9]+$")]
    sku: String,
    #[gemini(minimum = 1)]
    quantity: i64,
    #[serde(default)]
    #[gemini(max_items = 2)]
    notes: Vec<String>,
    paid: Option<Payment>,
}

#[derive(Debug, PartialEq, Deserialize, GeminiSchema)]
#[serde(untagged)]
enum Payment {
    Cents(u32),
    Named { name: String, cents: u32 },
}

fn decode<T: GeminiSchema + DeserializeOwned>(text: &str) -> Result<T, gemini_schema::DecodeError> {
    Lowered::of::<T>(Dialect::Gemini).unwrap().decode(text)
}

#[track_caller]
fn violations(text: &str, expected: &[&str]) {
    let error = decode::<Order>(text).unwrap_err();
    assert_eq!(error.kind(), DecodeErrorKind::Violations);
    let found: Vec<String> = error.violations().iter().map(ToString::to_string).collect();
    assert_eq!(found, expected);
}

#[test]
fn a_conforming_answer_is_the_value() {
    let order: Order =
        decode(r#" {"sku": "AB1", "quantity": 2, "paid": null, "new": 1} "#).unwrap();
    let expected = Order { sku: "AB1".into(), quantity: 2, notes: vec![], paid: None };
    assert_eq!(order, expected, "an unknown property is serde's to ignore");
}

#[test]
fn whole_numbers_written_with_a_fraction_are_read() {
    let text = r#"{"sku": "AB1", "quantity": 7.0, "paid": {"name": "x", "cents": 5.0}}"#;
    let order: Order = decode(text).unwrap();
    assert_eq!(order.quantity, 7);
    assert_eq!(order.paid, Some(Payment::Named { name: "x".into(), cents: 5 }));
    assert!(decode::<u8>("7.5").is_err());
    assert!(decode::<u8>("256.0").is_err());
    assert_eq!(decode::<Vec<u8>>("[1.0, 2, 3e0]").unwrap(), [1, 2, 3]);
    assert_eq!(decode::<i64>("1e18").unwrap(), 1_000_000_000_000_000_000);
    assert_eq!(decode::<i128>("-1E20").unwrap(), -100_000_000_000_000_000_000);
    assert_eq!(decode::<u128>("3e38").unwrap(), 3 * 10_u128.pow(38));
    assert_eq!(decode::<i64>("9223372036854775807.0").unwrap(), i64::MAX);
    assert_eq!(decode::<u64>("18446744073709551615.0").unwrap(), u64::MAX);
    assert_eq!(decode::<u8>("-0").unwrap(), 0);
    assert!(decode::<i64>("1e19").is_err());
    assert_eq!(decode::<f64>("7.0").unwrap(), 7.0);
}

#[test]
fn limits_hold_after_serde_and_all_are_listed() {
    violations(
        r#"{"sku": "ab", "quantity": 0, "notes": ["a", "b", "c"], "paid": 1}"#,
        &[
            "at /sku: expected text that matches ^[A-Z]{2}[0-9]+$ (pattern)",
            "at /quantity: expected at least 1 (minimum)",
            "at /notes: expected at most 2 elements, not 3 (maxItems)",
        ],
    );
    violations(
        r#"{"sku": "ab", "quantity": 7.0, "paid": 1}"#,
        &["at /sku: expected text that matches ^[A-Z]{2}[0-9]+$ (pattern)"],
    );
}

#[test]
fn an_alias_is_held_to_the_same_limits() {
    assert!(decode::<Order>(r#"{"stock_unit": "AB1", "quantity": 1, "paid": 1}"#).is_ok());
    violations(
        r#"{"stock_unit": "", "quantity": 1, "paid": 1}"#,
        &["at /stock_unit: expected text that matches ^[A-Z]{2}[0-9]+$ (pattern)"],
    );
}

#[test]
fn another_shape_is_told_place_by_place() {
    violations(
        r#"{"quantity": "2", "paid": {"name": 1, "cents": 1}, "extra": 1}"#,
        &[
            "at the root: expected a property \"sku\" (required)",
            "at /quantity: expected an integer (type)",
            "at /paid/name: expected a string (type)",
        ],
    );
}

#[test]
fn what_only_the_type_refuses_has_its_place_too() {
    #[derive(Debug)]
    struct Even;

    impl<'de> Deserialize<'de> for Even {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let value = u8::deserialize(deserializer)?;
            let error = || serde::de::Error::custom("odd: the secret is 77");
            (value % 2 == 0).then_some(Even).ok_or_else(error)
        }
    }

    impl GeminiSchema for Even {
        fn schema(generator: &mut gemini_schema::Generator) -> gemini_schema::Schema {
            u8::schema(generator)
        }
    }

    let error = decode::<Vec<Even>>("[2, 77]").unwrap_err();
    assert_eq!(error.violations()[0].path(), "/1");
    assert_eq!(error.violations()[0].keyword(), "serde");
    assert!(!error.to_string().contains("77"), "the answer stays out of the message: {error}");

    let lowered = Lowered::of::<(u8, Even)>(Dialect::GeminiJson).unwrap();
    let error = lowered.decode::<(u8, Even)>("[2.0, 77]").unwrap_err();
    assert_eq!(error.violations()[0].path(), "/1", "2.0 is read as 2");
}

#[test]
fn text_that_is_not_json_is_told_from_text_that_ends() {
    for (text, kind) in [
        ("", DecodeErrorKind::Truncated),
        ("[1, 2", DecodeErrorKind::Truncated),
        ("[\"a", DecodeErrorKind::Truncated),
        ("Sure! [1]", DecodeErrorKind::InvalidJson),
        ("[1] and more", DecodeErrorKind::InvalidJson),
        ("[1,]", DecodeErrorKind::InvalidJson),
    ] {
        let error = decode::<Vec<u8>>(text).unwrap_err();
        assert_eq!(error.kind(), kind, "{text:?}");
        assert!(error.violations().is_empty());
    }
    let deep = "[".repeat(100_000);
    assert_eq!(decode::<Vec<u8>>(&deep).unwrap_err().kind(), DecodeErrorKind::InvalidJson);
}

#[test]
fn borrowed_text_can_be_read() {
    #[derive(Deserialize, GeminiSchema)]
    struct Word<'a> {
        #[serde(borrow)]
        word: std::borrow::Cow<'a, str>,
    }
    let lowered = Lowered::of::<Vec<Word<'_>>>(Dialect::Gemini).unwrap();
    let words: Vec<Word<'_>> = lowered.decode(r#"[{"word": "a"}, {"word": "\n"}]"#).unwrap();
    assert_eq!(words[1].word, "\n");
}

#[test]
fn nothing_else_changes_when_a_number_is_written_anew() {
    type Row = (i8, u128, String, Vec<u8>, std::collections::BTreeMap<String, f64>);
    let lowered = Lowered::of::<Row>(Dialect::GeminiJson).unwrap();
    let text = format!(
        r#"[ 7.0 ,{}, "7.0 \" ]", [ 1e0 ,2 , 3.0], {{"a\u0062" : 4.0, "\"" :5}}]"#,
        u128::MAX
    );
    let row: Row = lowered.decode(&text).unwrap();
    let map = [("ab".into(), 4.0), ("\"".into(), 5.0)].into();
    assert_eq!(row, (7, u128::MAX, "7.0 \" ]".into(), vec![1, 2, 3], map));
}

#[test]
fn types_that_lead_back_to_themselves_do_not_hang() {
    #[derive(Debug, GeminiSchema)]
    #[serde(untagged)]
    #[allow(dead_code, reason = "serde could not read it either")]
    enum Same {
        Again(Box<Same>),
        Number(u8),
    }
    #[derive(GeminiSchema)]
    #[allow(dead_code, reason = "has no values")]
    struct Own(Box<Own>);

    let schema = gemini_schema::Schema::of::<Same>();
    assert!(schema.check(&serde_json::json!(5)).is_empty());
    assert!(!schema.check(&serde_json::json!("x")).is_empty());
    let lowered = schema.lower(Dialect::Draft202012).unwrap();
    assert!(lowered.decode::<u8>("5.5").is_err());
    assert!(gemini_schema::Schema::of::<Own>().lower(Dialect::Draft202012).is_err());
}

#[test]
fn limits_of_keys_hold_too() {
    #[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, GeminiSchema)]
    struct Code(#[gemini(pattern = "^[A-Z]$")] String);

    type Map = std::collections::BTreeMap<Code, u8>;
    let lowered = Lowered::of::<Map>(Dialect::Draft202012).unwrap();
    assert!(lowered.decode::<Map>(r#"{"A": 1}"#).is_ok());
    let error = lowered.decode::<Map>(r#"{"a": 1}"#).unwrap_err();
    assert_eq!(error.violations()[0].keyword(), "pattern");
}

//! What a dialect cannot say is refused, with the place and the way out.

#![allow(dead_code, reason = "types of which only the schema is looked at")]

use std::collections::HashMap;

use gemini_schema::{Dialect, GeminiSchema, Lowered};
use serde_json::Value;

#[track_caller]
fn refuses<T: GeminiSchema>(dialect: Dialect, expected: &[(&str, &str)]) {
    let error = Lowered::of::<T>(dialect).unwrap_err();
    let problems = error.problems();
    let paths: Vec<_> = problems.iter().map(gemini_schema::Problem::path).collect();
    assert_eq!(paths, expected.iter().map(|(path, _)| *path).collect::<Vec<_>>(), "{error}");
    for (problem, (_, words)) in problems.iter().zip(expected) {
        assert!(problem.reason().contains(words), "{problem} without {words:?}");
        assert!(!problem.remedy().is_empty());
    }
}

#[derive(GeminiSchema)]
struct Odd {
    map: HashMap<String, u8>,
    pair: (u8, Value),
    list: Vec<Value>,
    nothing: Empty,
}

#[derive(GeminiSchema)]
struct Empty {}

#[test]
fn all_parts_that_a_carrier_cannot_say_are_named() {
    refuses::<Odd>(
        Dialect::Gemini,
        &[
            ("/properties/map", "no maps"),
            ("/properties/pair", "no tuples"),
            ("/properties/pair/prefixItems/1", "a type at every node"),
            ("/properties/list/items", "a type at every node"),
            ("/properties/nothing", "no objects without properties"),
        ],
    );
    assert!(Lowered::of::<Odd>(Dialect::GeminiJson).is_ok());
}

#[derive(GeminiSchema)]
struct Endless {
    children: Vec<Endless>,
}

#[derive(GeminiSchema)]
struct Here {
    there: Option<Box<There>>,
}

#[derive(GeminiSchema)]
struct There {
    #[serde(default)]
    here: Option<Box<Here>>,
    back: Option<Box<There>>,
}

#[test]
fn recursion_needs_a_property_that_may_be_left_out() {
    let path = "/$defs/Endless/properties/children/items";
    refuses::<Endless>(Dialect::GeminiJson, &[(path, "Endless contains Endless")]);
    refuses::<Here>(
        Dialect::GeminiJson,
        &[("/$defs/There/properties/back", "There contains There")],
    );
    assert!(Lowered::of::<Endless>(Dialect::Draft202012).is_ok());
    refuses::<Endless>(
        Dialect::Gemini,
        &[("/properties/children/items", "Endless contains itself")],
    );
}

#[derive(GeminiSchema)]
struct Misplaced {
    #[gemini(min_length = 3)]
    number: u8,
    #[gemini(minimum = 300)]
    small: u8,
    #[gemini(min_items = 1)]
    fixed: (u8, u8),
    #[gemini(example = 4)]
    word: String,
}

#[test]
fn limits_that_do_not_fit_the_type_are_named_in_every_dialect() {
    for dialect in [Dialect::Gemini, Dialect::GeminiJson, Dialect::Draft202012] {
        refuses::<Misplaced>(
            dialect,
            &[
                ("/properties/number", "min_length needs a string, and this is an integer"),
                ("/properties/small", "minimum is above maximum"),
                ("/properties/fixed", "min_items needs a list"),
                ("/properties/word", "the example does not conform"),
            ],
        );
    }
}

#[derive(GeminiSchema)]
struct Flattening {
    own: u8,
    #[serde(flatten)]
    rest: Vec<u8>,
}

#[derive(GeminiSchema)]
struct Twice {
    name: String,
    #[serde(flatten)]
    other: Named,
}

#[derive(GeminiSchema)]
struct Named {
    name: String,
}

#[derive(GeminiSchema)]
#[serde(tag = "t")]
enum Tagged {
    Word(String),
}

#[test]
fn only_objects_stand_among_the_properties_of_another() {
    refuses::<Flattening>(Dialect::Gemini, &[("", "this is an array")]);
    refuses::<Tagged>(Dialect::GeminiJson, &[("", "this is a string")]);
    refuses::<Twice>(Dialect::Gemini, &[("", "the property \"name\" is there twice")]);
}

#[derive(GeminiSchema)]
#[serde(untagged)]
enum Buffered {
    Wide(u128),
    Switches(HashMap<bool, u8>),
    Fine { small: u64 },
}

#[derive(GeminiSchema)]
struct Around {
    direct: i128,
    #[serde(flatten)]
    inner: Inner,
    #[serde(default)]
    again: Option<Box<Around>>,
}

#[derive(GeminiSchema)]
struct Inner {
    wide: i128,
}

#[derive(GeminiSchema)]
#[serde(tag = "t", content = "c")]
enum Loop {
    Back(Wide),
}

#[derive(GeminiSchema)]
struct Wide {
    wide: u128,
    #[serde(default)]
    next: Option<Box<Loop>>,
}

#[test]
fn what_serde_cannot_read_from_its_buffers_is_refused() {
    refuses::<Buffered>(
        Dialect::GeminiJson,
        &[("/anyOf/0", "128 bits"), ("/anyOf/1", "bool as its key")],
    );
    let flattened = ("/properties/wide", "128 bits");
    refuses::<Around>(
        Dialect::Draft202012,
        &[flattened, ("/$defs/Around/properties/wide", "128 bits")],
    );
    refuses::<Wide>(Dialect::GeminiJson, &[("/$defs/Wide/properties/wide", "128 bits")]);
}

#[test]
fn text_with_escapes_cannot_be_borrowed() {
    refuses::<Vec<&str>>(Dialect::Gemini, &[("/items", "cannot be borrowed")]);
    assert!(Lowered::of::<std::borrow::Cow<'_, str>>(Dialect::Gemini).is_ok());
}

#[derive(GeminiSchema)]
struct Keyed {
    #[serde(alias = "id")]
    key: u8,
}

#[derive(GeminiSchema)]
struct Aliased {
    id: u8,
    #[serde(flatten)]
    keyed: Keyed,
}

#[derive(GeminiSchema)]
enum Nameless {
    #[serde(rename = "")]
    Nothing,
    Something,
}

#[test]
fn names_that_meet_or_are_missing_are_refused() {
    refuses::<Aliased>(Dialect::Gemini, &[("", "the property \"id\" is there twice")]);
    refuses::<Nameless>(Dialect::Gemini, &[("", "no empty strings")]);
}

#[derive(GeminiSchema)]
struct Code(#[gemini(pattern = "^[A-Z]")] String);

#[derive(GeminiSchema)]
struct Day(#[gemini(format = "date")] String);

#[derive(GeminiSchema)]
struct Narrowed {
    #[gemini(pattern = "[0-9]$", max_length = 3)]
    code: Code,
    #[gemini(pattern = "^[A-Z]")]
    same: Code,
    #[gemini(format = "date-time")]
    day: Day,
    #[gemini(format = "date", pattern = "^2")]
    recent: Day,
}

#[test]
fn no_limit_of_a_type_is_lost_where_a_field_has_another() {
    refuses::<Narrowed>(
        Dialect::Gemini,
        &[
            ("/properties/code", "another pattern of its own"),
            ("/properties/day", "another format of its own"),
        ],
    );
}

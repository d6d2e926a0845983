//! What a dialect cannot say is refused, with the place and the way out.

#![allow(dead_code, reason = "types of which only the schema is looked at")]

use std::collections::HashMap;

use gemini_schema::{Dialect, GeminiSchema, Lowered};

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
struct Endless {
    more: Box<More>,
}

#[derive(GeminiSchema)]
struct More {
    back: (u8, Box<Endless>),
}

#[derive(GeminiSchema)]
struct AtLeastOne {
    #[gemini(min_items = 1)]
    children: Vec<AtLeastOne>,
}

#[test]
fn recursion_that_cannot_end_is_refused_with_its_edge() {
    for dialect in [Dialect::Gemini, Dialect::GeminiJson] {
        let path = "/$defs/Endless/properties/more/properties/back/prefixItems/1";
        refuses::<Endless>(dialect, &[(path, "Endless contains Endless")]);
        let path = "/$defs/AtLeastOne/properties/children/items";
        refuses::<AtLeastOne>(dialect, &[(path, "AtLeastOne contains AtLeastOne")]);
    }
    assert!(Lowered::of::<Endless>(Dialect::Draft202012).is_ok());
}

#[test]
fn keys_that_are_no_text_are_refused() {
    for dialect in [Dialect::Gemini, Dialect::GeminiJson, Dialect::Draft202012] {
        refuses::<HashMap<Vec<u8>, u8>>(dialect, &[("", "the keys of a map are an array")]);
        refuses::<HashMap<Option<u8>, u8>>(dialect, &[("", "the keys of a map are null")]);
    }
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

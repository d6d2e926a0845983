//! The exact text that each dialect sends.

#![allow(dead_code, reason = "types of which only the schema is looked at")]

use std::collections::{BTreeMap, HashMap};
use std::num::NonZero;

use gemini_schema::{Dialect, GeminiSchema, Lowered, Schema, Shape};

#[track_caller]
fn sends<T: GeminiSchema>(dialect: Dialect, expected: &str) {
    let lowered = Lowered::of::<T>(dialect).unwrap();
    assert_eq!(lowered.as_str(), expected);
    assert_eq!(serde_json::to_string(lowered.schema()).unwrap(), expected);
}

/// A cookie that can be baked.
#[derive(GeminiSchema)]
struct Recipe {
    /// As it is called.
    recipe_name: String,
    #[gemini(min_items = 1, max_items = 9)]
    ingredients: Vec<String>,
    minutes: Option<u16>,
    #[serde(default)]
    vegan: bool,
}

#[derive(GeminiSchema)]
enum Grade {
    #[serde(rename = "a+")]
    /// better than good
    APlus,
    #[serde(rename = "a")]
    A,
}

#[derive(GeminiSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Payment {
    /// Paid with notes and coins.
    Cash {
        amount: f64,
    },
    Card(Card),
    Free,
}

#[derive(GeminiSchema)]
struct Card {
    #[gemini(pattern = "^[0-9]{4}$")]
    last_digits: String,
}

#[test]
fn a_struct_keeps_the_order_of_its_fields() {
    sends::<Recipe>(
        Dialect::Gemini,
        r#"{"type":"OBJECT","description":"A cookie that can be baked.","properties":{"recipe_name":{"type":"STRING","description":"As it is called."},"ingredients":{"type":"ARRAY","items":{"type":"STRING"},"minItems":1,"maxItems":9},"minutes":{"type":"INTEGER","format":"int32","nullable":true,"minimum":0,"maximum":65535},"vegan":{"type":"BOOLEAN"}},"required":["recipe_name","ingredients","minutes"],"propertyOrdering":["recipe_name","ingredients","minutes","vegan"]}"#,
    );
    sends::<Recipe>(
        Dialect::GeminiJson,
        r#"{"type":"object","description":"A cookie that can be baked.","properties":{"recipe_name":{"type":"string","description":"As it is called."},"ingredients":{"type":"array","items":{"type":"string"},"minItems":1,"maxItems":9},"minutes":{"type":["integer","null"],"minimum":0,"maximum":65535},"vegan":{"type":"boolean"}},"required":["recipe_name","ingredients","minutes"],"additionalProperties":false,"propertyOrdering":["recipe_name","ingredients","minutes","vegan"]}"#,
    );
}

#[test]
fn an_enum_of_units_is_a_string_with_its_meanings() {
    let expected = r#"{"type":"STRING","description":"a+: better than good","enum":["a+","a"]}"#;
    sends::<Grade>(Dialect::Gemini, expected);
    assert!(Lowered::of::<Grade>(Dialect::Gemini).unwrap().is_string_enum());
    assert!(!Lowered::of::<Option<Grade>>(Dialect::Gemini).unwrap().is_string_enum());
    assert!(!Lowered::of::<Vec<Grade>>(Dialect::Gemini).unwrap().is_string_enum());
}

#[test]
fn a_tagged_enum_has_a_branch_for_each_variant_and_its_tag_first() {
    sends::<Payment>(
        Dialect::Gemini,
        r#"{"anyOf":[{"type":"OBJECT","description":"Paid with notes and coins.","properties":{"kind":{"type":"STRING","enum":["cash"]},"amount":{"type":"NUMBER","format":"double"}},"required":["kind","amount"],"propertyOrdering":["kind","amount"]},{"type":"OBJECT","properties":{"kind":{"type":"STRING","enum":["card"]},"last_digits":{"type":"STRING","pattern":"^[0-9]{4}$"}},"required":["kind","last_digits"],"propertyOrdering":["kind","last_digits"]},{"type":"OBJECT","properties":{"kind":{"type":"STRING","enum":["free"]}},"required":["kind"],"propertyOrdering":["kind"]}]}"#,
    );
}

#[test]
fn a_map_is_free_in_json_and_an_object_where_its_keys_are_known() {
    sends::<HashMap<String, u8>>(
        Dialect::GeminiJson,
        r#"{"type":"object","additionalProperties":{"type":"integer","minimum":0,"maximum":255}}"#,
    );
    sends::<BTreeMap<Grade, bool>>(
        Dialect::Gemini,
        r#"{"type":"OBJECT","properties":{"a+":{"type":"BOOLEAN"},"a":{"type":"BOOLEAN"}},"propertyOrdering":["a+","a"]}"#,
    );
}

#[test]
fn a_tuple_is_a_list_of_equal_parts_or_says_each() {
    sends::<(bool, bool)>(
        Dialect::Gemini,
        r#"{"type":"ARRAY","items":{"type":"BOOLEAN"},"minItems":2,"maxItems":2}"#,
    );
    sends::<(bool, String)>(
        Dialect::GeminiJson,
        r#"{"type":"array","prefixItems":[{"type":"boolean"},{"type":"string"}],"minItems":2,"maxItems":2}"#,
    );
}

#[test]
fn numbers_have_the_bounds_of_their_types_to_the_last_digit() {
    sends::<u64>(
        Dialect::GeminiJson,
        r#"{"type":"integer","minimum":0,"maximum":18446744073709551615}"#,
    );
    sends::<i128>(
        Dialect::Draft202012,
        r#"{"type":"integer","minimum":-170141183460469231731687303715884105728,"maximum":170141183460469231731687303715884105727}"#,
    );
    sends::<NonZero<i8>>(
        Dialect::GeminiJson,
        r#"{"anyOf":[{"type":"integer","minimum":1,"maximum":127},{"type":"integer","minimum":-128,"maximum":-1}]}"#,
    );
    sends::<f64>(
        Dialect::GeminiJson,
        r#"{"type":"number","minimum":-1.7976931348623157e+308,"maximum":1.7976931348623157e+308}"#,
    );
    sends::<f64>(Dialect::Gemini, r#"{"type":"NUMBER","format":"double"}"#);
}

#[derive(GeminiSchema)]
struct Node {
    value: bool,
    #[serde(default)]
    children: Vec<Node>,
}

#[test]
fn a_recursive_type_refers_to_its_definition() {
    sends::<Option<Node>>(
        Dialect::GeminiJson,
        r##"{"type":["object","null"],"properties":{"value":{"type":"boolean"},"children":{"type":"array","items":{"$ref":"#/$defs/Node"}}},"required":["value"],"additionalProperties":false,"propertyOrdering":["value","children"],"$defs":{"Node":{"type":"object","properties":{"value":{"type":"boolean"},"children":{"type":"array","items":{"$ref":"#/$defs/Node"}}},"required":["value"],"additionalProperties":false,"propertyOrdering":["value","children"]}}}"##,
    );
}

#[derive(GeminiSchema)]
struct Entry {
    id: u8,
    #[serde(flatten)]
    state: State,
    #[serde(flatten)]
    place: Option<Place>,
    #[serde(flatten)]
    nothing: (),
}

#[derive(GeminiSchema)]
enum State {
    Open,
    Closed(bool),
}

#[derive(GeminiSchema)]
struct Place {
    x: bool,
}

#[test]
fn flattened_parts_stand_where_serde_writes_them() {
    let schema = Schema::of::<Entry>();
    let Shape::AnyOf(branches) = schema.shape() else { panic!("{schema:?}") };
    let names = |branch: &Schema| -> Vec<String> {
        let Shape::Object(object) = branch.shape() else { panic!("{branch:?}") };
        object.properties.iter().map(|property| property.name.clone()).collect()
    };
    let names: Vec<_> = branches.iter().map(names).collect();
    let expected = [
        vec!["id", "Open", "x"],
        vec!["id", "Open"],
        vec!["id", "Closed", "x"],
        vec!["id", "Closed"],
    ];
    assert_eq!(names, expected);
}

#[derive(GeminiSchema)]
struct Formats {
    #[gemini(format = "date-time")]
    at: String,
    #[gemini(format = "uuid", description = "Which one.", example = "none")]
    id: Option<String>,
}

#[test]
fn what_a_carrier_has_no_keyword_for_is_said_in_words_and_noted() {
    let error = Lowered::of::<Formats>(Dialect::Gemini).unwrap_err();
    assert_eq!(error.problems().len(), 1, "the example is no UUID: {error}");

    #[derive(GeminiSchema)]
    struct Dated {
        /// Whence.
        #[gemini(format = "ipv6")]
        from: String,
        #[gemini(max_length = 3)]
        code: String,
    }
    let lowered = Lowered::of::<Dated>(Dialect::Gemini).unwrap();
    let from = lowered.schema().get("properties").unwrap().get("from").unwrap();
    assert_eq!(
        from.to_string(),
        r#"{"type":"STRING","description":"Whence.\nFormat: an IPv6 address."}"#
    );
    let notes = |dialect| -> Vec<String> {
        let lowered = Lowered::of::<Dated>(dialect).unwrap();
        lowered.notes().iter().map(ToString::to_string).collect()
    };
    assert_eq!(
        notes(Dialect::Gemini),
        [
            "at /properties/from: the format ipv6 is only described",
            "at /properties/code: maxLength is advice to the service"
        ]
    );
    assert_eq!(
        notes(Dialect::GeminiJson),
        [
            "at /properties/from: the format ipv6 is only described",
            "at /properties/code: responseJsonSchema ignores maxLength"
        ]
    );
    assert!(notes(Dialect::Draft202012).is_empty());
}

#[test]
fn a_format_is_a_pattern_where_one_says_it() {
    #[derive(GeminiSchema)]
    struct Dated {
        #[gemini(format = "date")]
        on: String,
    }
    let lowered = Lowered::of::<Dated>(Dialect::Gemini).unwrap();
    assert!(lowered.as_str().contains(r#""pattern":"^([0-9]{4}-"#), "{lowered}");
    assert_eq!(lowered.notes()[0].text(), "pattern is advice to the service");
}

#[test]
fn an_example_of_a_type_gives_way_where_the_type_is_narrowed() {
    #[derive(GeminiSchema)]
    #[gemini(example = 4, maximum = 5)]
    struct Stars(u8);

    #[derive(GeminiSchema)]
    struct Review {
        stars: Stars,
        #[gemini(maximum = 3)]
        few: Stars,
    }
    let lowered = Lowered::of::<Review>(Dialect::Gemini).unwrap();
    assert_eq!(lowered.as_str().matches("example").count(), 1, "{lowered}");
}

#[test]
fn an_example_with_recursive_parts_stays_where_its_type_is_used() {
    #[derive(serde::Serialize, GeminiSchema)]
    #[gemini(example = Tree { root: Knot { next: None } })]
    struct Tree {
        root: Knot,
    }
    #[derive(serde::Serialize, GeminiSchema)]
    struct Knot {
        #[serde(default)]
        next: Option<Box<Knot>>,
    }
    #[derive(GeminiSchema)]
    struct Wood {
        plain: Tree,
        /// The same.
        described: Tree,
    }
    let lowered = Lowered::of::<Wood>(Dialect::Draft202012).unwrap();
    assert_eq!(lowered.as_str().matches(r#"{"root":{"next":null}}"#).count(), 2, "{lowered}");
}

#[test]
fn definitions_have_names_that_stand_in_a_uri() {
    #[derive(GeminiSchema)]
    #[serde(rename = "a/b~c d%é")]
    struct Odd {
        #[serde(default)]
        next: Option<Box<Odd>>,
    }
    let lowered = Lowered::of::<Odd>(Dialect::GeminiJson).unwrap();
    assert!(lowered.as_str().contains(r##""$ref":"#/$defs/a_b_c_d__""##), "{lowered}");
}

//! Schemas made by hand.

use gemini_schema::{
    Dialect, Format, GeminiSchema, Generator, Identity, Lowered, OrderedJson, Problem, Property,
    Schema, Shape,
};
use serde_json::json;

#[test]
fn a_schema_made_by_hand_lowers_and_checks() {
    let schema = Schema::object([
        Property::required("id", Schema::format(Format::Uuid)),
        Property::required("size", Schema::integer(1_i128, 9_i128).with_title("Size")),
        Property::optional("word", Schema::pattern("^[a-z]+$").unwrap().nullable()),
        Property::optional("place", Schema::tuple([Schema::number(), Schema::number()])),
        Property::optional("kind", Schema::enumeration(["a", "b"]).with_description("Which.")),
    ]);
    let lowered = schema.lower(Dialect::Gemini).unwrap();
    assert_eq!(
        lowered.as_str(),
        r#"{"type":"OBJECT","properties":{"id":{"type":"STRING","description":"Format: a UUID such as 123e4567-e89b-12d3-a456-426614174000.","pattern":"^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"},"size":{"type":"INTEGER","format":"int32","title":"Size","minimum":1,"maximum":9},"word":{"type":"STRING","nullable":true,"pattern":"^[a-z]+$"},"place":{"type":"ARRAY","items":{"type":"NUMBER","format":"double"},"minItems":2,"maxItems":2},"kind":{"type":"STRING","description":"Which.","enum":["a","b"]}},"required":["id","size"],"propertyOrdering":["id","size","word","place","kind"]}"#
    );
    let violations = schema.check(&json!({"id": "x", "size": 10, "word": "A", "kind": "c"}));
    let keywords: Vec<_> = violations.iter().map(gemini_schema::Violation::keyword).collect();
    assert_eq!(keywords, ["format", "maximum", "pattern", "enum"]);
}

#[test]
fn limits_of_a_schema_made_by_hand_are_checked_after_serde() {
    struct Size;

    impl GeminiSchema for Size {
        fn schema(_: &mut Generator) -> Schema {
            Schema::integer(1_i128, 9_i128)
        }
    }

    let lowered = Lowered::of::<Size>(Dialect::Gemini).unwrap();
    assert!(lowered.decode::<u8>("9").is_ok());
    assert!(lowered.decode::<u8>("10").is_err());
}

#[test]
fn null_among_alternatives_makes_the_others_nullable() {
    let nullable = Schema::any_of([Schema::null(), Schema::string()]);
    assert!(matches!(nullable.shape(), Shape::String(_)));
    assert!(nullable.annotations().nullable);
    assert!(matches!(Schema::any_of([Schema::null()]).shape(), Shape::Null));
    assert!(!Schema::any_of([Schema::boolean()]).annotations().nullable);
}

#[test]
fn two_recursive_types_of_one_name_have_two_definitions() {
    mod other {
        use super::{GeminiSchema, Generator, Identity, Property, Schema};

        pub(super) struct Node;

        impl GeminiSchema for Node {
            fn schema(generator: &mut Generator) -> Schema {
                generator.define(Identity::of::<Self>(), "Node", |generator| {
                    Schema::object([Property::optional("other", Node::schema(generator))])
                })
            }
        }
    }

    struct Node;

    impl GeminiSchema for Node {
        fn schema(generator: &mut Generator) -> Schema {
            generator.define(Identity::of::<Self>(), "Node", |generator| {
                Schema::object([
                    Property::optional("own", Node::schema(generator)),
                    Property::optional("other", other::Node::schema(generator)),
                ])
            })
        }
    }

    let schema = Schema::of::<Node>();
    let names: Vec<&String> = schema.definitions().keys().collect();
    assert_eq!(names, ["Node", "Node2"]);
}

#[test]
fn a_part_without_a_schema_is_refused_with_its_reason() {
    let schema = Schema::array(Schema::invalid(Problem::new("no words", "say more")));
    let error = schema.lower(Dialect::Draft202012).unwrap_err();
    assert_eq!(error.problems()[0].to_string(), "at /items: no words; say more");
}

#[test]
fn ordered_json_round_trips() {
    let text = r#"{"b":1,"a":[null,true,-2,18446744073709551615,0.5,"x\n"],"":{}}"#;
    let value: OrderedJson = serde_json::from_str(text).unwrap();
    assert_eq!(value.to_string(), text);
}

//! Where the two differ, and why.

/// Who says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// Only the SDK.
    Theirs,
    /// Only this library.
    Ours,
    /// Both, and not the same.
    Both,
}

/// Keywords that only one of the two sends, whatever the type is.
pub(crate) const ANYWHERE: &[(&str, Side, &str)] = &[
    (
        "title",
        Side::Theirs,
        "a property's name in capitals tells nothing; sent where it is written",
    ),
    (
        "format",
        Side::Ours,
        "Python's int has no bounds; int32, int64, float and double name Rust's",
    ),
    ("minimum", Side::Ours, "the least value of the Rust type: nothing below could be read"),
    ("maximum", Side::Ours, "the greatest value of the Rust type: nothing above could be read"),
    (
        "propertyOrdering",
        Side::Ours,
        "the SDK skips it for one property; we send it with every object",
    ),
    (
        "default",
        Side::Theirs,
        "the service ignores it; serde's default is code, not a value in the type",
    ),
];

/// Places of single types: the case, where, and why.
pub(crate) const HERE: &[(&str, &str, &str)] = &[
    ("any_field", "/properties/v/description", ANY),
    ("any_field", "/properties/v/type", ANY),
    ("dict_any_field on Vertex", "/properties/extra/additionalProperties", ANY),
    ("extra_allow on Vertex", "/additionalProperties", ANY),
    ("empty_model", "/enum", EMPTY),
    ("empty_model", "/properties", EMPTY),
    ("empty_model", "/type", EMPTY),
    ("nested_empty_model", "/properties/e/enum", EMPTY),
    ("nested_empty_model", "/properties/e/properties", EMPTY),
    ("nested_empty_model", "/properties/e/type", EMPTY),
    ("none_field", "/properties/nothing/nullable", NULL),
    ("none_field", "/properties/nothing/type", NULL),
    ("dict_anyof_null", "/properties/b/nullable", NULL),
    ("dict_anyof_null", "/properties/b/type", NULL),
    ("enum_int_top", "/description", INTEGERS),
    ("enum_int_top", "/enum/0", INTEGERS),
    ("enum_int_top", "/enum/1", INTEGERS),
    ("enum_intenum_top", "/description", INTEGERS),
    ("enum_intenum_top", "/enum/0", INTEGERS),
    ("enum_intenum_top", "/enum/1", INTEGERS),
    ("schema_object_int_enum_strings", "/description", INTEGERS),
    ("schema_object_int_enum_strings", "/enum/0", INTEGERS),
    ("schema_object_int_enum_strings", "/enum/1", INTEGERS),
    ("schema_object_int_enum_strings", "/format", INTEGERS),
    ("schema_object_int_enum_strings", "/type", INTEGERS),
    ("enum_str_field_described", "/properties/c/description", WORDS),
    ("nested_model_described", "/properties/address/description", WORDS),
    ("nested_model_described_no_doc", "/properties/address/description", WORDS),
    ("string_formats", "/properties/d/description", FORMAT),
    ("string_formats", "/properties/d/format", FORMAT),
    ("string_formats", "/properties/d/pattern", FORMAT),
    ("string_formats", "/properties/t/description", FORMAT),
    ("string_formats", "/properties/t/format", FORMAT),
    ("string_formats", "/properties/u/description", FORMAT),
    ("string_formats", "/properties/u/format", FORMAT),
    ("string_formats", "/properties/u/pattern", FORMAT),
    ("string_formats", "/properties/url/description", FORMAT),
    ("string_formats", "/properties/url/format", FORMAT),
    ("string_formats", "/properties/url/pattern", FORMAT),
    ("ip_field", "/properties/ip/description", FORMAT),
    ("ip_field", "/properties/ip/format", FORMAT),
    ("ip_field", "/properties/ip/pattern", FORMAT),
    (
        "string_formats",
        "/properties/td/format",
        "a plain string in Rust: the service takes no `duration`",
    ),
    (
        "string_formats",
        "/properties/raw/format",
        "a plain string in Rust: the service takes no `binary`",
    ),
    ("string_formats", "/properties/url/minLength", "the pattern says more"),
    ("dict_field on Vertex", "/properties/counts/additionalProperties/type", UPPER),
    ("dict_top on Vertex", "/additionalProperties/type", UPPER),
    (
        "dict_of_models_field on Vertex",
        "/properties/points/additionalProperties/properties/x/type",
        UPPER,
    ),
    (
        "dict_of_models_field on Vertex",
        "/properties/points/additionalProperties/properties/y/type",
        UPPER,
    ),
    ("dict_of_models_field on Vertex", "/properties/points/additionalProperties/type", UPPER),
    ("recursive_optional", "/properties/next/properties", RECURSION),
    ("recursive_optional", "/properties/next/required", RECURSION),
    ("recursive_optional", "/properties/next/type", RECURSION),
    ("recursive_list", "/properties/children/items/properties", RECURSION),
    ("recursive_list", "/properties/children/items/required", RECURSION),
    ("recursive_list", "/properties/children/items/type", RECURSION),
    ("recursive_list", "/required", RECURSION),
    ("mutual_recursion", "/properties/b/properties/a/properties", RECURSION),
    ("mutual_recursion", "/properties/b/properties/a/required", RECURSION),
    ("mutual_recursion", "/properties/b/properties/a/type", RECURSION),
    (
        "json_schema_extra_ordering",
        "/required/0",
        "the same names: Rust has one order, that of the fields",
    ),
    (
        "json_schema_extra_ordering",
        "/required/1",
        "the same names: Rust has one order, that of the fields",
    ),
    (
        "extra_forbid",
        "/additionalProperties",
        "the Gemini API has no such field and answers 400; a decoder invents no properties",
    ),
    (
        "schema_object_all_fields",
        "/minProperties",
        "an object with named properties says by `required` how many there are",
    ),
    (
        "schema_object_all_fields",
        "/maxProperties",
        "an object with named properties says by `required` how many there are",
    ),
    ("schema_object_all_fields", "/properties/s/example", CONTRADICTION),
    ("schema_object_all_fields", "/properties/s/minLength", CONTRADICTION),
    ("schema_object_all_fields", "/properties/s/maxLength", CONTRADICTION),
    ("schema_object_all_fields", "/properties/s/pattern", CONTRADICTION),
    ("json_schema_dict", "/$defs", DEFINITIONS),
    ("json_schema_dict", "/properties/b/$ref", DEFINITIONS),
    ("json_schema_dict", "/properties/b/type", DEFINITIONS),
    ("json_schema_pydantic_dumped", "/$defs", DEFINITIONS),
    ("json_schema_pydantic_dumped", "/properties/address/anyOf", DEFINITIONS),
    ("json_schema_pydantic_dumped", "/properties/address/properties", DEFINITIONS),
    ("json_schema_pydantic_dumped", "/properties/address/required", DEFINITIONS),
    ("json_schema_pydantic_dumped", "/properties/address/type", DEFINITIONS),
    ("json_schema_pydantic_dumped", "/additionalProperties", CLOSED),
    ("json_schema_pydantic_dumped", "/properties/address/additionalProperties", CLOSED),
];

const ANY: &str = "the service wants a type at every node: any value is a string that holds JSON, and is turned back";
const EMPTY: &str =
    "the service refuses objects without properties: a word stands in, and is turned back";
const NULL: &str = "`nullable` alone has no type; NULL is one";
const INTEGERS: &str = "the SDK numbers the members from 1 and loses their values; we send their names, say the values in the description, and read the values";
const WORDS: &str = "the SDK overwrites or drops what a field says of itself; a field's own words win over those of its type";
const FORMAT: &str = "the service takes no format of strings but date-time and enum: the words say it, a pattern where it is exact, and the answer is checked";
const UPPER: &str =
    "the SDK forgets to spell the types below additionalProperties as this field has them";
const RECURSION: &str = "the SDK cuts at the first repetition and leaves a node without a type, into which anything goes; we write it out to the depth that the type says";
const CONTRADICTION: &str = "the limits and the example contradict the format: no text fits both, and such a twin is refused";
const DEFINITIONS: &str = "only recursive types need definitions; others stand where they are used";
const CLOSED: &str = "a decoder that invents properties would not be sound: objects are closed";

/// What the SDK refuses to send: the case, a place in what we send, what stands there, and why.
pub(crate) const REFUSED: &[(&str, &str, &str, &str)] = &[
    (
        "discriminated_union",
        "/properties/pet/anyOf/1/properties/kind/enum",
        r#"["dog"]"#,
        "anyOf, with the tag first in each branch",
    ),
    (
        "literal_ints",
        "/properties/n/enum",
        r#"["One", "Two", "Three"]"#,
        "names, turned back into integers",
    ),
    (
        "literal_one_int",
        "/properties/n/description",
        r#""One: 1""#,
        "a name, turned back into an integer",
    ),
    (
        "literal_mixed",
        "/properties/v/anyOf/1/enum",
        r#"["One"]"#,
        "anyOf of a word and a name that is turned back",
    ),
    ("bool_literal", "/properties/b/type", r#""BOOLEAN""#, "both values of a bool are its type"),
    (
        "enum_int_field",
        "/properties/c/enum",
        r#"["Ok", "Bad"]"#,
        "names, turned back into integers",
    ),
    ("numeric_exclusive_bounds", "/properties/i/minimum", "1", "integers above 0 begin at 1"),
    ("positive_int", "/properties/n/minimum", "1", "integers above 0 begin at 1"),
    (
        "dict_field",
        "/properties/counts/type",
        r#""ARRAY""#,
        "a list of entries, turned back into a map",
    ),
    (
        "dict_top",
        "/items/propertyOrdering",
        r#"["key", "value"]"#,
        "a list of entries, turned back into a map",
    ),
    (
        "dict_any_field",
        "/properties/extra/items/properties/value/type",
        r#""STRING""#,
        "entries whose values are strings that hold JSON",
    ),
    (
        "dict_of_models_field",
        "/properties/points/items/properties/value/type",
        r#""OBJECT""#,
        "a list of entries, turned back into a map",
    ),
    (
        "pattern_properties",
        "/properties/d/items/properties/key/pattern",
        r#""^x""#,
        "a list of entries whose keys have the pattern",
    ),
    (
        "extra_allow",
        "/properties/more/type",
        r#""ARRAY""#,
        "entries, turned back among the named properties",
    ),
    (
        "tuple_fixed_field",
        "/properties/pair/propertyOrdering",
        r#"["_0", "_1"]"#,
        "a property for each place, turned back into a list",
    ),
    (
        "set_field",
        "/properties/tags/type",
        r#""ARRAY""#,
        "a list: a set reads repeated elements as one",
    ),
    (
        "field_title_examples",
        "/properties/a/example",
        r#""x""#,
        "one example: the keyword that the service has",
    ),
    (
        "deprecated_field",
        "/properties/old",
        r#"{"type": "STRING"}"#,
        "without the mark: the service has no such keyword",
    ),
    (
        "dict_type_array",
        "/properties/a",
        r#"{"type": "STRING", "nullable": true}"#,
        "nullable instead of a list of types",
    ),
    ("dict_oneof", "/properties/a/anyOf/0/type", r#""STRING""#, "anyOf"),
    (
        "dict_unknown_keyword",
        "/properties",
        r#"{"a": {"type": "STRING"}}"#,
        "only keywords that the service knows",
    ),
    (
        "dict_allof",
        "/properties",
        r#"{"a": {"type": "STRING"}}"#,
        "one object: flattened properties stand where they are spliced in",
    ),
    ("json_schema_pydantic_class", "/type", r#""object""#, "any type goes by any carrier"),
];

/// Types of Python that have no twin.
pub(crate) const WITHOUT_TWIN: &[(&str, &str)] = &[
    ("enum_float_top", "variants of Rust have no floats for values"),
    (
        "multiple_of",
        "no carrier knows multipleOf, and the derive has no attribute that nobody sends",
    ),
    (
        "decimal_field",
        "the twin is rust_decimal::Decimal, a feature of gemini-schema that is tested there",
    ),
    ("secret_str", "serde knows nothing that can be written and not read"),
];

//! Types for schemas that are written by hand in Python.

twins! {
    dict_openapi_lower: M {
        pub(super) struct M { a: String, #[serde(default)] b: i64 }
    }
    dict_openapi_upper_snake: M {
        #[serde(default)]
        pub(super) struct M {
            #[gemini(min_items = 1, max_items = 3)]
            b: Vec<f64>,
            a: IntOrStr,
        }
        #[serde(untagged)]
        enum IntOrStr { Str(String), Int(i64) }
    }
    dict_anyof_null: M {
        #[serde(default)]
        pub(super) struct M { a: Option<String>, b: () }
    }
    dict_type_array: M {
        pub(super) struct M { #[serde(default)] a: Option<String> }
    }
    dict_oneof: M {
        pub(super) struct M { #[serde(default)] a: StrOrInt }
        #[serde(untagged)]
        enum StrOrInt { Str(String), Int(i64) }
    }
    dict_unknown_keyword: M {
        pub(super) struct M { #[serde(default)] a: String }
    }
    dict_defs_ref: M {
        #[serde(default)]
        pub(super) struct M { p: P, q: Vec<P> }
        #[serde(default)]
        struct P { x: i64 }
    }
    dict_const: M {
        pub(super) struct M { #[serde(default)] k: K }
        enum K { #[serde(rename = "v")] V }
    }
    dict_allof: M {
        pub(super) struct M { #[serde(flatten)] a: A }
        struct A { #[serde(default)] a: String }
    }
    schema_object: M {
        pub(super) struct M {
            a: Choice,
            #[gemini(minimum = 1, maximum = 9)]
            n: i64,
        }
        #[serde(rename_all = "lowercase")]
        enum Choice { X, Y }
    }
    schema_object_all_fields: M {
        #[serde(default)]
        pub(super) struct M {
            /// d
            #[gemini(title = "S", format = "date-time", example = "2026-01-01T00:00:00Z")]
            s: Option<String>,
            #[gemini(min_items = 1, max_items = 4)]
            l: Vec<Share>,
        }
        #[gemini(minimum = 0, maximum = 1.5)]
        struct Share(f64);
    }
    schema_object_int_enum_strings: Code {
        #[gemini(integer)]
        pub(super) enum Code { First = 101, Second = 201 }
    }
    json_schema_dict: M {
        #[serde(deny_unknown_fields)]
        pub(super) struct M {
            a: Option<String>,
            #[gemini(minimum = 1)]
            #[serde(default)]
            b: i64,
        }
    }
    json_schema_pydantic_class: M {
        pub(super) struct M { name: String, #[serde(default)] address: Option<Address> }
        struct Address { street: String, city: String }
    }
    json_schema_pydantic_dumped: M {
        pub(super) struct M {
            name: String,
            #[serde(default)]
            address: Option<Address>,
            scores: BTreeMap<String, i64>,
            pair: (i64, String),
        }
        struct Address { street: String, city: String }
    }
}

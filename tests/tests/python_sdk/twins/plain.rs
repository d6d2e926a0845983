//! Scalars, structs, limits and words.

twins! {
    prim_str: String {}
    prim_int: i64 {}
    prim_float: f64 {}
    prim_bool: bool {}
    optional_int_top: Option<i64> {}
    model_flat: Country {
        pub(super) struct Country { name: String, population: i64, gdp: f64 }
    }
    model_one_field: One {
        pub(super) struct One { name: String }
    }
    model_docstring: Person {
        /// A person record.
        pub(super) struct Person {
            /// Full name
            name: String,
            /// Age in years
            age: i64,
        }
    }
    optional_no_default: M {
        pub(super) struct M { a: String, b: Option<String> }
    }
    optional_default_none: M {
        pub(super) struct M { a: String, #[serde(default)] b: Option<String> }
    }
    defaults_scalar: M {
        #[serde(default)]
        pub(super) struct M { s: String, i: i64, f: f64, b: bool, l: Vec<i64> }
    }
    default_factory: M {
        pub(super) struct M { #[serde(default)] tags: Vec<String>, name: String }
    }
    nested_model: M {
        pub(super) struct M { name: String, address: Address }
        struct Address { street: String, city: String }
    }
    nested_model_described: M {
        pub(super) struct M {
            name: String,
            /// home address
            address: Address,
        }
        /// Postal address.
        struct Address { street: String, city: String }
    }
    nested_model_described_no_doc: M {
        pub(super) struct M {
            name: String,
            /// home address
            address: Address,
        }
        struct Address { street: String, city: String }
    }
    optional_nested_model: M {
        pub(super) struct M { name: String, #[serde(default)] address: Option<Address> }
        struct Address { street: String, city: String }
    }
    optional_nested_described_no_doc: M {
        pub(super) struct M {
            name: String,
            /// home address
            #[serde(default)]
            address: Option<Address>,
        }
        struct Address { street: String, city: String }
    }
    same_model_twice: Line {
        pub(super) struct Line { a: P, b: P }
        struct P { x: f64, y: f64 }
    }
    numeric_bounds: M {
        pub(super) struct M {
            #[gemini(minimum = 1, maximum = 10)]
            i: i64,
            #[gemini(minimum = -1.5, maximum = 2.5)]
            f: f64,
        }
    }
    numeric_exclusive_bounds: M {
        pub(super) struct M {
            #[gemini(minimum = 1, maximum = 9)]
            i: i64,
            s: String,
        }
    }
    string_constraints: M {
        pub(super) struct M {
            #[gemini(min_length = 2, max_length = 8, pattern = "^[A-Z]+$")]
            code: String,
            n: i64,
        }
    }
    string_formats: M {
        pub(super) struct M {
            #[gemini(format = "date")]
            d: String,
            #[gemini(format = "date-time")]
            dt: String,
            #[gemini(format = "time")]
            t: String,
            td: String,
            #[gemini(format = "uuid")]
            u: String,
            raw: String,
            #[gemini(format = "uri")]
            url: String,
        }
    }
    any_field: M {
        pub(super) struct M { v: Value, n: i64 }
    }
    empty_model: E {
        pub(super) struct E {}
    }
    nested_empty_model: M {
        pub(super) struct M { e: E, n: i64 }
        struct E {}
    }
    recursive_optional: Node {
        #[gemini(max_depth = 3)]
        pub(super) struct Node { value: i64, #[serde(default)] next: Option<Box<Node>> }
    }
    recursive_list: Tree {
        #[gemini(max_depth = 3)]
        pub(super) struct Tree { name: String, children: Vec<Tree> }
    }
    mutual_recursion: A {
        #[gemini(max_depth = 2)]
        pub(super) struct A { #[serde(default)] b: Option<Box<B>>, n: i64 }
        #[gemini(max_depth = 2)]
        struct B { #[serde(default)] a: Option<Box<A>>, s: String }
    }
    alias_field: M {
        pub(super) struct M {
            #[serde(rename = "firstName", alias = "first_name")]
            first_name: String,
            n: i64,
        }
    }
    field_title_examples: M {
        pub(super) struct M {
            #[gemini(title = "The A", example = "x")]
            a: String,
            n: i64,
        }
    }
    json_schema_extra_ordering: M {
        pub(super) struct M { b: i64, a: String }
    }
    json_schema_extra_example: M {
        pub(super) struct M {
            #[gemini(example = "abc")]
            a: String,
            n: i64,
        }
    }
    extra_forbid: M {
        #[serde(deny_unknown_fields)]
        pub(super) struct M { a: String, b: i64 }
    }
    extra_allow: M {
        pub(super) struct M { a: String, b: i64, #[serde(flatten)] more: BTreeMap<String, Value> }
    }
    generic_model: Boxed<i64> {
        pub(super) struct Boxed<T> { value: T, label: String }
    }
    inherited_model: Child {
        pub(super) struct Child { #[serde(flatten)] base: Base, name: String }
        struct Base { id: i64, created: String }
    }
    typeddict_top: T {
        pub(super) struct T { a: i64, b: String }
    }
    dataclass_top: D {
        pub(super) struct D { a: i64, #[serde(default)] b: String }
    }
    positive_int: M {
        pub(super) struct M {
            #[gemini(minimum = 1)]
            n: i64,
            s: String,
        }
    }
    non_negative_int: M {
        pub(super) struct M {
            #[gemini(minimum = 0)]
            n: i64,
            s: String,
        }
    }
    keyword_named_fields: M {
        pub(super) struct M {
            title: String,
            r#type: String,
            items: Vec<String>,
            required: bool,
            properties: i64,
        }
    }
    deep_nesting: L1 {
        pub(super) struct L1 { l2: L2, s: String }
        struct L2 { l3: L3 }
        struct L3 { l4: L4 }
        struct L4 { l5: L5 }
        struct L5 { v: i64 }
    }
    annotated_field: M {
        pub(super) struct M {
            /// 0..1
            #[gemini(minimum = 0, maximum = 1)]
            score: f64,
            n: i64,
        }
    }
    ip_field: M {
        pub(super) struct M { ip: Ipv4Addr, n: i64 }
    }
    deprecated_field: M {
        pub(super) struct M { #[deprecated] old: String, n: i64 }
    }
    none_field: M {
        pub(super) struct M { nothing: (), n: i64 }
    }
}

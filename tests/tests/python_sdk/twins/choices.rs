//! Enums and unions.

twins! {
    union_int_str_top: IntOrStr {
        #[serde(untagged)]
        pub(super) enum IntOrStr { Int(i64), Str(String) }
    }
    field_union_scalars: M {
        pub(super) struct M { a: Union, b: i64 }
        #[serde(untagged)]
        enum Union { Int(i64), Str(String), Float(f64) }
    }
    field_union_with_none: M {
        pub(super) struct M { a: Option<Union>, b: i64 }
        #[serde(untagged)]
        enum Union { Int(i64), Str(String) }
    }
    field_union_models: Owner {
        pub(super) struct Owner { name: String, pet: Pet }
        #[serde(untagged)]
        enum Pet { Cat(Cat), Dog(Dog) }
        struct Cat { meow: String, lives: i64 }
        struct Dog { bark: String, legs: i64 }
    }
    discriminated_union: Owner {
        pub(super) struct Owner { name: String, pet: Pet }
        #[serde(tag = "kind", rename_all = "lowercase")]
        enum Pet { Cat { lives: i64 }, Dog { legs: i64 } }
    }
    literal_many_str: M {
        pub(super) struct M { size: Size, n: i64 }
        #[serde(rename_all = "lowercase")]
        enum Size { S, M, L }
    }
    literal_one_str: M {
        pub(super) struct M { kind: Kind, n: i64 }
        #[serde(rename_all = "lowercase")]
        enum Kind { Only }
    }
    literal_ints: M {
        pub(super) struct M { n: Few, s: String }
        #[gemini(integer)]
        enum Few { One = 1, Two, Three }
    }
    literal_one_int: M {
        pub(super) struct M { n: One, s: String }
        #[gemini(integer)]
        enum One { One = 1 }
    }
    literal_mixed: M {
        pub(super) struct M { v: Mixed, s: String }
        #[serde(untagged)]
        enum Mixed { Text(Text), Number(Number) }
        enum Text { #[serde(rename = "a")] A }
        #[gemini(integer)]
        enum Number { One = 1 }
    }
    literal_top: Choice {
        #[serde(rename_all = "lowercase")]
        pub(super) enum Choice { A, B }
    }
    enum_str_top: Color {
        #[serde(rename_all = "lowercase")]
        pub(super) enum Color { Red, Green }
    }
    enum_int_top: Code {
        #[gemini(integer)]
        pub(super) enum Code { Ok = 200, Bad = 400 }
    }
    enum_intenum_top: Code {
        #[gemini(integer)]
        pub(super) enum Code { Ok = 200, Bad = 400 }
    }
    enum_str_field: M {
        pub(super) struct M { c: Color, n: i64 }
        /// Colour names.
        #[serde(rename_all = "lowercase")]
        enum Color { Red, Green }
    }
    enum_str_field_described: M {
        pub(super) struct M {
            /// chosen colour
            #[serde(default)]
            c: Option<Color>,
            n: i64,
        }
        /// Colour names.
        #[serde(rename_all = "lowercase")]
        enum Color { Red, Green }
    }
    enum_str_field_default: M {
        pub(super) struct M { #[serde(default)] c: Color, n: i64 }
        #[serde(rename_all = "lowercase")]
        enum Color { Red, Green }
    }
    enum_int_field: M {
        pub(super) struct M { c: Code, n: i64 }
        #[gemini(integer)]
        enum Code { Ok = 200, Bad = 400 }
    }
    optional_literal_field: M {
        pub(super) struct M { #[serde(default)] size: Option<Size>, n: i64 }
        #[serde(rename_all = "lowercase")]
        enum Size { S, L }
    }
    optional_union_models: M {
        pub(super) struct M { #[serde(default)] v: Option<Either>, n: i64 }
        #[serde(untagged)]
        enum Either { A(A), B(B) }
        struct A { x: i64 }
        struct B { y: String }
    }
    bool_literal: M {
        pub(super) struct M { b: bool, n: i64 }
    }
}

//! Lists, tuples, sets and maps.

twins! {
    list_of_str: Vec<String> {}
    list_of_list_int: Vec<Vec<i64>> {}
    list_of_models_top: Vec<Item> {
        pub(super) struct Item { sku: String, qty: i64 }
    }
    list_of_models_field: Order {
        pub(super) struct Order {
            #[gemini(min_items = 1, max_items = 5)]
            items: Vec<Item>,
            note: String,
        }
        struct Item { sku: String, qty: i64 }
    }
    list_of_enum_field: M {
        pub(super) struct M { cs: Vec<Color>, n: i64 }
        #[serde(rename_all = "lowercase")]
        enum Color { Red, Green }
    }
    list_of_literal_field: M {
        pub(super) struct M { cs: Vec<Choice>, n: i64 }
        #[serde(rename_all = "lowercase")]
        enum Choice { A, B }
    }
    list_union_field: M {
        pub(super) struct M { xs: Vec<IntOrStr>, n: i64 }
        #[serde(untagged)]
        enum IntOrStr { Int(i64), Str(String) }
    }
    optional_list_field: M {
        pub(super) struct M { #[serde(default)] xs: Option<Vec<Option<i64>>>, n: i64 }
    }
    optional_models_list_top: Vec<Option<A>> {
        pub(super) struct A { x: i64, y: i64 }
    }
    root_model_list: R {
        pub(super) struct R(Vec<i64>);
    }
    tuple_fixed_field: M {
        pub(super) struct M { pair: (i64, String), n: i64 }
    }
    tuple_variadic_field: M {
        pub(super) struct M { xs: Vec<i64>, n: i64 }
    }
    set_field: M {
        pub(super) struct M { tags: BTreeSet<String>, n: i64 }
    }
    dict_field: M {
        pub(super) struct M { counts: BTreeMap<String, i64>, n: i64 }
    }
    dict_top: BTreeMap<String, i64> {}
    dict_any_field: M {
        pub(super) struct M { extra: BTreeMap<String, Value>, n: i64 }
    }
    dict_of_models_field: M {
        pub(super) struct M { points: BTreeMap<String, P>, n: i64 }
        struct P { x: i64, y: i64 }
    }
    pattern_properties: M {
        pub(super) struct M { d: BTreeMap<Key, i64>, n: i64 }
        #[gemini(pattern = "^x")]
        #[derive(PartialEq, Eq, PartialOrd, Ord)]
        struct Key(String);
    }
}

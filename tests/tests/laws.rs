//! The type zoo: every family of types keeps the three laws in both carriers.

mod zoo {
    mod arrays;
    mod buffers;
    mod constraints;
    mod domain;
    mod enums_adjacent;
    mod enums_external;
    mod enums_internal;
    mod enums_untagged;
    mod flatten;
    mod generics;
    mod keywords;
    mod maps;
    mod newtypes;
    mod numbers;
    mod options;
    mod pointers;
    mod recursion;
    mod sizes;
    mod structs;
    mod text;
    mod tuples;
    mod unit;
    mod unit_enums;
    mod values;
}

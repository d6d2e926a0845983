//! The type zoo: every family of types keeps the three laws in both carriers.

mod zoo {
    mod arrays;
    mod buffers;
    mod constraints;
    mod directions;
    mod domain;
    mod enums_adjacent;
    mod enums_external;
    mod enums_internal;
    mod enums_untagged;
    mod expressions;
    mod flatten;
    mod flatten_beside;
    mod generics;
    mod integer_enums;
    mod keywords;
    mod maps;
    mod mixtures;
    mod newtypes;
    mod numbers;
    mod options;
    mod pointers;
    mod recursion;
    mod sizes;
    mod structs;
    mod text;
    mod through;
    mod tuples;
    mod unit;
    mod unit_enums;
    mod values;
}

/// The zoo is as large as it says, and no family is forgotten above.
#[test]
fn the_zoo_is_complete() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/zoo");
    let laws = include_str!("laws.rs");
    let mut types = 0;
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let family = path.file_stem().unwrap().to_str().unwrap();
        assert!(laws.contains(&format!("mod {family};")), "{family}");
        let text = std::fs::read_to_string(&path).unwrap();
        types += text.matches("zoo::<").count() + text.matches("borrowing::<").count();
    }
    assert!(types >= 200, "{types} types");
}

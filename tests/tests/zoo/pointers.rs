//! Smart pointers: their contents stand alone.

use std::cell::{Cell, RefCell};

use gemini_schema::GeminiSchema;
use gemini_tests::zoo::zoo;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Leaf {
    size: u8,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Pointers {
    boxed: Box<Leaf>,
    list: Box<[Leaf]>,
    text: Box<str>,
    #[serde(default)]
    perhaps: Option<Box<Leaf>>,
    #[gemini(optional)]
    inside: Box<Option<u8>>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Cells {
    cell: Cell<u8>,
    shared: RefCell<Vec<Leaf>>,
}

#[test]
fn boxes() {
    zoo::<Box<u8>>().value(Box::new(1)).both();
    zoo::<Box<Box<Option<Leaf>>>>()
        .value(Box::new(Box::new(None)))
        .both();
}

#[test]
fn pointers_inside_structs() {
    let leaf = Leaf { size: 1 };
    let full = Pointers {
        boxed: Box::new(leaf.clone()),
        list: Box::from([leaf.clone()]),
        text: "t".into(),
        perhaps: Some(Box::new(leaf)),
        inside: Box::new(Some(1)),
    };
    let bare = Pointers {
        list: Box::from([]),
        perhaps: None,
        inside: Box::new(None),
        ..full.clone()
    };
    zoo::<Pointers>().values([full, bare]).both();
}

#[test]
fn cells() {
    let cells = Cells {
        cell: Cell::new(1),
        shared: RefCell::new(vec![Leaf { size: 2 }]),
    };
    zoo::<Cells>().value(cells).both();
}

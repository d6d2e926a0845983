//! Smart pointers: their contents stand alone.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

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
    zoo::<Box<u8>>().value(Box::new(1)).everywhere();
    zoo::<Box<Box<Option<Leaf>>>>().value(Box::new(Box::new(None))).everywhere();
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
    let bare =
        Pointers { list: Box::from([]), perhaps: None, inside: Box::new(None), ..full.clone() };
    zoo::<Pointers>().values([full, bare]).everywhere();
}

#[test]
fn cells() {
    let cells = Cells { cell: Cell::new(1), shared: RefCell::new(vec![Leaf { size: 2 }]) };
    zoo::<Cells>().value(cells).everywhere();
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, GeminiSchema)]
struct Shared {
    text: Arc<str>,
    leaf: Rc<Leaf>,
    list: Arc<[u8]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    perhaps: Option<Arc<Leaf>>,
    #[gemini(optional)]
    inside: Arc<Option<i16>>,
}

#[test]
fn shared_pointers() {
    let full = Shared {
        text: "é".into(),
        leaf: Rc::new(Leaf { size: 0 }),
        list: Arc::from([1, 2]),
        perhaps: Some(Arc::new(Leaf { size: 255 })),
        inside: Arc::new(Some(-1)),
    };
    let bare = Shared { perhaps: None, inside: Arc::new(None), ..full.clone() };
    zoo::<Shared>().values([full, bare]).everywhere();
    zoo::<Rc<[bool; 2]>>().value(Rc::new([true, false])).everywhere();
}

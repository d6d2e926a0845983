//! Lists, arrays and sets.

use std::collections::{BTreeSet, HashSet, LinkedList, VecDeque};

use gemini_schema::GeminiSchema;
use gemini_tests::zoo::zoo;
use serde::{Deserialize, Serialize};

#[test]
fn vectors() {
    zoo::<Vec<u8>>().values([vec![], vec![0], vec![1, 2, 255]]).both();
    zoo::<Vec<Vec<String>>>()
        .values([vec![], vec![vec![]], vec![vec!["a".to_owned()], vec![]]])
        .both();
}

#[test]
fn queues_and_lists() {
    zoo::<VecDeque<i16>>().values([VecDeque::new(), [1, -1].into()]).both();
    zoo::<LinkedList<bool>>().values([LinkedList::new(), [true, false].into()]).both();
    zoo::<Box<[f64]>>().values([Box::from([]), Box::from([0.5])]).both();
}

#[test]
fn sets() {
    zoo::<BTreeSet<String>>()
        .values([BTreeSet::new(), ["b".to_owned(), "a".to_owned()].into()])
        .both();
    zoo::<HashSet<u32>>().values([HashSet::new(), [1, 2, 3].into()]).both();
}

#[test]
fn arrays_of_fixed_length() {
    zoo::<[u8; 3]>()
        .value([0, 1, 255])
        .refuses("[1,2]", "", "minItems")
        .refuses("[1,2,3,4]", "", "maxItems")
        .both();
    zoo::<[bool; 1]>().values([[true], [false]]).both();
    zoo::<[i32; 32]>().value([-1; 32]).both();
}

#[test]
fn arrays_of_nothing() {
    zoo::<[u8; 0]>().value([]).both();
}

#[test]
fn grids() {
    zoo::<[[f32; 2]; 2]>().value([[0.0, 1.0], [-1.0, 0.5]]).both();
    zoo::<Vec<[Option<char>; 2]>>()
        .values([vec![], vec![[None, Some('x')]]])
        .notes(&["/items/items"])
        .has_limits_of_its_own()
        .both();
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, GeminiSchema)]
struct Point {
    x: i32,
    y: i32,
}

#[test]
fn sets_of_structs() {
    let points = [Point { x: 1, y: i32::MAX }, Point { x: i32::MIN, y: 0 }];
    zoo::<BTreeSet<Point>>().values([BTreeSet::new(), points.into()]).both();
}

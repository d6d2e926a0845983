//! Lists, arrays and sets.

use std::collections::{BTreeSet, HashSet, LinkedList, VecDeque};

use gemini_schema::GeminiSchema;
use gemini_tests::zoo::zoo;
use serde::{Deserialize, Serialize};

#[test]
fn vectors() {
    zoo::<Vec<u8>>().values([vec![], vec![0], vec![1, 2, 255]]).everywhere();
    zoo::<Vec<Vec<String>>>()
        .values([vec![], vec![vec![]], vec![vec!["a".to_owned()], vec![]]])
        .everywhere();
}

#[test]
fn queues_and_lists() {
    zoo::<VecDeque<i16>>().values([VecDeque::new(), [1, -1].into()]).everywhere();
    zoo::<LinkedList<bool>>().values([LinkedList::new(), [true, false].into()]).everywhere();
    zoo::<Box<[f64]>>().values([Box::from([]), Box::from([0.5])]).everywhere();
}

#[test]
fn sets() {
    zoo::<BTreeSet<String>>()
        .values([BTreeSet::new(), ["b".to_owned(), "a".to_owned()].into()])
        .everywhere();
    zoo::<HashSet<u32>>().values([HashSet::new(), [1, 2, 3].into()]).everywhere();
}

#[test]
fn arrays_of_fixed_length() {
    zoo::<[u8; 3]>()
        .value([0, 1, 255])
        .refuses("[1,2]", "", "minItems")
        .refuses("[1,2,3,4]", "", "maxItems")
        .everywhere();
    zoo::<[bool; 1]>().values([[true], [false]]).everywhere();
    zoo::<[i32; 32]>().value([-1; 32]).everywhere();
}

#[test]
fn arrays_of_nothing() {
    zoo::<[u8; 0]>().value([]).everywhere();
}

#[test]
fn grids() {
    zoo::<[[f32; 2]; 2]>().value([[0.0, 1.0], [-1.0, 0.5]]).everywhere();
    zoo::<Vec<[Option<char>; 2]>>()
        .values([vec![], vec![[None, Some('x')]]])
        .notes(&["/items/items"])
        .has_limits_of_its_own()
        .everywhere();
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, GeminiSchema)]
struct Point {
    x: i32,
    y: i32,
}

#[test]
fn sets_of_structs() {
    let points = [Point { x: 1, y: i32::MAX }, Point { x: i32::MIN, y: 0 }];
    zoo::<BTreeSet<Point>>().values([BTreeSet::new(), points.into()]).everywhere();
}

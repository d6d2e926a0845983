//! Indexes whose entries don't fit into memory.

use std::collections::HashMap;
use std::path::PathBuf;

use proptest::prelude::*;
use xxhash_rust::xxh3::xxh3_128;

use super::Index;

fn hash(number: u64) -> u128 {
    xxh3_128(&number.to_le_bytes())
}

fn small() -> Index {
    Index::with_most(std::env::temp_dir(), 1_000)
}

fn value(index: &Index, hash: u128) -> Option<u64> {
    index.get(hash).expect("the files can be read")
}

/// Waits until no more files become one.
fn settle(index: &mut Index) {
    loop {
        index.begin_merge();
        if index.merge.is_none() {
            return;
        }
        while index.merge.is_some() {
            std::thread::yield_now();
            index.take_merged();
        }
    }
}

#[test]
fn numbers_are_found_and_replaced() {
    let mut index = small();
    assert_eq!(value(&index, hash(1)), None);
    for round in 0..3 {
        for number in 0..20_000 {
            index.insert(hash(number), number + round);
        }
        assert!((0..20_000).all(|number| value(&index, hash(number)) == Some(number + round)));
    }
    assert_eq!(value(&index, hash(20_000)), None);
    settle(&mut index);
    assert!((0..20_000).all(|number| value(&index, hash(number)) == Some(number + 2)));
}

#[test]
fn there_are_few_files_and_few_bytes_in_memory() {
    let mut index = small();
    (0..100_000).for_each(|number| index.insert(hash(number), number));
    settle(&mut index);
    assert!(index.recent.len() < 1_000 && index.recent.capacity() < 4_000);
    assert!(index.runs.len() <= 8, "{index:?}");
    assert_eq!(index.runs.iter().map(|run| run.len()).sum::<usize>(), 100_000);
}

#[test]
fn hashes_that_look_alike_are_told_apart() {
    for shift in [0, 6, 64, 100] {
        let mut index = small();
        (0..5_000).for_each(|number| index.insert(u128::from(number) << shift, number));
        for number in 0..5_000 {
            assert_eq!(value(&index, u128::from(number) << shift), Some(number), "{shift}");
        }
    }
}

#[test]
fn where_no_file_can_be_made_all_stays_in_memory() {
    let mut index = Index::with_most(PathBuf::from("/nowhere/at all"), 10);
    (0..1_000).for_each(|number| index.insert(hash(number), number));
    assert!(index.runs.is_empty());
    assert!((0..1_000).all(|number| value(&index, hash(number)) == Some(number)));
    index.spill = super::Spill::new(std::env::temp_dir());
    (1_000..3_000).for_each(|number| index.insert(hash(number), number));
    assert!(index.recent.len() < 10 && !index.runs.is_empty(), "{index:?}");
    assert!((0..3_000).all(|number| value(&index, hash(number)) == Some(number)));
}

#[test]
fn its_files_have_no_names() {
    let folder = std::env::temp_dir().join(format!("gemini-index-test-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    let mut index = Index::with_most(folder.clone(), 100);
    (0..1_000).for_each(|number| index.insert(hash(number), number));
    settle(&mut index);
    assert!(!index.runs.is_empty());
    let names = std::fs::read_dir(&folder).expect("it is there").count();
    std::fs::remove_dir_all(&folder).expect("nothing holds it");
    assert_eq!(names, 0);
}

#[test]
fn a_file_that_lost_its_end_is_an_error() {
    let mut index = small();
    (0..1_000).for_each(|number| index.insert(hash(number), number));
    index.damage();
    assert!(index.get(hash(1)).is_err());
    index.insert(hash(1), 2);
    assert_eq!(value(&index, hash(1)), Some(2));
}

proptest! {
    #[test]
    fn it_is_a_map(steps in prop::collection::vec((0_u64..300, any::<u64>()), 1..2_000)) {
        let mut index = Index::with_most(std::env::temp_dir(), 50);
        let mut map = HashMap::new();
        for (number, new) in steps {
            prop_assert_eq!(value(&index, hash(number)), map.get(&number).copied());
            index.insert(hash(number), new);
            map.insert(number, new);
        }
        for number in 0..300 {
            prop_assert_eq!(value(&index, hash(number)), map.get(&number).copied());
        }
    }
}

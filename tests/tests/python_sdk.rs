//! What the official Python SDK sends for a type, and what this library sends for its Rust twin.
//!
//! `data/python_sdk.json` holds what the SDK sends. `python_sdk/differences.rs` lists every place
//! where the two differ, with the reason: it is to be read.

#![allow(clippy::panic, clippy::unwrap_used, reason = "tests are allowed to fail")]

mod python_sdk {
    mod calls;
    pub(crate) mod compare;
    pub(crate) mod differences;
    mod requests;
    pub(crate) mod twins;
}

use std::collections::{BTreeMap, BTreeSet};

use python_sdk::compare::{Difference, Sent, compare};
use python_sdk::differences::{ANYWHERE, HERE, REFUSED, Side, WITHOUT_TWIN};
use python_sdk::twins::twins;
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Facts {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    #[serde(default = "response_schema")]
    field: String,
    sends: Option<Value>,
    sends_to_vertex: Option<Value>,
    refuses: Option<String>,
}

fn response_schema() -> String {
    "responseSchema".to_owned()
}

fn facts() -> Vec<Case> {
    let facts: Facts = serde_json::from_str(include_str!("../data/python_sdk.json")).unwrap();
    facts.cases
}

/// Every difference, and what is sent for the types that the SDK refuses, by the names of the cases.
fn differences() -> (Vec<(String, Difference)>, BTreeMap<String, Value>) {
    let (mut differences, mut refused) = (Vec::new(), BTreeMap::new());
    let twins = twins();
    for case in facts() {
        let Some((_, twin)) = twins.iter().find(|(name, _)| *name == case.name) else {
            continue;
        };
        let sent: Sent = twin(&case.field);
        match (&case.sends, &case.refuses) {
            (Some(theirs), None) => {
                let found = compare(theirs, &sent.to_gemini);
                differences.extend(found.into_iter().map(|found| (case.name.clone(), found)));
            }
            (None, Some(_)) => drop(refused.insert(case.name.clone(), sent.to_gemini)),
            _ => panic!("{}: the SDK either sends or refuses", case.name),
        }
        if let Some(theirs) = &case.sends_to_vertex {
            let name = format!("{} on Vertex", case.name);
            let found = compare(theirs, &sent.to_vertex);
            differences.extend(found.into_iter().map(|found| (name.clone(), found)));
        }
    }
    (differences, refused)
}

#[test]
fn every_difference_is_listed_and_every_entry_is_needed() {
    let (differences, _) = differences();
    let (mut used, mut wrong) = (BTreeSet::new(), Vec::new());
    for (case, found) in &differences {
        let anywhere = ANYWHERE
            .iter()
            .position(|(keyword, side, _)| *keyword == found.keyword() && *side == found.side());
        let here = HERE.iter().position(|(name, at, _)| name == case && *at == found.at);
        match (here, anywhere) {
            (Some(at), _) => drop(used.insert((true, at))),
            (None, Some(at)) => drop(used.insert((false, at))),
            (None, None) => wrong.push(format!("not listed: {case} {found}")),
        }
    }
    let unused = (0..HERE.len()).filter(|at| !used.contains(&(true, *at)));
    wrong.extend(unused.map(|at| format!("not needed: {:?}", HERE[at])));
    let unused = (0..ANYWHERE.len()).filter(|at| !used.contains(&(false, *at)));
    wrong.extend(unused.map(|at| format!("not needed: {:?}", ANYWHERE[at])));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_the_sdk_refuses_is_sent() {
    let (_, mut refused) = differences();
    for (name, at, expected, why) in REFUSED {
        let sent = refused.remove(*name).unwrap_or_else(|| panic!("not needed: {name}"));
        let expected: Value = serde_json::from_str(expected).unwrap();
        assert_eq!(sent.pointer(at), Some(&expected), "{name}: {why}");
    }
    assert!(refused.is_empty(), "not listed: {refused:?}");
}

#[test]
fn every_case_has_a_twin_or_a_reason() {
    let twins = twins();
    let mut ours: Vec<&str> = twins.iter().map(|(name, _)| *name).collect();
    assert!(ours.len() >= 95, "{} twins", ours.len());
    ours.extend(WITHOUT_TWIN.iter().map(|(name, _)| *name));
    ours.sort_unstable();
    let facts = facts();
    let mut theirs: Vec<&str> = facts.iter().map(|case| &case.name[..]).collect();
    theirs.sort_unstable();
    assert_eq!(ours, theirs);
}

#[test]
fn a_difference_is_found_wherever_it_is() {
    let theirs = serde_json::json!({"type": "OBJECT", "properties": {"a": {"title": "A"}}});
    let ours = serde_json::json!({"type": "ARRAY", "properties": {"a": {"format": "int64"}}});
    let found = compare(&theirs, &ours);
    let places: Vec<_> = found.iter().map(|found| (&found.at[..], found.side())).collect();
    let expected = [
        ("/properties/a/format", Side::Ours),
        ("/properties/a/title", Side::Theirs),
        ("/type", Side::Both),
    ];
    assert_eq!(places, expected);
    assert!(
        compare(&serde_json::json!({"minimum": 1.0}), &serde_json::json!({"minimum": 1}))
            .is_empty()
    );
}

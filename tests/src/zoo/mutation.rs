//! Documents with a mistake.

use crate::json::Json;
use crate::seed::Seed;

/// Documents are taken from everywhere in the list, this many at most.
const MOST: usize = 120;

/// Documents that differ from the given ones at one place each.
pub(super) fn mutations(documents: &[String], seed: &str) -> Vec<String> {
    let mut seed = Seed::of(seed);
    let mut mutated = Vec::new();
    for _ in 0..MOST {
        let document = &documents[seed.below(documents.len())];
        if let Ok(mut json) = Json::parse(document) {
            let count = size(&json);
            change(&mut json, &mut seed.below(count), &mut seed);
            mutated.push(json.to_string());
        }
    }
    mutated
}

fn size(json: &Json) -> usize {
    let below: usize = match json {
        Json::Array(elements) => elements.iter().map(size).sum(),
        Json::Object(members) => members.iter().map(|(_, value)| size(value)).sum(),
        _ => 0,
    };
    below + 1
}

/// Changes the value that comes after `left` others.
fn change(json: &mut Json, left: &mut usize, seed: &mut Seed) {
    if *left == 0 {
        *left = usize::MAX;
        alter(json, seed);
        return;
    }
    if *left == usize::MAX {
        return;
    }
    *left -= 1;
    match json {
        Json::Array(elements) => {
            elements.iter_mut().for_each(|element| change(element, left, seed))
        }
        Json::Object(members) => {
            members.iter_mut().for_each(|(_, value)| change(value, left, seed))
        }
        _ => {}
    }
}

fn alter(json: &mut Json, seed: &mut Seed) {
    let others = [
        Json::Null,
        Json::Bool(true),
        Json::Number("-1".to_owned()),
        Json::Number("0.5".to_owned()),
        Json::Number("300".to_owned()),
        Json::Number("1e18".to_owned()),
        Json::from(""),
        Json::from("other"),
        Json::Array(Vec::new()),
        Json::Object(Vec::new()),
        Json::Object(vec![("other".to_owned(), Json::Null)]),
    ];
    let is_replaced = seed.below(3) == 0;
    match json {
        Json::Array(elements) if !is_replaced && !elements.is_empty() => {
            let index = seed.below(elements.len());
            if seed.below(2) == 0 {
                elements.remove(index);
            } else {
                elements.push(elements[index].clone());
            }
        }
        Json::Object(members) if !is_replaced && !members.is_empty() => {
            let index = seed.below(members.len());
            match seed.below(3) {
                0 => drop(members.remove(index)),
                1 => members[index].0.push('x'),
                _ => members.push(("unknown".to_owned(), Json::Null)),
            }
        }
        Json::String(text) if !is_replaced => text.push('x'),
        Json::Number(text) if !is_replaced && !text.contains(['.', 'e', 'E']) => text.push('0'),
        _ => *json = others[seed.below(others.len())].clone(),
    }
}

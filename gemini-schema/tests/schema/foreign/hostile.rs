//! Documents that are almost a value.

use serde_json::{Value, json};

/// What is put in the place of a character, or beside it.
const PIECES: [&str; 14] =
    ["", "0", "1", "3", "6", "9", "-", "+", ".", ":", "a", " ", "\u{0}", "\u{e9}"];

/// Every document that differs from this one in one place.
pub(super) fn near(value: &Value) -> Vec<Value> {
    let mut documents = vec![
        json!(null),
        json!(true),
        json!(""),
        json!([]),
        json!({}),
        json!(0.5),
        json!(-1),
        json!(u64::MAX),
    ];
    match value {
        Value::String(text) => documents.extend(texts(text).into_iter().map(Value::from)),
        Value::Number(_) => {
            let numbers = [0, 1, 255, 256, 65_536, 999_999_999, 1_000_000_000, i64::MAX, i64::MIN];
            documents.extend(numbers.map(Value::from));
            documents.extend([json!(1e20), json!(-1e20), json!("7")]);
        }
        Value::Array(elements) => {
            for (index, element) in elements.iter().enumerate() {
                let with = |element| {
                    let mut elements = elements.clone();
                    elements[index] = element;
                    Value::Array(elements)
                };
                documents.extend(near(element).into_iter().map(with));
            }
            documents.push(elements.iter().chain(elements).cloned().collect());
            documents.push(elements.iter().skip(1).cloned().collect());
        }
        Value::Object(members) => {
            for (name, member) in members {
                let with = |member| {
                    let mut members = members.clone();
                    members.insert(name.clone(), member);
                    Value::Object(members)
                };
                documents.extend(near(member).into_iter().map(with));
                let mut without = members.clone();
                without.remove(name);
                documents.push(Value::Object(without));
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
    documents
}

/// Every text with another piece in one place, or with one put in.
fn texts(text: &str) -> Vec<String> {
    let mut texts = vec![text.to_uppercase(), text.to_lowercase(), text.repeat(2)];
    let places = text.char_indices().map(|(at, character)| (at, character.len_utf8()));
    for (at, length) in places.chain([(text.len(), 0)]) {
        for piece in PIECES {
            texts.push(format!("{}{piece}{}", &text[..at], &text[at + length..]));
            texts.push(format!("{}{piece}{}", &text[..at], &text[at..]));
        }
    }
    texts
}

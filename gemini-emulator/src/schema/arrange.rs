//! Puts the properties of a value in the order of the schema.

use super::conform::shape_accepts;
use super::{Document, MAX_DEPTH, Rule, Shape};
use crate::json::{Json, Members};

/// The value with its properties in the order in which an answer has them.
pub(crate) fn arrange(document: &Document, value: &Json) -> Json {
    arrange_by(document, &document.root, value, 0)
}

fn arrange_by(document: &Document, shape: &Shape, value: &Json, depth: usize) -> Json {
    if depth == MAX_DEPTH {
        return value.clone();
    }
    let next = |shape: &Shape, value: &Json| arrange_by(document, shape, value, depth + 1);
    match (&shape.rule, value) {
        (Rule::Array(rule), Json::Array(items)) => {
            let shapes = rule.prefix.iter().chain(std::iter::repeat(&rule.items));
            Json::Array(items.iter().zip(shapes).map(|(item, shape)| next(shape, item)).collect())
        }
        (Rule::Object(rule), Json::Object(members)) => {
            let known = rule
                .properties
                .iter()
                .filter_map(|(name, shape)| Some((name.clone(), next(shape, members.get(name)?))));
            let others = members.iter().filter(|(name, _)| !rule.properties.contains_key(*name));
            let others = others.map(|(name, value)| (name.clone(), next(&rule.additional, value)));
            Json::Object(known.chain(others).collect::<Members>())
        }
        (Rule::AnyOf { branches, .. }, value) => {
            match branches.iter().find(|branch| shape_accepts(document, branch, value)) {
                Some(branch) => next(branch, value),
                None => value.clone(),
            }
        }
        (Rule::Reference(name), value) => match document.definition(name) {
            Some(shape) => next(shape, value),
            None => value.clone(),
        },
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;
    use crate::schema::read_json;

    #[test]
    fn properties_take_the_order_of_the_schema_everywhere() {
        let schema = r##"{"items":{"anyOf":[{"type":"string"},{"$ref":"#/$defs/P"}]},
            "$defs":{"P":{"propertyOrdering":["z"],"properties":{"a":{},"z":{}}}}}"##;
        let document = read_json(&parse(schema).unwrap());
        let value = parse(r#"["x",{"other":3,"a":1,"z":2}]"#).unwrap();
        let arranged = arrange(&document, &value).to_string();
        assert_eq!(arranged, r#"["x",{"z":2,"a":1,"other":3}]"#);
    }
}

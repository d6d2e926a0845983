//! Whether the members of a document stand in the order that its schema asks for.

use crate::json::Json;

/// Whether every object of a conforming document has its members in the order of
/// `propertyOrdering`.
pub(super) fn is_kept(schema: &Json, document: &Json) -> bool {
    is_kept_at(schema, schema, document)
}

fn is_kept_at(root: &Json, schema: &Json, document: &Json) -> bool {
    if let Some(name) = schema.target() {
        let definition = root.definition(&name);
        return definition.is_some_and(|schema| is_kept_at(root, schema, document));
    }
    if *document == Json::Null {
        return true;
    }
    let branches = schema.get("anyOf").and_then(Json::elements);
    if let Some(branches) = branches {
        let mut branches = branches.iter();
        return branches.any(|schema| is_kept_at(root, schema, document));
    }
    if !is_kind(schema, document) {
        return false;
    }
    if schema.get("type").is_none() {
        return true;
    }
    match document {
        Json::Array(elements) => {
            let places = schema.get("prefixItems").and_then(Json::elements);
            let mut elements = elements.iter().enumerate();
            elements.all(|(index, element)| {
                let place = places.and_then(|places| places.get(index));
                let schema = place.or_else(|| schema.get("items"));
                schema.is_none_or(|schema| is_kept_at(root, schema, element))
            })
        }
        Json::Object(members) => is_object(root, schema, members),
        Json::String(_) => {
            let choices = schema.get("enum").and_then(Json::elements);
            choices.is_none_or(|choices| choices.contains(document))
        }
        _ => true,
    }
}

fn is_object(root: &Json, schema: &Json, members: &[(String, Json)]) -> bool {
    let order = schema.get("propertyOrdering").and_then(Json::strings);
    let order = order.unwrap_or_default();
    let place = |name: &str| order.iter().position(|known| *known == name);
    let required = schema.get("required").and_then(Json::strings);
    let is_missing = |name: &&str| !members.iter().any(|(known, _)| known == name);
    if required.unwrap_or_default().iter().any(is_missing) {
        return false;
    }
    let properties = schema.get("properties");
    let is_right = |name: &str, value: &Json| {
        let known = properties.and_then(|properties| properties.get(name));
        match known.or_else(|| schema.get("additionalProperties")) {
            Some(Json::Bool(is_open)) => *is_open,
            Some(schema) => is_kept_at(root, schema, value),
            None => false,
        }
    };
    let known = members.iter().filter_map(|(name, _)| place(name));
    let is_complete = schema.get("properties").is_none_or(|properties| {
        let mut names = properties.members().iter();
        names.all(|(name, _)| place(name).is_some())
    });
    is_complete && known.is_sorted() && members.iter().all(|(name, value)| is_right(name, value))
}

fn is_kind(schema: &Json, document: &Json) -> bool {
    let kind = match document {
        Json::Null => "null",
        Json::Bool(_) => "boolean",
        Json::Number(_) => "number",
        Json::String(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    };
    let is_this = |name: &Json| {
        let name = name.as_str().unwrap_or_default().to_ascii_lowercase();
        name == kind || (kind == "number" && name == "integer")
    };
    match schema.get("type") {
        Some(Json::Array(names)) => names.iter().any(is_this),
        Some(name) => is_this(name),
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(schema: &str, document: &str) -> bool {
        is_kept(&Json::parse(schema).unwrap(), &Json::parse(document).unwrap())
    }

    #[test]
    fn the_order_is_found_at_every_depth() {
        let object = r#"{"type":"OBJECT","properties":{"b":{"type":"STRING"},"a":{"type":"STRING"}},
            "propertyOrdering":["b","a"]}"#;
        let list = format!(r#"{{"type":"ARRAY","items":{object}}}"#);
        assert!(kept(&list, r#"[{"b":"","a":""},{"a":""}]"#));
        assert!(!kept(&list, r#"[{"b":"","a":""},{"a":"","b":""}]"#));
        let choice = format!(r#"{{"anyOf":[{{"type":"STRING"}},{object}]}}"#);
        assert!(kept(&choice, r#""a""#) && kept(&choice, r#"{"b":"","a":""}"#));
        assert!(!kept(&choice, r#"{"a":"","b":""}"#));
    }

    #[test]
    fn an_object_without_an_order_has_none() {
        let object = r#"{"type":"OBJECT","properties":{"a":{"type":"STRING"}}}"#;
        assert!(!kept(object, r#"{"a":""}"#));
    }
}

//! Places in a schema, and the places in a document that they stand for.

/// Whether the schema at one JSON Pointer judges the value at another.
pub(super) fn judges(schema: &str, document: &str) -> bool {
    let mut steps = Vec::new();
    let mut is_anywhere = false;
    let mut words = schema.split('/').skip(1);
    while let Some(word) = words.next() {
        match word {
            "properties" | "prefixItems" => steps.push(words.next()),
            "items" | "additionalProperties" | "propertyNames" => steps.push(None),
            "anyOf" => drop(words.next()),
            "$defs" => {
                words.next();
                is_anywhere = true;
            }
            _ => return false,
        }
    }
    let found: Vec<&str> = document.split('/').skip(1).collect();
    let Some(before) = found.len().checked_sub(steps.len()) else {
        return false;
    };
    let mut pairs = steps.iter().zip(&found[before..]);
    (is_anywhere || before == 0)
        && pairs.all(|(step, found)| step.is_none_or(|step| step == *found))
}

#[cfg(test)]
mod tests {
    use super::judges;

    #[test]
    fn a_place_is_found_through_every_keyword() {
        assert!(judges("", ""));
        assert!(judges("/properties/items/items/anyOf/1/properties/a~1b", "/items/7/a~1b"));
        assert!(judges("/prefixItems/1/additionalProperties", "/1/any"));
        assert!(judges("/$defs/Tree/properties/name", "/children/0/name"));
    }

    #[test]
    fn another_place_is_another() {
        assert!(!judges("/properties/a", "/b"));
        assert!(!judges("/properties/a", "/a/b"));
        assert!(!judges("/properties/a", ""));
        assert!(!judges("/items/properties/a", "/0/b"));
        assert!(!judges("/$defs/Tree/properties/name", "/children/0/size"));
    }
}

//! Where schemas stand within a JSON Schema.

use crate::json::Json;

/// How a schema hangs below another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step<'a> {
    /// A keyword that holds one schema: `items`.
    Keyword(&'a str),
    /// A keyword that holds schemas by name: `properties`.
    Name(&'a str, &'a str),
    /// A keyword that holds a list of schemas: `anyOf`.
    Index(&'a str, usize),
}

pub(super) const PROPERTIES: &str = "properties";
/// Where definitions stand; a schema doesn't apply to anything just because it stands there.
pub(super) const DEFINITIONS: [&str; 2] = ["$defs", "definitions"];
const SINGLE: [&str; 2] = ["items", "additionalProperties"];
const LISTS: [&str; 3] = ["prefixItems", "anyOf", "oneOf"];

/// The schemas right below a schema, under the keywords that the service reads.
pub(super) fn children(schema: &Json) -> impl Iterator<Item = (Step<'_>, &Json)> {
    let single = SINGLE
        .into_iter()
        .filter_map(|keyword| Some((Step::Keyword(keyword), schema.get(keyword)?)));
    let names = [PROPERTIES].into_iter().chain(DEFINITIONS).flat_map(|keyword| {
        let members = schema.get(keyword).and_then(Json::as_object).into_iter().flatten();
        members.map(move |(name, child)| (Step::Name(keyword, name), child))
    });
    let lists = LISTS.into_iter().flat_map(|keyword| {
        let items = schema.items(keyword).iter().enumerate();
        items.map(move |(index, child)| (Step::Index(keyword, index), child))
    });
    single.chain(names).chain(lists)
}

/// A schema and all schemas below it, each once.
pub(super) fn all(root: &Json) -> Vec<&Json> {
    let mut found = vec![root];
    let mut next = 0;
    while let Some(&schema) = found.get(next) {
        found.extend(children(schema).map(|(_, child)| child));
        next += 1;
    }
    found
}

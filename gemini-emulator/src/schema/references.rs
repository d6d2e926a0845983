//! `$ref` of JSON Schema: what a reference stands for, and which cycles the service can unroll.

use std::collections::{HashMap, HashSet};

use super::walk::{self, DEFINITIONS, PROPERTIES, Step};
use crate::json::Json;

/// The schemas of a document by what a `$ref` may call them.
#[derive(Debug)]
pub(super) struct References<'a> {
    root: &'a Json,
    named: HashMap<&'a str, &'a Json>,
}

impl<'a> References<'a> {
    pub(super) fn of(root: &'a Json) -> Self {
        let mut named = HashMap::new();
        for schema in walk::all(root) {
            for keyword in ["$anchor", "$id"] {
                if let Some(name) = schema.get(keyword).and_then(Json::as_str) {
                    named.entry(name).or_insert(schema);
                }
            }
        }
        References { root, named }
    }

    /// The schema that `reference` stands for: a pointer from the root (`#/$defs/Node`), an anchor
    /// (`#node`), or an `$id`.
    pub(super) fn resolve(&self, reference: &str) -> Option<&'a Json> {
        let Some(fragment) = reference.strip_prefix('#') else {
            return self.named.get(reference).copied();
        };
        if fragment.is_empty() {
            return Some(self.root);
        }
        let Some(pointer) = fragment.strip_prefix('/') else {
            return self.named.get(fragment).copied();
        };
        pointer.split('/').try_fold(self.root, |schema, token| {
            let token = token.replace("~1", "/").replace("~0", "~");
            match schema {
                Json::Array(items) => items.get(token.parse::<usize>().ok()?),
                schema => schema.get(&token),
            }
        })
    }

    /// A reference on a cycle that passes no optional property. The service unrolls recursion by
    /// leaving optional properties out; such a cycle has no end.
    pub(super) fn endless(&self) -> Option<&'a str> {
        let nodes = walk::all(self.root);
        let mut search = Search { references: self, marks: HashMap::new() };
        nodes.into_iter().find_map(|node| search.from(node))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Open,
    Closed,
}

/// A depth-first search over the edges that a value can't avoid, with its own stack.
struct Search<'r, 'a> {
    references: &'r References<'a>,
    marks: HashMap<*const Json, Mark>,
}

impl<'a> Search<'_, 'a> {
    fn from(&mut self, start: &'a Json) -> Option<&'a str> {
        if self.marks.contains_key(&std::ptr::from_ref(start)) {
            return None;
        }
        self.marks.insert(start, Mark::Open);
        let mut stack = vec![(start, self.edges(start))];
        while let Some((schema, edges)) = stack.last_mut() {
            let Some((target, reference)) = edges.pop() else {
                self.marks.insert(std::ptr::from_ref(*schema), Mark::Closed);
                stack.pop();
                continue;
            };
            match self.marks.get(&std::ptr::from_ref(target)) {
                Some(Mark::Closed) => {}
                Some(Mark::Open) => return Some(reference.unwrap_or("#")),
                None => {
                    self.marks.insert(target, Mark::Open);
                    stack.push((target, self.edges(target)));
                }
            }
        }
        None
    }

    fn edges(&self, schema: &'a Json) -> Vec<(&'a Json, Option<&'a str>)> {
        let required: HashSet<&str> =
            schema.items("required").iter().filter_map(Json::as_str).collect();
        let below = walk::children(schema).filter(|(step, _)| match step {
            Step::Name(PROPERTIES, name) => required.contains(name),
            Step::Name(keyword, _) => !DEFINITIONS.contains(keyword),
            Step::Keyword(_) | Step::Index(..) => true,
        });
        let mut edges: Vec<_> = below.map(|(_, child)| (child, None)).collect();
        if let Some(reference) = schema.get("$ref").and_then(Json::as_str)
            && let Some(target) = self.references.resolve(reference)
        {
            edges.push((target, Some(reference)));
        }
        edges
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    #[test]
    fn names_are_found() {
        let root = parse(
            r##"{"$defs":{"A":{"$anchor":"a","type":"null"},"B":{"$id":"https://x.example/b"}},
            "prefixItems":[{"title":"t"}],"properties":{"a/b":{"title":"p"}}}"##,
        )
        .unwrap();
        let references = References::of(&root);
        for name in
            ["#", "#/$defs/A", "#a", "https://x.example/b", "#/prefixItems/0", "#/properties/a~1b"]
        {
            assert!(references.resolve(name).is_some(), "{name}");
        }
        for name in ["", "A", "#b", "#/$defs/C", "#/prefixItems/1", "#/prefixItems/x", "/$defs/A"] {
            assert!(references.resolve(name).is_none(), "{name}");
        }
    }

    #[test]
    fn only_optional_properties_end_a_cycle() {
        let endless = [
            r##"{"$ref":"#"}"##,
            r##"{"items":{"$ref":"#"}}"##,
            r##"{"additionalProperties":{"anyOf":[{"$ref":"#"}]}}"##,
            r##"{"properties":{"a":{"$ref":"#"}},"required":["a"]}"##,
            r##"{"$defs":{"A":{"$ref":"#/$defs/B"},"B":{"$ref":"#/$defs/A"}}}"##,
        ];
        for text in endless {
            assert!(References::of(&parse(text).unwrap()).endless().is_some(), "{text}");
        }
        let bounded = [
            r##"{"properties":{"a":{"$ref":"#"}},"required":["b"]}"##,
            r##"{"properties":{"a":{"items":{"$ref":"#"}}}}"##,
            r##"{"$defs":{"A":{"type":"null"}},"prefixItems":[{"$ref":"#/$defs/A"},{"$ref":"#/$defs/A"}]}"##,
        ];
        for text in bounded {
            assert!(References::of(&parse(text).unwrap()).endless().is_none(), "{text}");
        }
    }
}

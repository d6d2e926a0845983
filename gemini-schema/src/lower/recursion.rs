//! Which recursion a constrained decoder can follow.

use std::collections::BTreeMap;

use super::children;
use crate::path::Path;
use crate::{Problem, Schema, Shape};

/// References from one definition to another that pass no optional property.
type Edges<'a> = BTreeMap<&'a str, Vec<Edge<'a>>>;

struct Edge<'a> {
    to: &'a str,
    path: String,
}

/// Every cycle that passes no property which may be left out: the service follows references only
/// through such properties, and written out, a value may never end.
pub(super) fn endless(root: &Schema) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut edges = Edges::new();
    for (name, definition) in &root.definitions {
        let mut path = Path::default();
        path.push("$defs");
        path.push(name);
        let mut found = Vec::new();
        collect(definition, &mut path, &mut found);
        edges.insert(name, found);
    }
    for (name, outgoing) in &edges {
        for edge in outgoing {
            if leads_to(&edges, edge.to, name, &mut Vec::new()) {
                let problem = Problem::new(
                    format!("{name} contains {} through parts that are always present", edge.to),
                    "put an Option, a list or a map around the inner one, as a field of its own, \
                     so that the recursion can end",
                );
                problems.push(problem.at(&edge.path));
            }
        }
    }
    problems
}

fn collect<'a>(schema: &'a Schema, path: &mut Path, found: &mut Vec<Edge<'a>>) {
    match &schema.shape {
        Shape::Reference(to) => found.push(Edge { to, path: path.as_str().to_owned() }),
        Shape::Object(shape) => {
            let present = shape
                .properties
                .iter()
                .filter(|property| property.required && nothing(&property.schema).is_none());
            for property in present {
                path.step("properties", |path| {
                    path.step(&property.name, |path| collect(&property.schema, path, found));
                });
            }
        }
        _ => children(schema, path, &mut |child, path| collect(child, path, found)),
    }
}

/// The value that ends recursion at this place.
pub(super) fn nothing(schema: &Schema) -> Option<&'static str> {
    match &schema.shape {
        _ if schema.annotations.nullable => Some("null"),
        Shape::Array(shape) if shape.min_items.unwrap_or(0) == 0 => Some("[]"),
        Shape::Map(shape) if shape.min_properties.unwrap_or(0) == 0 => Some("{}"),
        _ => None,
    }
}

fn leads_to<'a>(edges: &Edges<'a>, from: &'a str, to: &str, seen: &mut Vec<&'a str>) -> bool {
    if from == to {
        return true;
    }
    if seen.contains(&from) {
        return false;
    }
    seen.push(from);
    edges.get(from).into_iter().flatten().any(|edge| leads_to(edges, edge.to, to, seen))
}

//! Definitions, once all are read.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::generator::merge;
use crate::path::Path;
use crate::{OrderedJson, Problem, Schema, Shape, check};

type Definitions = BTreeMap<String, Schema>;

/// How large and how deep a schema may become where definitions are written out.
const MOST_NODES: usize = 10_000;
const MOST_LEVELS: usize = 64;

/// How many references may lead from one to the other for the same value.
const MOST_STEPS: usize = 16;

/// Definitions that say nothing, because they only lead to themselves, or on and on.
pub(super) fn problems(root: &Schema, definitions: &Definitions) -> Vec<Problem> {
    let mut known = HashMap::new();
    let all = definitions.iter().map(|(name, schema)| (Some(name), schema));
    let mut problems = Vec::new();
    for (name, schema) in std::iter::once((None, root)).chain(all) {
        let mut steps = Steps { definitions, known: &mut known };
        if steps.of(schema, 0).is_none() {
            let mut path = Path::default();
            if let Some(name) = name {
                path.push("$defs");
                path.push(name);
            }
            problems.push(
                Problem::new(
                    "references lead to references without end, or through more than 16",
                    "let each definition describe a value, and refer to it directly",
                )
                .at(path.as_str()),
            );
        }
    }
    problems
}

/// The whole schema: what is not recursive is written out, unless that is too much.
pub(super) fn finish(root: Schema, mut definitions: Definitions) -> Schema {
    let extents = extents(&definitions);
    let is_recursive = |name: &str| extents.get(name).is_none_or(|extent| extent.is_recursive);
    let kept = definitions.iter().filter(|(name, _)| is_recursive(name)).map(|(_, kept)| kept);
    let whole =
        kept.fold(measure(&root, &extents), |whole, kept| whole.and(measure(kept, &extents)));
    let is_bearable = whole.nodes <= MOST_NODES && whole.levels <= MOST_LEVELS;
    let recursive: HashSet<String> =
        definitions.keys().filter(|name| is_recursive(name)).cloned().collect();
    let mut root = root;
    if is_bearable {
        let inlined: Definitions = definitions
            .iter()
            .filter(|(name, _)| !recursive.contains(name.as_str()))
            .map(|(name, schema)| (name.clone(), schema.clone()))
            .collect();
        definitions.retain(|name, _| recursive.contains(name.as_str()));
        write_out(&mut root, &inlined);
        for definition in definitions.values_mut() {
            write_out(definition, &inlined);
        }
    }
    if let Shape::Reference(name) = &root.shape
        && let Some(definition) = definitions.get(name)
    {
        root = Schema { annotations: merge(&root, definition), ..definition.clone() };
    }
    root.definitions = definitions;
    forget(&mut root);
    root
}

/// Forgets what mattered while reading, and examples that are none: as annotations, they say
/// nothing about the rest.
fn forget(root: &mut Schema) {
    let judge = root.clone();
    forget_below(root, &judge);
    for definition in root.definitions.values_mut() {
        forget_below(definition, &judge);
    }
}

fn forget_below(schema: &mut Schema, judge: &Schema) {
    schema.annotations.is_inferred = false;
    let conforms = |example: &OrderedJson| {
        serde_json::to_value(example)
            .is_ok_and(|value| check::written_part(judge, schema, &value).is_empty())
    };
    if schema.annotations.example.as_ref().is_some_and(|example| !conforms(example)) {
        schema.annotations.example = None;
    }
    for child in schema.shape.children_mut() {
        forget_below(child, judge);
    }
}

fn write_out(schema: &mut Schema, inlined: &Definitions) {
    while let Shape::Reference(name) = &schema.shape
        && let Some(definition) = inlined.get(name)
    {
        let annotations = merge(schema, definition);
        *schema = Schema { annotations, ..definition.clone() };
        if matches!(schema.shape, Shape::Any | Shape::Null) {
            schema.annotations.nullable = false;
        }
    }
    for child in schema.shape.children_mut() {
        write_out(child, inlined);
    }
}

/// How large a schema is with its definitions written out; what is recursive counts as one node.
#[derive(Debug, Clone, Copy)]
struct Extent {
    nodes: usize,
    levels: usize,
    /// Whether it leads to a cycle.
    is_recursive: bool,
}

impl Extent {
    const LEAF: Extent = Extent { nodes: 1, levels: 1, is_recursive: false };

    fn and(self, other: Extent) -> Extent {
        Extent {
            nodes: self.nodes.saturating_add(other.nodes),
            levels: self.levels.max(other.levels),
            is_recursive: self.is_recursive || other.is_recursive,
        }
    }
}

type Extents<'a> = HashMap<&'a str, Extent>;

fn extents(definitions: &Definitions) -> Extents<'_> {
    let mut order = Vec::new();
    let mut seen = HashSet::new();
    for name in definitions.keys() {
        sort(name, definitions, &mut seen, &mut order);
    }
    let mut extents = Extents::new();
    for name in order {
        if let Some(definition) = definitions.get(name) {
            extents.insert(name, measure(definition, &extents));
        }
    }
    extents
}

/// Definitions in an order in which each comes after those that it refers to, cycles left aside.
fn sort<'a>(
    start: &'a str,
    definitions: &'a Definitions,
    seen: &mut HashSet<&'a str>,
    order: &mut Vec<&'a str>,
) {
    let mut open = vec![(start, false)];
    while let Some((name, is_done)) = open.pop() {
        if is_done {
            order.push(name);
            continue;
        }
        if !seen.insert(name) {
            continue;
        }
        open.push((name, true));
        if let Some(definition) = definitions.get(name) {
            let mut names = Vec::new();
            references(definition, &mut names);
            open.extend(names.into_iter().map(|name| (name, false)));
        }
    }
}

fn references<'a>(schema: &'a Schema, names: &mut Vec<&'a str>) {
    if let Shape::Reference(name) = &schema.shape {
        names.push(name);
    }
    for child in schema.shape.children() {
        references(child, names);
    }
}

/// A definition that is not known yet leads back to the one that is being measured.
fn measure(schema: &Schema, extents: &Extents<'_>) -> Extent {
    if let Shape::Reference(name) = &schema.shape {
        return match extents.get(name.as_str()) {
            Some(extent) if !extent.is_recursive => *extent,
            _ => Extent { is_recursive: true, ..Extent::LEAF },
        };
    }
    let mut whole = Extent::LEAF;
    for child in schema.shape.children() {
        let child = measure(child, extents);
        whole = whole.and(Extent { levels: child.levels + 1, ..child });
    }
    whole
}

/// How many references lead from one to the other without going down in the value.
struct Steps<'a, 'k> {
    definitions: &'a Definitions,
    known: &'k mut HashMap<&'a str, Option<usize>>,
}

impl<'a> Steps<'a, '_> {
    fn of(&mut self, schema: &'a Schema, depth: usize) -> Option<usize> {
        if depth > MOST_STEPS {
            return None;
        }
        match &schema.shape {
            Shape::Reference(name) => {
                if let Some(steps) = self.known.get(name.as_str()) {
                    return steps.filter(|steps| *steps <= MOST_STEPS);
                }
                // While it is being looked at, it has no end.
                self.known.insert(name, None);
                let definition = self.definitions.get(name)?;
                let steps = self.of(definition, depth + 1).map(|steps| steps + 1);
                self.known.insert(name, steps);
                steps.filter(|steps| *steps <= MOST_STEPS)
            }
            Shape::AnyOf(branches) => {
                let mut most = 0;
                for branch in branches {
                    most = most.max(self.of(branch, depth)?);
                }
                Some(most)
            }
            _ => Some(0),
        }
    }
}

//! What is wrong with a schema whatever the dialect.

use std::collections::HashSet;

use super::{children, walk};
use crate::path::Path;
use crate::schema::{IntegerMember, ObjectShape, Side};
use crate::{Problem, Schema, Shape, check};

pub(super) fn problems(root: &Schema) -> Vec<Problem> {
    let mut problems = Vec::new();
    walk(root, &mut Path::default(), &mut |schema, path| {
        let found = shape(&schema.shape).into_iter().chain(example(root, schema));
        problems.extend(found.map(|problem| problem.at(path.as_str())));
    });
    let mut buffers = Buffers { root, seen: HashSet::new(), problems };
    buffers.visit(root, false, &mut Path::default());
    buffers.problems
}

fn shape(shape: &Shape) -> Option<Problem> {
    match shape {
        Shape::Invalid(problem) => Some(problem.clone()),
        Shape::String(shape) => {
            order("min_length", shape.min_length, "max_length", shape.max_length)
        }
        Shape::Array(shape) => order("min_items", shape.min_items, "max_items", shape.max_items),
        Shape::Map(shape) => {
            let (least, most) = (shape.min_properties, shape.max_properties);
            order("min_properties", least, "max_properties", most)
        }
        Shape::Number(shape) => order("minimum", shape.minimum, "maximum", shape.maximum),
        Shape::Integer(shape) => {
            order("minimum", Some(shape.minimum), "maximum", Some(shape.maximum))
        }
        Shape::Enum(members) => {
            let names = members.iter().map(|member| &member.value[..]);
            twice(names).map(|name| repeated("member", name)).or_else(|| empty(members.is_empty()))
        }
        Shape::IntegerEnum(members) => numbers(members),
        Shape::AnyOf(alternatives) => empty(alternatives.is_empty()),
        Shape::Object(shape) => {
            let names = |side| shape.properties.iter().flat_map(move |own| own.names(side));
            let written = names(Side::Written).chain(shape.unread.iter().map(String::as_str));
            let name = twice(names(Side::Read)).or_else(|| twice(written));
            name.map(|name| repeated("property", name)).or_else(|| alias(shape))
        }
        _ => None,
    }
}

fn numbers(members: &[IntegerMember]) -> Option<Problem> {
    let mut values = HashSet::new();
    let number = members.iter().find(|member| !values.insert(member.value));
    let name = twice(members.iter().map(|member| &member.name[..]));
    number
        .map(|member| repeated("number", &member.value.to_string()))
        .or_else(|| name.map(|name| repeated("member", name)))
        .or_else(|| empty(members.is_empty()))
}

/// Beside free names the model could write a property and its alias, which serde refuses.
fn alias(shape: &ObjectShape) -> Option<Problem> {
    shape.additional.as_ref()?;
    let alias = shape.properties.iter().find_map(|property| property.aliases.first())?;
    Some(Problem::new(
        format!("the alias {alias:?} stands beside a flattened map, which could hold it as a key"),
        "remove the alias, or make the map a property of its own",
    ))
}

fn order<T: PartialOrd>(
    low: &str,
    least: Option<T>,
    high: &str,
    most: Option<T>,
) -> Option<Problem> {
    (least? > most?).then(|| {
        Problem::new(
            format!("{low} is above {high}, so that no value fits"),
            format!("lower {low} or raise {high}; the bounds of the Rust type count too"),
        )
    })
}

fn twice<'a>(names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut seen = HashSet::new();
    names.into_iter().find(|name| !seen.insert(*name))
}

fn repeated(kind: &str, name: &str) -> Problem {
    Problem::new(format!("the {kind} {name:?} is there twice"), "rename one of the two")
}

fn empty(is_empty: bool) -> Option<Problem> {
    is_empty.then(|| {
        Problem::new("there is no value to choose from", "give the type at least one variant")
    })
}

fn example(root: &Schema, schema: &Schema) -> Option<Problem> {
    let value = serde_json::to_value(schema.annotations.example.as_ref()?).ok()?;
    let violations = check::written_part(root, schema, &value);
    let violation = violations.first()?;
    Some(Problem::new(
        format!("the example does not conform: {violation}"),
        "give an example that is a value of this type",
    ))
}

/// Finds what serde cannot read from the buffers that it keeps for tagged, untagged and flattened
/// types.
struct Buffers<'a> {
    root: &'a Schema,
    seen: HashSet<(&'a str, bool)>,
    problems: Vec<Problem>,
}

impl<'a> Buffers<'a> {
    fn visit(&mut self, schema: &'a Schema, is_inside: bool, path: &mut Path) {
        let is_inside = is_inside || schema.annotations.is_buffered;
        if let (true, Some(kind)) = (is_inside, schema.annotations.never_buffered) {
            let problem = Problem::new(
                format!("serde cannot read {kind} inside a tagged, untagged or flattened type"),
                "use another type there, such as an integer of 64 bits or a String as the key",
            );
            self.problems.push(problem.at(path.as_str()));
        }
        if let Shape::Reference(name) = &schema.shape
            && let Some(definition) = self.root.definitions.get(name)
            && self.seen.insert((name, is_inside))
        {
            let mut path = Path::default();
            path.push("$defs");
            path.push(name);
            self.visit(definition, is_inside, &mut path);
        }
        children(schema, path, &mut |child, path| self.visit(child, is_inside, path));
    }
}

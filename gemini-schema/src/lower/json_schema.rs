//! `Dialect::GeminiJson` and `Dialect::Draft202012`: JSON Schema.

use super::digits::range_pattern;
use super::{Node, Output, Words, described, strings, uniform};
use crate::format::Format;
use crate::path::Path;
use crate::schema::{ArrayShape, MapShape, ObjectShape, StringShape};
use crate::{Dialect, Number, OrderedJson, Schema, Shape};

pub(super) fn root(schema: &Schema, output: &mut Output) -> OrderedJson {
    let path = &mut Path::default();
    let mut json = node(schema, path, output);
    if let (OrderedJson::Object(members), false) = (&mut json, schema.definitions.is_empty()) {
        let definitions = schema.definitions.iter().map(|(name, definition)| {
            let value =
                path.step("$defs", |path| path.step(name, |path| node(definition, path, output)));
            (name.clone().into(), value)
        });
        members.push(("$defs".into(), OrderedJson::Object(definitions.collect())));
    }
    json
}

fn node(schema: &Schema, path: &mut Path, output: &mut Output) -> OrderedJson {
    let mut own = Node::default();
    let mut words = Words::of(&schema.annotations);
    output.note_caveat(&schema.annotations, path);
    let is_nullable = schema.annotations.nullable;
    let limits = match &schema.shape {
        Shape::String(shape) => {
            kind("string", is_nullable, &mut own);
            string(shape, &mut words, path, output)
        }
        Shape::Integer(shape) => {
            kind("integer", is_nullable, &mut own);
            bounds(Number::from(shape.minimum), Number::from(shape.maximum))
        }
        Shape::Number(shape) => {
            kind("number", is_nullable, &mut own);
            // Beyond these a decoder could write what no float of 64 bits holds.
            let minimum = shape.minimum.unwrap_or(f64::MIN);
            let maximum = shape.maximum.unwrap_or(f64::MAX);
            bounds(Number::Float(minimum), Number::Float(maximum))
        }
        Shape::Boolean => kind("boolean", is_nullable, &mut own),
        Shape::Null => kind("null", false, &mut own),
        Shape::Array(shape) => {
            kind("array", is_nullable, &mut own);
            array(shape, path, output)
        }
        Shape::Tuple(places) => {
            kind("array", is_nullable, &mut own);
            tuple(places, &mut words, path, output)
        }
        Shape::Object(shape) => {
            kind("object", is_nullable, &mut own);
            object(shape, path, output)
        }
        Shape::Map(shape) => {
            kind("object", is_nullable, &mut own);
            map(shape, path, output)
        }
        Shape::Any | Shape::Invalid(_) => Node::default(),
        Shape::Enum(_) | Shape::IntegerEnum(_) | Shape::AnyOf(_) | Shape::Reference(_) => {
            alternatives(schema, &mut words, path, output)
        }
    };
    own.put_some("title", schema.annotations.title.clone());
    if let Some(example) = &schema.annotations.example {
        match output.dialect {
            Dialect::Draft202012 => own.put("examples", vec![example.clone()]),
            _ => words.add(format!("Example: {example}")),
        }
    }
    words.put_into(&mut own);
    own.0.extend(limits.0);
    own.into_json()
}

/// Next to `$ref` nothing else may stand, and the members of an `enum` have one type, so that
/// these are alternatives to `null`, and references with words of their own the only one.
fn alternatives(schema: &Schema, words: &mut Words, path: &mut Path, output: &mut Output) -> Node {
    let mut branches = Vec::new();
    let is_alone = !schema.annotations.nullable;
    match &schema.shape {
        Shape::Enum(members) => {
            words.add_members(members);
            let mut branch = Node::default();
            branch.put("type", "string");
            branch.put("enum", strings(members.iter().map(|member| &member.value[..])));
            if is_alone {
                return branch;
            }
            branches.push(branch.into_json());
        }
        Shape::IntegerEnum(members) => {
            words.add_numbers(members);
            let numbers =
                members.iter().map(|member| OrderedJson::from(Number::from(member.value)));
            let mut branch = Node::default();
            branch.put("type", "integer");
            branch.put("enum", OrderedJson::Array(numbers.collect()));
            if is_alone {
                return branch;
            }
            branches.push(branch.into_json());
        }
        Shape::Reference(name) => {
            let mut branch = Node::default();
            branch.put("$ref", format!("#/$defs/{}", name.replace('~', "~0").replace('/', "~1")));
            let has_words = !words.0.is_empty()
                || schema.annotations.title.is_some()
                || schema.annotations.example.is_some();
            if is_alone && !has_words {
                return branch;
            }
            branches.push(branch.into_json());
        }
        Shape::AnyOf(schemas) => {
            branches.extend(schemas.iter().enumerate().map(|(index, branch)| {
                path.step("anyOf", |path| path.step(index, |path| node(branch, path, output)))
            }))
        }
        _ => {}
    }
    if !is_alone {
        let mut null = Node::default();
        null.put("type", "null");
        branches.push(null.into_json());
    }
    let mut limits = Node::default();
    limits.put("anyOf", branches);
    limits
}

fn kind(kind: &'static str, is_nullable: bool, node: &mut Node) -> Node {
    if is_nullable {
        node.put("type", strings([kind, "null"]));
    } else {
        node.put("type", kind);
    }
    Node::default()
}

fn string(shape: &StringShape, words: &mut Words, path: &Path, output: &mut Output) -> Node {
    let mut limits = Node::default();
    let mut pattern = shape.pattern.as_ref().map(|pattern| pattern.as_str().to_owned());
    if let Some(format) = shape.format {
        if has_format(output.dialect, format) {
            limits.put("format", format.name());
        } else {
            words.add(format!("Format: {}.", format.words()));
            output.note_format(shape, format, path);
            pattern = pattern.or_else(|| format.pattern().map(str::to_owned));
        }
    }
    if output.dialect == Dialect::OpenAi {
        pattern = pattern.or_else(|| length_pattern(shape));
        if shape.pattern.is_some() && length_pattern(shape).is_some() {
            output.note(path, "the length is only checked afterwards, because there is a pattern");
        }
    } else {
        limits.put_some("minLength", shape.min_length);
        limits.put_some("maxLength", shape.max_length);
    }
    limits.put_some("pattern", pattern);
    if output.dialect == Dialect::GeminiJson {
        for keyword in ["minLength", "maxLength", "pattern"] {
            if limits.0.iter().any(|(name, _)| name == keyword) {
                output.note(path, format!("responseJsonSchema ignores {keyword}"));
            }
        }
    }
    limits
}

fn has_format(dialect: Dialect, format: Format) -> bool {
    match format {
        Format::DateTime | Format::Date | Format::Time => true,
        Format::Email | Format::Ipv4 | Format::Ipv6 | Format::Uuid => {
            matches!(dialect, Dialect::Draft202012 | Dialect::OpenAi)
        }
        Format::Uri => dialect == Dialect::Draft202012,
    }
}

/// The limits of a length as a pattern, for a dialect that has no keywords for them.
fn length_pattern(shape: &StringShape) -> Option<String> {
    let least = shape.min_length.unwrap_or(0);
    match shape.max_length {
        Some(most) => Some(format!("^[\\s\\S]{{{least},{most}}}$")),
        None if least > 0 => Some(format!("^[\\s\\S]{{{least},}}$")),
        None => None,
    }
}

fn bounds(minimum: Number, maximum: Number) -> Node {
    let mut limits = Node::default();
    limits.put("minimum", minimum);
    limits.put("maximum", maximum);
    limits
}

fn array(shape: &ArrayShape, path: &mut Path, output: &mut Output) -> Node {
    let mut limits = Node::default();
    limits.put("items", path.step("items", |path| node(&shape.items, path, output)));
    limits.put_some("minItems", shape.min_items);
    limits.put_some("maxItems", output.max_items(shape, path));
    limits
}

fn tuple(places: &[Schema], words: &mut Words, path: &mut Path, output: &mut Output) -> Node {
    let mut limits = Node::default();
    let is_same = |place: &Schema| Some(place) == places.first();
    let has_places = output.dialect != Dialect::OpenAi;
    match uniform(places).filter(|_| !has_places || places.iter().all(is_same)) {
        Some(items) => {
            let items = described(places, items, words);
            limits.put("items", path.step("items", |path| node(&items, path, output)));
        }
        None if places.is_empty() => {}
        None => {
            let places = places.iter().enumerate().map(|(index, place)| {
                path.step("prefixItems", |path| path.step(index, |path| node(place, path, output)))
            });
            limits.put("prefixItems", OrderedJson::Array(places.collect()));
        }
    }
    limits.put("minItems", places.len() as u64);
    limits.put("maxItems", places.len() as u64);
    limits
}

fn object(shape: &ObjectShape, path: &mut Path, output: &mut Output) -> Node {
    let mut limits = Node::default();
    let properties = shape.properties.iter().map(|property| {
        let value = path.step("properties", |path| {
            path.step(&property.name, |path| node(&property.schema, path, output))
        });
        (property.name.clone().into(), value)
    });
    if !shape.properties.is_empty() {
        limits.put("properties", OrderedJson::Object(properties.collect()));
    }
    let mut required = shape.properties.iter().filter(|property| property.required).peekable();
    if required.peek().is_some() {
        limits.put("required", strings(required.map(|property| &property.name[..])));
    }
    let additional = match &shape.additional {
        Some(additional) => {
            path.step("additionalProperties", |path| node(&additional.values, path, output))
        }
        None => OrderedJson::Bool(false),
    };
    limits.put("additionalProperties", additional);
    if output.dialect == Dialect::GeminiJson && !shape.properties.is_empty() {
        let names = shape.properties.iter().map(|property| &property.name[..]);
        limits.put("propertyOrdering", strings(names));
    }
    limits
}

fn map(shape: &MapShape, path: &mut Path, output: &mut Output) -> Node {
    let mut limits = Node::default();
    match &shape.keys.shape {
        Shape::String(keys) if *keys == StringShape::default() => {}
        Shape::Integer(keys) => {
            let pattern = range_pattern(keys.minimum, keys.maximum);
            limits.put("propertyNames", number_names(pattern));
        }
        Shape::Number(_) => {
            let pattern = "^-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?$";
            limits.put("propertyNames", number_names(pattern));
        }
        _ => {
            let names = path.step("propertyNames", |path| node(&shape.keys, path, output));
            limits.put("propertyNames", names);
        }
    }
    let values = path.step("additionalProperties", |path| node(&shape.values, path, output));
    limits.put("additionalProperties", values);
    limits.put_some("minProperties", shape.min_properties);
    limits.put_some("maxProperties", shape.max_properties);
    limits
}

/// Names that are numbers. Only the exact dialect has maps with such keys.
fn number_names(pattern: impl Into<OrderedJson>) -> OrderedJson {
    let mut names = Node::default();
    names.put("type", "string");
    names.put("pattern", pattern);
    names.into_json()
}

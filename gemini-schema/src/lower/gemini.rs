//! `Dialect::Gemini`: the OpenAPI subset of `responseSchema`.

use super::{Node, Output, Words, described, strings, uniform};
use crate::format::Format;
use crate::path::Path;
use crate::schema::{
    ArrayShape, EnumMember, IntegerShape, MapShape, NumberShape, ObjectShape, Pattern, StringShape,
};
use crate::{Dialect, Number, OrderedJson, Schema, Shape};

pub(super) fn root(schema: &Schema, output: &mut Output) -> OrderedJson {
    let path = &mut Path::default();
    let mut json = node(schema, path, output);
    if let (OrderedJson::Object(members), false) = (&mut json, schema.definitions.is_empty()) {
        let definitions = schema.definitions.iter().map(|(name, definition)| {
            let value =
                path.step("defs", |path| path.step(name, |path| node(definition, path, output)));
            (name.clone().into(), value)
        });
        members.push(("defs".into(), OrderedJson::Object(definitions.collect())));
    }
    json
}

fn node(schema: &Schema, path: &mut Path, output: &mut Output) -> OrderedJson {
    let mut node = Node::default();
    let mut words = Words::of(&schema.annotations);
    output.note_caveat(&schema.annotations, path);
    let limits = match &schema.shape {
        Shape::String(shape) => string(shape, &mut node, &mut words, path, output),
        Shape::Enum(members) => enumeration(members, &mut node, &mut words, path, output),
        Shape::Integer(shape) => integer(shape, &mut node),
        Shape::Number(shape) => number(shape, &mut node),
        Shape::Boolean => kind("BOOLEAN", &mut node),
        Shape::Null => kind("NULL", &mut node),
        Shape::Array(shape) => array(shape, &mut node, path, output),
        Shape::Tuple(places) => tuple(places, &mut node, &mut words, path, output),
        Shape::Object(shape) => object(shape, &mut node, path, output),
        Shape::Map(shape) => map(shape, &mut node, path, output),
        Shape::AnyOf(branches) if output.dialect == Dialect::Vertex => {
            return lonely_any_of(schema, branches, path, output);
        }
        Shape::AnyOf(alternatives) => any_of(alternatives, path, output),
        Shape::Reference(name) => return reference(schema, name),
        // Numbers to choose from were reshaped into names.
        Shape::IntegerEnum(_) | Shape::Any | Shape::Invalid(_) => Node::default(),
    };
    node.put_some("title", schema.annotations.title.clone());
    words.put_into(&mut node);
    if schema.annotations.nullable {
        node.put("nullable", true);
    }
    node.0.extend(limits.0);
    node.put_some("example", schema.annotations.example.clone());
    node.into_json()
}

/// A reference stands for itself; `null` beside it is an alternative.
fn reference(schema: &Schema, name: &str) -> OrderedJson {
    let mut node = Node::default();
    node.put("ref", format!("#/defs/{name}"));
    if !schema.annotations.nullable {
        node.put_some("description", schema.annotations.description.clone());
        return node.into_json();
    }
    let mut null = Node::default();
    null.put("type", "NULL");
    let mut alternatives = Node::default();
    alternatives.put("anyOf", vec![node.into_json(), null.into_json()]);
    alternatives.into_json()
}

/// `anyOf` with nothing beside it: what is said about all goes into each.
fn lonely_any_of(
    schema: &Schema,
    branches: &[Schema],
    path: &mut Path,
    output: &mut Output,
) -> OrderedJson {
    let description = &schema.annotations.description;
    let mut branches: Vec<Schema> = branches.to_vec();
    for branch in &mut branches {
        let own = branch.annotations.description.take();
        let words = description.iter().cloned().chain(own).collect::<Vec<_>>().join("\n");
        branch.annotations.description = (!words.is_empty()).then_some(words);
    }
    if schema.annotations.nullable {
        branches.push(Schema::null());
    }
    any_of(&branches, path, output).into_json()
}

fn map(shape: &MapShape, own: &mut Node, path: &mut Path, output: &mut Output) -> Node {
    let mut limits = kind("OBJECT", own);
    let values = path.step("additionalProperties", |path| node(&shape.values, path, output));
    limits.put("additionalProperties", values);
    limits
}

fn kind(kind: &'static str, node: &mut Node) -> Node {
    node.put("type", kind);
    Node::default()
}

fn string(
    shape: &StringShape,
    node: &mut Node,
    words: &mut Words,
    path: &Path,
    output: &mut Output,
) -> Node {
    let mut limits = kind("STRING", node);
    if shape.format == Some(Format::DateTime) {
        node.put("format", "date-time");
    } else if let Some(format) = shape.format {
        words.add(format!("Format: {}.", format.words()));
        output.note_format(shape, format, path);
    }
    let pattern = shape.pattern.as_ref().map(Pattern::as_str);
    let pattern = pattern.or_else(|| shape.format.and_then(Format::pattern));
    limits.put_some("minLength", shape.min_length);
    limits.put_some("maxLength", shape.max_length);
    limits.put_some("pattern", pattern.map(str::to_owned));
    for (keyword, _) in &limits.0 {
        output.note(path, format!("{keyword} is advice to the service"));
    }
    limits
}

fn enumeration(
    members: &[EnumMember],
    node: &mut Node,
    words: &mut Words,
    path: &Path,
    output: &mut Output,
) -> Node {
    if members.iter().any(|member| member.value.is_empty()) {
        output.refuse(
            path,
            "responseSchema has no empty strings in an enumeration",
            "give the variant a name, or send the type by responseJsonSchema (Dialect::GeminiJson)",
        );
    }
    let mut limits = kind("STRING", node);
    words.add_members(members);
    limits.put("enum", strings(members.iter().map(|member| &member.value[..])));
    limits
}

fn integer(shape: &IntegerShape, node: &mut Node) -> Node {
    let mut limits = kind("INTEGER", node);
    if shape.fits(i32::MIN.into(), i32::MAX.into()) {
        node.put("format", "int32");
    } else if shape.fits(i64::MIN.into(), i64::MAX.into()) {
        node.put("format", "int64");
    }
    limits.put("minimum", Number::from(shape.minimum));
    limits.put("maximum", Number::from(shape.maximum));
    limits
}

fn number(shape: &NumberShape, node: &mut Node) -> Node {
    let mut limits = kind("NUMBER", node);
    node.put("format", if shape.single_precision { "float" } else { "double" });
    limits.put_some("minimum", shape.minimum.map(Number::Float));
    limits.put_some("maximum", shape.maximum.map(Number::Float));
    limits
}

fn array(shape: &ArrayShape, own: &mut Node, path: &mut Path, output: &mut Output) -> Node {
    let mut limits = kind("ARRAY", own);
    limits.put("items", path.step("items", |path| node(&shape.items, path, output)));
    limits.put_some("minItems", shape.min_items);
    limits.put_some("maxItems", output.max_items(shape, path));
    limits
}

fn tuple(
    places: &[Schema],
    own: &mut Node,
    words: &mut Words,
    path: &mut Path,
    output: &mut Output,
) -> Node {
    let count = places.len() as u64;
    let text = Schema::string();
    // Tuples of different places were reshaped into objects.
    let items = described(places, uniform(places).unwrap_or(&text), words);
    let limits =
        ArrayShape { items: Box::new(items), min_items: Some(count), max_items: Some(count) };
    array(&limits, own, path, output)
}

fn object(shape: &ObjectShape, own: &mut Node, path: &mut Path, output: &mut Output) -> Node {
    let mut limits = kind("OBJECT", own);
    let properties = shape.properties.iter().map(|property| {
        let value = path.step("properties", |path| {
            path.step(&property.name, |path| node(&property.schema, path, output))
        });
        (property.name.clone().into(), value)
    });
    if !shape.properties.is_empty() {
        limits.put("properties", OrderedJson::Object(properties.collect()));
    }
    let names = |only_required: bool| {
        let chosen =
            shape.properties.iter().filter(move |property| !only_required || property.required);
        chosen.map(|property| &property.name[..])
    };
    if names(true).next().is_some() {
        limits.put("required", strings(names(true)));
    }
    if !shape.properties.is_empty() {
        limits.put("propertyOrdering", strings(names(false)));
    }
    if let Some(additional) = &shape.additional {
        let values =
            path.step("additionalProperties", |path| node(&additional.values, path, output));
        limits.put("additionalProperties", values);
    }
    limits
}

fn any_of(alternatives: &[Schema], path: &mut Path, output: &mut Output) -> Node {
    let branches = alternatives.iter().enumerate().map(|(index, branch)| {
        path.step("anyOf", |path| path.step(index, |path| node(branch, path, output)))
    });
    let mut limits = Node::default();
    limits.put("anyOf", OrderedJson::Array(branches.collect()));
    limits
}

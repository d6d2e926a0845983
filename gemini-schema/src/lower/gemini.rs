//! `Dialect::Gemini`: the OpenAPI subset of `responseSchema`.

use super::{Node, Output, Words, strings, uniform};
use crate::format::Format;
use crate::path::Path;
use crate::schema::{
    ArrayShape, EnumMember, IntegerShape, NumberShape, ObjectShape, Pattern, StringShape,
};
use crate::{Number, OrderedJson, Schema, Shape};

pub(super) fn root(schema: &Schema, output: &mut Output) -> OrderedJson {
    node(schema, &mut Path::default(), output)
}

fn node(schema: &Schema, path: &mut Path, output: &mut Output) -> OrderedJson {
    let mut node = Node::default();
    let mut words = Words::of(&schema.annotations);
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
        Shape::AnyOf(alternatives) => any_of(alternatives, path, output),
        Shape::Map(_) | Shape::Any | Shape::Reference(_) => {
            refuse(&schema.shape, path, output);
            Node::default()
        }
        Shape::Invalid(_) => Node::default(),
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

const OTHER_CARRIER: &str = "or send the type by responseJsonSchema (Dialect::GeminiJson)";

fn refuse(shape: &Shape, path: &Path, output: &mut Output) {
    let (reason, remedy) = match shape {
        Shape::Map(_) => (
            "responseSchema has no maps".to_owned(),
            "use a Vec of structs with a key and a value, or an enum of unit variants as the key",
        ),
        Shape::Any => {
            ("responseSchema needs a type at every node".to_owned(), "use a type of your own")
        }
        Shape::Reference(name) => (
            format!("{name} contains itself, and responseSchema has no references"),
            "use types that do not contain themselves",
        ),
        _ => return,
    };
    output.refuse(path, reason, format!("{remedy}, {OTHER_CARRIER}"));
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
            format!("give the variant a name, {OTHER_CARRIER}"),
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
    limits.put_some("maxItems", shape.max_items);
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
    let Some(items) = uniform(places).or(places.is_empty().then_some(&text)) else {
        output.refuse(
            path,
            "responseSchema has no tuples of different types",
            format!("use a struct with named fields, {OTHER_CARRIER}"),
        );
        for (index, place) in places.iter().enumerate() {
            path.step("prefixItems", |path| path.step(index, |path| node(place, path, output)));
        }
        return Node::default();
    };
    let mut items = items.clone();
    if places.iter().any(|place| place.annotations != items.annotations) {
        for (index, place) in places.iter().enumerate() {
            if let Some(description) = &place.annotations.description {
                words.add(format!("Element {index}: {description}"));
            }
        }
        items.annotations.description = None;
    }
    let limits =
        ArrayShape { items: Box::new(items), min_items: Some(count), max_items: Some(count) };
    array(&limits, own, path, output)
}

fn object(shape: &ObjectShape, own: &mut Node, path: &mut Path, output: &mut Output) -> Node {
    let mut limits = kind("OBJECT", own);
    if shape.properties.is_empty() {
        let remedy = format!("give the type a field or a variant with content, {OTHER_CARRIER}");
        output.refuse(path, "responseSchema has no objects without properties", remedy);
    }
    let properties = shape.properties.iter().map(|property| {
        let value = path.step("properties", |path| {
            path.step(&property.name, |path| node(&property.schema, path, output))
        });
        (property.name.clone().into(), value)
    });
    limits.put("properties", OrderedJson::Object(properties.collect()));
    let names = |only_required: bool| {
        let chosen =
            shape.properties.iter().filter(move |property| !only_required || property.required);
        chosen.map(|property| &property.name[..])
    };
    if names(true).next().is_some() {
        limits.put("required", strings(names(true)));
    }
    limits.put("propertyOrdering", strings(names(false)));
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

//! Lowering: from shapes to what a dialect can say.

mod capabilities;
mod digits;
mod gemini;
mod json_schema;
mod recursion;
mod reshape;
mod sanity;

use std::borrow::Cow;

use self::capabilities::Capabilities;
use self::reshape::Reshaped;
use crate::format::Format;
use crate::lift::Lifts;
use crate::path::Path;
use crate::schema::{ArrayShape, EnumMember, IntegerMember, StringShape};
use crate::{Annotations, Dialect, Note, OrderedJson, Problem, Schema, SchemaError, Shape};

/// A schema in a dialect.
pub(crate) struct Lowering {
    pub(crate) json: OrderedJson,
    /// What the carrier does not enforce.
    pub(crate) notes: Vec<Note>,
    /// The shape that is sent.
    pub(crate) sent: Schema,
    pub(crate) lifts: Lifts,
    pub(crate) is_cut: bool,
}

/// What becomes of the greatest length of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MaxItems {
    Sent,
    /// Only decoding enforces it, unless the length is fixed.
    KeptBack,
}

/// Replaces what the dialect cannot say, and writes the rest down.
pub(crate) fn lower(
    schema: &Schema,
    dialect: Dialect,
    max_items: MaxItems,
) -> Result<Lowering, SchemaError> {
    let problems = sanity::problems(schema);
    let mut output = Output { dialect, max_items, problems, notes: Vec::new() };
    let endless = recursion::endless(schema);
    let can = Capabilities::of(dialect).map(|can| can.for_recursion(!endless.is_empty()));
    let Reshaped { schema: sent, lifts, is_cut, is_endless, is_too_large } =
        reshape::reshape(schema, can);
    if is_too_large {
        output.refuse(
            &Path::default(),
            "the schema becomes too large where its definitions are written out",
            "limit the depth of recursive types, or send it by responseJsonSchema (Dialect::GeminiJson)",
        );
    } else if is_endless {
        output.problems.extend(endless);
    }
    let json = match dialect {
        Dialect::Gemini | Dialect::Vertex => gemini::root(&sent, &mut output),
        Dialect::GeminiJson | Dialect::OpenAi | Dialect::Draft202012 => {
            json_schema::root(&sent, &mut output)
        }
    };
    if output.problems.is_empty() {
        Ok(Lowering { json, notes: output.notes, sent, lifts, is_cut })
    } else {
        Err(SchemaError::new(output.problems))
    }
}

/// The exact meaning, whether or not some part of it is sound.
pub(crate) fn exact(schema: &Schema) -> OrderedJson {
    let (dialect, max_items) = (Dialect::Draft202012, MaxItems::Sent);
    let mut output = Output { dialect, max_items, problems: Vec::new(), notes: Vec::new() };
    json_schema::root(schema, &mut output)
}

/// What a walk collects beside the schema.
struct Output {
    dialect: Dialect,
    max_items: MaxItems,
    problems: Vec<Problem>,
    notes: Vec<Note>,
}

impl Output {
    fn refuse(&mut self, path: &Path, reason: impl Into<String>, remedy: impl Into<String>) {
        self.problems.push(Problem::new(reason, remedy).at(path.as_str()));
    }

    fn note(&mut self, path: &Path, text: impl Into<String>) {
        self.notes.push(Note::new(path.as_str(), text));
    }

    /// Notes what only the type refuses.
    fn note_caveat(&mut self, annotations: &Annotations, path: &Path) {
        if let Some(refused) = annotations.caveat {
            self.note(path, format!("only the type refuses {refused}"));
        }
    }

    /// The greatest length of a list, if it is sent.
    fn max_items(&mut self, shape: &ArrayShape, path: &Path) -> Option<u64> {
        if self.max_items == MaxItems::Sent || shape.min_items == shape.max_items {
            return shape.max_items;
        }
        if shape.max_items.is_some() {
            self.note(path, "maxItems is only checked afterwards");
        }
        None
    }

    /// Notes a format that no keyword carries and no pattern either.
    fn note_format(&mut self, shape: &StringShape, format: Format, path: &Path) {
        if shape.pattern.is_some() || format.pattern().is_none() {
            self.note(path, format!("the format {format} is only described"));
        }
    }
}

/// The members of a schema node, in the order in which they are put in.
#[derive(Default)]
struct Node(Vec<(Cow<'static, str>, OrderedJson)>);

impl Node {
    fn put(&mut self, keyword: &'static str, value: impl Into<OrderedJson>) {
        self.0.push((Cow::Borrowed(keyword), value.into()));
    }

    fn put_some<T: Into<OrderedJson>>(&mut self, keyword: &'static str, value: Option<T>) {
        if let Some(value) = value {
            self.put(keyword, value);
        }
    }

    fn into_json(self) -> OrderedJson {
        OrderedJson::Object(self.0)
    }
}

/// The words of a node: its description, then what the dialect has no keyword for.
#[derive(Default)]
struct Words(Vec<String>);

impl Words {
    fn of(annotations: &Annotations) -> Words {
        let form = annotations.form.map(|form| format!("Format: {form}."));
        Words(annotations.description.iter().cloned().chain(form).collect())
    }

    fn add(&mut self, words: impl Into<String>) {
        self.0.push(words.into());
    }

    /// What each member of an enumeration stands for, where it is said.
    fn add_members(&mut self, members: &[EnumMember]) {
        for member in members {
            if let Some(description) = &member.description {
                self.0.push(format!("{}: {description}", member.value));
            }
        }
    }

    /// What each number of an enumeration stands for.
    fn add_numbers(&mut self, members: &[IntegerMember]) {
        for IntegerMember { value, name, description, .. } in members {
            let meaning = description.iter().map(|text| format!(", {text}")).collect::<String>();
            self.0.push(format!("{value}: {name}{meaning}"));
        }
    }

    fn put_into(self, node: &mut Node) {
        if !self.0.is_empty() {
            node.put("description", self.0.join("\n"));
        }
    }
}

fn strings<'a>(names: impl IntoIterator<Item = &'a str>) -> OrderedJson {
    OrderedJson::Array(names.into_iter().map(|name| name.to_owned().into()).collect())
}

/// The schema of every place of a tuple, if they all have the same shape.
fn uniform(places: &[Schema]) -> Option<&Schema> {
    let (first, rest) = places.split_first()?;
    let is_same = |place: &Schema| {
        place.shape == first.shape && place.annotations.nullable == first.annotations.nullable
    };
    rest.iter().all(is_same).then_some(first)
}

/// The schema of every place of a uniform tuple; what is said about each goes into words.
fn described(places: &[Schema], items: &Schema, words: &mut Words) -> Schema {
    let mut items = items.clone();
    if places.iter().any(|place| place.annotations != items.annotations) {
        for (index, place) in places.iter().enumerate() {
            if let Some(description) = &place.annotations.description {
                words.add(format!("Element {index}: {description}"));
            }
        }
        items.annotations.description = None;
    }
    items
}

/// Every part of a schema, with its path in the form that all dialects share.
fn walk<'a>(schema: &'a Schema, path: &mut Path, visit: &mut dyn FnMut(&'a Schema, &Path)) {
    visit(schema, path);
    children(schema, path, &mut |child, path| walk(child, path, visit));
    for (name, definition) in &schema.definitions {
        path.step("$defs", |path| path.step(name, |path| walk(definition, path, visit)));
    }
}

/// The parts directly below a schema, definitions left aside.
fn children<'a>(schema: &'a Schema, path: &mut Path, visit: &mut dyn FnMut(&'a Schema, &mut Path)) {
    let mut each = |keyword: &str, schemas: &'a [Schema], path: &mut Path| {
        path.step(keyword, |path| {
            for (index, schema) in schemas.iter().enumerate() {
                path.step(index, |path| visit(schema, path));
            }
        });
    };
    match &schema.shape {
        Shape::Tuple(places) => each("prefixItems", places, path),
        Shape::AnyOf(alternatives) => each("anyOf", alternatives, path),
        Shape::Array(shape) => path.step("items", |path| visit(&shape.items, path)),
        Shape::Object(shape) => {
            path.step("properties", |path| {
                for property in &shape.properties {
                    path.step(&property.name, |path| visit(&property.schema, path));
                }
            });
            if let Some(additional) = &shape.additional {
                path.step("additionalProperties", |path| visit(&additional.values, path));
            }
        }
        Shape::Map(shape) => {
            path.step("propertyNames", |path| visit(&shape.keys, path));
            path.step("additionalProperties", |path| visit(&shape.values, path));
        }
        _ => {}
    }
}

//! The walk over a JSON Schema.

use std::collections::{BTreeMap, HashMap};

use super::alternatives::OneOf;
use super::keywords::{Keywords, Type};
use super::merge::{Conflict, is_inferred};
use super::references::Names;
use super::{alternatives, definitions};
use crate::path::Path;
use crate::schema::{MapShape, Pattern};
use crate::{OrderedJson, Problem, Schema, SchemaError, Shape};

/// How deeply schemas may be nested, references left aside.
const MOST_DEPTH: usize = 64;

/// How much is read or made of one JSON Schema, in nodes.
const BUDGET: usize = 50_000;

/// What becomes of `uniqueItems`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sets {
    /// It would be lost.
    Refused,
    /// It is the word for sets, which take repeated elements when they deserialize.
    #[cfg(feature = "schemars1")]
    AreLists,
}

/// Whether a reference may stand where it is, or its target has to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Refer,
    Expand,
}

/// What was read of one node.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) schema: Schema,
    /// Whether the source forbids all other properties, as opposed to not speaking of them.
    pub(super) is_closed: bool,
}

pub(super) struct Reader<'a> {
    pub(super) root: &'a OrderedJson,
    pub(super) sets: Sets,
    pub(super) names: Names<'a>,
    /// The targets that are being read in the place of references.
    pub(super) expanding: Vec<&'a str>,
    pub(super) patterns: HashMap<&'a str, Pattern>,
    pub(super) one_ofs: Vec<OneOf>,
    problems: Vec<Problem>,
    depth: usize,
    budget: usize,
}

impl From<Schema> for Part {
    fn from(schema: Schema) -> Part {
        Part { schema, is_closed: false }
    }
}

impl<'a> Reader<'a> {
    pub(super) fn new(root: &'a OrderedJson, sets: Sets) -> Reader<'a> {
        Reader {
            root,
            sets,
            names: Names::default(),
            expanding: Vec::new(),
            patterns: HashMap::new(),
            one_ofs: Vec::new(),
            problems: Vec::new(),
            depth: 0,
            budget: BUDGET,
        }
    }

    /// What the root is called where it is referred to.
    pub(super) fn named(mut self, name: &str) -> Reader<'a> {
        self.names.name_root(name);
        self
    }

    pub(super) fn finish(mut self) -> Result<Schema, SchemaError> {
        let schema = self.read(self.root, &mut Path::default()).schema;
        let mut known = BTreeMap::new();
        while let Some(target) = self.names.next() {
            let mut path = Path::default();
            path.set(&target.pointer);
            let definition = self.read(target.json, &mut path).schema;
            known.insert(target.name, definition);
        }
        self.problems.extend(definitions::problems(&schema, &known));
        if self.problems.is_empty() {
            self.problems.extend(alternatives::problems(&self.one_ofs, &known));
        }
        if !self.problems.is_empty() {
            return Err(SchemaError::unread(self.problems));
        }
        Ok(definitions::finish(schema, known))
    }

    /// Reads a schema that may refer to others.
    pub(super) fn read(&mut self, json: &'a OrderedJson, path: &mut Path) -> Part {
        self.visit(json, path, Mode::Refer)
    }

    pub(super) fn visit(&mut self, json: &'a OrderedJson, path: &mut Path, mode: Mode) -> Part {
        if self.depth > MOST_DEPTH {
            return self.refuse(path, "the schema is nested too deeply", "use $defs and $ref");
        }
        if !self.spend(1) {
            return Schema::any().into();
        }
        self.depth += 1;
        let part = match json {
            OrderedJson::Object(members) => self.node(Keywords(members), path, mode),
            OrderedJson::Bool(true) => Schema::any().into(),
            OrderedJson::Bool(false) => {
                self.refuse(path, "the schema false allows no value", "leave this part out")
            }
            _ => self.refuse(path, "this is no schema", "write an object or true"),
        };
        self.depth -= 1;
        part
    }

    pub(super) fn refuse(
        &mut self,
        path: &Path,
        reason: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Part {
        self.problems.push(Problem::new(reason, remedy).at(path.as_str()));
        Schema::any().into()
    }

    /// Refuses a keyword of the node at `path`.
    pub(super) fn refuse_keyword(&mut self, path: &mut Path, keyword: &str, remedy: &str) {
        let reason = format!("{keyword} would be lost");
        path.step(keyword, |path| self.refuse(path, reason, remedy));
    }

    /// Takes from the budget; says so once when there is nothing left.
    pub(super) fn spend(&mut self, nodes: usize) -> bool {
        if self.budget == 0 {
            return false;
        }
        self.budget = self.budget.saturating_sub(nodes);
        if self.budget == 0 {
            let reason = "the schema is too large, or becomes it where parts are merged";
            self.problems.push(Problem::new(reason, "send only the part that is asked for"));
        }
        self.budget > 0
    }

    fn node(&mut self, keywords: Keywords<'a>, path: &mut Path, mode: Mode) -> Part {
        for (keyword, remedy) in keywords.lost() {
            let is_kept = keyword == "uniqueItems" && self.sets != Sets::Refused;
            if !is_kept {
                self.refuse_keyword(path, keyword, remedy);
            }
        }
        let is_inner = !path.as_str().is_empty();
        if is_inner && keywords.text("$id").is_some_and(|id| !id.starts_with('#')) {
            let remedy = "remove it; references start at the root";
            self.refuse_keyword(path, "$id", remedy);
        }
        let mut part = self.conjunction(keywords, path, mode);
        self.annotate(&mut part.schema, keywords);
        part
    }

    /// Everything that a node asks for at once.
    fn conjunction(&mut self, keywords: Keywords<'a>, path: &mut Path, mode: Mode) -> Part {
        let own = self.own(keywords, path);
        let list = |name: &str| keywords.get(name).and_then(OrderedJson::as_array);
        let others = usize::from(keywords.get("$ref").is_some())
            + list("allOf").map_or(0, <[_]>::len)
            + usize::from(keywords.get("anyOf").is_some())
            + usize::from(keywords.get("oneOf").is_some());
        let is_whole = mode == Mode::Refer;
        let is_lonely = own.is_none() && others < 2;
        let mode = if is_lonely { mode } else { Mode::Expand };
        let mut parts: Vec<Part> = own.into_iter().collect();
        if let Some(target) = keywords.get("$ref") {
            parts.push(path.step("$ref", |path| self.reference(target, path, mode)));
        }
        match keywords.get("allOf") {
            Some(OrderedJson::Array(all)) if !all.is_empty() => path.step("allOf", |path| {
                for (index, inner) in all.iter().enumerate() {
                    parts.push(path.step(index, |path| self.visit(inner, path, mode)));
                }
            }),
            None => {}
            Some(_) => {
                path.step("allOf", |path| self.refuse(path, "this is no list", "list schemas"));
            }
        }
        let mut whole = self.all(parts, path);
        for keyword in ["anyOf", "oneOf"] {
            if let Some(json) = keywords.get(keyword) {
                let branches = path.step(keyword, |path| self.branches(json, path, mode));
                let (count, mut is_open) =
                    (branches.len(), branches.iter().any(|part| is_inferred(&part.schema)));
                let merged = match whole.take() {
                    Some(part) => {
                        is_open |= is_inferred(&part.schema);
                        self.distribute(branches, &part)
                    }
                    None => Ok(branches),
                };
                let branches = self.merged(merged, path).unwrap_or_default();
                if keyword == "oneOf" {
                    if is_open && branches.len() < count {
                        let reason = "alternatives without a type fit values of all other types";
                        self.refuse(path, reason, "name the type");
                    }
                    self.one_ofs.push(OneOf::new(path, &branches, is_whole));
                }
                whole = Some(alternatives::combine(branches));
            }
        }
        whole.unwrap_or_else(|| Schema::any().into())
    }

    /// One part that is all of these parts.
    fn all(&mut self, parts: Vec<Part>, path: &Path) -> Option<Part> {
        let mut parts = parts.into_iter();
        let mut whole = parts.next()?;
        for part in parts {
            let merged = self.merge(whole, part);
            whole = self.merged(merged, path)?;
        }
        Some(whole)
    }

    fn merged<T>(&mut self, result: Result<T, Conflict>, path: &Path) -> Option<T> {
        match result {
            Ok(merged) => return Some(merged),
            Err(Conflict::Empty) => {
                self.refuse(path, "no value fits all of this", "remove what conflicts");
            }
            Err(Conflict::Lost(reason)) => {
                let remedy = "write the node as one schema, without allOf, anyOf or $ref beside it";
                self.refuse(path, reason, remedy);
            }
        }
        None
    }

    /// What the node says by itself: its type with limits, or its values.
    fn own(&mut self, keywords: Keywords<'a>, path: &mut Path) -> Option<Part> {
        let named = self.types(keywords, path);
        if keywords.get("enum").is_some() || keywords.get("const").is_some() {
            return Some(self.constants(keywords, named.as_deref(), path).into());
        }
        let is_inferred = named.is_none();
        let mut types = named.unwrap_or_else(|| keywords.implied());
        types.sort_unstable();
        types.dedup();
        if types.contains(&Type::Number) {
            types.retain(|kind| *kind != Type::Integer);
        }
        let mut is_closed = false;
        let mut schemas = Vec::new();
        for kind in types {
            let mut part = self.typed(kind, keywords, path);
            is_closed |= part.is_closed;
            part.schema.annotations.is_inferred = is_inferred;
            schemas.push(part.schema);
        }
        (!schemas.is_empty()).then(|| {
            let mut schema = Schema::any_of(schemas);
            schema.annotations.is_inferred = is_inferred;
            Part { schema, is_closed }
        })
    }

    fn types(&mut self, keywords: Keywords<'a>, path: &mut Path) -> Option<Vec<Type>> {
        let value = keywords.get("type")?;
        let names = match value {
            OrderedJson::Array(names) => names.as_slice(),
            name => std::slice::from_ref(name),
        };
        let types: Option<Vec<Type>> =
            names.iter().map(|name| Type::from_name(name.as_str()?)).collect();
        if types.as_ref().is_none_or(Vec::is_empty) {
            let remedy = "use string, integer, number, boolean, array, object, null or a list";
            path.step("type", |path| self.refuse(path, "the type is not known", remedy));
        }
        types
    }

    fn typed(&mut self, kind: Type, keywords: Keywords<'a>, path: &mut Path) -> Part {
        match kind {
            Type::Null => Schema::null().into(),
            Type::Boolean => Schema::boolean().into(),
            Type::String => self.string(keywords, path).into(),
            Type::Integer => self.integer(keywords, path).into(),
            Type::Number => self.number(keywords, path).into(),
            Type::Array => self.array(keywords, path).into(),
            Type::Object => self.object(keywords, path),
        }
    }

    fn annotate(&self, schema: &mut Schema, keywords: Keywords<'a>) {
        let annotations = &mut schema.annotations;
        let is_any = matches!(schema.shape, Shape::Any | Shape::Null);
        if keywords.is("nullable", true) && !is_any {
            annotations.nullable = true;
        }
        if let Some(title) = keywords.text("title") {
            annotations.title = Some(title.to_owned());
        }
        let formatted = annotations.description.take();
        let words: Vec<&str> =
            keywords.text("description").into_iter().chain(formatted.as_deref()).collect();
        if !words.is_empty() {
            annotations.description = Some(words.join("\n"));
        }
        let example = match keywords.get("examples") {
            Some(OrderedJson::Array(examples)) => examples.first(),
            _ => keywords.get("example"),
        };
        annotations.example = example.cloned().or(annotations.example.take());
    }
}

/// A map that any object conforms to.
pub(super) fn is_any_map(shape: &MapShape) -> bool {
    !shape.has_limits()
        && matches!(shape.values.shape, Shape::Any)
        && matches!(&shape.keys.shape, Shape::String(keys) if *keys == Default::default())
}

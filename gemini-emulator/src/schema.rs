//! Schemas: what an answer must look like, whichever carrier brought the schema.

mod arrange;
mod conform;
mod format;
mod gemini;
mod gemini_check;
mod json_check;
mod json_schema;
mod limits;
mod merge;
mod references;
mod walk;

use std::collections::{BTreeSet, HashMap};

use indexmap::IndexMap;

use crate::json::Json;

pub(crate) use arrange::arrange;
pub(crate) use conform::{compile, conforms, shape_accepts};
pub(crate) use format::has_format;
pub(crate) use gemini::read as read_gemini;
pub(crate) use gemini_check::{Place, check as check_gemini, check_limits};
pub(crate) use json_check::{check as check_json, check_limits as check_json_limits};
pub(crate) use json_schema::read as read_json;
pub use limits::SchemaLimits;
pub(crate) use merge::merge;

/// Schemas and values nested deeper than this are not followed.
pub(crate) const MAX_DEPTH: usize = 150;

/// A schema with its definitions.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    pub(crate) root: Shape,
    /// What references stand for, by the text of the reference.
    pub(crate) definitions: HashMap<String, Shape>,
}

/// One node of a schema.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    /// Whether null conforms too.
    pub(crate) nullable: bool,
    pub(crate) rule: Rule,
}

/// What a node asks for.
#[derive(Debug, Clone)]
pub(crate) enum Rule {
    /// Every value conforms.
    Any,
    /// No value conforms.
    Never,
    Null,
    Boolean,
    /// One of these values.
    Literals(Vec<Json>),
    Text(TextRule),
    Integer(NumberRule),
    Number(NumberRule),
    Array(Box<ArrayRule>),
    Object(Box<ObjectRule>),
    /// One of the branches, and the base, if there is one.
    AnyOf {
        base: Option<Box<Shape>>,
        branches: Vec<Shape>,
    },
    /// What the definition of this name says.
    Reference(String),
}

/// Rules for strings. Lengths count characters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct TextRule {
    pub(crate) format: Option<String>,
    pub(crate) pattern: Option<String>,
    pub(crate) min_length: usize,
    pub(crate) max_length: Option<usize>,
}

/// Rules for numbers.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct NumberRule {
    pub(crate) minimum: Option<f64>,
    pub(crate) maximum: Option<f64>,
    pub(crate) exclusive_minimum: Option<f64>,
    pub(crate) exclusive_maximum: Option<f64>,
    pub(crate) multiple_of: Option<f64>,
}

/// Rules for arrays.
#[derive(Debug, Clone)]
pub(crate) struct ArrayRule {
    /// What the first items look like, one by one.
    pub(crate) prefix: Vec<Shape>,
    /// What the other items look like.
    pub(crate) items: Shape,
    pub(crate) min_items: usize,
    pub(crate) max_items: Option<usize>,
    pub(crate) unique: bool,
}

/// Rules for objects.
#[derive(Debug, Clone)]
pub(crate) struct ObjectRule {
    /// The properties in the order in which an answer has them.
    pub(crate) properties: IndexMap<String, Shape>,
    pub(crate) required: BTreeSet<String>,
    /// What properties of other names look like.
    pub(crate) additional: Shape,
    pub(crate) min_properties: usize,
    pub(crate) max_properties: Option<usize>,
}

impl Shape {
    pub(crate) fn new(rule: Rule) -> Self {
        Shape { nullable: false, rule }
    }
}

impl Document {
    /// The definition that a reference stands for. Reading a schema proves that each has one.
    pub(crate) fn definition(&self, reference: &str) -> Option<&Shape> {
        self.definitions.get(reference)
    }
}

/// Puts properties in the order of an answer: those of `ordering` first, then the rest as they are.
fn ordered(mut properties: IndexMap<String, Shape>, ordering: &[Json]) -> IndexMap<String, Shape> {
    let ranks: HashMap<&str, usize> = ordering
        .iter()
        .filter_map(Json::as_str)
        .enumerate()
        .map(|(rank, name)| (name, rank))
        .collect();
    properties
        .sort_by_cached_key(|name, _| ranks.get(name.as_str()).copied().unwrap_or(usize::MAX));
    properties
}

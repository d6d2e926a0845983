//! Makes documents that conform to a schema.

mod array;
mod number;
mod object;
mod pattern;
mod random;
mod text;
mod words;

use std::fmt;

use crate::json::Json;
use crate::schema::{Document, MAX_DEPTH, Rule, Shape, conforms, merge, shape_accepts};

pub(crate) use random::{Random, fingerprint};
pub(crate) use words::Words;

/// How often a document is tried before the schema is given up.
const ATTEMPTS: usize = 4;
/// How often a branch of `anyOf` is tried before the next one.
const BRANCH_ATTEMPTS: usize = 3;
/// Values and characters that one document may have: about what 65,536 tokens hold.
const LARGEST_DOCUMENT: usize = 4 * 65_536;
/// Nesting from which on optional properties are left out and lists are kept short, so that
/// recursive schemas come to an end.
const DEEP: usize = 12;

/// Why there is no document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Impossible {
    reason: String,
    /// Whether another try would end the same way.
    is_final: bool,
}

/// A document that conforms to the schema. Equal schemas, words and random states give equal
/// documents.
pub(crate) fn generate(
    schema: &Document,
    words: &Words,
    random: &mut Random,
) -> Result<Json, Impossible> {
    let mut reason = Impossible::new("no document conforms to the schema");
    for _ in 0..ATTEMPTS {
        let mut generator = Generator { schema, words, random, left: LARGEST_DOCUMENT, depth: 0 };
        match generator.value(&schema.root) {
            Ok(value) if conforms(schema, &value) => return Ok(value),
            Ok(_) => {}
            Err(impossible) if impossible.is_final => return Err(impossible),
            Err(impossible) => reason = impossible,
        }
    }
    Err(reason)
}

struct Generator<'a> {
    schema: &'a Document,
    words: &'a Words,
    random: &'a mut Random,
    /// How many values and characters the document may still get.
    left: usize,
    depth: usize,
}

impl Impossible {
    fn new(reason: impl Into<String>) -> Self {
        Impossible { reason: reason.into(), is_final: false }
    }
}

impl fmt::Display for Impossible {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.reason)
    }
}

impl<'a> Generator<'a> {
    fn value(&mut self, shape: &'a Shape) -> Result<Json, Impossible> {
        self.spend(1)?;
        if self.depth == MAX_DEPTH {
            return Err(Impossible::new("the schema asks for values nested without end"));
        }
        self.depth += 1;
        let value = self.nullable_value(shape);
        self.depth -= 1;
        value
    }

    fn nullable_value(&mut self, shape: &'a Shape) -> Result<Json, Impossible> {
        if shape.nullable && (self.is_deep() || self.random.chance(1, 6)) {
            return Ok(Json::Null);
        }
        match self.by_rule(&shape.rule) {
            Err(_) if shape.nullable => Ok(Json::Null),
            value => value,
        }
    }

    fn by_rule(&mut self, rule: &'a Rule) -> Result<Json, Impossible> {
        match rule {
            Rule::Any => self.text(&crate::schema::TextRule::default()),
            Rule::Never => Err(Impossible::new("the schema allows no value at some place")),
            Rule::Null => Ok(Json::Null),
            Rule::Boolean => Ok(Json::Bool(self.random.chance(1, 2))),
            Rule::Literals(values) => {
                let value = self.random.pick(values);
                value.cloned().ok_or_else(|| Impossible::new("an enum allows no value"))
            }
            Rule::Text(rule) => self.text(rule),
            Rule::Integer(rule) => number::integer(rule, self.random),
            Rule::Number(rule) => number::number(rule, self.random),
            Rule::Array(rule) => self.array(rule),
            Rule::Object(rule) => self.object(rule),
            Rule::AnyOf { base, branches } => self.any_of(base.as_deref(), branches),
            Rule::Reference(name) => match self.schema.definition(name) {
                Some(shape) => self.value(shape),
                None => Err(Impossible::new(format!("{name} refers to nothing"))),
            },
        }
    }

    fn any_of(
        &mut self,
        base: Option<&'a Shape>,
        branches: &'a [Shape],
    ) -> Result<Json, Impossible> {
        let mut reason = Impossible::new("no branch of an anyOf can be kept");
        let first = self.random.below(branches.len());
        for branch in branches.iter().cycle().skip(first).take(branches.len()) {
            for _ in 0..BRANCH_ATTEMPTS {
                match self.branch(base, branch) {
                    Ok(value) => return Ok(value),
                    Err(impossible) if impossible.is_final => return Err(impossible),
                    Err(impossible) => reason = impossible,
                }
            }
        }
        Err(reason)
    }

    /// A value of one branch that conforms to the base as well.
    fn branch(&mut self, base: Option<&'a Shape>, branch: &'a Shape) -> Result<Json, Impossible> {
        let Some(base) = base else {
            return self.value(branch);
        };
        let value = match merge(base, branch) {
            Some(merged) => {
                let mut inner = Generator {
                    schema: self.schema,
                    words: self.words,
                    random: &mut *self.random,
                    left: self.left,
                    depth: self.depth,
                };
                let value = inner.value(&merged);
                self.left = inner.left;
                value?
            }
            None => self.value(branch)?,
        };
        let accepted =
            shape_accepts(self.schema, base, &value) && shape_accepts(self.schema, branch, &value);
        if accepted { Ok(value) } else { Err(Impossible::new("an anyOf contradicts its siblings")) }
    }

    /// Takes from what the document may still get.
    fn spend(&mut self, amount: usize) -> Result<(), Impossible> {
        match self.left.checked_sub(amount) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(Impossible::new("the document that the schema asks for is too large")),
        }
    }

    fn is_deep(&self) -> bool {
        self.depth > DEEP
    }
}

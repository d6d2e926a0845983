//! Reading whole numbers that are written as floats, such as `7.0` or `1e3`.
//!
//! They are written anew in the text, where the schema says integer, so that nothing else
//! changes: a tree would lose integers of 128 bits.

mod decimal;
mod scanner;

use serde_json::Value;

use crate::check::Checker;
use crate::schema::Side;
use crate::{Schema, Shape};

pub(crate) use decimal::whole;
use scanner::Scanner;

/// Alternatives inside alternatives go no deeper than this.
const MOST_STEPS: usize = 64;

/// The text with its whole numbers written as integers; `None` if it is as it should be.
///
/// `value` is what the text parses to: with it, alternatives are told apart.
pub(crate) fn integers(root: &Schema, text: &str, value: &Value) -> Option<String> {
    let (scanner, checker) = (Scanner::new(text), Checker::new(root, Side::Read));
    let mut rewriter = Rewriter { root, scanner, checker, has_changed: false };
    rewriter.visit(Some(root), Some(value));
    rewriter.has_changed.then(|| rewriter.scanner.finish())
}

struct Rewriter<'a> {
    root: &'a Schema,
    scanner: Scanner<'a>,
    checker: Checker<'a>,
    has_changed: bool,
}

impl<'a> Rewriter<'a> {
    /// Goes past one value; without a schema nothing in it is of interest.
    fn visit(&mut self, schema: Option<&'a Schema>, value: Option<&Value>) {
        let schema = schema.and_then(|schema| self.resolve(schema, value));
        match self.scanner.peek() {
            Some(b'{') => self.object(schema, value),
            Some(b'[') => self.array(schema, value),
            Some(b'"') => self.scanner.string(),
            _ => {
                let is_integer = schema.is_some_and(|schema| {
                    matches!(schema.shape, Shape::Integer(_) | Shape::IntegerEnum(_))
                });
                let token = self.scanner.scalar();
                if let Some(integer) = whole(token).filter(|_| is_integer) {
                    self.scanner.replace(token, &integer);
                    self.has_changed = true;
                }
            }
        }
    }

    fn object(&mut self, schema: Option<&'a Schema>, value: Option<&Value>) {
        self.scanner.open();
        while let Some(name) = self.scanner.name() {
            let schema = schema.and_then(|schema| member(schema, &name));
            self.visit(schema, value.and_then(|value| value.get(&name)));
        }
    }

    fn array(&mut self, schema: Option<&'a Schema>, value: Option<&Value>) {
        self.scanner.open();
        let mut index = 0;
        while self.scanner.element() {
            let schema = schema.and_then(|schema| match &schema.shape {
                Shape::Array(shape) => Some(&*shape.items),
                Shape::Tuple(places) => places.get(index),
                _ => None,
            });
            self.visit(schema, value.and_then(|value| value.get(index)));
            index += 1;
        }
    }

    /// The schema behind references and alternatives, unless they only lead to each other.
    fn resolve(&mut self, mut schema: &'a Schema, value: Option<&Value>) -> Option<&'a Schema> {
        for _ in 0..MOST_STEPS {
            schema = match &schema.shape {
                Shape::AnyOf(alternatives) => self.checker.alternative(alternatives, value?)?,
                Shape::Reference(name) => self.root.definitions.get(name)?,
                _ => return Some(schema),
            };
        }
        None
    }
}

fn member<'a>(schema: &'a Schema, name: &str) -> Option<&'a Schema> {
    match &schema.shape {
        Shape::Object(shape) => shape.read(name),
        Shape::Map(shape) => Some(&shape.values),
        _ => None,
    }
}

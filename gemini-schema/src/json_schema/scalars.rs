//! Texts and numbers.

use super::keywords::Keywords;
use super::reader::Reader;
use crate::format::Format;
use crate::path::Path;
use crate::schema::{IntegerShape, NumberShape, Pattern, StringShape};
use crate::{Integer, Number, OrderedJson, Schema, Shape};

/// What a pattern costs beside an ordinary node.
const PATTERN: usize = 100;

impl<'a> Reader<'a> {
    pub(super) fn string(&mut self, keywords: Keywords<'a>, path: &mut Path) -> Schema {
        let shape = StringShape {
            min_length: self.count("minLength", keywords, path).filter(|least| *least > 0),
            max_length: self.count("maxLength", keywords, path),
            pattern: keywords.get("pattern").and_then(|source| {
                path.step("pattern", |path| self.pattern(source.as_str(), path))
            }),
            format: keywords.text("format").and_then(Format::from_name),
        };
        let is_known = shape.format.is_some();
        let schema = Schema::from(Shape::String(shape));
        match keywords.text("format") {
            Some(name) if !is_known && name != "enum" => {
                schema.with_description(format!("Format: {name}."))
            }
            _ => schema,
        }
    }

    pub(super) fn pattern(&mut self, source: Option<&'a str>, path: &Path) -> Option<Pattern> {
        let Some(source) = source else {
            self.refuse(path, "the pattern is no text", "write a regular expression");
            return None;
        };
        if let Some(pattern) = self.patterns.get(source) {
            return Some(pattern.clone());
        }
        if !self.spend(PATTERN) {
            return None;
        }
        match Pattern::small(source) {
            Ok(pattern) => {
                self.patterns.insert(source, pattern.clone());
                Some(pattern)
            }
            Err(error) => {
                self.refuse(
                    path,
                    format!("the pattern does not compile: {error}"),
                    "write it in the syntax of the regex-lite crate, without look-around and \\p",
                );
                None
            }
        }
    }

    pub(super) fn integer(&mut self, keywords: Keywords<'a>, path: &mut Path) -> Schema {
        let format = keywords.text("format").and_then(integer_format);
        let (mut least, mut most) = self.bounds(keywords, path);
        if let Some((low, high)) = format {
            least = Some(least.map_or(low, |own| own.max(low)));
            most = Some(most.map_or(high, |own| own.min(high)));
        }
        let (low, high) =
            (Integer::from(i128::from(i64::MIN)), Integer::from(i128::from(i64::MAX)));
        let minimum = least.unwrap_or_else(|| {
            if most.is_some_and(|most| most < low) { i128::MIN.into() } else { low }
        });
        let maximum = most.unwrap_or_else(|| {
            if least.is_some_and(|least| least > high) { u128::MAX.into() } else { high }
        });
        Shape::Integer(IntegerShape { minimum, maximum }).into()
    }

    pub(super) fn number(&mut self, keywords: Keywords<'a>, path: &mut Path) -> Schema {
        if keywords.get("multipleOf").is_some() {
            return self.integer(keywords, path);
        }
        let mut limit = |name| self.limit(name, keywords, path).map(Number::to_f64);
        let least = [limit("minimum"), limit("exclusiveMinimum").map(f64::next_up)];
        let most = [limit("maximum"), limit("exclusiveMaximum").map(f64::next_down)];
        let single_precision = keywords.text("format") == Some("float");
        let mut shape = NumberShape {
            minimum: least.into_iter().flatten().reduce(f64::max).filter(|least| *least > f64::MIN),
            maximum: most.into_iter().flatten().reduce(f64::min).filter(|most| *most < f64::MAX),
            single_precision,
        };
        // The double next to the greatest one is infinite, which JSON cannot say.
        for (name, bound) in
            [("exclusiveMinimum", shape.minimum), ("exclusiveMaximum", shape.maximum)]
        {
            if bound.is_some_and(f64::is_infinite) {
                let (reason, remedy) =
                    ("no number is left beyond this bound", "write another bound");
                path.step(name, |path| self.refuse(path, reason, remedy));
            }
        }
        if single_precision {
            shape.minimum = shape.minimum.or(Some(-NumberShape::MOST_SINGLE));
            shape.maximum = shape.maximum.or(Some(NumberShape::MOST_SINGLE));
        }
        Shape::Number(shape).into()
    }

    /// A keyword that counts.
    pub(super) fn count(
        &mut self,
        name: &'static str,
        keywords: Keywords<'a>,
        path: &mut Path,
    ) -> Option<u64> {
        let value = keywords.get(name)?;
        let number = match value {
            OrderedJson::Number(Number::Float(value)) if value.fract() == 0.0 => {
                Some(Number::Float(*value).ceil())
            }
            OrderedJson::Number(Number::Integer(value)) => Some(*value),
            _ => None,
        };
        let count = number.and_then(Integer::to_u64);
        if count.is_none() {
            let remedy = "write a whole number that is not negative";
            path.step(name, |path| self.refuse(path, format!("{name} is no count"), remedy));
        }
        count
    }

    fn bounds(
        &mut self,
        keywords: Keywords<'a>,
        path: &mut Path,
    ) -> (Option<Integer>, Option<Integer>) {
        let mut limit = |name| self.limit(name, keywords, path);
        let above = |limit: Number| limit.floor().next();
        let below = |limit: Number| limit.ceil().previous();
        let least = [limit("minimum").map(Number::ceil), limit("exclusiveMinimum").map(above)];
        let most = [limit("maximum").map(Number::floor), limit("exclusiveMaximum").map(below)];
        (least.into_iter().flatten().max(), most.into_iter().flatten().min())
    }

    fn limit(
        &mut self,
        name: &'static str,
        keywords: Keywords<'a>,
        path: &mut Path,
    ) -> Option<Number> {
        match keywords.get(name)? {
            OrderedJson::Number(number) => Some(*number),
            // Draft 4 and OpenAPI 3.0 have these as modifiers.
            OrderedJson::Bool(false) if name.starts_with("exclusive") => None,
            OrderedJson::Bool(true) if name == "exclusiveMinimum" => {
                self.limit("minimum", keywords, path)
            }
            OrderedJson::Bool(true) if name == "exclusiveMaximum" => {
                self.limit("maximum", keywords, path)
            }
            _ => {
                path.step(name, |path| {
                    self.refuse(path, format!("{name} is no number"), "write a number")
                });
                None
            }
        }
    }
}

/// The bounds of the integer types that schemars and OpenAPI name.
fn integer_format(name: &str) -> Option<(Integer, Integer)> {
    let signed = |least: i128, most: i128| Some((Integer::from(least), Integer::from(most)));
    let unsigned = |most: u128| Some((Integer::from(0_u128), Integer::from(most)));
    match name {
        "int8" => signed(i8::MIN.into(), i8::MAX.into()),
        "int16" => signed(i16::MIN.into(), i16::MAX.into()),
        "int32" => signed(i32::MIN.into(), i32::MAX.into()),
        "int64" | "int" => signed(i64::MIN.into(), i64::MAX.into()),
        "int128" => signed(i128::MIN, i128::MAX),
        "uint8" => unsigned(u8::MAX.into()),
        "uint16" => unsigned(u16::MAX.into()),
        "uint32" => unsigned(u32::MAX.into()),
        "uint64" | "uint" => unsigned(u64::MAX.into()),
        "uint128" => unsigned(u128::MAX),
        _ => None,
    }
}

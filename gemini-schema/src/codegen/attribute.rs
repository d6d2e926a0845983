//! Attributes on a schema.

use super::Serialize;
use crate::format::Format;
use crate::schema::Pattern;
use crate::{Integer, OrderedJson, Problem, Schema, Shape, check};

/// A number as an attribute gives it.
#[derive(Debug, Clone, Copy)]
pub enum Number {
    /// Without a fraction.
    Integer(i128),
    /// With a fraction or an exponent.
    Float(f64),
}

/// One attribute of a container, a variant or a field.
#[derive(Debug, Clone, Copy)]
pub enum Attribute<'a> {
    /// `title`
    Title(&'a str),
    /// `description`, or the doc comment
    Description(&'a str),
    /// `example`
    Example(fn() -> Example),
    /// `minimum`
    Minimum(Number),
    /// `maximum`
    Maximum(Number),
    /// `min_length`
    MinLength(u64),
    /// `max_length`
    MaxLength(u64),
    /// `pattern`
    Pattern(&'a str),
    /// `format`
    Format(&'a str),
    /// `min_items`
    MinItems(u64),
    /// `max_items`
    MaxItems(u64),
    /// `min_properties`
    MinProperties(u64),
    /// `max_properties`
    MaxProperties(u64),
    /// `nullable`
    Nullable,
    /// `max_depth`
    MaxDepth(u32),
}

/// An example, or why it could not be serialized.
#[derive(Debug)]
pub struct Example(Result<OrderedJson, Problem>);

/// Serializes an example, its members in serde's order.
pub fn example<T: Serialize + ?Sized>(value: &T) -> Example {
    let text = serde_json::to_string(value);
    Example(text.and_then(|text| serde_json::from_str(&text)).map_err(|error| {
        Problem::new(
            format!("the example does not serialize: {error}"),
            "give an example that serde_json can write",
        )
    }))
}

/// Puts attributes on a schema; one that does not fit its shape makes it invalid.
pub(super) fn annotate(mut schema: Schema, attributes: &[Attribute<'_>]) -> Schema {
    if attributes.is_empty() {
        return schema;
    }
    let inherited = schema.annotations.example.take();
    for attribute in attributes {
        if let Err(problem) = apply(&mut schema, *attribute) {
            return Schema::invalid(problem);
        }
    }
    if schema.annotations.example.is_none() {
        schema.annotations.example = inherited.filter(|example| conforms(&schema, example));
    }
    schema
}

/// Whether the example of a type is still one where the type is narrowed. Limits do not reach
/// beyond references, whose definitions are not known here.
fn conforms(schema: &Schema, example: &OrderedJson) -> bool {
    let Ok(example) = serde_json::to_value(example) else { return true };
    let violations = check::written(schema, &example);
    violations.iter().all(|violation| violation.keyword() == "$ref")
}

fn apply(schema: &mut Schema, attribute: Attribute<'_>) -> Result<(), Problem> {
    let annotations = &mut schema.annotations;
    match attribute {
        Attribute::Title(text) => annotations.title = Some(text.to_owned()),
        Attribute::Description(text) => annotations.description = Some(text.to_owned()),
        Attribute::Example(example) => annotations.example = Some(example().0?),
        Attribute::Nullable => annotations.nullable = true,
        Attribute::MaxDepth(most) => annotations.max_depth = Some(most),
        limit => {
            annotations.enforced_by_type = false;
            return constrain(&mut schema.shape, limit);
        }
    }
    Ok(())
}

fn constrain(shape: &mut Shape, limit: Attribute<'_>) -> Result<(), Problem> {
    match (shape, limit) {
        // The reason why it is invalid says more than a limit that does not fit.
        (Shape::Invalid(_), _) => {}
        (Shape::String(shape), Attribute::MinLength(least)) => {
            shape.min_length = Some(shape.min_length.map_or(least, |own| own.max(least)));
        }
        (Shape::String(shape), Attribute::MaxLength(most)) => {
            shape.max_length = Some(shape.max_length.map_or(most, |own| own.min(most)));
        }
        (Shape::String(shape), Attribute::Pattern(source)) => {
            let pattern = Pattern::new(source).map_err(|error| {
                Problem::new(
                    format!("the pattern does not compile: {error}"),
                    "write it in the syntax of the regex-lite crate",
                )
            })?;
            if shape.pattern.as_ref().is_some_and(|own| *own != pattern) {
                return Err(given_twice("pattern"));
            }
            shape.pattern = Some(pattern);
        }
        (Shape::String(shape), Attribute::Format(name)) => {
            let format = Format::from_name(name).ok_or_else(|| {
                Problem::new(
                    format!("the format {name:?} is not known"),
                    "use a pattern or a description",
                )
            })?;
            if shape.format.is_some_and(|own| own != format) {
                return Err(given_twice("format"));
            }
            shape.format = Some(format);
        }
        (Shape::Array(shape), Attribute::MinItems(least)) => {
            shape.min_items = Some(shape.min_items.map_or(least, |own| own.max(least)));
        }
        (Shape::Array(shape), Attribute::MaxItems(most)) => {
            shape.max_items = Some(shape.max_items.map_or(most, |own| own.min(most)));
        }
        (Shape::Map(shape), Attribute::MinProperties(least)) => {
            shape.min_properties = Some(shape.min_properties.map_or(least, |own| own.max(least)));
        }
        (Shape::Map(shape), Attribute::MaxProperties(most)) => {
            shape.max_properties = Some(shape.max_properties.map_or(most, |own| own.min(most)));
        }
        (Shape::Integer(shape), Attribute::Minimum(least)) => {
            shape.minimum = shape.minimum.max(least.ceil()?);
        }
        (Shape::Integer(shape), Attribute::Maximum(most)) => {
            shape.maximum = shape.maximum.min(most.floor()?);
        }
        (Shape::Number(shape), Attribute::Minimum(least)) => {
            shape.minimum = Some(shape.minimum.map_or(least.float(), |own| own.max(least.float())));
        }
        (Shape::Number(shape), Attribute::Maximum(most)) => {
            shape.maximum = Some(shape.maximum.map_or(most.float(), |own| own.min(most.float())));
        }
        (shape, limit) => return Err(misplaced(shape, limit)),
    }
    Ok(())
}

fn given_twice(name: &str) -> Problem {
    Problem::new(
        format!("the type has another {name} of its own, and a schema can't say both"),
        format!("write one {name} that means both, on the type or on a plain String"),
    )
}

fn misplaced(shape: &Shape, limit: Attribute<'_>) -> Problem {
    let (name, wanted) = match limit {
        Attribute::MinLength(_) => ("min_length", "a string"),
        Attribute::MaxLength(_) => ("max_length", "a string"),
        Attribute::Pattern(_) => ("pattern", "a string"),
        Attribute::Format(_) => ("format", "a string"),
        Attribute::MinItems(_) => ("min_items", "a list of variable length"),
        Attribute::MaxItems(_) => ("max_items", "a list of variable length"),
        Attribute::MinProperties(_) => ("min_properties", "a map with free keys"),
        Attribute::MaxProperties(_) => ("max_properties", "a map with free keys"),
        Attribute::Minimum(_) => ("minimum", "a number"),
        _ => ("maximum", "a number"),
    };
    Problem::new(
        format!("{name} needs {wanted}, and this is {}", shape.kind()),
        format!("remove {name}, or put it on the part that is {wanted}"),
    )
}

impl Number {
    fn float(self) -> f64 {
        match self {
            Number::Integer(value) => Integer::from(value).to_f64(),
            Number::Float(value) => value,
        }
    }

    fn ceil(self) -> Result<Integer, Problem> {
        self.round(f64::ceil)
    }

    fn floor(self) -> Result<Integer, Problem> {
        self.round(f64::floor)
    }

    fn round(self, round: fn(f64) -> f64) -> Result<Integer, Problem> {
        match self {
            Number::Integer(value) => Ok(Integer::from(value)),
            Number::Float(value) if value.abs() < 1e38 => {
                #[allow(clippy::cast_possible_truncation)] // whole and below i128::MAX
                let whole = round(value) as i128;
                Ok(Integer::from(whole))
            }
            Number::Float(_) => Err(Problem::new(
                "the bound is beyond every integer",
                "write a bound that the integer type can hold",
            )),
        }
    }
}

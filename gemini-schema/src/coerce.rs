//! Reading a whole number that was written with a fraction of zero.

use serde_json::{Number, Value};

use crate::check::alternative;
use crate::{Schema, Shape};

/// Writes numbers such as `7.0` as `7` where the schema says integer, and says whether any was.
pub(crate) fn integers(root: &Schema, value: &mut Value) -> bool {
    visit(root, root, value)
}

fn visit(root: &Schema, schema: &Schema, value: &mut Value) -> bool {
    let mut changed = false;
    match (&schema.shape, value) {
        (Shape::Integer(_), Value::Number(number)) => {
            if let Some(integer) = integral(number) {
                *number = integer;
                changed = true;
            }
        }
        (Shape::Array(shape), Value::Array(elements)) => {
            for element in elements {
                changed |= visit(root, &shape.items, element);
            }
        }
        (Shape::Tuple(places), Value::Array(elements)) => {
            for (place, element) in places.iter().zip(elements) {
                changed |= visit(root, place, element);
            }
        }
        (Shape::Object(shape), Value::Object(members)) => {
            for (name, value) in members {
                let mut properties = shape.properties.iter();
                if let Some(property) = properties.find(|property| property.answers_to(name)) {
                    changed |= visit(root, &property.schema, value);
                }
            }
        }
        (Shape::Map(shape), Value::Object(members)) => {
            for value in members.values_mut() {
                changed |= visit(root, &shape.values, value);
            }
        }
        (Shape::AnyOf(alternatives), value) => {
            if let Some(branch) = alternative(root, alternatives, value) {
                changed |= visit(root, branch, value);
            }
        }
        (Shape::Reference(name), value) => {
            if let Some(definition) = root.definitions.get(name) {
                changed |= visit(root, definition, value);
            }
        }
        _ => {}
    }
    changed
}

/// The same number as an integer, if it is a float without a fraction that a float of 64 bits
/// holds exactly.
fn integral(number: &Number) -> Option<Number> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let value = number.as_f64().filter(|_| number.is_f64())?;
    #[allow(clippy::cast_possible_truncation)] // whole and below 2^53
    (value.fract() == 0.0 && value.abs() <= EXACT).then(|| Number::from(value as i64))
}

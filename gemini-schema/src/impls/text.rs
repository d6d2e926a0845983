//! Text.

use crate::schema::StringShape;
use crate::{GeminiSchema, Generator, Schema, Shape};

impl GeminiSchema for str {
    fn schema(_: &mut Generator) -> Schema {
        Schema::string()
    }
}

// Of the references, serde reads only those to text and to bytes, and bytes it writes otherwise
// than it reads them.
impl GeminiSchema for &str {
    fn schema(_: &mut Generator) -> Schema {
        Schema::string()
    }
}

impl GeminiSchema for String {
    fn schema(_: &mut Generator) -> Schema {
        Schema::string()
    }
}

impl GeminiSchema for char {
    fn schema(_: &mut Generator) -> Schema {
        let one = Some(1);
        let shape = StringShape {
            min_length: one,
            max_length: one,
            ..StringShape::default()
        };
        Schema::from(Shape::String(shape)).enforced_by_type()
    }
}

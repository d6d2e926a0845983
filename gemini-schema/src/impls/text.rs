//! Text.

use crate::schema::StringShape;
use crate::{GeminiSchema, Generator, Problem, Schema, Shape};

impl GeminiSchema for str {
    fn schema(_: &mut Generator) -> Schema {
        Schema::string()
    }
}

impl GeminiSchema for &str {
    fn schema(_: &mut Generator) -> Schema {
        Schema::invalid(Problem::new(
            "text with an escape such as \\n cannot be borrowed from JSON",
            "use String, or Cow<'_, str> with #[serde(borrow)]",
        ))
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
        let shape = StringShape { min_length: one, max_length: one, ..StringShape::default() };
        Schema::from(Shape::String(shape)).enforced_by_type()
    }
}

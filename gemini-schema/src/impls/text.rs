//! Text.

use std::path::{Path, PathBuf};

use crate::schema::StringShape;
use crate::{GeminiSchema, Generator, Problem, Schema, Shape};

impl GeminiSchema for str {
    fn schema(_: &mut Generator) -> Schema {
        Schema::string()
    }
}

impl GeminiSchema for &str {
    fn schema(_: &mut Generator) -> Schema {
        borrowed("use String, or Cow<'_, str> with #[serde(borrow)]")
    }
}

impl GeminiSchema for Path {
    fn schema(_: &mut Generator) -> Schema {
        Schema::string()
    }
}

impl GeminiSchema for &Path {
    fn schema(_: &mut Generator) -> Schema {
        borrowed("use PathBuf")
    }
}

impl GeminiSchema for PathBuf {
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
        let shape = StringShape { min_length: one, max_length: one, ..StringShape::default() };
        Schema::from(Shape::String(shape)).enforced_by_type()
    }
}

/// Text that the type reads if it matches; the words say to the model what the pattern says.
///
/// Decoding doesn't match it again: the type refuses what it cannot read.
pub(crate) fn matching(pattern: &str, words: &'static str) -> Schema {
    match Schema::pattern(pattern) {
        Ok(schema) => schema.enforced_by_type().with_form(words),
        Err(error) => Schema::invalid(Problem::new(
            format!("the pattern of the type does not compile: {error}"),
            "use String",
        )),
    }
}

fn borrowed(remedy: &str) -> Schema {
    Schema::invalid(Problem::new(
        "text with an escape such as \\n cannot be borrowed from JSON",
        remedy,
    ))
}

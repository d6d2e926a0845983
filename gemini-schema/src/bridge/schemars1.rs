//! Types that schemars describes.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::{Deserialize, Serialize};

use crate::{GeminiSchema, Generator, Identity, Problem, Schema, SchemaError, json_schema};

/// A type of which schemars knows the schema, as a root or as a field.
///
/// The schema that schemars makes is read as [`Schema::from_json_schema`] reads it. A keyword that
/// would be lost makes the type invalid: lowering refuses it and names the keyword. Only
/// `uniqueItems` is passed over, because it is schemars' word for sets, which take repeated
/// elements when they deserialize.
///
/// Serde reads and writes the type as if the wrapper were not there. Needs the feature
/// `schemars1`.
///
/// # Examples
///
/// ```
/// use gemini_schema::{Dialect, GeminiSchema, Lowered, Schemars};
/// use serde::Deserialize;
///
/// // A type of another crate.
/// #[derive(Debug, Deserialize, schemars::JsonSchema)]
/// struct Address {
///     street: String,
///     number: u16,
/// }
///
/// #[derive(Debug, Deserialize, GeminiSchema)]
/// struct Order {
///     to: Schemars<Address>,
/// }
///
/// let lowered = Lowered::of::<Order>(Dialect::Gemini)?;
/// let order: Order = lowered.decode(r#"{"to": {"street": "Main Street", "number": 7}}"#)?;
/// assert_eq!(order.to.0.number, 7);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Schemars<T>(pub T);

impl<T> From<T> for Schemars<T> {
    fn from(value: T) -> Self {
        Schemars(value)
    }
}

impl<T: JsonSchema> GeminiSchema for Schemars<T> {
    fn schema(generator: &mut Generator) -> Schema {
        generator.adopt(Identity::of::<Self>(), || {
            of_schemars::<T>().unwrap_or_else(|error| Schema::invalid(problem::<T>(&error)))
        })
    }
}

impl Schema {
    /// Reads the schema that schemars makes of a type.
    ///
    /// Needs the feature `schemars1`. [`Schemars`] makes the type usable as a field.
    ///
    /// # Errors
    ///
    /// [`SchemaError`] lists every keyword that would be lost, as from
    /// [`from_json_schema`](Schema::from_json_schema).
    pub fn of_schemars<T: JsonSchema + ?Sized>() -> Result<Schema, SchemaError> {
        of_schemars::<T>()
    }
}

fn of_schemars<T: JsonSchema + ?Sized>() -> Result<Schema, SchemaError> {
    let generator = SchemaSettings::draft2020_12().into_generator();
    let mut root = generator.into_root_schema_for::<T>();
    // The name of the type, which schemars puts on every root.
    root.remove("title");
    json_schema::of_type(root.as_value(), &T::schema_name())
}

fn problem<T: JsonSchema>(error: &SchemaError) -> Problem {
    let reasons: Vec<String> = error
        .problems()
        .iter()
        .map(|problem| match problem.path() {
            "" => problem.reason().to_owned(),
            path => format!("{} at {path}", problem.reason()),
        })
        .collect();
    let remedy = error.problems().first().map_or("", Problem::remedy);
    Problem::new(
        format!("in what schemars says of {}: {}", T::schema_name(), reasons.join(", ")),
        remedy,
    )
}

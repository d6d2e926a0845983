//! How large a schema is, and what the service is known to refuse.

mod survey;
mod warning;

use crate::{Dialect, OrderedJson};

use self::survey::Survey;
pub use self::warning::Warning;

/// The size of a schema, in the numbers that the service has limits for.
///
/// The service refuses a schema that is too large without saying where, often as a bare "invalid
/// argument". [`Lowered::warnings`](crate::Lowered::warnings) compares these numbers with the
/// limits that users have reported.
///
/// # Examples
///
/// ```
/// use gemini_schema::{Dialect, GeminiSchema, Lowered};
///
/// #[derive(GeminiSchema)]
/// struct Recipe {
///     name: String,
///     #[gemini(max_items = 40)]
///     steps: Vec<String>,
/// }
///
/// let lowered = Lowered::of::<Vec<Recipe>>(Dialect::Gemini)?;
/// let metrics = lowered.metrics();
/// assert_eq!((metrics.depth, metrics.properties, metrics.max_items), (3, 2, 40));
/// # Ok::<(), gemini_schema::SchemaError>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Metrics {
    /// Objects and arrays inside of one another, at the deepest place; a recursive definition
    /// counts once.
    pub depth: usize,
    /// Properties of all objects.
    pub properties: usize,
    /// The bytes of their names.
    pub name_bytes: usize,
    /// Members of all enumerations.
    pub enum_members: usize,
    /// The characters of these members.
    pub enum_characters: usize,
    /// The members of the largest enumeration.
    pub largest_enum: usize,
    /// The sum of `maxItems` over all arrays, each counted once wherever it is nested.
    pub max_items: u64,
    /// Branches of all `anyOf`.
    pub alternatives: usize,
    /// What the schema adds to the prompt, by a rule of thumb: one token for every four bytes of
    /// compact JSON, rounded up. Count with the service where it matters.
    pub estimated_tokens: usize,
}

impl Metrics {
    /// The numbers of a schema that was written down.
    pub(crate) fn of(json: &OrderedJson, bytes: usize) -> Metrics {
        Survey::of(json, bytes).metrics
    }
}

/// The numbers, and what the service is known to refuse.
pub(crate) fn measure(json: &OrderedJson, text: &str, dialect: Dialect) -> (Metrics, Vec<Warning>) {
    let survey = Survey::of(json, text.len());
    (survey.metrics, warning::warnings(&survey, dialect))
}

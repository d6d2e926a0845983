//! Validation by garde, after decoding.

use garde::Validate;
use serde::Deserialize;

use crate::check::MOST_VIOLATIONS;
use crate::path::Path;
use crate::{DecodeError, Lowered, Violation};

/// What stands for the keyword of a violation that garde found.
const KEYWORD: &str = "garde";

impl Lowered {
    /// Reads an answer as [`decode`](Lowered::decode) does, and lets garde validate the value.
    ///
    /// Needs the feature `garde`. What garde reports are violations with the keyword `garde`; their
    /// paths are made of the names that garde knows, which are those of the Rust fields, and what
    /// they expect is garde's message. Garde runs on a value that fits its schema only.
    ///
    /// # Errors
    ///
    /// [`DecodeError`], as from [`decode`](Lowered::decode), or with every complaint of garde, up
    /// to a thousand.
    ///
    /// # Examples
    ///
    /// ```
    /// use garde::Validate;
    /// use gemini_schema::{Dialect, GeminiSchema, Lowered};
    /// use serde::Deserialize;
    ///
    /// #[derive(Debug, Deserialize, GeminiSchema, Validate)]
    /// struct Account {
    ///     #[garde(length(min = 3))]
    ///     name: String,
    /// }
    ///
    /// let lowered = Lowered::of::<Vec<Account>>(Dialect::Gemini)?;
    /// let error = lowered.decode_valid::<Vec<Account>>(r#"[{"name": "Al"}]"#).unwrap_err();
    /// assert_eq!(error.violations()[0].path(), "/0/name");
    /// assert_eq!(error.violations()[0].keyword(), "garde");
    /// # Ok::<(), gemini_schema::SchemaError>(())
    /// ```
    pub fn decode_valid<'de, T>(&self, text: &'de str) -> Result<T, DecodeError>
    where
        T: Deserialize<'de> + Validate<Context = ()>,
    {
        self.decode_valid_with(text, &())
    }

    /// The same for a type whose validation needs a context.
    ///
    /// # Errors
    ///
    /// [`DecodeError`], as from [`decode_valid`](Lowered::decode_valid).
    pub fn decode_valid_with<'de, T>(
        &self,
        text: &'de str,
        context: &T::Context,
    ) -> Result<T, DecodeError>
    where
        T: Deserialize<'de> + Validate,
    {
        let value: T = self.decode(text)?;
        match value.validate_with(context) {
            Ok(()) => Ok(value),
            Err(report) => {
                let complaints = report.iter().take(MOST_VIOLATIONS);
                let violations = complaints.map(|(path, error)| violation(path, error));
                Err(DecodeError::violated(violations.collect(), None))
            }
        }
    }
}

fn violation(place: &garde::Path, error: &garde::Error) -> Violation {
    let mut path = Path::default();
    // The parts come last first; those of transparent wrappers have no name.
    for (_, part) in place.__iter().rev().filter(|(_, part)| !part.is_empty()) {
        path.push(part);
    }
    Violation::new(path.as_str(), KEYWORD, error.message())
}

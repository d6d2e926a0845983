//! The language of the zoo: what a type is shown to do, in a few lines each.

mod mutation;
mod places;
#[cfg(test)]
mod planted;
mod trial;

use std::any::type_name;
use std::fmt::Debug;

use gemini_schema::{DecodeError, Dialect, GeminiSchema, Lowered, Problem, Schema};
use serde::Serialize;
use serde::de::{Deserialize, DeserializeOwned};

use trial::Trial;

/// How a text becomes a value.
type Decode<T> = fn(&Lowered, &str) -> Result<T, DecodeError>;
/// How a text becomes a value without this library.
type Plain<T> = fn(&str) -> Result<T, serde_json::Error>;

/// A type, and what is said about it.
#[must_use]
pub struct Specimen<T> {
    values: Vec<T>,
    refused: Vec<(&'static str, &'static str, &'static str)>,
    notes: Vec<(Dialect, &'static [&'static str])>,
    has_limits_of_its_own: bool,
    is_unordered: bool,
    decode: Decode<T>,
    plain: Plain<T>,
}

/// Begins to examine a type that owns what it holds.
pub fn zoo<T>() -> Specimen<T>
where
    T: GeminiSchema + Serialize + DeserializeOwned + PartialEq + Debug,
{
    Specimen::new(|lowered, text| lowered.decode(text), |text| serde_json::from_str(text))
}

/// Begins to examine a type that borrows from the text: texts live as long as the program.
pub fn borrowing<T>() -> Specimen<T>
where
    T: GeminiSchema + Serialize + Deserialize<'static> + PartialEq + Debug,
{
    Specimen::new(
        |lowered, text| lowered.decode(String::leak(text.to_owned())),
        |text| serde_json::from_str(String::leak(text.to_owned())),
    )
}

impl<T: GeminiSchema + Serialize + PartialEq + Debug> Specimen<T> {
    fn new(decode: Decode<T>, plain: Plain<T>) -> Self {
        Specimen {
            values: Vec::new(),
            refused: Vec::new(),
            notes: Vec::new(),
            has_limits_of_its_own: false,
            is_unordered: false,
            decode,
            plain,
        }
    }

    /// A value that has to conform and to come back.
    pub fn value(mut self, value: T) -> Self {
        self.values.push(value);
        self
    }

    /// Several values that have to conform and to come back.
    pub fn values(mut self, values: impl IntoIterator<Item = T>) -> Self {
        self.values.extend(values);
        self
    }

    /// A document that decoding has to refuse, with the place and the keyword.
    pub fn refuses(
        mut self,
        text: &'static str,
        path: &'static str,
        keyword: &'static str,
    ) -> Self {
        self.refused.push((text, path, keyword));
        self
    }

    /// The places where neither carrier enforces what the schema says. Without this there are
    /// none, and every document that a carrier allows decodes.
    pub fn notes(self, paths: &'static [&'static str]) -> Self {
        self.notes_in(Dialect::Gemini, paths).notes_in(Dialect::GeminiJson, paths)
    }

    /// The places where one carrier does not enforce what the schema says.
    pub fn notes_in(mut self, dialect: Dialect, paths: &'static [&'static str]) -> Self {
        self.notes.push((dialect, paths));
        self
    }

    /// The type itself refuses what its carrier does not enforce, so that serde alone does not
    /// take such documents either.
    pub fn has_limits_of_its_own(mut self) -> Self {
        self.has_limits_of_its_own = true;
        self
    }

    /// Serde writes the members of the type in no order of their own.
    pub fn is_unordered(mut self) -> Self {
        self.is_unordered = true;
        self
    }

    /// Shows the three laws in both carriers, and in Draft 2020-12.
    ///
    /// # Panics
    ///
    /// If one is broken.
    #[track_caller]
    pub fn both(self) {
        self.show(&[Dialect::Gemini, Dialect::GeminiJson, Dialect::Draft202012], &[]);
    }

    /// Shows that `responseSchema` refuses the type at these places, and the laws elsewhere.
    ///
    /// # Panics
    ///
    /// If a law is broken, or the refusal is another one.
    #[track_caller]
    pub fn only_json(self, paths: &[&str]) {
        let dialects = [Dialect::GeminiJson, Dialect::Draft202012];
        self.show(&dialects, &[(Dialect::Gemini, paths)]);
    }

    /// Shows that both carriers refuse the type at these places, and the laws in Draft 2020-12.
    ///
    /// # Panics
    ///
    /// If a law is broken, or the refusals are other ones.
    #[track_caller]
    pub fn only_exact(self, in_schema: &[&str], in_json: &[&str]) {
        let refusals = [(Dialect::Gemini, in_schema), (Dialect::GeminiJson, in_json)];
        self.show(&[Dialect::Draft202012], &refusals);
    }

    /// Shows that no dialect takes the type: `responseSchema` at some places, JSON Schema at
    /// others.
    ///
    /// # Panics
    ///
    /// If a dialect takes it, or the refusals are other ones.
    #[track_caller]
    pub fn neither(self, in_schema: &[&str], in_json: &[&str]) {
        let json = [Dialect::GeminiJson, Dialect::Draft202012];
        let [json, exact] = json.map(|dialect| (dialect, in_json));
        self.show(&[], &[(Dialect::Gemini, in_schema), json, exact]);
    }

    /// Shows that no dialect takes the type, at these places.
    ///
    /// # Panics
    ///
    /// If a dialect takes it, or the refusals are other ones.
    #[track_caller]
    pub fn nowhere(self, paths: &[&str]) {
        let dialects = [Dialect::Gemini, Dialect::GeminiJson, Dialect::Draft202012];
        self.show(&[], &dialects.map(|dialect| (dialect, paths)));
    }

    #[track_caller]
    fn show(&self, taken: &[Dialect], refusals: &[(Dialect, &[&str])]) {
        let mut complaints: Vec<String> = Vec::new();
        if self.values.is_empty() && !taken.is_empty() {
            complaints.push("no value is given".to_owned());
        }
        for (dialect, paths) in refusals {
            complaints.extend(refusal::<T>(*dialect, paths).err());
        }
        for dialect in taken {
            match Lowered::of::<T>(*dialect) {
                Ok(lowered) => complaints.extend(Trial::run(self, &lowered)),
                Err(error) => complaints.push(format!("{dialect:?}: {error}")),
            }
        }
        let shown = complaints.len().min(6);
        assert!(
            complaints.is_empty(),
            "{} breaks the laws {} times:\n{}",
            type_name::<T>(),
            complaints.len(),
            complaints[..shown].join("\n")
        );
    }
}

/// Whether lowering refuses the type at these places, each time with a remedy.
fn refusal<T: GeminiSchema>(dialect: Dialect, paths: &[&str]) -> Result<(), String> {
    let Err(error) = Schema::of::<T>().lower(dialect) else {
        return Err(format!("{dialect:?}: the type is not refused"));
    };
    let mut found: Vec<&str> = error.problems().iter().map(Problem::path).collect();
    found.sort_unstable();
    let mut wanted = paths.to_vec();
    wanted.sort_unstable();
    if found != wanted {
        return Err(format!("{dialect:?}: refused at {found:?} instead of {wanted:?}: {error}"));
    }
    let mut problems = error.problems().iter();
    let is_helpful =
        problems.all(|problem| !problem.reason().is_empty() && !problem.remedy().is_empty());
    if is_helpful && !error.to_string().contains('\n') {
        Ok(())
    } else {
        Err(format!("{dialect:?}: the refusal does not help: {error}"))
    }
}

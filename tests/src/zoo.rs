//! The language of the zoo: what a type is shown to do, in a few lines each.

mod contract;
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

/// Every dialect.
const DIALECTS: [Dialect; 5] =
    [Dialect::Gemini, Dialect::Vertex, Dialect::GeminiJson, Dialect::OpenAi, Dialect::Draft202012];

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
    refusals: Vec<(Dialect, &'static [&'static str])>,
    too_deep: Vec<T>,
    lost: Vec<(Dialect, T)>,
    has_limits_of_its_own: bool,
    reads_more: Option<&'static str>,
    writes_other_names: bool,
    has_other: bool,
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
            refusals: Vec::new(),
            too_deep: Vec::new(),
            lost: Vec::new(),
            has_limits_of_its_own: false,
            reads_more: None,
            writes_other_names: false,
            has_other: false,
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

    /// The places where no carrier of Gemini enforces what the schema says. Without this there
    /// are none, and every document that a carrier allows decodes.
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

    /// Serde reads what the schema does not say, for a reason that only this type has.
    pub fn reads_more(mut self, reason: &'static str) -> Self {
        self.reads_more = Some(reason);
        self
    }

    /// Serde writes names, or parts, that it does not read: only `encode` writes what the schema says.
    pub fn writes_other_names(mut self) -> Self {
        self.writes_other_names = true;
        self
    }

    /// A variant stands for all names that are not known: the check takes them, as serde does.
    pub fn has_other(mut self) -> Self {
        self.has_other = true;
        self
    }

    /// Values that lie deeper than the dialects can say that write recursion out. They are not
    /// written there, and come back whole everywhere else.
    pub fn too_deep(mut self, values: impl IntoIterator<Item = T>) -> Self {
        self.too_deep.extend(values);
        self
    }

    /// A value that one dialect cannot tell from another value.
    pub fn lost_in(mut self, dialect: Dialect, value: T) -> Self {
        self.lost.push((dialect, value));
        self
    }

    /// A dialect refuses the type at these places.
    pub fn refused_in(mut self, dialect: Dialect, paths: &'static [&'static str]) -> Self {
        self.refusals.push((dialect, paths));
        self
    }

    /// Shows the three laws in every dialect that is not said to refuse the type.
    ///
    /// # Panics
    ///
    /// If one is broken, or a refusal is another one.
    #[track_caller]
    pub fn everywhere(self) {
        let mut complaints: Vec<String> = Vec::new();
        let mut is_taken = false;
        for dialect in DIALECTS {
            let refusal = self.refusals.iter().find(|(refused, _)| *refused == dialect);
            match (refusal, Lowered::of::<T>(dialect)) {
                (Some((_, paths)), _) => complaints.extend(refusal_of::<T>(dialect, paths).err()),
                (None, Ok(lowered)) => {
                    is_taken = true;
                    complaints.extend(Trial::run(&self, &lowered));
                }
                (None, Err(error)) => complaints.push(format!("{dialect:?}: {error}")),
            }
        }
        if self.values.is_empty() && is_taken {
            complaints.push("no value is given".to_owned());
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

    /// Shows that no dialect takes the type, at these places.
    ///
    /// # Panics
    ///
    /// If a dialect takes it, or the refusals are other ones.
    #[track_caller]
    pub fn nowhere(mut self, paths: &'static [&'static str]) {
        self.refusals.extend(DIALECTS.map(|dialect| (dialect, paths)));
        self.everywhere();
    }

    /// The places where a dialect does not enforce what the schema says: what is said of it, or
    /// of Gemini for the same field elsewhere.
    fn noted(&self, dialect: Dialect) -> &'static [&'static str] {
        let said = |wanted| self.notes.iter().rev().find(|(noted, _)| *noted == wanted);
        let said = match dialect {
            Dialect::Vertex => said(Dialect::Vertex).or_else(|| said(Dialect::Gemini)),
            other => said(other),
        };
        said.map_or(&[], |(_, paths)| paths)
    }
}

/// Whether lowering refuses the type at these places, each time with a remedy.
fn refusal_of<T: GeminiSchema>(dialect: Dialect, paths: &[&str]) -> Result<(), String> {
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
